"""What is counted of promises over many tickets: by weeks that are summed up, and row by row.

Both say the same, so that it makes no difference but of time which weeks are summed up.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from chassis.database import Transaction
from services.sla.domain.weeks import (
    DAY,
    Stretch,
    begin_of,
    remainder,
    stretches_of,
    whole_days,
    whole_weeks,
)
from services.sla.models import blame, clocks, week_blame, week_counts, week_times
from services.sla.store import rows, weeks
from services.sla.store.rows import DIMENSIONS, MISSED, Dimension, Lengths

Split = Dimension | Literal["period"]


@dataclass(frozen=True)
class Span:
    """A kind of clock on tickets opened in `[since, until)`, and where its periods begin."""

    clock: str
    since: datetime
    until: datetime
    periods: Sequence[datetime] = ()


@dataclass(frozen=True)
class Count:
    """So many clocks that have `key` in common stand like this.

    Attributes:
        split: what they are told apart by: each clock is counted once in every split.
        key: empty where there is none; of a period its place among the span's, from 1.
    """

    split: Split
    key: str
    state: str
    excused: bool
    is_late: bool
    clocks: int
    reopenings: int


@dataclass(frozen=True)
class Blame:
    """How much open time of missed resolutions somebody had, where `key` is in common."""

    split: Split
    key: str
    holder: str
    spent_us: int


@dataclass(frozen=True)
class Waiting:
    """So many tickets that somebody has to work on; `age` is the place of theirs, youngest 0."""

    priority: str | None
    group: str | None
    age: int
    tickets: int
    missed: int
    oldest_at: datetime


class Cover:
    """What of a span is summed up, and what is left to be counted row by row."""

    def __init__(self, tx: Transaction, span: Span) -> None:
        self.span = span
        self.weeks = weeks.covered(tx, whole_weeks(span.since, span.until))
        self.rest = remainder(span.since, span.until, taken=stretches_of(self.weeks))
        # A day in which a period begins is counted row by row; the others go to theirs as they are.
        whole = whole_days(self.weeks, borders=span.periods)
        days = [(day, day + DAY) for day in whole]
        self.period_of_day = {day: bisect_right(span.periods, day) for day in whole}
        self.rest_of_periods = remainder(span.since, span.until, taken=days)

    def period_of(self, week: int, day: str) -> int | None:
        """The place of the period that a day of a week is in, unless it is cut in two."""
        return self.period_of_day.get(begin_of(week) + (int(day) - 1) * DAY)


def first_opened_at(tx: Transaction, *, clock: str) -> datetime | None:
    """Return when the first ticket was opened that has a row for this kind of clock."""
    asked = sa.select(sa.func.min(clocks.c.opened_at)).where(clocks.c.kind == clock)
    found: datetime | None = tx.connection.scalar(asked)
    return found


def promises(tx: Transaction, cover: Cover) -> list[Count]:
    """Count clocks in every split, by how they stand."""
    span = cover.span
    found: dict[tuple[Any, ...], list[int]] = {}

    def add(split: Split, key: object, standing: Sequence[Any], amounts: Sequence[Any]) -> None:
        state, excused, is_late = standing
        both = found.setdefault((split, str(key), state, bool(excused), bool(is_late)), [0, 0])
        both[0] += int(amounts[0])
        both[1] += int(amounts[1])

    for split, key, *rest in tx.connection.execute(_summed(span, cover.weeks)):
        add(split, key, rest[:3], rest[3:])
    for week, day, *rest in tx.connection.execute(_by_day(span, cover.weeks)):
        if place := cover.period_of(week, day):
            add("period", place, rest[:3], rest[3:])
    for split, key, stretches in _live(tx, clocks, cover):
        counted = rows.counted(key, stretches, kinds=[span.clock])
        for _kind, name, *rest in tx.connection.execute(counted):
            add(split, name, rest[:3], rest[3:])
    return [Count(*of, *amounts) for of, amounts in found.items()]


def blamed(tx: Transaction, cover: Cover) -> list[Blame]:
    """Add up in every split whose time the missed resolutions were."""
    found: Counter[tuple[Split, str, str]] = Counter()
    for split, key, holder, spent in tx.connection.execute(_summed_blame(cover.weeks)):
        found[split, key, holder] += int(spent)
    for week, day, holder, spent in tx.connection.execute(_blame_by_day(cover.weeks)):
        if place := cover.period_of(week, day):
            found["period", str(place), holder] += int(spent)
    for split, key, stretches in _live(tx, blame, cover):
        for name, holder, spent in tx.connection.execute(rows.added(key, stretches)):
            found[split, str(name), holder] += int(spent)
    return [Blame(*of, spent) for of, spent in found.items()]


def lengths(tx: Transaction, span: Span, *, by: Dimension) -> Iterator[Lengths]:
    """Read how long clocks took that came to an end, in sorted runs: some for each key."""
    cover = Cover(tx, span)
    kept = sa.select(week_times.c.key, week_times.c.spent_us, week_times.c.lengths).where(
        week_times.c.week.in_(cover.weeks),
        week_times.c.kind == span.clock,
        week_times.c.split == by,
    )
    for key, spent_us, run in tx.connection.execute(kept):
        yield Lengths(key, spent_us, rows.unpacked(run))
    yield from rows.lengths(tx, cover.rest, clock=span.clock, by=by)


def backlog(
    tx: Transaction, *, since: datetime | None, until: datetime | None, ages: Sequence[datetime]
) -> list[Waiting]:
    """Count the tickets that somebody has to work on.

    Args:
        tx: the transaction to read in.
        since: only those opened from here on.
        until: only those opened before.
        ages: instants from young to old; a ticket's age is how many of them it is older than.
    """
    age = sa.case(
        *((clocks.c.opened_at > at, place) for place, at in enumerate(ages)), else_=len(ages)
    )
    by = (clocks.c.priority, clocks.c.group, age)
    counted = (
        sa.select(
            *by,
            sa.func.count(),
            sa.func.sum(sa.case((clocks.c.state.in_(MISSED), 1), else_=0)),
            sa.func.min(clocks.c.opened_at),
        )
        .where(
            # As the index is declared: a plan may only use it for the very same words.
            sa.text("kind = 'resolution' AND done_at IS NULL"),
            clocks.c.opened_at.is_not(None),
        )
        .group_by(*by)
    )
    if since is not None:
        counted = counted.where(clocks.c.opened_at >= since)
    if until is not None:
        counted = counted.where(clocks.c.opened_at < until)
    return [Waiting(*row) for row in tx.connection.execute(counted)]


def _live(
    tx: Transaction, table: sa.Table, cover: Cover
) -> Iterator[tuple[Split, rows.Key, Sequence[Stretch]]]:
    """What is counted row by row: each split, its key, and when the tickets were opened."""
    if cover.rest:
        for split in DIMENSIONS:
            yield split, rows.key_of(table, split), cover.rest
    if cover.rest_of_periods:
        yield "period", rows.place_of(tx, table, cover.span.periods), cover.rest_of_periods


def _summed(span: Span, some: Sequence[int]) -> sa.Select[Any]:
    of = week_counts.c
    by = (of.split, of.key, of.state, of.excused, of.is_late)
    return (
        sa.select(*by, sa.func.sum(of.clocks), sa.func.sum(of.reopenings))
        .where(of.week.in_(some), of.kind == span.clock, of.split.in_(DIMENSIONS))
        .group_by(*by)
    )


def _by_day(span: Span, some: Sequence[int]) -> sa.Select[Any]:
    of = week_counts.c
    return sa.select(
        of.week, of.key, of.state, of.excused, of.is_late, of.clocks, of.reopenings
    ).where(of.week.in_(some), of.kind == span.clock, of.split == weeks.DAY)


def _summed_blame(some: Sequence[int]) -> sa.Select[Any]:
    of = week_blame.c
    by = (of.split, of.key, of.holder)
    return (
        sa.select(*by, sa.func.sum(of.spent_us))
        .where(of.week.in_(some), of.split.in_(DIMENSIONS))
        .group_by(*by)
    )


def _blame_by_day(some: Sequence[int]) -> sa.Select[Any]:
    of = week_blame.c
    return sa.select(of.week, of.key, of.holder, of.spent_us).where(
        of.week.in_(some), of.split == weeks.DAY
    )
