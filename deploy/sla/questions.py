"""Questions to a calendar: when is so much open time over, how much lies between, is it open.

Answers are wall times of the calendar's zone with their offset, open minutes, or true and false.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from deploy.sla.calendars import timetable_of
from deploy.sla.lines import Refusal
from services.sla.domain.instants import MINUTE, NEVER, Never
from services.sla.domain.timetable import Timetable

Answer = str | float | bool
MILLISECOND: Final = 1_000  # microseconds; minutes with a fraction mean no finer length


def answer(question: Mapping[str, Any]) -> Answer:
    """The answer to one question.

    Raises:
        Refusal: a field is missing or cannot be read.
        Invalid, InvalidDefinition: the calendar cannot be used.
    """
    op = str(question.get("op"))
    if op not in _ANSWERS:
        raise Refusal("op", f"must be one of {', '.join(_ANSWERS)}")
    timetable = timetable_of(question.get("calendar"))
    return _ANSWERS[op](timetable, question, instant(question, "start"))


def instant(question: Mapping[str, Any], field: str) -> datetime:
    """An instant with an offset, in UTC.

    Raises:
        Refusal: it is missing, no date, or has no offset.
    """
    try:
        found = datetime.fromisoformat(question[field])
    except (KeyError, TypeError, ValueError):
        raise Refusal(field, "must be a time such as 2026-01-05T09:00:00+07:00") from None
    if found.tzinfo is None:
        raise Refusal(field, "must have an offset")
    return found.astimezone(UTC)


def shown(at: datetime | Never, timetable: Timetable) -> str:
    """An instant by the clock on the calendar's wall, with a fraction only if it has one."""
    if at is NEVER:
        return NEVER.value
    wall = at.astimezone(ZoneInfo(timetable.calendar.zone))
    if not wall.microsecond:
        return wall.isoformat()
    finest = "microseconds" if wall.microsecond % MILLISECOND else "milliseconds"
    return wall.isoformat(timespec=finest)


def _target(question: Mapping[str, Any]) -> int:
    minutes = question.get("minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or minutes < 0:
        raise Refusal("minutes", "must be a number of minutes, 0 or more")
    return round(minutes * MINUTE / MILLISECOND) * MILLISECOND


def _add(timetable: Timetable, question: Mapping[str, Any], start: datetime) -> Answer:
    target = _target(question)
    if not target:
        return shown(timetable.next_opening(start), timetable)
    return shown(timetable.due_at(start=start, target=target), timetable)


def _subtract(timetable: Timetable, question: Mapping[str, Any], start: datetime) -> Answer:
    target = _target(question)
    if not target:
        return shown(timetable.previous_closing(start), timetable)
    return shown(timetable.start_for(end=start, target=target), timetable)


def _elapsed(timetable: Timetable, question: Mapping[str, Any], start: datetime) -> Answer:
    minutes = timetable.open_time(start=start, end=instant(question, "end")) / MINUTE
    whole = question.get("truncated_to_minutes")
    return minutes - minutes % whole if whole else minutes


_ANSWERS: Final[Mapping[str, Callable[[Timetable, Mapping[str, Any], datetime], Answer]]] = {
    "add": _add,
    "subtract": _subtract,
    "elapsed": _elapsed,
    "is_open": lambda timetable, _, start: timetable.is_open(start),
    "next_open": lambda timetable, _, start: shown(timetable.next_opening(start), timetable),
    "prev_open": lambda timetable, _, start: shown(timetable.previous_closing(start), timetable),
    "next_close": lambda timetable, _, start: shown(timetable.next_closing(start), timetable),
}
