"""Short ways to write a ticket's life, and random ones."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from services.sla.domain.calendar import Calendar, Opening, around_the_clock
from services.sla.domain.clock import Clock
from services.sla.domain.definitions import FIRST_RESPONSE, RESOLUTION
from services.sla.domain.facts import (
    DONE,
    Absorbed,
    Assigned,
    Attributes,
    Cancelled,
    Categorised,
    Closed,
    Fact,
    Merged,
    Noted,
    Opened,
    Released,
    Reopened,
    Replied,
    Reprioritised,
    Resolved,
    Standing,
    StatusChanged,
    Unmerged,
)
from services.sla.domain.fold import Fold, fold
from services.sla.domain.instants import HOUR, MINUTE, micros_of
from services.sla.domain.policy import Book, Policy, Target
from services.sla.domain.timetable import Timetable

OFFICE = Timetable(
    Calendar(
        key="office",
        version=4,
        zone="Asia/Jakarta",
        week=(*[(Opening(480, 720), Opening(780, 1020))] * 5, (), ()),
    )
)
ALWAYS = Timetable(around_the_clock())
NEVER_OPEN = Timetable(Calendar(key="never", version=1, zone="UTC", week=((),) * 7))
TIMETABLES = {"office": OFFICE, "always": ALWAYS, "never": NEVER_OPEN}


def policy(
    lengths: Mapping[str, tuple[int | None, int | None]] | None = None,
    *,
    calendar: str = "always",
    **changes: object,
) -> Policy:
    """Targets by priority: first response and resolution, in microseconds."""
    lengths = lengths or {"P1": (15 * MINUTE, 4 * HOUR), "P3": (HOUR, 10 * HOUR)}
    return Policy(
        **{
            "key": "standard",
            "version": 2,
            "targets": {
                (kind, priority): Target(length=length, calendar=calendar)
                for priority, pair in lengths.items()
                for kind, length in zip((FIRST_RESPONSE, RESOLUTION), pair, strict=True)
                if length is not None
            },
        }
        | changes
    )


def book(*policies: Policy) -> Book:
    return Book(edition=1, policies=policies or (policy(),), timetables=TIMETABLES)


MONDAY = datetime(2026, 1, 5, 1, tzinfo=UTC)  # eight in the morning in Jakarta


def at(hours: float) -> datetime:
    """So many hours after Monday morning, to the microsecond."""
    return MONDAY + timedelta(hours=hours)


class Life:
    """A ticket's log, written in order; every method adds one fact, `hours` after Monday 08:00."""

    def __init__(self, *, priority: str = "P3", opened: float = 0, **changes: object) -> None:
        attributes = Attributes(
            **{"kind": "incident", "priority": priority, "category": "network"}
            | {name: changes.pop(name) for name in list(changes) if name in ATTRIBUTES}
        )
        self.facts: list[Fact] = []
        self._add(Opened, opened, attributes=attributes, **changes)

    def _add(self, kind: type[Fact], hours: float, **values: object) -> "Life":
        self.facts.append(kind(seq=len(self.facts) + 1, occurred_at=at(hours), **values))
        return self

    def replied(self, hours: float, by: str = "agent", *, public: bool = True) -> "Life":
        return self._add(Replied, hours, by=by, public=public)

    def assigned(
        self,
        hours: float,
        group: str,
        assignee: str | None = "budi",
        tier: int = 1,
        **more: object,
    ) -> "Life":
        return self._add(Assigned, hours, group=group, assignee=assignee, tier=tier, **more)

    def pending(self, hours: float, reason: str = "requester") -> "Life":
        waiting = "waiting_requester" if reason == "requester" else "waiting_other"
        return self._add(StatusChanged, hours, status_category=waiting, pending_reason=reason)

    def working(self, hours: float) -> "Life":
        return self._add(StatusChanged, hours, status_category="active")

    def resolved(self, hours: float, by: str = "agent") -> "Life":
        return self._add(Resolved, hours, by=by)

    def reopened(self, hours: float) -> "Life":
        return self._add(Reopened, hours)

    def closed(self, hours: float) -> "Life":
        return self._add(Closed, hours)

    def merged(self, hours: float) -> "Life":
        return self._add(Merged, hours)

    def unmerged(self, hours: float, category: str = "active", **more: object) -> "Life":
        return self._add(Unmerged, hours, status_category=category, **more)

    def absorbed(self, hours: float, opened: float, source: str = "other") -> "Life":
        return self._add(Absorbed, hours, source=source, source_opened=micros_of(at(opened)))

    def released(self, hours: float, source: str = "other") -> "Life":
        return self._add(Released, hours, source=source)

    def cancelled(self, hours: float, reason: str = "duplicate") -> "Life":
        return self._add(Cancelled, hours, reason=reason)

    def reprioritised(self, hours: float, priority: str) -> "Life":
        return self._add(Reprioritised, hours, priority=priority)

    def categorised(self, hours: float, category: str) -> "Life":
        return self._add(Categorised, hours, category=category)

    def noted(self, hours: float) -> "Life":
        return self._add(Noted, hours)

    def fold(self, *policies: Policy) -> Fold:
        return fold(self.facts, book=book(*policies))

    def clock(self, kind: str, hours: float, *policies: Policy) -> Clock:
        clocks = self.fold(*policies).clocks(now=at(hours))
        return next(clock for clock in clocks if clock.kind == kind)

    def resolution(self, hours: float, *policies: Policy) -> Clock:
        return self.clock(RESOLUTION, hours, *policies)

    def first_response(self, hours: float, *policies: Policy) -> Clock:
        return self.clock(FIRST_RESPONSE, hours, *policies)


ATTRIBUTES = ("kind", "category", "service", "organisation")


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """A random life over about two weeks: pauses, transfers, new priorities, reopenings."""
    gaps = st.integers(0, 40 * HOUR) | st.sampled_from([0, 1, HOUR, 10 * HOUR])
    moment = datetime(2026, 3, 27, 9, tzinfo=UTC) + timedelta(
        microseconds=draw(st.integers(0, 3 * 24 * HOUR))
    )
    priorities = st.sampled_from(["P1", "P2", "P3", "P5"])
    attributes = Attributes(kind="incident", priority=draw(priorities))
    group = draw(st.sampled_from([None, "desk", "network"]))
    facts: list[Fact] = [
        Opened(seq=1, occurred_at=moment, attributes=replace(attributes, group=group), group=group)
    ]
    standing = facts[0].after(Standing())
    before_the_merge = standing
    for seq in range(2, draw(st.integers(2, 14))):
        moment += timedelta(microseconds=draw(gaps))
        head = {"seq": seq, "occurred_at": moment}
        fact = draw(_after(standing, before_the_merge, head, priorities))
        if isinstance(fact, Merged):
            before_the_merge = standing
        standing = fact.after(standing)
        facts.append(fact)
    return facts


def _after(
    standing: Standing,
    before: Standing,
    head: Mapping[str, object],
    priorities: st.SearchStrategy[str],
) -> st.SearchStrategy[Fact]:
    same = _just(head)
    if standing.is_merged:
        back = st.just(before.status_category)
        reason = st.just(before.pending_reason)
        undone = st.builds(Unmerged, **same, status_category=back, pending_reason=reason)
        return undone | undone | _assignments(same) | st.builds(Noted, **same)
    if standing.hold == DONE:
        return st.builds(Reopened, **same) | st.builds(Noted, **same) | st.builds(Merged, **same)
    return _next(head, priorities)


def _just(head: Mapping[str, object]) -> dict[str, st.SearchStrategy[object]]:
    return {name: st.just(value) for name, value in head.items()}


def _next(
    head: Mapping[str, object], priorities: st.SearchStrategy[str]
) -> st.SearchStrategy[Fact]:
    same = _just(head)
    authors = st.sampled_from(["agent", "requester"])
    pending = st.sampled_from(["requester", "vendor", "change", None]).map(
        lambda reason: StatusChanged(
            **head,
            status_category={"requester": "waiting_requester", None: "active"}.get(
                reason, "waiting_other"
            ),
            pending_reason=reason,
        )
    )
    return st.one_of(
        pending,
        pending,
        st.builds(Replied, **same, by=authors, public=st.booleans()),
        _assignments(same),
        st.builds(Merged, **same),
        _absorptions(head),
        st.builds(Released, **same, source=st.sampled_from(["one", "two"])),
        st.builds(Reprioritised, **same, priority=priorities),
        st.builds(Resolved, **same),
        st.builds(Noted, **same),
    )


def _assignments(same: Mapping[str, st.SearchStrategy[object]]) -> st.SearchStrategy[Fact]:
    return st.builds(
        Assigned,
        **same,
        group=st.sampled_from(["desk", "network", "platform"]),
        tier=st.sampled_from([1, 2]),
        assignee=st.sampled_from([None, "budi", "sari"]),
        by=st.sampled_from(["agent", "system"]),
    )


def _absorptions(head: Mapping[str, object]) -> st.SearchStrategy[Fact]:
    before = st.integers(-20 * HOUR, 60 * HOUR) | st.just(0)
    return st.builds(
        Absorbed,
        **_just(head),
        source=st.sampled_from(["one", "two"]),
        source_opened=before.map(lambda ago: micros_of(head["occurred_at"]) - ago),
    )


def with_a_note_after(facts: list[Fact], place: int) -> list[Fact]:
    """The same life, and one more entry that moves no clock."""
    note = Noted(seq=0, occurred_at=facts[place].occurred_at)
    longer = [*facts[: place + 1], note, *facts[place + 1 :]]
    return [replace(fact, seq=n) for n, fact in enumerate(longer, start=1)]
