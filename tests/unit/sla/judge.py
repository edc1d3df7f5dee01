"""The slow twin of the fold: no running sums, only the definition, searched instant by instant."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.sla.domain.definitions import RESOLUTION
from services.sla.domain.facts import Fact, Opened, Reopened, Reprioritised, Resolved, Standing
from services.sla.domain.fold import Rebase
from services.sla.domain.instants import MINUTE
from services.sla.domain.marks import BREACH, Threshold
from services.sla.domain.policy import Book, Target
from services.sla.domain.timetable import Timetable

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
    reached: Mapping[Threshold, datetime]


@dataclass(frozen=True)
class Span:
    """Between two facts: whether the clock ran or had ended, and what the ticket was then."""

    start: datetime
    end: datetime
    runs: bool
    is_stopped: bool
    priority: str
    era: int
    is_merged: bool = False


@dataclass(frozen=True)
class Aim:
    """What a clock counts towards: the target of a priority, by the books up to an era's."""

    books: tuple[Book, ...]
    priority: str

    @property
    def target(self) -> Target:
        return self.target_in(len(self.books) - 1)

    @property
    def thresholds(self) -> tuple[Threshold, ...]:
        return self.books[-1].policies[0].thresholds

    def target_in(self, era: int) -> Target:
        return self.books[era].policies[0].targets[RESOLUTION, self.priority]

    def timetable_in(self, era: int) -> Timetable:
        """By which time counts: that of the span's own book, or the last one ever aimed by."""
        era = min(era, len(self.books) - 1)
        return self.books[era].timetables[self.target_in(era).calendar]


def judge(
    facts: list[Fact], *, book: Book, now: datetime, rebases: Sequence[Rebase] = ()
) -> Verdict:
    """The resolution clock of a ticket that always has a target and is reopened in time."""
    spans = _spans(facts, rebases, now)
    books = (book, *(rebase.book for rebase in rebases))
    reached: dict[Threshold, datetime] = {}
    aim = Aim(books[:1], spans[0].priority)
    for n, span in enumerate(spans):
        present = Aim(books[: span.era + 1], span.priority)
        is_another = (present.books, present.target) != (aim.books, aim.target)
        is_new = BREACH not in reached and not span.is_stopped and is_another
        aim = present if is_new else aim
        reached = dict(_reached(spans, n, aim, before=reached, is_new=is_new))
    last = spans[-1]
    breached_at = reached.get(BREACH)
    state = (
        ("met" if breached_at is None else "missed")
        if last.is_stopped
        else "cancelled"
        if last.is_merged
        else ("breached" if breached_at is not None else "running" if last.runs else "paused")
    )
    return Verdict(
        state=state,
        target=aim.target.length,
        elapsed=_used(spans, now, aim),
        breached_at=breached_at,
        stopped_at=last.start if last.is_stopped or last.is_merged else None,
        due_at=_due(spans, aim) if last.runs else None,
        reached=reached,
    )


def _spans(facts: list[Fact], rebases: Sequence[Rebase], now: datetime) -> list[Span]:
    standing, priority, stopped, era = Standing(), "", False, 0
    found: list[Span] = []
    happened = _in_order(facts, rebases)
    for (start, fact), (end, _) in zip(happened, [*happened[1:], (now, None)], strict=True):
        if fact is None:
            era += 1
        else:
            standing = fact.after(standing)
            stopped = isinstance(fact, Resolved) or (stopped and not isinstance(fact, Reopened))
        if isinstance(fact, Opened):
            priority = fact.attributes.priority
        elif isinstance(fact, Reprioritised):
            priority = fact.priority
        runs = not stopped and standing.hold not in HOLDS
        merged = standing.is_merged and not stopped
        if found and ((found[-1].is_stopped and stopped) or (found[-1].is_merged and merged)):
            start = found.pop().start  # noqa: PLW2901 – one span for as long as it lasts
        found.append(Span(start, end, runs, stopped, priority, era, merged))
    return found


def _in_order(facts: list[Fact], rebases: Sequence[Rebase]) -> list[tuple[datetime, Fact | None]]:
    """Facts, and after each the rebases that were chosen then."""
    found: list[tuple[datetime, Fact | None]] = []
    for fact in facts:
        found.append((fact.occurred_at, fact))
        found += [(rebase.at, None) for rebase in rebases if rebase.seq == fact.seq]
    return found


def _used(spans: list[Span], until: datetime, aim: Aim) -> int:
    return sum(
        aim.timetable_in(span.era).open_time(start=span.start, end=min(span.end, until))
        for span in spans
        if span.runs
    )


def _reached(
    spans: list[Span], n: int, aim: Aim, *, before: Mapping[Threshold, datetime], is_new: bool
) -> Iterator[tuple[Threshold, datetime]]:
    """Every threshold reached by the end of a span, and when."""
    used = _used(spans, spans[n].start, aim)
    for amount, threshold in _amounts(aim):
        if threshold in before and not (is_new and used < amount):
            yield threshold, before[threshold]
        elif is_new and used >= amount and spans[n].runs:
            yield threshold, spans[n].start
        elif (at := _reached_in(spans, n, amount, aim)) is not None:
            yield threshold, at


def _amounts(aim: Aim) -> Iterator[tuple[int, Threshold]]:
    for threshold in aim.thresholds:
        amount = aim.target.length * threshold.percent // 100
        if threshold.minutes:
            amount = aim.target.length + threshold.minutes * MINUTE
        if amount > 0:
            yield amount, threshold


def _reached_in(spans: list[Span], n: int, amount: int, aim: Aim) -> datetime | None:
    span = spans[n]
    if span.is_stopped:
        just_now = n == 0 or not spans[n - 1].is_stopped
        return span.start if just_now and _used(spans, span.start, aim) > amount else None
    if not span.runs:
        return None
    found = _first(spans, amount, aim, span.start, span.end)
    # The next fact, at the very instant so much is used, comes first.
    return None if found == span.end and n < len(spans) - 1 else found


def _first(
    spans: list[Span], amount: int, aim: Aim, low: datetime, high: datetime
) -> datetime | None:
    """The first instant in `[low, high]` by which so much of the target is used."""
    if _used(spans, high, aim) < amount:
        return None
    while low < high:
        middle = low + (high - low) // 2
        if _used(spans, middle, aim) >= amount:
            high = middle
        else:
            low = middle + MOMENT
    return high


def _due(spans: list[Span], aim: Aim) -> datetime | None:
    later = timedelta(days=400)
    onwards = replace(spans[-1], end=spans[-1].end + later)
    return _first([*spans[:-1], onwards], aim.target.length, aim, spans[0].start, onwards.end)
