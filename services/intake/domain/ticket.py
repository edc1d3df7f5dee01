"""A ticket and what may happen to it: every function answers the ticket after, and what to log.

Nothing here knows versions: the log numbers its entries, and a ticket's version is the number of
its last one.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.intake.domain import lifecycle
from services.intake.domain.lifecycle import AGENT, REQUESTER, SYSTEM, FieldsRefused
from services.intake.domain.numbers import ticket_number
from services.intake.domain.paging import NEVER
from services.intake.domain.priority import priority_of

MAX_ATTRIBUTES_BYTES = 16_384
FOR_AGENTS = frozenset({"problem"})  # kinds that no requester is shown, whoever asked for them


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket without its conversation.

    Attributes:
        updated_at: when its last log entry occurred; a ticket's times never run backwards.
        next_due_at: `NEVER` when no promise is due.
        assignment_revision: of the last decision of routing that was copied.
        clocks_revision: of the last state of the clocks that was copied.
        is_linked: it was merged or split once, or another one into or from it; most never are.
    """

    serial: int
    ticket_id: str
    version: int
    kind: str
    channel: str
    origin: str
    subject: str
    requester: str
    status: str
    priority: str
    impact: str
    urgency: str
    opened_at: datetime
    updated_at: datetime
    pending_reason: str | None = None
    pending_until: datetime | None = None
    category: str | None = None
    service: str | None = None
    group: str | None = None
    tier: int | None = None
    assignee: str | None = None
    assignment_revision: int = 0
    next_due_at: datetime = NEVER
    sla_state: str = "none"
    clocks_revision: int = 0
    escalation_level: int = 0
    reopen_count: int = 0
    is_linked: bool = False
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    resolution: Mapping[str, Any] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def has_ended(self) -> bool:
        """Whether no move leaves its status."""
        return self.status in lifecycle.ENDS


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something to log: the event's subject-less name, such as `reopened`, and its own facts."""

    event: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """The ticket after, and what to log, in this order; no entry means that nothing happened."""

    ticket: Ticket
    entries: tuple[Entry, ...] = ()


class TicketHasEnded(Exception):
    """What was asked needs a ticket that has not ended."""

    def __init__(self, *, status: str) -> None:
        super().__init__(status)
        self.status = status


class TimeRunsBackwards(Exception):
    """The instant is not between the ticket's last log entry and now."""

    def __init__(self, *, earliest: datetime | None, latest: datetime) -> None:
        super().__init__(earliest, latest)
        self.earliest = earliest
        self.latest = latest


def instant_of(
    *, occurred_at: datetime | None, now: datetime, after: datetime | None = None
) -> datetime:
    """When a command takes effect: now, or the past instant an importer gives.

    Without an instant given, clocks of two machines may disagree by a little: a ticket that was
    last changed "later" than now is then changed at that same instant, and `seq` tells the order.

    Raises:
        TimeRunsBackwards: `occurred_at` is later than `now`, or earlier than `after`.
    """
    if occurred_at is None:
        return max(now, after) if after else now
    if occurred_at > now or (after and occurred_at < after):
        raise TimeRunsBackwards(earliest=after, latest=now)
    return occurred_at


def check_kind(kind: str, *, role: str) -> None:
    """Let only agents open what is for agents.

    Raises:
        FieldsRefused: a requester wants to open it.
    """
    if kind in FOR_AGENTS and role == REQUESTER:
        raise FieldsRefused(kind="Is opened by agents only.")


def check_attributes(attributes: Mapping[str, Any]) -> None:
    """Let only through what every database keeps and every listener reads.

    Raises:
        FieldsRefused: too long as JSON, or with something in it that JSON cannot say.
    """
    try:
        length = len(json.dumps(attributes, allow_nan=False, ensure_ascii=False).encode())
    except (ValueError, TypeError, RecursionError):  # NaN, a lone surrogate, endless nesting
        raise FieldsRefused(attributes="Must be plain JSON values.") from None
    if length > MAX_ATTRIBUTES_BYTES:
        raise FieldsRefused(attributes=f"Longer than {MAX_ATTRIBUTES_BYTES} bytes as JSON.")


def move(
    ticket: Ticket,
    *,
    to: str,
    role: str,
    at: datetime,
    pending_reason: str | None = None,
    until: datetime | None = None,
    reason: str = "",
    resolution: Mapping[str, Any] | None = None,
) -> Change:
    """Move a ticket to another status.

    Raises:
        TransitionRefused: there is no such move for this role.
        FieldsRefused: a field is missing, out of place or impossible.
    """
    fields = {
        "pending_reason": pending_reason,
        "until": until,
        "reason": reason,
        "resolution": resolution,
    }
    given = [name for name, value in fields.items() if value]
    wanted = lifecycle.transition(was=ticket.status, to=to, role=role, given=given)
    _check_until(pending_reason=pending_reason, until=until, at=at)
    after = dataclasses.replace(
        ticket, status=to, pending_reason=pending_reason, pending_until=until
    )
    return _EFFECTS[wanted.event](ticket, after, at, reason, resolution)


def _check_until(*, pending_reason: str | None, until: datetime | None, at: datetime) -> None:
    if pending_reason == "date" and until is None:
        raise FieldsRefused(until="Needed to wait for a date.")
    if until is not None and until <= at:
        raise FieldsRefused(until="Must be later than the move itself.")


def _status_changed(was: Ticket, after: Ticket, _at: datetime, reason: str, _: Any) -> Change:
    facts = {
        "was": was.status,
        "status": after.status,
        "category": lifecycle.category_of(status=after.status, pending_reason=after.pending_reason),
        "pending_reason": after.pending_reason,
        "until": after.pending_until,
        "reason": reason,
    }
    return Change(ticket=after, entries=(Entry(event="status_changed", facts=facts),))


def _resolved(was: Ticket, after: Ticket, at: datetime, _reason: str, resolution: Any) -> Change:
    solved = dataclasses.replace(after, resolved_at=at, resolution=resolution)
    facts = {"was": was.status, "resolution": resolution}
    return Change(ticket=solved, entries=(Entry(event="resolved", facts=facts),))


def _reopened(_was: Ticket, after: Ticket, _at: datetime, reason: str, _: Any) -> Change:
    again = dataclasses.replace(
        after, resolved_at=None, resolution=None, reopen_count=after.reopen_count + 1
    )
    facts = {"status": after.status, "reason": reason, "reopen_count": again.reopen_count}
    return Change(ticket=again, entries=(Entry(event="reopened", facts=facts),))


def _closed(was: Ticket, after: Ticket, at: datetime, reason: str, _: Any) -> Change:
    facts = {"was": was.status, "status": after.status, "reason": reason}
    ended = dataclasses.replace(after, closed_at=at)
    return Change(ticket=ended, entries=(Entry(event="closed", facts=facts),))


_EFFECTS = {
    "status_changed": _status_changed,
    "resolved": _resolved,
    "reopened": _reopened,
    "closed": _closed,
}


def reply(
    ticket: Ticket,
    *,
    message_id: str,
    role: str,
    public: bool,
    at: datetime,
    attachments: Sequence[Mapping[str, Any]] = (),
    addressed_to: Ticket | None = None,
) -> Change:
    """Add a message to the conversation, with what it does to the status.

    Args:
        ticket: where it lands.
        message_id: the message's.
        role: whose it is.
        public: whether requesters may read it.
        at: when.
        attachments: what is told of the files it has.
        addressed_to: the ticket it was meant for, if that was merged into this one.

    Raises:
        TicketHasEnded: a public message to a ticket that has ended; agents may still leave notes.
    """
    if ticket.has_ended and public:
        raise TicketHasEnded(status=ticket.status)
    facts: dict[str, Any] = {
        "message_id": message_id,
        "public": public,
        "attachments": attachments,
    }
    if addressed_to is not None and addressed_to.serial != ticket.serial:
        facts |= _addressed(addressed_to, role=role, requester=ticket.requester)
    replied = Entry(event="replied", facts=facts)
    moved = _after_reply(ticket, role=role, at=at) if public else Change(ticket=ticket)
    return dataclasses.replace(moved, entries=(replied, *moved.entries))


def _addressed(meant: Ticket, *, role: str, requester: str) -> dict[str, Any]:
    number = ticket_number(kind=meant.kind, serial=meant.serial)
    if meant.requester == requester:
        return {"addressed_to": number}
    # The desk's answer is for both requesters, and names the ticket of neither to the other.
    return {"addressed_to": number, "other_requester": True} if role == REQUESTER else {}


def _after_reply(ticket: Ticket, *, role: str, at: datetime) -> Change:
    if role == AGENT and ticket.status in {"new", "triaged", "assigned"}:
        return move(ticket, to="in_progress", role=SYSTEM, at=at)
    if role == REQUESTER and ticket.status == "resolved":
        return move(ticket, to="in_progress", role=REQUESTER, at=at)
    if role == REQUESTER and ticket.pending_reason == "requester":
        # The awaited answer is there. Whoever asked goes on; a ticket that nobody holds any more
        # goes back to its group's queue instead of looking worked on.
        to = "in_progress" if ticket.assignee else "triaged"
        return move(ticket, to=to, role=SYSTEM, at=at)
    return Change(ticket=ticket)


def assign(
    ticket: Ticket,
    *,
    revision: int,
    group: str,
    tier: int,
    assignee: str | None,
    reason_code: str,
    category: str | None,
    at: datetime,
) -> Change:
    """Copy a decision of routing; one that is not newer than the last one copied does nothing.

    Group and assignee move a ticket that nobody works on yet between `triaged` and `assigned`. A
    later status stays: who works on a ticket and how far it is are separate facts.
    """
    if revision <= ticket.assignment_revision:
        return Change(ticket=ticket)
    after = dataclasses.replace(
        ticket, assignment_revision=revision, group=group, tier=tier, assignee=assignee
    )
    facts: dict[str, Any] = {
        "group": group,
        "tier": tier,
        "assignee": assignee,
        "reason_code": reason_code,
    }
    if category and not ticket.category:
        after = dataclasses.replace(after, category=category)
        facts["category"] = category
    to = "assigned" if assignee else "triaged"
    if ticket.status in {"new", "triaged", "assigned"} and ticket.status != to:
        after = move(after, to=to, role=SYSTEM, at=at).ticket
        facts |= {"status": to, "status_category": lifecycle.CATEGORIES[to]}
    # One entry for all of it: who listens to the log hears of a ticket's first assignment once.
    return Change(ticket=after, entries=(Entry(event="assigned", facts=facts),))


def amend(
    ticket: Ticket,
    *,
    impact: str | None = None,
    urgency: str | None = None,
    category: str | None = None,
) -> Change:
    """Correct impact, urgency or category; what is left out, or the same, stays.

    Raises:
        TicketHasEnded: it would change what was already judged and counted.
    """
    if ticket.has_ended:
        raise TicketHasEnded(status=ticket.status)
    impact, urgency = impact or ticket.impact, urgency or ticket.urgency
    priority = priority_of(impact=impact, urgency=urgency)
    after = dataclasses.replace(
        ticket,
        impact=impact,
        urgency=urgency,
        priority=priority,
        category=category or ticket.category,
    )
    entries: list[Entry] = []
    if (impact, urgency) != (ticket.impact, ticket.urgency):
        facts = {
            "was": ticket.priority,
            "priority": priority,
            "impact": impact,
            "urgency": urgency,
        }
        entries.append(Entry(event="reprioritised", facts=facts))
    if after.category != ticket.category:
        entries.append(_categorised(was=ticket.category, category=after.category))
    return Change(ticket=after, entries=tuple(entries))


def _categorised(*, was: str | None, category: str | None) -> Entry:
    return Entry(event="categorised", facts={"was": was, "category": category})
