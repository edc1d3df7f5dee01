"""What is counted of promises, row by row: one row a clock, one for whoever had a missed ticket."""

import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from chassis.database import Instant, Transaction
from services.sla.domain.weeks import Stretch
from services.sla.models import KEY, blame, clocks

Dimension = Literal["priority", "group", "policy", "reassignments"]
DIMENSIONS: Final[Sequence[Dimension]] = ("priority", "group", "policy", "reassignments")
MISSED: Final = ("missed", "breached")
ENDED: Final = ("met", "missed")
LATE_PERCENT: Final = 75  # cancelled after so much of the target

IS_LATE: Final = sa.func.coalesce(
    sa.and_(
        clocks.c.state == "cancelled",
        clocks.c.target_us > 0,
        clocks.c.elapsed_us * 100 >= clocks.c.target_us * LATE_PERCENT,
    ),
    sa.false(),
)
STANDING: Final = (clocks.c.state, clocks.c.excused, IS_LATE)  # how a clock stands


Key = sa.ColumnElement[Any]


@dataclass(frozen=True)
class Lengths:
    """How long clocks took that came to an end, in order; `key` is what they have in common."""

    key: str
    spent_us: int
    run: "array[int]"


def key_of(table: sa.Table, dimension: Dimension) -> sa.ColumnElement[str]:
    """What rows are told apart by; empty where there is none."""
    if dimension == "reassignments":
        return sa.cast(table.c.group_changes, KEY)
    return sa.func.coalesce(table.c[dimension], "")


def place_of(tx: Transaction, table: sa.Table, edges: Sequence[datetime]) -> sa.ColumnElement[int]:
    """How many of some instants, in order, are not after a row's opening."""
    at = table.c.opened_at
    if tx.dialect == "postgresql":
        some = sa.literal(list(edges), postgresql.ARRAY(Instant))
        return sa.func.width_bucket(at, sa.cast(some, postgresql.ARRAY(sa.DateTime(timezone=True))))
    later = ((at < start, place) for place, start in enumerate(edges))
    return sa.case(*later, else_=len(edges)) if edges else sa.literal(0)


def counted(key: Key, stretches: Sequence[Stretch], *, kinds: Sequence[str]) -> sa.Select[Any]:
    """Count clocks by kind, by a key and by how they stand, and the reopenings of their tickets."""
    by = (clocks.c.kind, key, *STANDING)
    found = sa.select(*by, sa.func.count(), sa.func.sum(clocks.c.reopenings))
    of_kinds = clocks.c.kind.in_(kinds)
    return found.select_from(_within(clocks, stretches)).where(of_kinds).group_by(*by)


def added(key: Key, stretches: Sequence[Stretch]) -> sa.Select[Any]:
    """Add up whose time missed resolutions were, by a key."""
    by = (key, blame.c.holder)
    found = sa.select(*by, sa.func.sum(blame.c.spent_us))
    return found.select_from(_within(blame, stretches)).group_by(*by)


def lengths(
    tx: Transaction, stretches: Sequence[Stretch], *, clock: str, by: Dimension
) -> Iterator[Lengths]:
    """Read how long clocks took, by one dimension."""
    if not stretches:
        return
    key = key_of(clocks, by)
    ended = sa.and_(clocks.c.kind == clock, clocks.c.state.in_(ENDED))
    rows = sa.select(key).select_from(_within(clocks, stretches)).where(ended)
    took = clocks.c.elapsed_us
    if tx.dialect == "postgresql":
        in_order = postgresql.aggregate_order_by(sa.literal(b""), took)
        as_kept = sa.func.string_agg(sa.func.int8send(took), in_order)
        asked = rows.add_columns(sa.func.sum(took), as_kept).group_by(key)
        for row in tx.connection.execute(asked):
            yield Lengths(row[0], int(row[1]), unpacked(row[2]))
        return
    found = tx.connection.execute(rows.add_columns(took).order_by(key, took))
    for name, some in groupby(found, key=lambda row: row[0]):
        run = array("q", (row[1] for row in some))
        yield Lengths(name, sum(run), run)


def packed(run: "array[int]") -> bytes:
    """Lengths as they are kept."""
    return _highest_first(run).tobytes()


def unpacked(kept: Any) -> "array[int]":
    """Lengths that were kept."""
    run = array("q")
    run.frombytes(kept)
    return _highest_first(run)


def _within(table: sa.Table, stretches: Sequence[Stretch]) -> sa.FromClause:
    """The rows of tickets opened in one of some stretches of time, which is not none."""
    named = sa.values(sa.column("since", Instant), sa.column("until", Instant), name="stretches")
    each = named.data(list(stretches)).cte("stretches")
    at = table.c.opened_at
    return table.join(each, sa.and_(at >= each.c.since, at < each.c.until))


def _highest_first(run: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        return run
    turned = run[:]
    turned.byteswap()
    return turned
