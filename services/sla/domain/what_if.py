"""What would have been: the same log under another book, clock by clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from services.sla.domain.clock import Clock
from services.sla.domain.definitions import RESOLUTION
from services.sla.domain.facts import Fact
from services.sla.domain.fold import Fold, fold
from services.sla.domain.policy import Book

UNPROMISED: Final = "unpromised"
MISSED: Final = frozenset({"missed", "breached"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A clock under one book; lengths are open microseconds."""

    state: str = UNPROMISED
    elapsed: int = 0
    target: int = 0

    @property
    def is_missed(self) -> bool:
        """Whether the promise was broken, by a clock that ended or one that runs on."""
        return self.state in MISSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One clock of a ticket as it is judged, and as it would be."""

    kind: str
    instance: int
    was: Side
    would_be: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """A ticket under two books.

    Attributes:
        blame_was: open time of a missed resolution by who had the ticket.
        blame_would_be: likewise, under the other book.
    """

    verdicts: tuple[Verdict, ...]
    blame_was: Mapping[str, int]
    blame_would_be: Mapping[str, int]


@dataclass(slots=True)
class Tally:
    """How the clocks of one kind stand under both books."""

    was: dict[str, int] = field(default_factory=dict)
    would_be: dict[str, int] = field(default_factory=dict)
    newly_missed: int = 0
    newly_kept: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count one more."""
        self.was[verdict.was.state] = self.was.get(verdict.was.state, 0) + 1
        then = verdict.would_be.state
        self.would_be[then] = self.would_be.get(then, 0) + 1
        self.newly_missed += verdict.would_be.is_missed and not verdict.was.is_missed
        self.newly_kept += verdict.was.is_missed and not verdict.would_be.is_missed


def rejudge(
    facts: Sequence[Fact], *, book: Book, other: Book, now: datetime, is_replayed: bool
) -> Rejudged:
    """Judge a ticket under two books.

    Another desk's past is judged as of its last entry.
    """
    present, otherwise = fold(facts, book=book), fold(facts, book=other)
    as_of = present.at if is_replayed and present.at else now
    was, would_be = present.clocks(now=as_of), otherwise.clocks(now=as_of)
    return Rejudged(
        verdicts=_verdicts(was, would_be),
        blame_was=_blame(present, was, now=as_of),
        blame_would_be=_blame(otherwise, would_be, now=as_of),
    )


def _verdicts(was: Iterable[Clock], would_be: Iterable[Clock]) -> tuple[Verdict, ...]:
    before = {(clock.kind, clock.instance): _side(clock) for clock in was}
    after = {(clock.kind, clock.instance): _side(clock) for clock in would_be}
    return tuple(
        Verdict(
            kind=kind,
            instance=instance,
            was=before.get((kind, instance), Side()),
            would_be=after.get((kind, instance), Side()),
        )
        for kind, instance in sorted({*before, *after})
    )


def _side(clock: Clock) -> Side:
    return Side(state=clock.state, elapsed=clock.elapsed, target=clock.target)


def _blame(folded: Fold, clocks: Iterable[Clock], *, now: datetime) -> Mapping[str, int]:
    is_missed = any(clock.kind == RESOLUTION and clock.state in MISSED for clock in clocks)
    return folded.attribution(now=now) if is_missed else {}
