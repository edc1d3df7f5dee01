"""The flight recorder: what was believed of a clock at an instant, and which time counted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from services.sla.domain.calendar import Calendar, Closure
from services.sla.domain.clock import Clock
from services.sla.domain.facts import Fact, contiguous
from services.sla.domain.instants import instant_of
from services.sla.domain.machine import Machine
from services.sla.domain.timetable import Timetable
from services.sla.domain.view import clock_of

MOST_SPANS: Final = 1_000  # a clock that ran for years is told in its last so many stretches
MOST_DAYS: Final = timedelta(days=31)  # of one closed stretch whose closures are named
ONE_DAY: Final = timedelta(days=1)

Why = Literal["open", "closed", "paused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of a clock's life, `[start, end)`: whether it counted, and why.

    Attributes:
        why: the desk was `open` and the clock ran; it was `closed`; or the clock was `paused`.
        detail: what it was paused for, or the name of the closure.
        open_time: open microseconds in it; of a pause, those that did not count.
    """

    start: datetime
    end: datetime
    why: Why
    detail: str
    open_time: int

    @property
    def counts(self) -> bool:
        """Whether it counted against the target."""
        return self.why == "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A clock as it was believed to be, and the stretches that make it so.

    Attributes:
        carried: microseconds that count although they did not run under this target.
        left_out: earlier stretches that are not told.
    """

    clock: Clock
    zone: str
    spans: tuple[Span, ...]
    carried: int = 0
    left_out: int = 0


def known_by(facts: Iterable[Fact], at: datetime) -> list[Fact]:
    """The part of a log that was written by an instant."""
    found: list[Fact] = []
    for fact in contiguous(facts):
        if fact.occurred_at > at:
            break
        found.append(fact)
    return found


def recorded(machine: Machine, *, now: int) -> Recorded | None:
    """What was believed of a clock at `now`; None when it had not begun or has no target."""
    clock = clock_of(machine, now=now)
    if clock is None:
        return None
    if machine.timetable is None:
        return Recorded(clock=clock, zone="UTC", spans=())
    spans = sorted(
        [*_runs(machine, machine.timetable, now), *_pauses(machine, machine.timetable, now)],
        key=lambda span: span.start,
    )
    return Recorded(
        clock=clock,
        zone=machine.timetable.calendar.zone,
        spans=tuple(spans[-MOST_SPANS:]),
        carried=machine.carried,
        left_out=max(0, len(spans) - MOST_SPANS),
    )


def _runs(machine: Machine, timetable: Timetable, now: int) -> Iterator[Span]:
    running = [] if machine.run_from is None else [(machine.run_from, now)]
    for start, end in [*machine.runs, *running]:
        for left, right, is_open in timetable.stretches(start, end):
            yield Span(
                start=instant_of(left),
                end=instant_of(right),
                why="open" if is_open else "closed",
                detail="" if is_open else _closures(timetable.calendar, left, right),
                open_time=right - left if is_open else 0,
            )


def _pauses(machine: Machine, timetable: Timetable, now: int) -> Iterator[Span]:
    waiting = (
        [] if machine.paused_since is None else [(machine.paused_since, now, machine.paused_for)]
    )
    for start, end, reason in [*machine.pauses, *waiting]:
        if end > start:
            yield Span(
                start=instant_of(start),
                end=instant_of(end),
                why="paused",
                detail=reason,
                open_time=timetable.measure_micros(end) - timetable.measure_micros(start),
            )


def _closures(calendar: Calendar, start: int, end: int) -> str:
    """The named closures of the local days that a stretch touches."""
    named = [one for one in calendar.closures if one.name]
    if not named:
        return ""
    zone = ZoneInfo(calendar.zone)
    day, last = (instant_of(at).astimezone(zone).date() for at in (start, end - 1))
    last = min(last, day + MOST_DAYS)
    found: dict[str, None] = {}
    while day <= last:
        found |= dict.fromkeys(one.name for one in named if _covers(one, day))
        day += ONE_DAY
    return ", ".join(found)


def _covers(closure: Closure, day: date) -> bool:
    if not closure.yearly:
        return closure.first <= day <= closure.last
    first = (closure.first.month, closure.first.day)
    last = (closure.last.month, closure.last.day)
    at = (day.month, day.day)
    return first <= at <= last if first <= last else at >= first or at <= last
