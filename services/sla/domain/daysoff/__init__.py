"""Days that nobody types in: national holidays, joint leave, iCalendar files.

They are looked up once, when a calendar is saved, and kept in its version: a newer library or
decree changes no clock that runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.sla.domain.calendar import Break, Closure, ExceptionalOpening
from services.sla.domain.daysoff.icalendars import closed_during, open_during
from services.sla.domain.daysoff.joint_leave import COUNTRY, joint_leave
from services.sla.domain.daysoff.national import national_holidays
from services.sla.domain.errors import Problems

YEARS_BACK: Final = 1
YEARS_AHEAD: Final = 6  # a deadline is looked for up to five years ahead
MOST_YEARS: Final = 50
MOST_DAYS: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOff:
    """What a calendar closes, and opens, beside what it says itself."""

    closures: tuple[Closure, ...] = ()
    breaks: tuple[Break, ...] = ()
    exceptions: tuple[ExceptionalOpening, ...] = ()


def look_up(document: Mapping[str, Any], *, year: int) -> DaysOff:
    """The days that a calendar's document asks for, in `year` and the years around it.

    Raises:
        InvalidDefinition: an unknown country, a file that cannot be read, too many days; every
            error names its field.
    """
    problems = Problems()
    closures: list[Closure] = []
    breaks: list[Break] = []
    exceptions: list[ExceptionalOpening] = []
    for n, item in enumerate(document.get("holidays") or ()):
        closures += _of_country(item, year=year, path=f"holidays.{n}", problems=problems)
    for n, item in enumerate(document.get("icalendars") or ()):
        years = _years(item, year=year, path=f"icalendars.{n}", problems=problems)
        where = {"zone": document["zone"], "years": years, "path": f"icalendars.{n}.text"}
        if item.get("opens"):
            exceptions += open_during(item["text"], **where, problems=problems)
        else:
            days, hours = closed_during(item["text"], **where, problems=problems)
            closures += days
            breaks += hours
    if len(closures) + len(breaks) + len(exceptions) > MOST_DAYS:
        problems.add("icalendars", f"More than {MOST_DAYS} days.")
    problems.refuse_if_any()
    return DaysOff(closures=tuple(closures), breaks=tuple(breaks), exceptions=tuple(exceptions))


def _of_country(
    item: Mapping[str, Any], *, year: int, path: str, problems: Problems
) -> tuple[Closure, ...]:
    first, last = _years(item, year=year, path=path, problems=problems)
    found = national_holidays(
        country=item["country"],
        subdivision=item.get("subdivision"),
        categories=item.get("categories") or (),
        first_year=first,
        last_year=last,
        path=path,
        problems=problems,
    )
    if not item.get("joint_leave"):
        return found
    if item["country"] != COUNTRY:
        problems.add(f"{path}.joint_leave", f"Known for {COUNTRY} only.")
    return (*found, *joint_leave(first_year=first, last_year=last))


def _years(item: Mapping[str, Any], *, year: int, path: str, problems: Problems) -> tuple[int, int]:
    first = item.get("first_year") or year - YEARS_BACK
    last = item.get("last_year") or year + YEARS_AHEAD
    if last < first:
        problems.add(f"{path}.last_year", "Lies before the first year.")
    elif last - first >= MOST_YEARS:
        problems.add(f"{path}.last_year", f"More than {MOST_YEARS} years.")
    else:
        return first, last
    return year, year
