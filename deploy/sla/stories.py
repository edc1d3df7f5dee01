"""Life stories of tickets, judged: what fell due when, and how much was used.

A story has a `calendar`, targets in `sla_minutes`, and a `timeline` of `{"at", "event", …}`;
perhaps a `policy` with conditions in the desk's own form, and `as_of`, else its last entry.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from contracts.errors import Invalid
from contracts.grammar import from_plain, in_iso, to_plain
from contracts.sla import PolicySpec
from deploy.sla.calendars import timetable_of
from deploy.sla.lines import Refusal
from deploy.sla.questions import instant
from services.sla.domain.clock import Clock, next_due_at
from services.sla.domain.definitions import RESOLUTION
from services.sla.domain.facts import (
    Assigned,
    Attributes,
    Cancelled,
    Fact,
    Noted,
    Opened,
    Reopened,
    Replied,
    Resolved,
    StatusCategory,
    StatusChanged,
)
from services.sla.domain.fold import Fold, fold
from services.sla.domain.instants import MINUTE
from services.sla.domain.policy import Book, Policy, read_policy

CALENDAR: Final = "calendar"
PRIORITY: Final = "P3"
# What others call our clocks.
_CLOCKS: Final[Mapping[str, str]] = {"update": "periodic_update", "solution": "resolution"}
_CANCELLED: Final = {"merged", "duplicate", "cancelled", "spam"}
_DONE: Final = {"closed", "resolved", "done"}
_QUEUED: Final = {"new", "queued"}
_WAITING: Final[Mapping[str, tuple[StatusCategory, str]]] = {
    "pending": ("waiting_requester", "requester"),
    "vendor": ("waiting_other", "vendor"),
}

Entry = Mapping[str, Any]
Head = dict[str, Any]


def judge(story: Mapping[str, Any]) -> dict[str, Any]:
    """How the promises of a story stand at its end.

    Raises:
        Refusal: a field is missing or cannot be read.
        Invalid, InvalidDefinition: the calendar or the policy cannot be used.
    """
    timetable = timetable_of(story.get("calendar"))
    targets = _targets(story)
    policy = _policy(story, targets)
    book = Book(edition=1, policies=(policy,), timetables={CALENDAR: timetable})
    facts = list(_facts(_timeline(story)))
    as_of = instant(story, "as_of") if "as_of" in story else facts[-1].occurred_at
    folded = fold((fact for fact in facts if fact.occurred_at <= as_of), book=book)
    clocks = folded.clocks(now=as_of)
    due = next_due_at(clocks)
    found: dict[str, Any] = {"next_escalation_at": None if due is None else in_iso(due)}
    for name in targets:
        kind = _CLOCKS.get(name, name)
        mine = [clock for clock in clocks if clock.kind == kind]
        found |= _shown(name, mine[-1] if mine else None)
        if mine and kind == RESOLUTION:
            found["hold_minutes"] = _minutes(_held(mine[-1], folded, as_of))
    return found


def _targets(story: Mapping[str, Any]) -> Mapping[str, int | None]:
    minutes = story.get("sla_minutes")
    if not isinstance(minutes, Mapping):
        raise Refusal("sla_minutes", "must be an object of minutes by clock")
    return minutes


def _policy(story: Mapping[str, Any], targets: Mapping[str, int | None]) -> Policy:
    """The story's policy; without a target it has none that anybody sees."""
    listed = [
        {
            "clock": _CLOCKS.get(name, name),
            "priority": PRIORITY,
            "minutes": minutes,
            "calendar": CALENDAR,
        }
        for name, minutes in targets.items()
        if minutes is not None
    ]
    document = {"key": "story", "name": "story", **(story.get("policy") or {})}
    if not listed:
        return Policy(key="story", version=1, targets={})
    try:
        spec = from_plain(PolicySpec, {"targets": listed, **document}, strict=True)
    except Invalid as invalid:
        raise Refusal("policy", str(invalid.detail)) from None
    return read_policy(to_plain(spec), version=1)


def _timeline(story: Mapping[str, Any]) -> Sequence[Entry]:
    timeline = story.get("timeline")
    if not isinstance(timeline, list) or not timeline:
        raise Refusal("timeline", "must be a list of entries, the first one the creation")
    at = [_instant(entry, n) for n, entry in enumerate(timeline)]
    order = sorted(range(len(timeline)), key=at.__getitem__)
    entries = [{**timeline[n], "at": at[n], "field": f"timeline.{n}"} for n in order]
    if entries[0].get("event") != "created":
        raise Refusal(f"{entries[0]['field']}.event", "the first entry must be created")
    return entries


def _instant(entry: object, n: int) -> datetime:
    if not isinstance(entry, Mapping):
        raise Refusal(f"timeline.{n}", "must be an object")
    try:
        return instant(entry, "at")
    except Refusal as refusal:
        raise Refusal(f"timeline.{n}.at", refusal.message) from None


def _facts(timeline: Sequence[Entry]) -> Iterator[Fact]:
    seq, is_done = 0, False
    for entry in timeline:
        for make in _makers(entry, is_done=is_done):
            seq += 1
            fact = make({"seq": seq, "occurred_at": entry["at"]})
            is_done = isinstance(fact, Resolved) or (is_done and not isinstance(fact, Reopened))
            yield fact


def _makers(entry: Entry, *, is_done: bool) -> Iterator[Callable[[Head], Fact]]:
    """The facts of an entry, each to be made with its place in the log."""
    event = str(entry.get("event"))
    if event not in _EVENTS:
        known = ", ".join(_EVENTS)
        raise Refusal(f"{entry['field']}.event", f"must be one of {known}")
    if event == "state":
        yield lambda head: _moved(head, entry, str(entry.get("to")), is_done=is_done)
        return
    yield lambda head: _EVENTS[event](head, entry)
    if to := entry.get("state_to"):
        # "replied (paused)": what the state is called, and what it does to clocks.
        state = "pending" if "paused" in to else to
        yield lambda head: _moved(head, entry, state, is_done=is_done)


def _moved(head: Head, entry: Entry, state: str, *, is_done: bool) -> Fact:
    # A status change answers nobody, whoever made it.
    if state in _DONE:
        return Noted(**head) if is_done else Resolved(**head, by="system")
    if state in _CANCELLED:
        return Cancelled(**head, reason=state)
    if is_done:
        return Reopened(**head)
    category, reason = _category(entry, state)
    return StatusChanged(**head, status_category=category, pending_reason=reason)


def _category(entry: Entry, state: str) -> tuple[StatusCategory, str | None]:
    if state in _WAITING:
        return _WAITING[state]
    if state in _QUEUED:
        return "queued", None
    if state in _DONE:
        return "done", None
    if state in {"open", "active", "in_progress"}:
        return "active", None
    raise Refusal(f"{entry['field']}.state", f"an unknown state: {state}")


def _created(head: Head, entry: Entry) -> Fact:
    category, reason = _category(entry, entry.get("state") or "new")
    return Opened(
        **head,
        attributes=Attributes(kind="incident", priority=PRIORITY),
        group=entry.get("group"),
        status_category=category,
        pending_reason=reason,
        by="agent" if entry.get("by") == "agent" else "requester",
    )


def _answered(head: Head, _entry: Entry) -> Fact:
    return Replied(**head, by="agent", public=True)


def _asked(head: Head, _entry: Entry) -> Fact:
    return Replied(**head, by="requester", public=True)


def _assigned(head: Head, entry: Entry) -> Fact:
    return Assigned(
        **head, group=entry["group"], tier=entry.get("tier"), assignee=entry.get("assignee")
    )


_EVENTS: Final[Mapping[str, Callable[[Head, Entry], Fact]]] = {
    "created": _created,
    "first_response": _answered,
    "agent_contact": _answered,
    "customer_contact": _asked,
    "assigned": _assigned,
    "note": lambda head, _: Noted(**head),
    "state": lambda head, _: Noted(**head),
    "closed": lambda head, _: Resolved(**head, by="system"),
}


def _shown(name: str, clock: Clock | None) -> dict[str, Any]:
    """One clock in the words of stories; the newest of its kind."""
    if clock is None:
        return {f"{name}_state": None, f"{name}_due": None, f"{name}_minutes": None}
    has_ended = clock.state in {"met", "missed"}
    return {
        f"{name}_state": clock.state,
        f"{name}_due": None if clock.due_at is None else in_iso(clock.due_at),
        f"{name}_minutes": _minutes(clock.elapsed) if has_ended else None,
        f"{name}_margin": _minutes(clock.remaining) if has_ended else None,
        f"{name}_at": in_iso(clock.stopped_at) if clock.stopped_at else None,
    }


def _held(clock: Clock, folded: Fold, as_of: datetime) -> int:
    """Open time in which the clock stood still."""
    told = folded.recorded(now=as_of)
    mine = next(one for one in told if one.clock == clock)
    return sum(span.open_time for span in mine.spans if span.why == "paused")


def _minutes(micros: int) -> float:
    return micros / MINUTE
