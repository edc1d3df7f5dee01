"""Reports over many tickets: the rows they read are made in bulk, then the room is asked."""

import random
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta

import sqlalchemy as sa

from chassis.database import Database
from chassis.timekeeper import WallClock
from contracts import sla
from deploy.bench.load import Measured, summary
from deploy.bench.promises import Promises
from services.sla import handlers, models

YEARS = 3
BATCH = 100_000
# How far back people look: mostly weeks and months, now and then a year.
LOOKS = (7, 7, 30, 30, 30, 90, 90, 180, 365)

_TICKETS = """
INSERT INTO tickets (ticket_id, number, origin, edition, revision, priority, "group", group_changes,
    reopenings, opened_at, done_at, shown)
SELECT 't' || n, 'INC-' || n, 'live', 1, 1, 'P' || (1 + n % 5), 'group-' || (n % 37), n % 7 % 4,
    (n % 23 = 0)::integer, opened_at,
    CASE WHEN n % 50 > 0 THEN opened_at + interval '2 days' END, '{}'
FROM (SELECT n, CAST(:since AS timestamptz) + n * CAST(:step AS interval) AS opened_at
    FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n) AS opened
"""
_CLOCKS = """
INSERT INTO clocks (ticket_id, kind, instance, state, version, target_us, elapsed_us, started_at,
    stopped_at, excused, policy, policy_version, calendar, calendar_version, priority, "group",
    group_changes, reopenings, opened_at, done_at)
SELECT ticket_id, kind, 0,
    CASE WHEN done_at IS NULL THEN 'running' WHEN dice < 0.82 THEN 'met'
        WHEN dice < 0.96 THEN 'missed' ELSE 'cancelled' END,
    1, 28800000000, (28800000000 * power(dice, 2) * 1.4)::bigint, opened_at, done_at, dice > 0.955,
    'policy-' || floor(dice * 30)::integer % 3, 1, 'office', 1, priority, "group", group_changes,
    reopenings, opened_at, done_at
FROM (SELECT *, random() AS dice FROM tickets
        WHERE opened_at >= :from AND opened_at < :to) AS opened,
    (VALUES ('first_response'), ('resolution')) AS kinds (kind)
"""
_BLAME = """
INSERT INTO blame (ticket_id, holder, spent_us, policy, priority, "group", group_changes, opened_at)
SELECT ticket_id, holder, (random() * 28800000000)::bigint, policy, priority, "group",
    group_changes, opened_at
FROM clocks, (VALUES ('tier1:service-desk'), ('tier2:network'), ('requester'), ('in_transit'))
    AS holders (holder)
WHERE kind = 'resolution' AND state = 'missed'
ORDER BY opened_at
"""


class ReportsBench:
    """One run."""

    def __init__(
        self, promises: Promises, *, tickets: int, seconds: float, say: Callable[[str], None]
    ) -> None:
        self._promises = promises
        self._tickets = tickets
        self._seconds = seconds
        self._say = say

    def run(self) -> list[Measured]:
        """Make the rows, then ask each report for spans as people ask for them."""
        database = Database(
            self._promises.database_url, models.Base.metadata, timekeeper=WallClock()
        )
        with closing(database):
            now = database.timekeeper.now()
            self._fill(now)
            whole = (now - timedelta(days=365 * YEARS), now)
            row_by_row = [
                self._measure(f"{name}, all three years, row by row", database, ask, lambda: whole)
                for name, ask in _SUMMED.items()
            ]
            self._sum_up(database)

            def recent() -> tuple[datetime, datetime]:
                until = now - timedelta(days=random.randrange(365))
                return until - timedelta(days=random.choice(LOOKS)), until

            return row_by_row + [
                row
                for name, ask in _ASKED.items()
                for row in (
                    self._measure(f"{name}, a week to a year", database, ask, recent),
                    self._measure(f"{name}, all three years", database, ask, lambda: whole),
                )
            ]

    def _sum_up(self, database: Database) -> None:
        weeks, began = 0, time.perf_counter()
        while done := handlers.sum_up_weeks(database):
            weeks += done
        took = time.perf_counter() - began
        self._say(f"{weeks} weeks were summed up in {took:.0f} s")

    def _measure(
        self,
        name: str,
        database: Database,
        ask: Callable[[Database, datetime, datetime], object],
        span: Callable[[], tuple[datetime, datetime]],
    ) -> Measured:
        ask(database, *span())  # to warm up
        times: list[float] = []
        began = time.perf_counter()
        while time.perf_counter() - began < self._seconds:
            since, until = span()
            start = time.perf_counter()
            ask(database, since, until)
            times.append(time.perf_counter() - start)
        row = summary(name, times, failed=0, seconds=time.perf_counter() - began)
        self._say(f"{name}: p50 {row.p50_ms:g} ms, p95 {row.p95_ms:g} ms")
        return row

    def _fill(self, now: datetime) -> None:
        length = timedelta(days=365 * YEARS)
        step = length / self._tickets
        since = now - length
        engine = sa.create_engine(self._promises.database_url)
        for first in range(0, self._tickets, BATCH):
            last = min(self._tickets, first + BATCH) - 1
            with engine.begin() as connection:
                said = {"since": since, "step": step, "first": first, "last": last}
                connection.execute(sa.text(_TICKETS), said)
                days = {"from": since + first * step, "to": since + (last + 0.5) * step}
                connection.execute(sa.text(_CLOCKS), days)
        with engine.begin() as connection:
            connection.execute(sa.text(_BLAME))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as free:
            free.execute(sa.text("VACUUM ANALYZE"))
        engine.dispose()
        self._say(f"{self._tickets:,} tickets over {YEARS} years stand in what reports read")


def _promises(database: Database, since: datetime, until: datetime) -> object:
    with database.read() as tx:
        return handlers.report_promises(
            sla.ReportPromises(since=since, until=until, zone="Asia/Jakarta"), tx=tx
        )


def _times(database: Database, since: datetime, until: datetime) -> object:
    with database.read() as tx:
        return handlers.report_times(sla.ReportTimes(since=since, until=until, by="group"), tx=tx)


def _backlog(database: Database, since: datetime, until: datetime) -> object:
    with database.read() as tx:
        return handlers.report_backlog(sla.ReportBacklog(since=since, until=until), tx=tx)


_SUMMED = {"promises": _promises, "times by group": _times}
_ASKED = {**_SUMMED, "backlog": _backlog}
