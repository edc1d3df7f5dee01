"""What falls due is fired once: in batches, by whoever claims it, whatever one handler does."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from chassis.bus.alarms import RETRY_AFTER, fire_batch
from chassis.database import Database, Timer, Transaction, tables
from chassis.providers import AtTheDesk
from chassis.settings import ServiceSettings

NOW = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)
SETTINGS = ServiceSettings(amqp_url="", database_url="")


class StoppedClock:
    def now(self) -> datetime:
        return NOW

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - NOW).total_seconds())


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    metadata = sa.MetaData()
    tables(metadata)
    database = Database(database_url, metadata, timekeeper=StoppedClock())
    with database.write() as tx:
        metadata.create_all(tx.connection)
    yield database
    database.close()


def arm(database: Database, **minutes: int) -> None:
    with database.write() as tx:
        for key, late in minutes.items():
            tx.arm(key=key, due_at=NOW - timedelta(minutes=late), payload={"of": key})


def pending(database: Database) -> dict[str, datetime]:
    timers = database.tables.timers
    with database.read() as tx:
        return {row.key: row.due_at for row in tx.connection.execute(sa.select(timers))}


def keys(timers: Sequence[Timer]) -> list[str]:
    return [timer.key for timer in timers]


def test_a_batch_is_what_is_due_longest_first(database: Database) -> None:
    fired: list[list[str]] = []
    arm(database, b=1, a=3, c=0, later=-1)

    rung = fire_batch(database, lambda timers, _: fired.append(keys(timers)), limit=2)
    fire_batch(database, lambda timers, _: fired.append(keys(timers)), limit=2)

    assert rung == 2
    assert fired == [["a", "b"], ["c"]]
    assert pending(database) == {"later": NOW + timedelta(minutes=1)}


def test_another_replica_claims_a_different_batch(database: Database) -> None:
    if not database.is_postgresql:
        pytest.skip("SQLite has one process a service")
    fired: list[str] = []
    arm(database, a=3, b=2, c=1)

    def meanwhile(timers: Sequence[Timer], _: Transaction) -> None:
        fired.extend(keys(timers))
        fire_batch(database, lambda others, _: fired.extend(keys(others)), limit=2)

    fire_batch(database, meanwhile, limit=2)

    assert fired == ["a", "b", "c"]
    assert fire_batch(database, meanwhile, limit=2) == 0


def test_a_timer_armed_again_by_its_handler_falls_due_again(database: Database) -> None:
    arm(database, a=1)
    later = NOW + timedelta(hours=1)

    fire_batch(database, lambda _, tx: tx.arm(key="a", due_at=later), limit=9)

    assert pending(database) == {"a": later}


def test_a_timer_that_fails_holds_up_no_other_of_its_batch(database: Database) -> None:
    fired: list[str] = []
    arm(database, good=3, bad=2, fine=1)

    def handle(timers: Sequence[Timer], _: Transaction) -> None:
        if "bad" in keys(timers):
            raise RuntimeError("bad")
        fired.extend(keys(timers))

    rung = AtTheDesk(database, SETTINGS, {}).ring(handle, limit=9)

    assert (rung, fired) == (2, ["good", "fine"])
    assert pending(database) == {"bad": NOW + RETRY_AFTER}


def test_what_was_armed_and_disarmed_in_one_transaction_never_falls_due(
    database: Database,
) -> None:
    arm(database, a=1)

    with database.write() as tx:
        tx.arm(key="a", due_at=NOW)
        tx.disarm(key="a")

    assert pending(database) == {}
