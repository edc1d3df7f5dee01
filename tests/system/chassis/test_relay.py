"""The relay on a real broker, without a service around it."""

import logging
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis import outbox
from chassis.database import Database
from chassis.timekeeper import WallClock


def test_a_relay_with_nothing_to_send_keeps_its_connection(
    amqp_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(outbox, "HEARTBEAT_SECONDS", 1)
    metadata = sa.MetaData()
    database = Database(f"sqlite:///{tmp_path / 'idle.db'}", metadata, timekeeper=WallClock())
    metadata.create_all(database.engine)
    relay = outbox.Relay(database, amqp_url=amqp_url, service="idle")
    running = threading.Thread(target=relay.run)
    running.start()

    with caplog.at_level(logging.WARNING):
        time.sleep(5)  # more than twice as long as a silent peer is put up with

    relay.stop()
    running.join(10)
    database.close()
    assert caplog.messages == []
