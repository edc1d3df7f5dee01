"""The slow twin of the timetable: no offsets, no prefix sums, only a walk over the instants."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.sla.domain.calendar import Calendar, Opening

STEP = timedelta(minutes=1)
Walls = dict[tuple[date, int], list[datetime]]


@lru_cache(maxsize=256)
def walls(zone: str, first: date, days: int) -> Walls:
    """Every wall minute seen while walking through UTC, with the instants it was seen at."""
    seen: Walls = {}
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=15)
    end = at + timedelta(days=days, hours=30)
    there = ZoneInfo(zone)
    while at < end:
        wall = at.astimezone(there)
        seen.setdefault((wall.date(), wall.hour * 60 + wall.minute), []).append(at)
        at += STEP
    return seen


def instant(seen: Walls, day: date, minutes: int, *, late: bool) -> datetime:
    """The first (or, late, the last) instant of a wall minute, or of the next one that exists."""
    day, minutes = day + timedelta(days=minutes // 1440), minutes % 1440
    while (day, minutes) not in seen:
        minutes += 1
        if minutes == 1440:
            day, minutes = day + timedelta(days=1), 0
    return seen[day, minutes][-1 if late else 0]


def is_closed(calendar: Calendar, day: date) -> bool:
    for closure in calendar.closures:
        at, first, last = (
            (day.month, day.day),
            (closure.first.month, closure.first.day),
            (closure.last.month, closure.last.day),
        )
        if not closure.yearly and closure.first <= day <= closure.last:
            return True
        if closure.yearly and first <= last and first <= at <= last:
            return True
        if closure.yearly and first > last and (at >= first or at <= last):
            return True
    return False


def open_minutes(calendar: Calendar, *, first: date, days: int) -> set[datetime]:
    """Every open minute, by its first instant; offsets of odd seconds are not for this twin."""
    seen = walls(calendar.zone, first - timedelta(days=2), days + 5)
    touching = [first + timedelta(days=n) for n in range(-1, days + 2)]
    weekly = set(_weekly(calendar, seen, touching[:-1]))
    special = set(_special(calendar, seen, touching))
    both = (weekly - set(_closed(calendar, seen, touching))) | special
    return both - set(_breaks(calendar, seen, touching))


def _weekly(calendar: Calendar, seen: Walls, days: list[date]) -> Iterator[datetime]:
    for day in days:
        for opening in calendar.week[day.weekday()]:
            yield from _minutes(seen, day, opening)


def _closed(calendar: Calendar, seen: Walls, days: list[date]) -> Iterator[datetime]:
    for day in days:
        if is_closed(calendar, day):
            tomorrow = day + timedelta(days=1)
            yield from _walk(
                instant(seen, day, 0, late=False), instant(seen, tomorrow, 0, late=False)
            )


def _special(calendar: Calendar, seen: Walls, days: list[date]) -> Iterator[datetime]:
    for exception in calendar.exceptions:
        for day in days[:-1]:
            same_day = (exception.on.month, exception.on.day) == (day.month, day.day)
            if exception.on == day or (exception.yearly and same_day):
                for opening in exception.openings:
                    yield from _minutes(seen, day, opening)


def _breaks(calendar: Calendar, seen: Walls, days: list[date]) -> Iterator[datetime]:
    for pause in calendar.breaks:
        for hours in pause.hours if pause.on in days[:-1] else ():
            yield from _minutes(seen, pause.on, hours)


def _minutes(seen: Walls, day: date, opening: Opening) -> Iterator[datetime]:
    start = instant(seen, day, opening.start, late=False)
    return _walk(start, instant(seen, day, opening.end, late=True))


def _walk(at: datetime, end: datetime) -> Iterator[datetime]:
    while at < end:
        yield at
        at += STEP
