"""Weeks of old tickets that are summed up, so that reports need not count every row.

    announce    from now on, whoever writes a row of the week leaves a mark (`touched`)
    sum_up      counts the week's rows, and takes away the marks of all it has counted
    covered     weeks that were summed up and have no mark: exactly what their rows say

A mark stands in the same transaction as the rows it is about. Marks are taken away before the rows
are counted, and only those that were seen: who commits meanwhile leaves one that stays.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, get_args

import sqlalchemy as sa

from chassis.database import Transaction
from contracts.sla import ClockKind
from services.sla.domain.definitions import RESOLUTION
from services.sla.domain.weeks import WEEK, Stretch, begin_of, days_of, week_of
from services.sla.models import (
    KEY,
    WORD,
    blame,
    clocks,
    summed_weeks,
    tickets,
    touched_weeks,
    week_blame,
    week_counts,
    week_times,
)
from services.sla.store import rows
from services.sla.store.rows import DIMENSIONS, MISSED

DAY: Final = "day"  # what else a week's clocks are told apart by, beside the dimensions
KINDS: Final = get_args(ClockKind)
SETTLED_AFTER: Final = timedelta(days=14)  # before, events are so many that a sum would not last
RESTS: Final = timedelta(minutes=5)  # a week is not summed up again earlier
LASTS: Final = timedelta(days=1)  # however untouched, for a version before this one left no marks

TOUCH: Final = (
    sa.insert(touched_weeks)
    .from_select(
        ["week"], sa.select(summed_weeks.c.week).where(summed_weeks.c.week == sa.bindparam("this"))
    )
    .inline()
)
_COUNTED: Final = (
    *("kind", "key", "state", "excused", "is_late", "clocks", "reopenings"),
    *("week", "split"),
)
_ADDED: Final = ("key", "holder", "spent_us", "week", "split")
_QUIET: Final = sa.text(f"LOCK TABLE {touched_weeks.name} IN SHARE MODE")
_IS_TOUCHED: Final = sa.exists().where(touched_weeks.c.week == summed_weeks.c.week)


def covered(tx: Transaction, weeks: range) -> list[int]:
    """Return those of some weeks whose sums are what their rows say, in order."""
    found = (
        sa.select(summed_weeks.c.week)
        .where(
            summed_weeks.c.week >= weeks.start,
            summed_weeks.c.week < weeks.stop,
            summed_weeks.c.summed_at.is_not(None),
            ~_IS_TOUCHED,
        )
        .order_by(summed_weeks.c.week)
    )
    return list(tx.connection.scalars(found)) if weeks else []


def unannounced(tx: Transaction) -> list[int]:
    """Return the weeks that are old enough to be summed up and nobody knows that they will be."""
    first: datetime | None = tx.connection.scalar(sa.select(sa.func.min(tickets.c.opened_at)))
    if first is None:
        return []
    known = set(tx.connection.scalars(sa.select(summed_weeks.c.week)))
    return [
        week
        for week in range(week_of(first), week_of(tx.now - SETTLED_AFTER - WEEK) + 1)
        if week not in known
    ]


def lacks_blame(tx: Transaction) -> bool:
    """Whether a missed resolution has nobody whose time it was, while no week was announced yet.

    So it is where tickets were judged by a version that did not keep it.
    """
    if tx.connection.scalar(sa.select(sa.exists().select_from(summed_weeks))):
        return False
    is_kept = sa.exists().where(blame.c.ticket_id == clocks.c.ticket_id)
    is_missed = sa.and_(clocks.c.kind == RESOLUTION, clocks.c.state.in_(MISSED))
    return bool(tx.connection.scalar(sa.select(sa.exists().where(is_missed, ~is_kept))))


def announce(tx: Transaction, weeks: Sequence[int]) -> bool:
    """Let whoever writes a row of these weeks leave a mark from now on; whether they are the first.

    On PostgreSQL all those are waited for that may have asked whether to leave one and have not
    committed yet; who asks meanwhile waits until this transaction ends, and then knows.
    """
    if tx.dialect == "postgresql":
        tx.connection.execute(_QUIET)
    are_first = not tx.connection.scalar(sa.select(sa.exists().select_from(summed_weeks)))
    for week in weeks:
        tx.insert_if_absent(summed_weeks, week=week, summed_at=None)
    return are_first


def next_week(tx: Transaction) -> int | None:
    """Return a week that has to be summed up, locked; none, or those of others, leaves nothing."""
    last = summed_weeks.c.summed_at
    found = (
        sa.select(summed_weeks.c.week)
        .where(
            sa.or_(
                last.is_(None),
                sa.and_(_IS_TOUCHED, last <= tx.now - RESTS),
                last <= tx.now - LASTS,
            )
        )
        .order_by(last.is_not(None), ~_IS_TOUCHED, last, summed_weeks.c.week.desc())
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    week: int | None = tx.connection.scalar(found)
    return week


def sum_up(tx: Transaction, week: int) -> None:
    """Count the rows of a week that `next_week` returned in this transaction."""
    # First of all: a mark that is taken away is one of rows that are counted below.
    for table in (touched_weeks, week_counts, week_blame, week_times):
        tx.connection.execute(sa.delete(table).where(table.c.week == week))
    week_long = [(begin_of(week), begin_of(week + 1))]
    for split, of_clocks, of_blame in _splits(tx, week):
        said = (sa.literal(week), sa.literal(split, WORD))
        counted = rows.counted(of_clocks, week_long, kinds=KINDS).add_columns(*said)
        tx.connection.execute(sa.insert(week_counts).from_select(_COUNTED, counted))
        added = rows.added(of_blame, week_long).add_columns(*said)
        tx.connection.execute(sa.insert(week_blame).from_select(_ADDED, added))
    _keep_times(tx, week, week_long)
    done = sa.update(summed_weeks).where(summed_weeks.c.week == week).values(summed_at=tx.now)
    tx.connection.execute(done)


def _splits(tx: Transaction, week: int) -> Iterator[tuple[str, rows.Key, rows.Key]]:
    """By what a week's rows are told apart: the name, and the key among clocks and among blame."""
    for split in DIMENSIONS:
        yield split, rows.key_of(clocks, split), rows.key_of(blame, split)
    days = days_of(week)
    of_clocks, of_blame = (rows.place_of(tx, table, days) for table in (clocks, blame))
    yield DAY, sa.cast(of_clocks, KEY), sa.cast(of_blame, KEY)


def _keep_times(tx: Transaction, week: int, week_long: Sequence[Stretch]) -> None:
    found = [
        {
            "week": week,
            "kind": kind,
            "split": split,
            "key": one.key,
            "spent_us": one.spent_us,
            "lengths": rows.packed(one.run),
        }
        for kind in KINDS
        for split in DIMENSIONS
        for one in rows.lengths(tx, week_long, clock=kind, by=split)
    ]
    if found:
        tx.connection.execute(sa.insert(week_times), found)
