"""What is counted of promises over many tickets: asked of the rows that `store.tickets` keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from chassis.database import Instant, Transaction
from services.sla.models import blame, clocks

Dimension = Literal["priority", "group", "policy", "reassignments"]
MISSED: Final = ("missed", "breached")
ENDED: Final = ("met", "missed")
LATE_PERCENT: Final = 75  # cancelled after so much of the target

_COLUMNS: Final = {
    "priority": clocks.c.priority,
    "group": clocks.c.group,
    "policy": clocks.c.policy,
    "reassignments": clocks.c.group_changes,
}
_IS_LATE: Final = sa.and_(
    clocks.c.state == "cancelled",
    clocks.c.target_us > 0,
    clocks.c.elapsed_us * 100 >= clocks.c.target_us * LATE_PERCENT,
)


@dataclass(frozen=True)
class Span:
    """A kind of clock on tickets opened in `[since, until)`, and where its periods begin."""

    clock: str
    since: datetime
    until: datetime
    periods: Sequence[datetime] = ()

    def holds(self) -> sa.ColumnElement[bool]:
        """The rows of the span."""
        return sa.and_(
            clocks.c.kind == self.clock,
            clocks.c.opened_at >= self.since,
            clocks.c.opened_at < self.until,
        )


@dataclass(frozen=True)
class Cell:
    """What clocks are counted by, beside their period."""

    policy: str
    priority: str | None
    group: str | None
    reassignments: int


# A cell, or the place of a period among the span's, from 1.
Of = Cell | int


@dataclass(frozen=True)
class Count:
    """So many clocks of one cell or period stand like this."""

    of: Of
    state: str
    excused: bool
    is_late: bool
    clocks: int
    reopenings: int


@dataclass(frozen=True)
class Blame:
    """How much open time of missed resolutions somebody had."""

    of: Of
    holder: str
    spent_us: int


@dataclass(frozen=True)
class Times:
    """How long clocks took that came to an end; `key` is empty for all of them."""

    key: str | None
    clocks: int
    mean_us: int
    median_us: int
    p90_us: int


@dataclass(frozen=True)
class Waiting:
    """So many tickets that somebody has to work on; `age` is the place of theirs, youngest 0."""

    priority: str | None
    group: str | None
    age: int
    tickets: int
    missed: int
    oldest_at: datetime


def first_opened_at(tx: Transaction, *, clock: str) -> datetime | None:
    """Return when the first ticket was opened that has a row for this kind of clock."""
    asked = sa.select(sa.func.min(clocks.c.opened_at)).where(clocks.c.kind == clock)
    found: datetime | None = tx.connection.scalar(asked)
    return found


def promises(tx: Transaction, span: Span) -> list[Count]:
    """Count clocks by cell and by how they stand."""
    return [
        Count(Cell(*row[:4]), row[4], bool(row[5]), bool(row[6]), row[7], int(row[8]))
        for row in tx.connection.execute(_counted(span, _cell(clocks)))
    ]


def promises_by_period(tx: Transaction, span: Span) -> list[Count]:
    """Count clocks by period and by how they stand."""
    return [
        Count(row[0], row[1], bool(row[2]), bool(row[3]), row[4], int(row[5]))
        for row in tx.connection.execute(_counted(span, [_period(tx, clocks, span)]))
    ]


def blamed(tx: Transaction, span: Span) -> list[Blame]:
    """Add up, by cell, whose time the missed resolutions were."""
    return [
        Blame(Cell(*row[:4]), row[4], int(row[5]))
        for row in tx.connection.execute(_added(span, _cell(blame)))
    ]


def blamed_by_period(tx: Transaction, span: Span) -> list[Blame]:
    """Add up, by period, whose time the missed resolutions were."""
    return [
        Blame(row[0], row[1], int(row[2]))
        for row in tx.connection.execute(_added(span, [_period(tx, blame, span)]))
    ]


def times(tx: Transaction, span: Span, *, by: Dimension) -> list[Times]:
    """Measure how long clocks took, all together first and then by one dimension."""
    over = _times_on_postgresql if tx.dialect == "postgresql" else _times_on_sqlite
    found: list[Times] = []
    for key in (None, _COLUMNS[by]):
        for row in tx.connection.execute(over(span, key)):
            name = None if key is None else str(row[0] or "")
            found.append(Times(name, row[1], *(int(value) for value in row[2:])))
    return found


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


def _counted(span: Span, of: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    by = (*of, clocks.c.state, clocks.c.excused, _IS_LATE)
    found = sa.select(*by, sa.func.count(), sa.func.sum(clocks.c.reopenings))
    return found.where(span.holds()).group_by(*by)


def _added(span: Span, of: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
    by = (*of, blame.c.holder)
    found = sa.select(*by, sa.func.sum(blame.c.spent_us))
    in_span = (blame.c.opened_at >= span.since, blame.c.opened_at < span.until)
    return found.where(*in_span).group_by(*by)


def _cell(table: sa.Table) -> list[sa.ColumnElement[Any]]:
    return [table.c.policy, table.c.priority, table.c.group, table.c.group_changes]


def _period(tx: Transaction, table: sa.Table, span: Span) -> sa.ColumnElement[Any]:
    at = table.c.opened_at
    if tx.dialect == "postgresql":
        edges = sa.literal(list(span.periods), ARRAY(Instant))
        return sa.func.width_bucket(at, sa.cast(edges, ARRAY(sa.DateTime(timezone=True))))
    later = ((at < start, place) for place, start in enumerate(span.periods))
    return sa.case(*later, else_=len(span.periods)) if span.periods else sa.literal(0)


def _times_on_postgresql(span: Span, key: sa.ColumnElement[Any] | None) -> sa.Select[Any]:
    def percentile(part: float) -> sa.ColumnElement[Any]:
        return sa.func.percentile_disc(part).within_group(clocks.c.elapsed_us)

    by = sa.null() if key is None else key
    found = sa.select(
        by,
        sa.func.count(),
        sa.func.round(sa.func.avg(clocks.c.elapsed_us)),
        percentile(0.5),
        percentile(0.9),
    ).where(span.holds(), clocks.c.state.in_(ENDED))
    return found.having(sa.func.count() > 0) if key is None else found.group_by(key).order_by(key)


def _times_on_sqlite(span: Span, key: sa.ColumnElement[Any] | None) -> sa.Select[Any]:
    by = sa.null() if key is None else key
    ranked = (
        sa.select(
            by.label("key"),
            clocks.c.elapsed_us,
            sa.func.row_number().over(partition_by=key, order_by=clocks.c.elapsed_us).label("rank"),
            sa.func.count().over(partition_by=key).label("size"),
        )
        .where(span.holds(), clocks.c.state.in_(ENDED))
        .subquery()
    )

    def percentile(percent: int) -> sa.ColumnElement[Any]:
        # The first value that at least so many percent do not exceed.
        reached = ranked.c.rank * 100 >= ranked.c.size * percent
        return sa.func.min(sa.case((reached, ranked.c.elapsed_us)))

    return (
        sa.select(
            ranked.c.key,
            sa.func.count(),
            sa.func.round(sa.func.avg(ranked.c.elapsed_us)),
            percentile(50),
            percentile(90),
        )
        .group_by(ranked.c.key)
        .order_by(ranked.c.key)
    )
