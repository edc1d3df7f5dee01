"""Tickets: opened, shown and listed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from marshmallow import validate

from contracts.grammar import Operation
from contracts.intake.words import (
    Actor,
    AttachmentIds,
    Body,
    Channel,
    Key,
    Kind,
    Level,
    Origin,
    PendingReason,
    Person,
    Priority,
    Resolution,
    SlaState,
    SortOrder,
    Status,
    StatusCategory,
    Subject,
    TicketNumber,
)


@dataclass(frozen=True, kw_only=True)
class OpenTicket:
    """Open a ticket.

    Attributes:
        kind: a problem, the cause behind incidents, is opened by agents and shown to agents only.
        occurred_at: only for an importer that keeps a past desk's times.
        origin: `replay` for imported tickets: they are judged, never escalated.
        group: the queue to start in; routing decides when it is left out.
        attachments: ids of files that were handed in before (`add_message_file`) and wait for a
            message; all of them are taken, or nothing is done.
        uploader: e-mail address of who handed them in, when it was not the actor.
    """

    kind: Kind
    subject: Subject
    body: Body
    channel: Channel
    requester: Person
    actor: Actor
    impact: Level = "medium"
    urgency: Level = "medium"
    category: Key | None = None
    service: Key | None = None
    group: Key | None = None
    attributes: Annotated[Mapping[str, Any], validate.Length(max=50)] = field(default_factory=dict)
    occurred_at: datetime | None = None
    origin: Origin = "live"
    attachments: AttachmentIds = ()
    uploader: Annotated[str, validate.Length(max=254)] | None = None


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket as intake knows it; group, assignee, due and SLA state are its own copies.

    A requester whose ticket was merged into another person's sees theirs live on: it has the status
    and the solution of the survivor, and no word of the merge.

    Attributes:
        merged_into: number of the ticket it was merged into.
        survivor: number of the ticket at the end of all merges, if it was merged.
        absorbed: numbers of the tickets that were merged into it.
        split_from: number of the ticket it was split from.
        split_into: numbers of the tickets that were split from it.
        other_requesters: a ticket that was merged into it has another requester.
    """

    ticket_id: str
    number: str
    version: int
    kind: Kind
    subject: str
    body: str
    channel: Channel
    status: Status
    status_category: StatusCategory
    pending_reason: PendingReason | None
    pending_until: datetime | None
    priority: Priority
    impact: Level
    urgency: Level
    category: str | None
    service: str | None
    requester: Person
    group: str | None
    tier: int | None
    assignee: str | None
    next_due_at: datetime | None
    sla_state: SlaState
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    reopen_count: int
    escalation_level: int
    resolution: Resolution | None
    attributes: Mapping[str, Any]
    transitions: tuple[str, ...] = ()
    merged_into: str | None = None
    survivor: str | None = None
    absorbed: tuple[str, ...] = ()
    split_from: str | None = None
    split_into: tuple[str, ...] = ()
    other_requesters: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketLine:
    """A ticket in a list."""

    number: str
    subject: str
    kind: Kind
    status: Status
    priority: Priority
    category: str | None
    group: str | None
    assignee: str | None
    requester: str
    next_due_at: datetime | None
    sla_state: SlaState
    opened_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class TicketPage:
    """Some tickets, and where the next page starts."""

    items: tuple[TicketLine, ...]
    next_cursor: str | None = None


@dataclass(frozen=True, kw_only=True)
class GetTicket:
    """Ask for one ticket by number. A `viewer` sees only tickets they requested."""

    number: TicketNumber
    viewer: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListTickets:
    """Ask for tickets; filters are joined by *and*, values of one filter by *or*.

    Attributes:
        viewer: only tickets this requester (e-mail) opened.
        q: words that the subject or number must contain.
        assignee: an agent's key, or `none` for tickets nobody holds.
    """

    status: tuple[Status, ...] = ()
    group: tuple[Key, ...] = ()
    assignee: tuple[Key, ...] = ()
    priority: tuple[Priority, ...] = ()
    sla_state: tuple[SlaState, ...] = ()
    requester: Annotated[str, validate.Length(max=254)] | None = None
    viewer: str | None = None
    q: Annotated[str, validate.Length(max=200)] | None = None
    sort: SortOrder = "-updated"
    cursor: Annotated[str, validate.Length(max=400)] | None = None
    limit: Annotated[int, validate.Range(min=1, max=200)] = 50


OPEN_TICKET = Operation("intake", "open_ticket", OpenTicket, Ticket, mutates=True)
GET_TICKET = Operation("intake", "get_ticket", GetTicket, Ticket)
LIST_TICKETS = Operation("intake", "list_tickets", ListTickets, TicketPage)

OPERATIONS = (OPEN_TICKET, GET_TICKET, LIST_TICKETS)
