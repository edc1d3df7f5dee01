"""The record of a house: written whole, private, and never mistaken for another process."""

import os
import stat
from pathlib import Path

from deploy.local import places, record
from deploy.local.children import Identity, identity
from deploy.local.record import Entry, Record


def me() -> Identity:
    found = identity(os.getpid())
    assert found is not None
    return found


def test_a_record_is_read_as_it_was_written(tmp_path: Path):
    written = Record(
        supervisor=me(),
        state="ready",
        url="http://127.0.0.1:8080",
        wish={"replicas": 1},
        environment={"MEJA_AMQP_URL": "amqp://"},
        processes=(
            Entry(name="kb-1", state="running", identity=me()),
            Entry(name="sla-1", state="restarting", identity=None, restarts=3),
        ),
    )

    record.write(tmp_path / "house.json", written)

    assert record.read(tmp_path / "house.json") == written


def test_a_record_with_passwords_is_for_its_owner_only(tmp_path: Path):
    record.write(tmp_path / "house.json", Record(supervisor=me()))

    assert stat.S_IMODE((tmp_path / "house.json").stat().st_mode) == 0o600


def test_a_later_process_with_the_same_pid_is_not_the_supervisor():
    before_us = Identity(pid=me().pid, born=me().born - 1)

    assert Record(supervisor=me()).is_current()
    assert not Record(supervisor=before_us).is_current()


def test_no_record_means_no_house(tmp_path: Path):
    assert record.read(tmp_path / "house.json") is None


def test_a_secret_is_made_once_and_kept_private(tmp_path: Path):
    file = tmp_path / "secrets.json"

    first = places.secret(file, name="meja_kb")

    assert places.secret(file, name="meja_kb") == first
    assert places.secret(file, name="meja_sla") != first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
