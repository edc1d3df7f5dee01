"""Summed up or counted row by row: a report says the same, whatever happens in between."""

import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database import Database, Transaction
from contracts import sla
from contracts.grammar import to_plain
from services.sla import handlers, models
from services.sla.models import Base
from services.sla.store import reports, weeks
from tests.service.sla.house import HOUR, House, MovableClock, Ticket, at, policy

WEEK = 7 * 24
TODAY = 12 * WEEK
ZONES = ("UTC", "Asia/Jakarta", "Asia/Kathmandu", "America/St_Johns")
DIMENSIONS = ("priority", "group", "policy", "reassignments")


@pytest.fixture
def replica(database: Database, database_url: str) -> Iterator[Database]:
    """Another process on PostgreSQL; on SQLite a service is one process with two workers."""
    if not database.is_postgresql:
        yield database
        return
    clock = database.timekeeper
    assert isinstance(clock, MovableClock)
    with closing(Database(database_url, Base.metadata, timekeeper=clock)) as other:
        yield other


def story(number: int, dice: random.Random, *, hours: float | None = None) -> list[Any]:
    """What happens to a ticket that was opened some weeks ago."""
    ticket = Ticket(f"INC-{number}")
    hour = dice.uniform(0, 9 * WEEK) if hours is None else hours
    events: list[Any] = [ticket.opened(hour, priority=dice.choice(("P1", "P3", "P5")))]
    groups = ("service-desk", "network")
    steps = (
        lambda: ticket.assigned(hour, dice.choice(groups), tier=dice.choice((1, 2))),
        lambda: ticket.replied(hour),
        lambda: ticket.pending(hour, dice.choice(("requester", "vendor"))),
        lambda: ticket.working(hour),
        lambda: ticket.reprioritised(hour, dice.choice(("P1", "P3"))),
        lambda: ticket.resolved(hour),
        lambda: ticket.reopened(hour),
    )
    for _ in range(dice.randrange(5)):
        hour += dice.expovariate(1 / 4)
        events.append(dice.choice(steps)())
    hour += dice.uniform(0, 10)
    end = dice.choice(("solved", "cancelled", "open"))
    if end == "solved":
        events.append(ticket.resolved(hour))
    elif end == "cancelled":
        events.append(ticket.closed(hour, "cancelled"))
    return events


def deliveries(dice: random.Random, *, tickets: int) -> list[Any]:
    """Events that come late, again, and in any order."""
    events = [event for number in range(tickets) for event in story(number, dice)]
    events += dice.sample(events, len(events) // 3)
    dice.shuffle(events)
    return events


def questions(dice: random.Random) -> list[dict[str, Any]]:
    """Spans that begin and end anywhere, or on the hour, or are everything there is."""
    span = sorted(dice.choice((dice.uniform(0, TODAY), dice.randrange(TODAY))) for _ in range(2))
    zone, clock = dice.choice(ZONES), dice.choice(("resolution", "first_response"))
    return [
        {"zone": zone, "clock": clock},
        {"since": at(span[0]), "until": at(span[1] + 1), "zone": zone, "clock": clock},
    ]


@contextmanager
def nothing_summed_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(reports.weeks, "covered", lambda _tx, _weeks: [])
        yield


def told(house: House, question: dict[str, Any]) -> list[Any]:
    """What reports say; of equal shares in blame either may come first."""
    with house.database.read() as tx:
        said: list[Any] = [handlers.report_promises(sla.ReportPromises(**question), tx=tx)]
        said += [
            handlers.report_times(sla.ReportTimes(**question, by=by), tx=tx) for by in DIMENSIONS
        ]
    return [to_plain(one) for one in said]


def rows_of(house: House, question: dict[str, Any]) -> list[Any]:
    """The clocks that a report is about."""
    since, until = question.get("since", at(-WEEK)), question.get("until", at(TODAY + WEEK))
    of = models.clocks.c
    wanted = sa.select(models.clocks).where(
        of.kind == question["clock"], of.opened_at >= since, of.opened_at < until
    )
    with house.database.read() as tx:
        return list(tx.connection.execute(wanted).mappings())


def agree(house: House, monkeypatch: pytest.MonkeyPatch, dice: random.Random) -> None:
    """What is summed up says what the rows say, and every split adds up to the whole."""
    for question in questions(dice):
        found = told(house, question)
        with nothing_summed_up(monkeypatch):
            assert found == told(house, question)
        promises, *times = found
        rows = rows_of(house, question)
        add_up(promises, rows)
        for took in times:
            lengths = sorted(row["elapsed_us"] for row in rows if row["state"] in ("met", "missed"))
            assert took["total"]["tickets"] == len(lengths)
            assert sum(row["tickets"] for row in took["rows"]) == len(lengths)
            if lengths:
                assert took["total"]["median_us"] == lengths[-(-len(lengths) // 2) - 1]
                assert took["total"]["p90_us"] == lengths[-(-len(lengths) * 9 // 10) - 1]


def add_up(promises: dict[str, Any], rows: Sequence[Any]) -> None:
    total = promises["total"]
    assert total["tickets"] == len(rows)
    assert total["met"] == sum(row["state"] == "met" for row in rows)
    assert promises["reassignments"] == sum(row["group_changes"] for row in rows)
    assert promises["reopened"] == sum(row["reopenings"] for row in rows)
    names = ("tickets", "met", "missed", "running", "cancelled", "excused", "cancelled_late")
    for split in (*DIMENSIONS, "period"):
        lines = promises[f"by_{split}"]
        for name in names:
            assert sum(line[name] for line in lines) == total[name], (split, name)
        for holder, spent in total["blame"].items():
            assert sum(line["blame"].get(holder, 0) for line in lines) == spent, (split, holder)
        assert {holder for line in lines for holder in line["blame"]} == set(total["blame"])


def covered(house: House) -> list[int]:
    with house.database.read() as tx:
        return weeks.covered(tx, range(10_000))


def settle(house: House) -> None:
    """Rounds until nothing is left to be summed up."""
    house.clock.at += weeks.RESTS
    while handlers.sum_up_weeks(house.database):
        pass


@pytest.mark.parametrize("seed", range(2))
def test_events_late_twice_and_in_any_order_leave_no_sum_wrong(
    house: House, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice = random.Random(seed)
    house.promise(policy(), policy("office", key="office", organisations=("Keuangan",)))
    house.clock.at = at(TODAY)

    for n, event in enumerate(deliveries(dice, tickets=12)):
        house.hear(event)
        if dice.random() < 0.3:
            house.clock.at += timedelta(minutes=dice.choice((1, 10)))
            handlers.sum_up_weeks(house.database)
        if n % 12 == 0:
            agree(house, monkeypatch, dice)
    settle(house)

    assert len(covered(house)) >= 9
    agree(house, monkeypatch, dice)


def test_replicas_that_sum_up_while_events_arrive_leave_no_sum_wrong(
    house: House, replica: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(11)
    house.promise()
    house.clock.at = at(TODAY)
    monkeypatch.setattr(weeks, "RESTS", timedelta(0))
    both = [house.database, replica]
    events = deliveries(dice, tickets=12)

    def hear(n: int) -> None:
        with both[n % 2].write() as tx:
            handlers.hear(events[n], tx=tx)

    with ThreadPoolExecutor(4) as workers:
        heard = [workers.submit(hear, n) for n in range(len(events))]
        rounds = 0
        while not all(one.done() for one in heard):
            workers.submit(handlers.sum_up_weeks, both[rounds % 2])
            handlers.sum_up_weeks(both[(rounds + 1) % 2])
            rounds += 1
    for one in heard:
        one.result()

    agree(house, monkeypatch, dice)
    settle(house)
    assert len(covered(house)) >= 9
    agree(house, monkeypatch, dice)


def test_a_week_is_not_summed_up_under_an_event_that_is_being_handled(
    house: House, replica: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.promise()
    house.clock.at = at(TODAY)
    opened, *later = story(1, random.Random(4), hours=5)
    house.hear(opened)

    with ThreadPoolExecutor(1) as workers:
        with house.database.write() as tx:
            for event in later:
                handlers.hear(event, tx=tx)
            tx.connection.execute(sa.select(1))  # all that was sent has arrived
            round_of_another = workers.submit(handlers.sum_up_weeks, replica)
            until_somebody_waits(house.database, tx)
            assert not round_of_another.done()
        round_of_another.result()

    agree(house, monkeypatch, random.Random(4))
    assert covered(house)


def until_somebody_waits(database: Database, tx: Transaction) -> None:
    if not database.is_postgresql:
        return  # there is one writer at a time
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
    while not tx.connection.scalar(waiting):
        time.sleep(0.01)


def test_a_late_event_is_counted_at_once_and_summed_up_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.promise()
    ticket = Ticket()
    house.hear(ticket.opened(1))
    house.clock.at = at(TODAY)
    settle(house)
    (first, *_) = whole = covered(house)

    house.hear(ticket.assigned(2, "network"))

    assert first not in covered(house)
    assert [row["key"] for row in told(house, {})[0]["by_group"]] == ["network"]
    assert handlers.sum_up_weeks(house.database) == 0  # it rests
    settle(house)
    assert covered(house) == whole
    agree(house, monkeypatch, random.Random(1))


def test_young_weeks_are_left_alone(house: House) -> None:
    house.promise()
    house.hear(Ticket("INC-1").opened(0), Ticket("INC-2").opened(3 * WEEK))

    settle(house)

    assert len(covered(house)) == 1


def test_every_week_is_summed_up_anew_once_a_day(house: House) -> None:
    house.promise()
    house.hear(Ticket().opened(1))
    house.clock.at = at(4 * WEEK)
    settle(house)
    with house.database.write() as tx:  # as a version that knows of no sums would
        tx.connection.execute(sa.update(models.clocks).values(priority="P2"))

    house.clock.at += weeks.LASTS
    settle(house)

    assert [row["key"] for row in told(house, {})[0]["by_priority"]] == ["P2"]


class Killed(Exception):
    """The process is gone."""


def test_a_round_that_dies_anywhere_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(8)
    house.promise()
    for number in range(4):
        house.hear(*story(number, dice, hours=number))
    late = Ticket("INC-9")
    house.hear(late.opened(5))
    house.clock.at = at(3 * WEEK + 1)
    settle(house)
    house.hear(late.assigned(6, "network"), late.resolved(7))
    house.clock.at = at(4 * WEEK + 1)  # one week more, and the first one is touched

    died = 0
    while dies_at(house.database, died + 1):
        died += 1
        if died % 10 == 0:
            agree(house, monkeypatch, dice)

    assert died > 20
    assert len(covered(house)) == 2
    agree(house, monkeypatch, dice)


def dies_at(database: Database, step: int) -> bool:
    """Let a round die before its `step`th statement; whether it had so many."""
    said = 0

    def count(*_of_the_statement: object) -> None:
        nonlocal said
        said += 1
        if said == step:
            raise Killed

    sa.event.listen(database.engine, "before_cursor_execute", count)
    try:
        handlers.sum_up_weeks(database)
    except Killed:
        return True
    finally:
        sa.event.remove(database.engine, "before_cursor_execute", count)
    return False


def test_writing_anew_touches_what_was_summed_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(2)
    house.promise()
    for number in range(6):
        house.hear(*story(number, dice))
    house.clock.at = at(TODAY)
    settle(house)
    whole = covered(house)
    with house.database.write() as tx:
        tx.connection.execute(sa.delete(models.blame))
        tx.connection.execute(sa.update(models.clocks).values(group=None))

    with house.database.write() as tx:
        handlers.start_rebuild(sla.Rebuild(), tx=tx)
    house.wait(TODAY + 1)

    agree(house, monkeypatch, dice)
    settle(house)
    assert covered(house) == whole
    agree(house, monkeypatch, dice)


def test_what_an_older_version_did_not_keep_is_written_by_the_first_round(house: House) -> None:
    house.promise()
    ticket = Ticket()
    house.hear(ticket.opened(1), ticket.assigned(2, "network"), ticket.resolved(50))
    with house.database.write() as tx:
        tx.connection.execute(sa.delete(models.blame))
        tx.connection.execute(sa.update(models.clocks).values(group=None, done_at=None))
    house.clock.at = at(4 * WEEK)

    handlers.sum_up_weeks(house.database)
    house.wait(4 * WEEK + 1)
    settle(house)

    (network,) = told(house, {})[0]["by_group"]
    assert network["key"] == "network"
    assert network["blame"] == {"tier1:network": 48 * HOUR, "unassigned": HOUR}
    with house.database.read() as tx:
        assert tx.connection.scalar(sa.select(sa.func.count()).select_from(models.jobs)) == 1
