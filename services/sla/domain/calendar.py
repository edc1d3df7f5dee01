"""Calendars as people write them: a week, closures, exceptional openings, a zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final
from zoneinfo import available_timezones

from services.sla.domain.errors import Problems

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES: Final = 24 * 60
WEEK_MINUTES: Final = 7 * DAY_MINUTES


@dataclass(frozen=True, slots=True)
class Opening:
    """Open from `start` to `end`, minutes after local midnight.

    An `end` above 1,440 lies on the next day, so that a night shift is one opening.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Closed on whole local days, `first` to `last` included.

    A yearly closure looks at month and day only and may span New Year: 30 December to 2 January.
    """

    first: date
    last: date
    yearly: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionalOpening:
    """Open on one local date, whatever the week and the closures say.

    A yearly one looks at month and day only; 29 February is a day of leap years.
    """

    on: date
    openings: tuple[Opening, ...]
    yearly: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Closed for some hours of one local date, whatever else is said."""

    on: date
    hours: tuple[Opening, ...]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One immutable version of a calendar; `week` starts on Monday."""

    key: str
    version: int
    zone: str
    week: tuple[tuple[Opening, ...], ...]
    closures: tuple[Closure, ...] = ()
    exceptions: tuple[ExceptionalOpening, ...] = ()
    breaks: tuple[Break, ...] = ()


def around_the_clock(*, key: str = "always", zone: str = "UTC") -> Calendar:
    """A calendar that never closes."""
    return Calendar(key=key, version=1, zone=zone, week=((Opening(0, DAY_MINUTES),),) * 7)


def read_calendar(document: Mapping[str, Any], *, version: int) -> Calendar:
    """A calendar from its document.

    It has `key`, `zone`, `week`, `closures`, `exceptions` and `breaks`. Shapes are taken as
    checked at the door (wall times `HH:MM`, dates `YYYY-MM-DD`); what only the rulebook knows is
    checked here.

    Raises:
        InvalidDefinition: unknown zone, no such date, dates the wrong way round, openings that
            overlap, or a calendar that never opens; every error names its field.
    """
    problems = Problems()
    calendar = Calendar(
        key=document["key"],
        version=version,
        zone=_zone(document["zone"], problems),
        week=_week(document.get("week") or {}, problems),
        closures=_closures(_with_days_off(document, "closures"), problems),
        exceptions=_exceptions(_with_days_off(document, "exceptions"), problems),
        breaks=_breaks(_with_days_off(document, "breaks"), problems),
    )
    if not (any(calendar.week) or calendar.exceptions or _opens_by_files(document)):
        problems.add("week", "The calendar never opens.")
    problems.refuse_if_any()
    return calendar


def _opens_by_files(document: Mapping[str, Any]) -> bool:
    return any(file.get("opens") for file in document.get("icalendars") or ())


def _with_days_off(document: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    """What a document says itself, and what was looked up when it was saved."""
    found = document.get("days_off") or {}
    return [*(document.get(field) or ()), *(found.get(field) or ())]


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    # "localtime" is whatever the machine is set to: two replicas could disagree.
    return frozenset(available_timezones() - {"localtime"})


def _zone(name: str, problems: Problems) -> str:
    if name not in _zones():
        problems.add("zone", "Not a zone of the tz database, such as Asia/Jakarta.")
    return name


def _week(
    week: Mapping[str, Sequence[Mapping[str, str]]], problems: Problems
) -> tuple[tuple[Opening, ...], ...]:
    days = tuple(tuple(_opening(item) for item in week.get(name) or ()) for name in WEEKDAYS)
    _refuse_overlaps(
        [
            (day * DAY_MINUTES + opening.start, day * DAY_MINUTES + opening.end, f"week.{name}.{n}")
            for day, name in enumerate(WEEKDAYS)
            for n, opening in enumerate(days[day])
        ],
        problems,
    )
    return days


def _opening(item: Mapping[str, str]) -> Opening:
    start, end = _minutes(item["start"]), _minutes(item["end"])
    return Opening(start, end if end > start else end + DAY_MINUTES)


def _minutes(wall: str) -> int:
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)


def _refuse_overlaps(spans: list[tuple[int, int, str]], problems: Problems) -> None:
    spans = sorted(spans)
    if spans:
        # Sunday night may reach into Monday morning: look once around the corner.
        start, end, path = spans[0]
        spans.append((start + WEEK_MINUTES, end + WEEK_MINUTES, path))
    for (_, before_end, _), (start, _, path) in pairwise(spans):
        if start < before_end:
            problems.add(path, "Overlaps another opening.")


def _closures(items: Sequence[Mapping[str, Any]], problems: Problems) -> tuple[Closure, ...]:
    found = []
    for n, item in enumerate(items):
        first = _date(item["first"], f"closures.{n}.first", problems)
        last = _date(item["last"], f"closures.{n}.last", problems)
        yearly = bool(item.get("yearly", False))
        if first is None or last is None:
            continue
        if last < first and not yearly:
            problems.add(f"closures.{n}.last", "Lies before the first day.")
        name = item.get("name") or ""
        found.append(Closure(first=first, last=last, yearly=yearly, name=name))
    return tuple(found)


def _exceptions(
    items: Sequence[Mapping[str, Any]], problems: Problems
) -> tuple[ExceptionalOpening, ...]:
    found = []
    for n, item in enumerate(items):
        on = _date(item["on"], f"exceptions.{n}.on", problems)
        openings = tuple(_opening(opening) for opening in item["openings"])
        _refuse_overlaps(
            [
                (opening.start, opening.end, f"exceptions.{n}.openings.{at}")
                for at, opening in enumerate(openings)
            ],
            problems,
        )
        if on is not None:
            yearly = bool(item.get("yearly", False))
            found.append(ExceptionalOpening(on=on, openings=openings, yearly=yearly))
    return tuple(found)


def _breaks(items: Sequence[Mapping[str, Any]], problems: Problems) -> tuple[Break, ...]:
    found = []
    for n, item in enumerate(items):
        on = _date(item["on"], f"breaks.{n}.on", problems)
        if on is not None:
            hours = tuple(_opening(hours) for hours in item["hours"])
            found.append(Break(on=on, hours=hours, name=item.get("name") or ""))
    return tuple(found)


def _date(text: str, path: str, problems: Problems) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.add(path, "There is no such date.")
        return None
