"""The weeks that reports are summed up by: seven days of UTC from a Monday."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

Stretch = tuple[datetime, datetime]  # from the first instant to before the second

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
_FIRST: Final = datetime(1970, 1, 5, tzinfo=UTC)


def week_of(instant: datetime) -> int:
    """Return the number of the week that an instant is in."""
    return (instant - _FIRST) // WEEK


def begin_of(week: int) -> datetime:
    """Return the first instant of a week."""
    return _FIRST + week * WEEK


def days_of(week: int) -> list[datetime]:
    """Return when each day of a week begins."""
    return [begin_of(week) + n * DAY for n in range(7)]


def whole_weeks(since: datetime, until: datetime) -> range:
    """Return the weeks that lie in `[since, until)` with all their days."""
    return range(week_of(since - timedelta.resolution) + 1, week_of(until))


def stretches_of(weeks: Iterable[int]) -> list[Stretch]:
    """Return from when to when each week is."""
    return [(begin_of(week), begin_of(week + 1)) for week in weeks]


def whole_days(weeks: Iterable[int], *, borders: Collection[datetime]) -> list[datetime]:
    """Return when the days of some weeks begin, but of those that a border cuts in two."""
    cut = {_day(border) for border in borders if border != _day(border)}
    return [day for week in weeks for day in days_of(week) if day not in cut]


def remainder(since: datetime, until: datetime, *, taken: Sequence[Stretch]) -> list[Stretch]:
    """Return what is left of `[since, until)` without what is taken, which is in order."""
    left: list[Stretch] = []
    for begin, end in taken:
        if since < begin:
            left.append((since, begin))
        since = end
    return [*left, (since, until)] if since < until else left


def _day(instant: datetime) -> datetime:
    return _FIRST + (instant - _FIRST) // DAY * DAY
