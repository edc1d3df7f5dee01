"""Calendars as questions carry them: the desk's own form, or the short one.

The short form has `tz`, `week` with pairs of wall times, and perhaps `holidays` (dates),
`recurring_holidays` (`MM-DD`), `date_hours` (hours that replace those of a date) and `breaks`
(hours cut out of a date).
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from contracts.errors import Invalid
from contracts.grammar import from_plain, to_plain
from contracts.sla import CalendarSpec
from services.sla.domain.calendar import read_calendar
from services.sla.domain.timetable import Timetable

CALENDARS_KEPT: Final = 256
_SHORT: Final = {"tz", "week", "holidays", "recurring_holidays", "date_hours", "breaks"}
A_LEAP_YEAR: Final = "2000"


def timetable_of(calendar: object) -> Timetable:
    """The calendar of a question, compiled; the same calendar is compiled once.

    Raises:
        Invalid: it has another form; the message names the field.
        InvalidDefinition: it has this form and cannot be meant.
    """
    if not isinstance(calendar, Mapping):
        raise _invalid("calendar", "Must be an object.")
    return _compiled(json.dumps(calendar, sort_keys=True))


@lru_cache(maxsize=CALENDARS_KEPT)
def _compiled(text: str) -> Timetable:
    calendar = json.loads(text)
    document = _from_short(calendar) if "tz" in calendar else calendar
    named = {"key": "calendar", "name": "calendar", **document}
    spec = from_plain(CalendarSpec, named, strict=True)
    for field in ("holidays", "icalendars"):
        if getattr(spec, field):
            raise _invalid(field, "Is looked up when the desk saves a calendar; name the closures.")
    return Timetable(read_calendar(to_plain(spec), version=1))


def _from_short(calendar: Mapping[str, Any]) -> dict[str, Any]:
    for field in calendar:
        if field not in _SHORT:
            raise _invalid(field, "Unknown field.")
    week, holidays = calendar.get("week") or {}, calendar.get("holidays") or []
    special = {
        day: hours
        for day, hours in _mapping(calendar, "date_hours").items()
        if day not in holidays  # a holiday has no hours
    }
    closed = [
        *({"first": day, "last": day} for day in [*holidays, *special]),
        *(
            {"first": f"{A_LEAP_YEAR}-{day}", "last": f"{A_LEAP_YEAR}-{day}", "yearly": True}
            for day in calendar.get("recurring_holidays") or []
        ),
    ]
    return {
        "zone": calendar["tz"],
        "week": {day: _hours(pairs, f"week.{day}") for day, pairs in week.items()},
        "closures": closed,
        "exceptions": [
            {"on": day, "openings": _hours(pairs, f"date_hours.{day}")}
            for day, pairs in special.items()
            if pairs
        ],
        "breaks": [
            {"on": day, "hours": _hours(pairs, f"breaks.{day}")}
            for day, pairs in _mapping(calendar, "breaks").items()
            if pairs
        ],
    }


def _mapping(calendar: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    found = calendar.get(field) or {}
    if not isinstance(found, Mapping):
        raise _invalid(field, "Must be an object.")
    return found


def _hours(pairs: Sequence[Any], path: str) -> list[dict[str, Any]]:
    found = []
    for n, pair in enumerate(pairs):
        if isinstance(pair, Mapping):
            found.append(dict(pair))
        elif isinstance(pair, list) and len(pair) == len(("start", "end")):
            found.append({"start": pair[0], "end": pair[1]})
        else:
            raise _invalid(f"{path}.{n}", "Must be a pair of wall times.")
    return found


def _invalid(path: str, message: str) -> Invalid:
    return Invalid("invalid", f"{path}: {message}", {"errors": {path: [message]}})
