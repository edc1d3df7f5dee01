"""One day at the demo desk from `tickets.yaml`: who asked for what, and who did what about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from marshmallow import validate

from contracts.intake import (
    Body,
    Channel,
    Key,
    Kind,
    Level,
    PendingReason,
    Person,
    Resolution,
    Subject,
)
from contracts.routing import EscalationKind, TransferReason
from contracts.sla import WallTime
from deploy.demo.content import HERE, Faults, parse, repeated, settle, shaped, unknown
from deploy.demo.desk import Desk

Deed = Literal[
    "reply",  # an agent to the requester
    "note",  # an agent to agents
    "answer",  # the requester
    "pend",
    "transfer",
    "escalate",
    "amend",
    "resolve",
    "reopen",  # the requester
    "close",  # the requester
    "cancel",  # the requester
]

# What each deed needs to be said with it, and what it may be said with.
_NEEDS: Mapping[str, frozenset[str]] = {
    "reply": frozenset({"text"}),
    "note": frozenset({"text"}),
    "answer": frozenset({"text"}),
    "pend": frozenset({"reason"}),
    "transfer": frozenset({"group", "reason_code", "text"}),
    "escalate": frozenset({"kind", "text"}),
    "amend": frozenset(),
    "resolve": frozenset({"resolution"}),
    "reopen": frozenset({"text"}),
    "close": frozenset(),
    "cancel": frozenset({"text"}),
}
_MAY_HAVE: Mapping[str, frozenset[str]] = {
    "amend": frozenset({"impact", "urgency"}),
    "close": frozenset({"text"}),
}
_DETAILS = ("text", "reason", "group", "reason_code", "kind", "resolution", "impact", "urgency")

State = Literal["open", "pending", "resolved", "over"]
_LEADS_TO: Mapping[str, State] = {
    "pend": "pending",
    "answer": "open",
    "resolve": "resolved",
    "reopen": "open",
    "close": "over",
    "cancel": "over",
}


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something an agent or the requester does; `at` is by the wall clock of the desk."""

    at: WallTime
    do: Deed
    text: Annotated[str, validate.Length(max=2000)] | None = None
    reason: PendingReason | None = None
    group: Key | None = None
    reason_code: TransferReason | None = None
    kind: EscalationKind | None = None
    resolution: Resolution | None = None
    impact: Level | None = None
    urgency: Level | None = None


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """Where the routing rules should send a ticket."""

    category: Key
    group: Key


@dataclass(frozen=True, kw_only=True)
class DemoTicket:
    """A ticket of the day and its story; without acts nobody touches it."""

    key: Key
    at: WallTime
    requester: Key
    kind: Kind
    channel: Channel
    subject: Subject
    body: Body
    impact: Level
    urgency: Level
    expect: Expectation
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Day:
    """The requesters by key, and their tickets in the order they come in."""

    people: Mapping[str, Person]
    tickets: Annotated[tuple[DemoTicket, ...], validate.Length(min=1)]


def read_day(desk: Desk, path: Path = HERE / "tickets.yaml") -> Day:
    """The day that a YAML file tells, checked against the desk it happens at.

    Raises:
        ContentFault: with every fault of form, or else every fault of the stories.
    """
    day = shaped(Day, parse(path.read_text("utf-8"), file=path.name), file=path.name)
    settle(_faults(day, desk), file=path.name)
    return day


def minute_of(at: str) -> int:
    """Minutes since midnight of a wall time such as `08:05`."""
    hours, minutes = at.split(":")
    return int(hours) * 60 + int(minutes)


def _faults(day: Day, desk: Desk) -> Faults:
    yield from repeated("tickets", [ticket.key for ticket in day.tickets])
    yield from _out_of_order("tickets", [ticket.at for ticket in day.tickets])
    categories = {category.key for category in desk.categories}
    for index, ticket in enumerate(day.tickets):
        at = f"tickets.{index}"
        yield from unknown(f"{at}.requester", ticket.requester, day.people)
        yield from unknown(f"{at}.expect.category", ticket.expect.category, categories)
        yield from unknown(f"{at}.expect.group", ticket.expect.group, desk.tiers)
        yield from _story_faults(at, ticket, desk)


def _story_faults(at: str, ticket: DemoTicket, desk: Desk) -> Faults:
    causes = {cause.key for cause in desk.causes}
    state: State = "open"
    yield from _out_of_order(f"{at}.acts", [act.at for act in ticket.acts], since=ticket.at)
    for index, act in enumerate(ticket.acts):
        here = f"{at}.acts.{index}"
        yield from _detail_faults(here, act)
        yield from unknown(f"{here}.group", act.group, desk.tiers)
        if act.resolution:
            yield from unknown(f"{here}.resolution.cause", act.resolution.cause, causes)
        if not _is_possible(act.do, state):
            yield f"{here}.do", f"Cannot {act.do} a ticket that is {state}."
        state = _LEADS_TO.get(act.do, state)


def _out_of_order(part: str, times: list[str], *, since: str = "00:00") -> Faults:
    latest = since
    for index, at in enumerate(times):
        if minute_of(at) < minute_of(latest):
            yield f"{part}.{index}.at", f"{at} is before {latest}."
        latest = at


def _detail_faults(here: str, act: Act) -> Faults:
    needs = _NEEDS[act.do]
    may_have = needs | _MAY_HAVE.get(act.do, frozenset())
    for detail in _DETAILS:
        is_said = getattr(act, detail) not in {None, ""}
        if detail in needs and not is_said:
            yield f"{here}.{detail}", f"Needed to {act.do}."
        if is_said and detail not in may_have:
            yield f"{here}.{detail}", f"Means nothing to {act.do}."


def _is_possible(deed: Deed, state: State) -> bool:
    if deed in {"reopen", "close"}:
        return state == "resolved"
    return state in {"open", "pending"}
