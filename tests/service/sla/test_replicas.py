"""Two replicas of the room at once."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from chassis.bus.alarms import fire
from chassis.database import Database
from contracts import intake, sla
from services.sla import handlers
from services.sla.models import Base
from tests.service.sla.house import House, MovableClock, Ticket, at, policy


@pytest.fixture
def replicas(database: Database, database_url: str) -> Iterator[list[Database]]:
    """Two processes on PostgreSQL; on SQLite a service is one process with two workers."""
    if not database.is_postgresql:
        yield [database, database]
        return
    clock = database.timekeeper
    assert isinstance(clock, MovableClock)
    with closing(Database(database_url, Base.metadata, timekeeper=clock)) as other:
        yield [database, other]


def hear(database: Database, event: intake.TicketEvent) -> None:
    with database.write() as tx:
        handlers.hear(event, tx=tx)


def ring(database: Database, key: str, due_at: object) -> bool:
    return fire(database, key, due_at, lambda timers, tx: handlers.ring(timers, tx=tx))


def test_every_event_and_threshold_counts_once(house: House, replicas: list[Database]) -> None:
    house.promise()
    deliveries = []
    for n in range(8):
        ticket = Ticket(f"INC-{n}")
        deliveries += 2 * [ticket.opened(), ticket.assigned(0.1), ticket.replied(0.2)]
    random.Random(7).shuffle(deliveries)
    house.clock.at = at(0.2)

    with ThreadPoolExecutor(4) as workers:
        for n, event in enumerate(deliveries):
            workers.submit(hear, replicas[n % 2], event)
    house.clock.at = at(11)
    with ThreadPoolExecutor(4) as workers:
        rung = [
            workers.submit(ring, database, key, due_at)
            for key, due_at in house.timers()
            for database in replicas
        ]
    house.wait(11)

    assert sum(each.result() for each in rung) == 8
    told = Counter((one.number, one.clock, one.threshold) for one in house.said(sla.TargetBreached))
    assert told == {(f"INC-{n}", "resolution", 100): 1 for n in range(8)}
    met = Counter(one.number for one in house.said(sla.TargetMet))
    assert met == {f"INC-{n}": 1 for n in range(8)}
    for n in range(8):
        revisions = [
            one.revision for one in house.said(sla.ClocksChanged) if one.number == f"INC-{n}"
        ]
        assert revisions == list(range(1, len(revisions) + 1))


def test_policies_saved_at_once_get_an_edition_each(house: House, replicas: list[Database]) -> None:
    house.promise()

    def put(n: int) -> int:
        with replicas[n % 2].write() as tx:
            return handlers.put_policy(policy(key=f"policy-{n % 3}", position=n), tx=tx).version

    with ThreadPoolExecutor(4) as workers:
        versions = sorted(workers.map(put, range(6)))

    assert versions == [1, 1, 1, 2, 2, 2]
    with house.database.read() as tx:
        assert len(handlers.list_policies(tx=tx).items) == 4
