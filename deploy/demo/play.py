"""Playing the day: the clock goes from one moment to the next, and waits for the desk at each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from chassis import timekeeper
from deploy.demo.acting import Actors
from deploy.demo.agenda import Cue
from deploy.demo.journal import Journal
from deploy.demo.watching import Lines, Watch

# The clock never goes further at once, so that a threshold is noticed soon after it was crossed.
STEP = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Span:
    """The part of a day that is played."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Where the play stands, for whoever looks on."""

    at: datetime
    played: int
    of: int
    filed: int
    lines: Lines


def play(
    cues: Sequence[Cue],
    *,
    span: Span,
    actors: Actors,
    watch: Watch,
    journal: Journal,
    clock_file: Path,
    look_on: Callable[[Moment], None],
) -> None:
    """Play what was not played yet; the clock then stands at the end of the day."""
    waiting = [cue for cue in cues if not journal.has(cue)]
    now = journal.reached or span.opens_at
    timekeeper.steer(clock_file, at=now)
    lines = watch.look()
    while True:
        while waiting and waiting[0].at <= now:
            if not actors.can_play(waiting[0], lines=lines):
                lines = watch.rest(now=now)
            actors.play(waiting.pop(0), lines=lines)
        journal.reached = now
        journal.save()
        lines = watch.rest(now=now)
        played = len(cues) - len(waiting)
        look_on(
            Moment(at=now, played=played, of=len(cues), filed=len(journal.numbers), lines=lines)
        )
        if now >= span.closes_at:
            return
        now = min(_next_moments(now, span=span, waiting=waiting, lines=lines))
        timekeeper.steer(clock_file, at=now)
        if _falls_due(lines, by=now):
            lines = watch.rest(now=now)


def _next_moments(
    now: datetime, *, span: Span, waiting: Sequence[Cue], lines: Lines
) -> Iterator[datetime]:
    yield from (now + STEP, span.closes_at)
    yield from (cue.at for cue in waiting[:1])
    # A promise is broken at its exact instant; the clock stops there.
    yield from (due for due in _dues(lines) if due > now)


def _falls_due(lines: Lines, *, by: datetime) -> bool:
    return any(due <= by for due in _dues(lines))


def _dues(lines: Lines) -> Iterator[datetime]:
    return (
        line.next_due_at
        for line in lines.values()
        if line.next_due_at is not None and line.sla_state != "breached"
    )
