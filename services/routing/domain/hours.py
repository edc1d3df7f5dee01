"""When somebody works: shifts of a week by the wall clock of a zone, as UTC instants."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = timedelta(days=1)
# A zone may skip a day, and the only shift of a week may lie in an hour that the clocks skip.
_DAYS_AHEAD = 23
_DAYS_BEFORE = 2


@dataclass(frozen=True, kw_only=True)
class Shift:
    """From `start` to `end` by the wall clock; an `end` not after `start` is next day's."""

    start: str
    end: str


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """The shifts of a week, by the weekday they begin on."""

    zone: str
    week: Mapping[str, tuple[Shift, ...]] = field(default_factory=dict)


def is_zone(name: str) -> bool:
    """Whether the tz database knows it."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def next_on_duty(hours: WorkingHours | None, at: datetime) -> datetime | None:
    """When somebody is next at work: `at` itself during a shift, else when the next one begins.

    Who has no hours is always at work; None when no shift ever comes. The first instant of a shift
    belongs to it, its end does not. A wall time that strikes twice begins a shift the first time
    and ends it the second; one that the clocks skip is the instant they are put forward.
    """
    if hours is None:
        return at
    zone = ZoneInfo(hours.zone)
    today = at.astimezone(zone).date()
    for days in range(-_DAYS_BEFORE, _DAYS_AHEAD):
        begins = [
            max(at, start)
            for start, end in _shifts_on(today + days * _DAY, hours, zone)
            if start < end and at < end
        ]
        if begins:
            return min(begins)
    return None


def _shifts_on(
    day: date, hours: WorkingHours, zone: ZoneInfo
) -> Iterator[tuple[datetime, datetime]]:
    for shift in hours.week.get(WEEKDAYS[day.weekday()], ()):
        start, end = _minutes(shift.start), _minutes(shift.end)
        if end <= start:
            end += 24 * 60
        yield _instant(day, start, zone, late=False), _instant(day, end, zone, late=True)


def _minutes(wall: str) -> int:
    hour, minute = wall.split(":")
    return int(hour) * 60 + int(minute)


def _instant(day: date, minutes: int, zone: ZoneInfo, *, late: bool) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    wall = midnight + timedelta(minutes=minutes)  # wall arithmetic: same zone on both sides
    first, second = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if second < first:
        return _put_forward(second, first, zone)
    # Midnight ends a day the first time it strikes, for there the next day begins.
    return second if late and minutes % (24 * 60) else first


def _put_forward(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant in `(before, after]` at which the zone's offset changes."""
    offset = after.astimezone(zone).utcoffset()
    while after - before > datetime.resolution:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
