"""Timers under load: how late thresholds are told, what a pause costs, and what memory they take.

Lateness is measured twice: when a replica claimed the threshold (`lateness_us` of the event), and
when a bystander heard it on the bus, which is after commit, relay and broker.
"""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

import sqlalchemy as sa

from chassis.database import Database
from chassis.ids import new_id
from chassis.timekeeper import WallClock
from contracts import intake, sla
from deploy.bench import machine
from deploy.bench.breaches import Breaches
from deploy.bench.load import Measured, summary
from deploy.bench.promises import Promises
from deploy.local import children
from services.sla import handlers, models

TARGET = timedelta(minutes=4)
THRESHOLDS = (50, 75, 90, 100)  # at 2, 3, 3.6 and 4 minutes; none later, so each is told once
BATCH = 200
LEAD = timedelta(seconds=12)  # from the last seeded ticket to the first that is due
DOWN = timedelta(minutes=10)
PATIENCE_SECONDS = 180.0
WEEK: tuple[sla.Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = (sla.Opening(start="00:00", end="24:00"),)

_PENDING = """
INSERT INTO timers (key, due_at, payload)
SELECT 'pending:' || n, now() + interval '1 day' + n * interval '2 seconds',
    '{"ticket_id": "' || md5(n::text) || '"}'
FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n
"""


@dataclass(kw_only=True)
class Report:
    """What timers came to.

    Attributes:
        caught_up: seconds from starting the replicas after the pause until the last missed
            threshold was heard.
        twice: thresholds that were told more than once.
        memory_mb: a replica's, with no pending timer and with all of them.
    """

    rows: list[Measured] = field(default_factory=list)
    pending: int = 0
    missed: int = 0
    marked_late: int = 0
    superseded: int = 0
    caught_up: float = 0.0
    twice: int = 0
    lost: int = 0
    memory_mb: dict[str, list[int]] = field(default_factory=dict)


class Given:
    """A clock that shows what it is told."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at

    def seconds_until(self, instant: datetime) -> float:
        """Never waited for here."""
        return max(0.0, (instant - self.at).total_seconds())


class TimersBench:
    """One run."""

    def __init__(
        self,
        promises: Promises,
        *,
        pending: int,
        at_once: int,
        missed: int,
        say: Callable[[str], None],
    ) -> None:
        self._promises = promises
        self._at_once = at_once
        self._missed = missed
        self._say = say
        self._numbers = count(1)
        self._report = Report(pending=pending, missed=missed)

    def run(self) -> Report:
        """Measure memory, then the second in which many are due, then the pause."""
        clock = Given(WallClock().now())
        database = Database(self._promises.database_url, models.Base.metadata, timekeeper=clock)
        with closing(database):
            self._promise(database)
            self._weigh("no timer pending")
            self._fill()
            self._same_second(database, clock)
            self._after_a_pause(database, clock)
        return self._report

    def _promise(self, database: Database) -> None:
        calendar = sla.CalendarSpec(
            key="always", name="Always", zone="UTC", week=dict.fromkeys(WEEK, ALWAYS)
        )
        target = sla.TargetSpec(
            clock="resolution",
            priority="P3",
            minutes=TARGET // timedelta(minutes=1),
            calendar="always",
        )
        policy = sla.PolicySpec(key="bench", name="Bench", targets=(target,), thresholds=THRESHOLDS)
        with database.write() as tx:
            handlers.put_calendar(calendar, tx=tx)
        with database.write() as tx:
            handlers.put_policy(policy, tx=tx)

    def _fill(self) -> None:
        pending = self._report.pending
        engine = sa.create_engine(self._promises.database_url)
        for first in range(1, pending + 1, 100_000):
            last = min(pending, first + 99_999)
            with engine.begin() as connection:
                connection.execute(sa.text(_PENDING), {"first": first, "last": last})
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as free:
            free.execute(sa.text("VACUUM ANALYZE timers"))
        engine.dispose()
        self._say(f"{pending:,} timers pend")
        self._weigh(f"{pending:,} timers pending")

    def _weigh(self, when: str) -> None:
        with self._promises.running() as started:
            time.sleep(3)
            self._report.memory_mb[when] = [
                round(machine.resident_megabytes(child.pid)) for child in started.values()
            ]

    def _same_second(self, database: Database, clock: Given) -> None:
        """Tickets whose last threshold is reached within one second, all replicas up."""
        with self._promises.running(), Breaches(self._promises.amqp_url) as heard:
            due = WallClock().now() + LEAD + timedelta(seconds=self._at_once / 400)
            instants = [due + timedelta(seconds=random.random()) for _ in range(self._at_once)]
            numbers = self._open(database, clock, instants, looked_at=due - timedelta(seconds=11))
            self._say(f"{len(numbers):,} are due within the second after {due:%H:%M:%S}")
            heard.wait_for(numbers, seconds=PATIENCE_SECONDS)
            self._note_lateness("due in the same second", heard, numbers)

    def _after_a_pause(self, database: Database, clock: Given) -> None:
        """Tickets whose four thresholds are all reached while nobody is up."""
        down_at = WallClock().now() - DOWN
        spread = (DOWN - TARGET).total_seconds()
        instants = [
            down_at + TARGET + timedelta(seconds=random.random() * spread)
            for _ in range(self._missed)
        ]
        with Breaches(self._promises.amqp_url) as heard:
            numbers = self._open(database, clock, instants, looked_at=None)
            self._say(f"{len(numbers):,} tickets were missed in {DOWN}")
            began = time.perf_counter()
            started = self._promises.start()
            try:
                heard.wait_for(numbers, seconds=PATIENCE_SECONDS)
            finally:
                children.stop(started, patience_seconds=30)
        self._report.caught_up = round(heard.last_at - began, 1)
        self._report.marked_late = sum(heard.lateness[one] > 0 for one in heard.lateness)
        self._note_lateness(f"after {DOWN} down", heard, numbers)
        thresholds = models.thresholds
        with database.read() as tx:
            self._report.superseded = (
                tx.connection.scalar(sa.select(sa.func.count()).where(thresholds.c.superseded)) or 0
            )

    def _open(
        self,
        database: Database,
        clock: Given,
        instants: Sequence[datetime],
        *,
        looked_at: datetime | None,
    ) -> set[str]:
        """Open tickets that are due at these instants, through sla's own handlers.

        Args:
            database: sla's.
            clock: what the handlers take for now.
            instants: when each target is used up.
            looked_at: when they are heard of; at their opening when it is left out.
        """
        numbers: set[str] = set()
        for start in range(0, len(instants), BATCH):
            batch = sorted(instants[start : start + BATCH])
            clock.at = looked_at or batch[0] - TARGET
            with database.write() as tx:
                for due in batch:
                    event = _opened(f"INC-{next(self._numbers)}", at=due - TARGET)
                    numbers.add(event.number)
                    handlers.hear(event, tx=tx)
        return numbers

    def _note_lateness(self, name: str, heard: Breaches, numbers: set[str]) -> None:
        told = numbers & heard.lateness.keys()
        seconds = heard.last_at - heard.first_at
        for how, late in (("claimed", heard.lateness), ("heard on the bus", heard.arrivals)):
            times = [late[number] for number in told]
            row = summary(f"{name}, {how}", times, failed=len(numbers) - len(told), seconds=seconds)
            self._say(f"{row.name}: p50 {row.p50_ms:g} ms, p99 {row.p99_ms:g} ms")
            self._report.rows.append(row)
        self._report.twice += heard.repeats
        self._report.lost += len(numbers) - len(told)


def _opened(number: str, *, at: datetime) -> intake.TicketOpened:
    person = intake.Person(name="Ani", email="ani@example.com", organisation="Keuangan")
    return intake.TicketOpened(
        ticket_id=new_id(),
        number=number,
        seq=1,
        occurred_at=at,
        actor=intake.Actor(kind="requester", id=person.email, name=person.name),
        origin="live",
        kind="incident",
        channel="portal",
        subject="VPN putus",
        body="Tidak bisa konek.",
        requester=person,
        impact="medium",
        urgency="medium",
        priority="P3",
    )
