"""A span of time cut into days, weeks or months of a zone, for reports."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Unit = Literal["day", "week", "month"]
MOST_DAYS: Final = 45  # longer spans are cut into weeks
MOST_WEEKS: Final = 60  # and longer ones into months


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """Periods one after the other; the first may begin before the span does.

    Attributes:
        starts: the first local day of each.
        instants: when each begins, in UTC.
    """

    unit: Unit
    starts: tuple[date, ...]
    instants: tuple[datetime, ...]


def periods(*, since: datetime, until: datetime, zone: ZoneInfo) -> Periods:
    """Cut `[since, until)` where the zone's days begin, weeks on Monday, months on the first."""
    first = since.astimezone(zone).date()
    last = (until - timedelta(microseconds=1)).astimezone(zone).date()
    unit = _unit((last - first).days + 1)
    day = _begin(first, unit)
    starts = [day]
    while (day := _next(day, unit)) <= last:
        starts.append(day)
    return Periods(
        unit=unit,
        starts=tuple(starts),
        instants=tuple(datetime.combine(day, time(), zone).astimezone(UTC) for day in starts),
    )


def _unit(days: int) -> Unit:
    if days <= MOST_DAYS:
        return "day"
    return "week" if days <= MOST_WEEKS * 7 else "month"


def _begin(day: date, unit: Unit) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def _next(day: date, unit: Unit) -> date:
    if unit == "month":
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if unit == "week" else 1)
