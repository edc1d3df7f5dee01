"""Days and hours of iCalendar files (RFC 5545): all-day and timed events, and their rules."""

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from recurring_ical_events import InvalidCalendar

from services.sla.domain.calendar import (
    DAY_MINUTES,
    Break,
    Closure,
    ExceptionalOpening,
    Opening,
)
from services.sla.domain.errors import Problems

MOST_EVENTS: Final = 5_000
ONE_DAY: Final = timedelta(days=1)
# A rule that repeats within the day would be millions of occurrences, and never days off.
_TOO_OFTEN: Final = {"SECONDLY", "MINUTELY", "HOURLY"}

Wall = tuple[date, int]
Years = tuple[int, int]  # the first and the last
WHOLE_DAY: Final = Opening(0, DAY_MINUTES)


def closed_during(
    text: str, *, zone: str, years: Years, path: str, problems: Problems
) -> tuple[tuple[Closure, ...], tuple[Break, ...]]:
    """What an iCalendar file closes: whole days, and hours of days by the wall of `zone`.

    Events that were called off, and those without a length, close nothing. What cannot be read is
    noted in `problems` under `path`.
    """
    found = _hours(text, zone=zone, years=years, path=path, problems=problems)
    return (
        tuple(
            Closure(first=day, last=day, name=name)
            for day, hours, name in found
            if hours == WHOLE_DAY
        ),
        tuple(
            Break(on=day, hours=(hours,), name=name)
            for day, hours, name in found
            if hours != WHOLE_DAY
        ),
    )


def open_during(
    text: str, *, zone: str, years: Years, path: str, problems: Problems
) -> tuple[ExceptionalOpening, ...]:
    """What an iCalendar file opens, read as `closed_during` reads it."""
    found = _hours(text, zone=zone, years=years, path=path, problems=problems)
    return tuple(
        ExceptionalOpening(on=day, openings=(hours,))
        for day, hours in dict.fromkeys((day, hours) for day, hours, _ in found)
    )


def _hours(
    text: str, *, zone: str, years: Years, path: str, problems: Problems
) -> list[tuple[date, Opening, str]]:
    try:
        events = list(_occurrences(text, *years))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidCalendar) as unreadable:
        problems.add(path, f"Not a usable iCalendar file: {unreadable}")
        return []
    found = {
        (day, start, end, str(event.get("SUMMARY", ""))[:120])
        for event in events
        for day, start, end in _days(*_span(event, zone))
    }
    return [(day, Opening(start, end), name) for day, start, end, name in sorted(found)]


def _occurrences(text: str, first_year: int, last_year: int) -> Iterator[Any]:
    with warnings.catch_warnings():
        # Old files carry zones and properties the library only complains of.
        warnings.simplefilter("ignore")
        for calendar in icalendar.Calendar.from_ical(text, multiple=True):
            _refuse_floods(calendar.walk("VEVENT"))
            between = (date(first_year, 1, 1), date(last_year + 1, 1, 1))
            for event in recurring_ical_events.of(calendar).between(*between):
                if str(event.get("STATUS", "")).upper() != "CANCELLED":
                    yield event


def _refuse_floods(events: Sequence[Any]) -> None:
    if len(events) > MOST_EVENTS:
        raise ValueError(f"more than {MOST_EVENTS} events")
    for event in events:
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            if _TOO_OFTEN & {str(word).upper() for word in rule.get("FREQ", [])}:
                raise ValueError("a rule repeats within the day")


def _span(event: Any, zone: str) -> tuple[Wall, Wall]:
    return _wall(event.start, zone, up=False), _wall(event.end, zone, up=True)


def _wall(at: date | datetime, zone: str, *, up: bool) -> Wall:
    """A local date and minute; parts of a minute belong to the event."""
    if not isinstance(at, datetime):
        return at, 0
    # A time without zone means the wall of whoever reads it.
    local = at if at.tzinfo is None else at.astimezone(ZoneInfo(zone))
    minutes = local.hour * 60 + local.minute
    return local.date(), minutes + (up and (local.second, local.microsecond) != (0, 0))


def _days(start: Wall, end: Wall) -> Iterator[tuple[date, int, int]]:
    day, minute = start
    while day < end[0]:
        yield day, minute, DAY_MINUTES
        day, minute = day + ONE_DAY, 0
    if minute < end[1]:
        yield day, minute, end[1]
