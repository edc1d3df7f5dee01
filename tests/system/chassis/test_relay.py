"""The relay's own connection."""

import threading
import time
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from chassis import outbox
from chassis.database import Database
from chassis.outbox import Relay
from chassis.timekeeper import WallClock
from tests.system.chassis import bakery


def reconnects() -> float:
    return REGISTRY.get_sample_value("meja_broker_reconnects_total") or 0.0


def test_a_relay_with_nothing_to_send_keeps_its_connection(
    amqp_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "HEARTBEAT_SECONDS", 1)
    database = Database(
        f"sqlite:///{tmp_path / 'quiet.db'}", bakery.Base.metadata, timekeeper=WallClock()
    )
    with database.write() as tx:
        bakery.Base.metadata.create_all(tx.connection)
    relay = Relay(database, amqp_url=amqp_url, service="bakery")
    thread = threading.Thread(target=relay.run)
    before = reconnects()

    thread.start()
    time.sleep(4)  # twice the time after which a silent broker is taken for dead
    is_connected = relay.is_connected
    relay.stop()
    thread.join()
    database.close()

    assert is_connected
    assert reconnects() == before
