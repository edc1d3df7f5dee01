"""Tickets: their conversation, their life, who works on them and what happened to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from marshmallow import validate

from contracts import intake, routing, sla
from contracts.intake import Actor, Key, Language, Level, Note


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What only an importer (role admin) may say of the past.

    Attributes:
        occurred_at: when it happened.
        actor: who did it.
    """

    occurred_at: datetime | None = None
    actor: Actor | None = None


@dataclass(frozen=True, kw_only=True)
class OpenTicketBody(Imported):
    """A new ticket. Requesters open their own and may leave `requester` out.

    So may agents of a problem, which no requester can open.

    Attributes:
        attachments: ids of files that you handed in (`POST /attachments`) within the last day.
    """

    kind: intake.Kind
    subject: intake.Subject
    body: intake.Body
    channel: intake.Channel = "api"
    requester: intake.Person | None = None
    impact: Level = "medium"
    urgency: Level = "medium"
    category: Key | None = None
    service: Key | None = None
    group: Key | None = None
    attributes: Annotated[Mapping[str, Any], validate.Length(max=50)] = field(default_factory=dict)
    origin: intake.Origin = "live"
    attachments: intake.AttachmentIds = ()


@dataclass(frozen=True, kw_only=True)
class Links:
    """Where the parts of a ticket are."""

    self: str
    messages: str
    timeline: str
    assignment: str
    clocks: str


@dataclass(frozen=True, kw_only=True)
class TicketAnswer(intake.Ticket):
    """A ticket as intake knows it."""

    links: Links


@dataclass(frozen=True, kw_only=True)
class AssignmentBrief:
    """Who has the ticket; `reason` is for agents."""

    group: str | None
    group_name: str | None
    tier: int | None
    assignee: str | None
    assignee_name: str | None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class WholeTicket(TicketAnswer):
    """A ticket with what the other services know of it.

    Attributes:
        unavailable: services that could not be reached; their parts are null.
    """

    assignment: AssignmentBrief | None
    clocks: tuple[sla.Clock, ...] | None
    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketsQuery:
    """Which tickets; filters are joined by *and*, values of one filter by *or*."""

    status: tuple[intake.Status, ...] = ()
    group: tuple[Key, ...] = ()
    assignee: tuple[Key, ...] = ()
    priority: tuple[intake.Priority, ...] = ()
    sla_state: tuple[intake.SlaState, ...] = ()
    requester: Annotated[str, validate.Length(max=254)] | None = None
    q: Annotated[str, validate.Length(max=200)] | None = None
    sort: intake.SortOrder = "-updated"
    cursor: Annotated[str, validate.Length(max=400)] | None = None
    limit: Annotated[int, validate.Range(min=1, max=200)] = 50


@dataclass(frozen=True, kw_only=True)
class AmendBody(Imported):
    """What to change; at least one."""

    impact: Level | None = None
    urgency: Level | None = None
    category: Key | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyBody(Imported):
    """A message; requesters write public ones only.

    Attributes:
        attachments: ids of files that you handed in (`POST /attachments`) within the last day.
    """

    body: intake.Body
    public: bool = True
    attachments: intake.AttachmentIds = ()


@dataclass(frozen=True, kw_only=True)
class UploadQuery:
    """What a file is called."""

    name: Annotated[str, validate.Length(min=1, max=255)]


@dataclass(frozen=True, kw_only=True)
class TransitionBody(Imported):
    """Where the ticket goes. `resolved` needs a resolution, `pending` a pending reason."""

    to: intake.Status
    reason: Note = ""
    pending_reason: intake.PendingReason | None = None
    until: datetime | None = None
    resolution: intake.Resolution | None = None


@dataclass(frozen=True, kw_only=True)
class MergeBody:
    """The ticket it goes on in: an open one of the same kind.

    Attributes:
        confirm_other_requester: needed when the tickets have different requesters; later answers
            are then read by both.
    """

    into: intake.TicketNumber
    confirm_other_requester: bool = False
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class UnmergeBody:
    """Why the merge is undone, for agents."""

    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class SplitBody:
    """The new ticket, opened on behalf of the same requester; what is left out is as it was.

    Attributes:
        body: what it is opened with; its subject when left out.
        message_ids: messages of the conversation that it shows too.
    """

    subject: intake.Subject
    body: intake.Body | None = None
    message_ids: Annotated[tuple[str, ...], validate.Length(max=200)] = ()
    kind: intake.Kind | None = None
    impact: Level | None = None
    urgency: Level | None = None
    category: Key | None = None
    service: Key | None = None
    group: Key | None = None


@dataclass(frozen=True, kw_only=True)
class AssignBody(Imported):
    """The agent who gets it; null puts it back into the queue."""

    assignee: Key | None = None
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class TransferBody(Imported):
    """The group that gets it, and why."""

    group: Key
    reason_code: routing.TransferReason
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class EscalateBody:
    """Functional: to more skill. Hierarchic: to more authority."""

    kind: routing.EscalationKind
    reason: Annotated[str, validate.Length(min=1, max=2000)]


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """Something that happened to a ticket.

    Attributes:
        kind: an entry of the log, a decision or escalation of routing, a threshold of sla.
        name: the event, the decision's reason code, the escalation's kind or the clock.
    """

    at: datetime
    kind: Literal["log", "decision", "escalation", "threshold"]
    name: str
    actor: Actor | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """All that happened to a ticket, oldest first."""

    number: str
    items: tuple[TimelineEntry, ...]
    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClocksQuery:
    """As of which instant: what was believed then, or will be if nothing happens; else now."""

    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ExplanationQuery:
    """As of which instant, and in which language."""

    at: datetime | None = None
    lang: Language = "id"
