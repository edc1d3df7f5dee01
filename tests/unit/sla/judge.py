"""The slow twin of the fold: no running sums, only the definition, searched instant by instant."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.sla.domain.definitions import RESOLUTION
from services.sla.domain.facts import (
    Fact,
    Opened,
    Reopened,
    Reprioritised,
    Resolved,
    Standing,
)
from services.sla.domain.policy import Book, Target

MOMENT = timedelta(microseconds=1)
HOLDS = {"requester", "vendor", "done"}


@dataclass(frozen=True)
class Verdict:
    state: str
    target: int
    elapsed: int
    breached_at: datetime | None
    stopped_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True)
class Span:
    """Between two facts: whether the clock ran, whether it had ended, which target it had."""

    start: datetime
    end: datetime
    runs: bool
    is_stopped: bool
    target: Target
    is_merged: bool = False


def judge(facts: list[Fact], *, book: Book, now: datetime) -> Verdict:
    """The resolution clock of a ticket that always has a target and is reopened in time."""
    spans = _spans(facts, book, now)
    breached_at: datetime | None = None
    target = spans[0].target
    for n, span in enumerate(spans):
        if breached_at is None:
            is_new = not span.is_stopped and span.target != target
            target = target if span.is_stopped else span.target
            breached_at = _breach(spans, n, target, book, is_new=is_new)
    last = spans[-1]
    used = _used(spans, now, target, book)
    state = (
        ("met" if breached_at is None else "missed")
        if last.is_stopped
        else "cancelled"
        if last.is_merged
        else ("breached" if breached_at is not None else "running" if last.runs else "paused")
    )
    return Verdict(
        state=state,
        target=target.length,
        elapsed=used,
        breached_at=breached_at,
        stopped_at=last.start if last.is_stopped or last.is_merged else None,
        due_at=_due(spans, target, book) if last.runs else None,
    )


def _spans(facts: list[Fact], book: Book, now: datetime) -> list[Span]:
    standing, priority, stopped, found = Standing(), "", False, []
    for fact, following in zip(facts, [*facts[1:], None], strict=True):
        standing = fact.after(standing)
        if isinstance(fact, Opened):
            priority = fact.attributes.priority
        elif isinstance(fact, Reprioritised):
            priority = fact.priority
        stopped = isinstance(fact, Resolved) or (stopped and not isinstance(fact, Reopened))
        runs = not stopped and standing.hold not in HOLDS
        target = book.policies[0].targets[RESOLUTION, priority]
        end = now if following is None else following.occurred_at
        start = fact.occurred_at
        merged = standing.is_merged and not stopped
        if found and ((found[-1].is_stopped and stopped) or (found[-1].is_merged and merged)):
            start = found.pop().start
        found.append(Span(start, end, runs, stopped, target, merged))
    return found


def _used(spans: list[Span], until: datetime, target: Target, book: Book) -> int:
    timetable = book.timetables[target.calendar]
    return sum(
        timetable.open_time(start=span.start, end=min(span.end, until))
        for span in spans
        if span.runs
    )


def _breach(
    spans: list[Span], n: int, target: Target, book: Book, *, is_new: bool
) -> datetime | None:
    span = spans[n]
    used = _used(spans, span.start, target, book)
    if span.is_stopped:
        just_now = n == 0 or not spans[n - 1].is_stopped
        return span.start if just_now and used > target.length else None
    if not span.runs:
        return None
    if is_new and used >= target.length:
        return span.start
    found = _first(spans, target, book, span.start, span.end)
    # The next fact, at the very instant the target is used, comes first.
    return None if found == span.end and n < len(spans) - 1 else found


def _first(
    spans: list[Span], target: Target, book: Book, low: datetime, high: datetime
) -> datetime | None:
    """The first instant in `[low, high]` by which the target is used."""
    if _used(spans, high, target, book) < target.length:
        return None
    while low < high:
        middle = low + (high - low) // 2
        if _used(spans, middle, target, book) >= target.length:
            high = middle
        else:
            low = middle + MOMENT
    return high


def _due(spans: list[Span], target: Target, book: Book) -> datetime | None:
    later = timedelta(days=400)
    last = spans[-1]
    onwards = Span(last.start, last.end + later, last.runs, last.is_stopped, last.target)
    return _first([*spans[:-1], onwards], target, book, spans[0].start, onwards.end)
