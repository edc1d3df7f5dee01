"""One transaction: the state, the announcements and the timers are kept together or not at all."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from chassis import context
from chassis.database import Database, Instant, tables
from contracts.grammar import Event, says

NOW = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)


@says("bakery", "bread.baked")
@dataclass(frozen=True, kw_only=True)
class BreadBaked(Event):
    loaves: int


class StoppedClock:
    def now(self) -> datetime:
        return NOW

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - NOW).total_seconds())


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    metadata = sa.MetaData()
    tables(metadata)
    sa.Table(
        "ovens",
        metadata,
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("lit_at", Instant),
    )
    database = Database(database_url, metadata, timekeeper=StoppedClock())
    with database.write() as tx:
        metadata.create_all(tx.connection)
    yield database
    database.close()


def rows(database: Database, table: sa.Table) -> list[sa.Row]:
    with database.read() as tx:
        return list(tx.session.execute(sa.select(table)))


def test_an_instant_comes_back_in_utc_to_the_microsecond(database: Database) -> None:
    ovens = sa.Table("ovens", sa.MetaData(), autoload_with=database.engine)
    with database.write() as tx:
        tx.session.execute(
            sa.insert(sa.table("ovens", sa.column("name"), sa.column("lit_at", Instant))),
            {"name": "a", "lit_at": NOW.astimezone(timezone(timedelta(hours=7)))},
        )

    with database.read() as tx:
        (found,) = tx.session.execute(
            sa.select(sa.column("lit_at", Instant)).select_from(ovens)
        ).scalars()

    assert found == NOW
    assert found.tzinfo is UTC


def test_a_naive_time_is_refused(database: Database) -> None:
    table = sa.table("ovens", sa.column("name"), sa.column("lit_at", Instant))

    with pytest.raises(sa.exc.StatementError, match="naive"), database.write() as tx:
        tx.session.execute(sa.insert(table), {"name": "a", "lit_at": NOW.replace(tzinfo=None)})


def test_an_announcement_waits_in_the_outbox_in_the_order_it_was_told(database: Database) -> None:
    call = context.Call(correlation_id="c-1", causation_id="m-0")
    with context.entered(call), database.write() as tx:
        for loaves in (1, 2, 3):
            tx.announce(BreadBaked(loaves=loaves))

    found = rows(database, database.tables.outbox)
    assert [json.loads(row.body) for row in found] == [{"loaves": n} for n in (1, 2, 3)]
    headers = json.loads(found[0].headers)
    assert headers["correlation_id"] == "c-1"
    assert headers["causation_id"] == "m-0"
    assert headers["occurred_at"] == "2026-03-01T23:59:59.999999Z"
    assert found[0].name == "bread.baked.v1"


def test_nothing_is_told_and_nobody_is_woken_when_the_transaction_fails(
    database: Database,
) -> None:
    woken: list[int] = []
    database.wake_on_announcement(lambda: woken.append(1))

    def announce_and_fail() -> None:
        with database.write() as tx:
            tx.announce(BreadBaked(loaves=1))
            tx.arm(key="a", due_at=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        announce_and_fail()

    assert rows(database, database.tables.outbox) == []
    assert rows(database, database.tables.timers) == []
    assert woken == []


def test_the_relay_is_woken_after_the_commit(database: Database) -> None:
    seen: list[int] = []
    database.wake_on_announcement(lambda: seen.append(len(rows(database, database.tables.outbox))))

    with database.write() as tx:
        tx.announce(BreadBaked(loaves=1))

    assert seen == [1]


def test_a_timer_armed_again_is_replaced(database: Database) -> None:
    with database.write() as tx:
        tx.arm(key="a", due_at=NOW, payload={"n": 1})
    with database.write() as tx:
        tx.arm(key="a", due_at=NOW + timedelta(hours=1), payload={"n": 2})
        tx.disarm(key="never-armed")

    (row,) = rows(database, database.tables.timers)
    assert (row.due_at, json.loads(row.payload)) == (NOW + timedelta(hours=1), {"n": 2})


def test_a_row_is_inserted_once(database: Database) -> None:
    inbox = database.tables.inbox
    with database.write() as tx:
        first = tx.insert_if_absent(inbox, message_id="m-1", handled_at=NOW)
    with database.write() as tx:
        again = tx.insert_if_absent(inbox, message_id="m-1", handled_at=NOW)

    assert (first, again) == (True, False)
