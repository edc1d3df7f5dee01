"""Local days of a calendar turned into UTC intervals, one UTC year at a time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from services.sla.domain.calendar import DAY_MINUTES, Calendar, Opening
from services.sla.domain.instants import instant_of, micros_of

Interval = tuple[int, int]
MonthAndDay = tuple[int, int]
ONE_DAY: Final = timedelta(days=1)


class LocalDays:
    """The open intervals of a calendar, each local day converted with the tz database."""

    def __init__(self, calendar: Calendar) -> None:
        self._zone = ZoneInfo(calendar.zone)
        self._week = calendar.week
        self._closures = [closure for closure in calendar.closures if not closure.yearly]
        self._yearly = _yearly_days(calendar)
        self._exceptions: dict[date | MonthAndDay, list[Opening]] = {}
        for exception in calendar.exceptions:
            at = (exception.on.month, exception.on.day) if exception.yearly else exception.on
            self._exceptions.setdefault(at, []).extend(exception.openings)
        self._breaks: dict[date, list[Opening]] = {}
        for pause in calendar.breaks:
            self._breaks.setdefault(pause.on, []).extend(pause.hours)

    def intervals(self, year: int) -> list[Interval]:
        """Open intervals within one UTC year, sorted, disjoint, not touching."""
        days = list(_days_around(year))
        closed = self._closed(days)
        weekly = merged(
            self._between(day, opening) for day in days for opening in self._week[day.weekday()]
        )
        closures = merged(
            (self._midnight(day), self._midnight(day + ONE_DAY)) for day in days if day in closed
        )
        exceptional = (
            self._between(day, opening)
            for day in days
            for at in (day, (day.month, day.day))
            for opening in self._exceptions.get(at, ())
        )
        breaks = merged(
            self._between(day, hours) for day in days for hours in self._breaks.get(day, ())
        )
        both = merged([*_without(weekly, closures), *exceptional])
        return list(_clipped(_without(both, breaks), new_year(year), new_year(year + 1)))

    def _closed(self, days: Sequence[date]) -> set[date]:
        found = {day for day in days if (day.month, day.day) in self._yearly}
        for closure in self._closures:
            day, last = max(closure.first, days[0]), min(closure.last, days[-1])
            while day <= last:
                found.add(day)
                day += ONE_DAY
        return found

    def _between(self, day: date, opening: Opening) -> Interval:
        return self._utc(day, opening.start, late=False), self._utc(day, opening.end, late=True)

    def _midnight(self, day: date) -> int:
        # A day ends where the next one begins, also where midnight strikes twice.
        return self._utc(day, 0, late=False)

    def _utc(self, day: date, minutes: int, *, late: bool) -> int:
        """The instant of a wall time.

        An ambiguous one takes its first occurrence, or its second when `late`; one that the clocks
        skip is the instant they are put forward.
        """
        days, minute = divmod(minutes, DAY_MINUTES)
        wall = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=self._zone)
        if days:
            wall += days * ONE_DAY  # wall arithmetic: same zone on both sides
        first, second = micros_of(_in_utc(wall, 0)), micros_of(_in_utc(wall, 1))
        if second < first:
            return self._put_forward(second, first)
        return second if late else first

    def _put_forward(self, before: int, after: int) -> int:
        """The instant in `(before, after]` at which the zone's offset changes."""
        offset = self._offset(after)
        while after - before > 1:
            middle = (before + after) // 2
            if self._offset(middle) == offset:
                after = middle
            else:
                before = middle
        return after

    def _offset(self, at: int) -> timedelta | None:
        return instant_of(at).astimezone(self._zone).utcoffset()


def _in_utc(wall: datetime, fold: int) -> datetime:
    return wall.replace(fold=fold).astimezone(UTC)


def _yearly_days(calendar: Calendar) -> frozenset[MonthAndDay]:
    leap_year = [date(2000, 1, 1) + n * ONE_DAY for n in range(366)]
    found: set[MonthAndDay] = set()
    for closure in calendar.closures:
        if closure.yearly:
            first = (closure.first.month, closure.first.day)
            last = (closure.last.month, closure.last.day)
            found.update(
                at
                for at in ((day.month, day.day) for day in leap_year)
                if (first <= at <= last if first <= last else at >= first or at <= last)
            )
    return frozenset(found)


def new_year(year: int) -> int:
    """The instant a UTC year begins."""
    return micros_of(datetime(year, 1, 1, tzinfo=UTC))


def _days_around(year: int) -> Iterator[date]:
    """The local days that may touch a UTC year, whatever the zone, night shifts included."""
    day, last = date(year, 1, 1) - 3 * ONE_DAY, date(year, 12, 31) + 2 * ONE_DAY
    while day <= last:
        yield day
        day += ONE_DAY


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The union, sorted, empty intervals left out and touching ones joined."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _without(intervals: Sequence[Interval], holes: Sequence[Interval]) -> Iterator[Interval]:
    """What is left of merged intervals after merged holes are cut out."""
    edges = [(-(2**63), -(2**63)), *holes, (2**63, 2**63)]
    gaps = [(left[1], right[0]) for left, right in pairwise(edges)]
    at = 0
    for start, end in intervals:
        while gaps[at][1] <= start:
            at += 1
        here = at
        while gaps[here][0] < end:
            yield max(start, gaps[here][0]), min(end, gaps[here][1])
            here += 1
            if here == len(gaps):
                break


def _clipped(intervals: Iterable[Interval], low: int, high: int) -> Iterator[Interval]:
    for start, end in intervals:
        if start < high and end > low:
            yield max(start, low), min(end, high)
