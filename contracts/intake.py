"""What intake says and answers: tickets, their conversation and their life cycle.

Every ticket event carries `ticket_id`, `number` and a per-ticket contiguous `seq` starting at 1: a
listener that folds the log does not care about arrival order or repeats, and sees a gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from marshmallow import validate

from contracts.grammar import MAX_TEXT, Event, Operation, says

Kind = Literal["incident", "service_request", "problem"]
Channel = Literal["portal", "api", "email", "chat", "phone"]
Level = Literal["high", "medium", "low"]
Priority = Literal["P1", "P2", "P3", "P4", "P5"]
Language = Literal["id", "en"]
Status = Literal[
    "new",
    "triaged",
    "assigned",
    "in_progress",
    "pending",
    "verifying",
    "resolved",
    "closed",
    "merged",
    "duplicate",
    "cancelled",
    "spam",
]
StatusCategory = Literal["queued", "active", "waiting_requester", "waiting_other", "done"]
PendingReason = Literal["requester", "vendor", "change", "visit", "date"]
ActorKind = Literal["requester", "agent", "system"]
Origin = Literal["live", "replay"]
SlaState = Literal["none", "running", "at_risk", "breached", "paused", "met"]
SortOrder = Literal["updated", "-updated", "due", "-opened"]

Key = Annotated[str, validate.Regexp(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")]
Name = Annotated[str, validate.Length(min=1, max=120)]
Subject = Annotated[str, validate.Length(min=1, max=200)]
Body = Annotated[str, validate.Length(min=1, max=MAX_TEXT)]
Note = Annotated[str, validate.Length(max=2000)]
Email = Annotated[str, validate.Length(max=254), validate.Email()]
TicketNumber = Annotated[str, validate.Length(min=1, max=32)]
AttachmentId = Annotated[str, validate.Length(min=1, max=64)]
AttachmentIds = Annotated[tuple[AttachmentId, ...], validate.Length(max=10)]


@dataclass(frozen=True, kw_only=True)
class Person:
    """A requester. `email` is the identity; the rest is how to speak to them."""

    name: Name
    email: Email
    organisation: Annotated[str, validate.Length(max=120)] = ""
    language: Language = "id"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who did it. `id` is an e-mail address for people, a service name for the system."""

    kind: ActorKind
    id: Annotated[str, validate.Length(max=254)]
    name: Annotated[str, validate.Length(max=120)] = ""


@dataclass(frozen=True, kw_only=True)
class MessageFile:
    """A file of a message, without its content; `sha256` is the content's, in hexadecimal."""

    attachment_id: str
    name: str
    media_type: str
    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class TicketEvent(Event):
    """The head of every ticket event. `occurred_at` is the instant that judgement counts from."""

    ticket_id: str
    number: str
    seq: int
    occurred_at: datetime
    actor: Actor
    origin: Origin = "live"

    def about(self) -> str:
        """The ticket."""
        return self.ticket_id


@says("intake", "ticket.opened")
@dataclass(frozen=True, kw_only=True)
class TicketOpened(TicketEvent):
    """A ticket was durably accepted."""

    kind: Kind
    channel: Channel
    subject: str
    body: str
    requester: Person
    impact: Level
    urgency: Level
    priority: Priority
    category: str | None = None
    service: str | None = None
    group: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    attachments: tuple[MessageFile, ...] = ()
    split_from: str | None = None


@says("intake", "ticket.replied")
@dataclass(frozen=True, kw_only=True)
class TicketReplied(TicketEvent):
    """A message joined the conversation; internal ones are for agents only.

    Attributes:
        addressed_to: number of the merged ticket it was sent to; it landed in the survivor.
        other_requester: that ticket has another requester, who must not show through.
    """

    message_id: str
    public: bool
    attachments: tuple[MessageFile, ...] = ()
    addressed_to: str | None = None
    other_requester: bool = False


@says("intake", "ticket.assigned")
@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketEvent):
    """The ticket's own copy of routing's decision changed: group, tier and assignee.

    Attributes:
        status: the status it moved to with that, if it moved, with its `status_category`.
        category: the category it got with that, if it had none.
    """

    group: str
    tier: int
    assignee: str | None = None
    reason_code: str = "rule"
    status: Status | None = None
    status_category: StatusCategory | None = None
    category: str | None = None


@says("intake", "ticket.status_changed")
@dataclass(frozen=True, kw_only=True)
class TicketStatusChanged(TicketEvent):
    """The ticket moved to another status (all moves but resolve, close and reopen)."""

    was: Status
    status: Status
    category: StatusCategory
    pending_reason: PendingReason | None = None
    until: datetime | None = None
    reason: str = ""


@says("intake", "ticket.reprioritised")
@dataclass(frozen=True, kw_only=True)
class TicketReprioritised(TicketEvent):
    """Impact, urgency or both changed, and the priority with them."""

    was: Priority
    priority: Priority
    impact: Level
    urgency: Level


@says("intake", "ticket.categorised")
@dataclass(frozen=True, kw_only=True)
class TicketCategorised(TicketEvent):
    """The category was set or corrected."""

    was: str | None = None
    category: str


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """How a ticket was solved; what the requester and the next agent need to know.

    Attributes:
        text: what was done, for the requester.
        code: a permanent fix or a workaround.
        cause: cause category.
        steps: steps taken, for the next agent.
        minutes_spent: hands-on minutes.
        prevention: what the requester can do so that it does not happen again.
        article: key of the knowledge article that helped.
    """

    text: Body
    code: Literal["permanent_fix", "workaround"]
    cause: Annotated[str, validate.Length(min=1, max=64)]
    steps: Annotated[str, validate.Length(max=MAX_TEXT)] = ""
    minutes_spent: Annotated[int, validate.Range(min=0, max=100_000)] = 0
    prevention: Note = ""
    article: Annotated[str, validate.Length(max=64)] | None = None


@says("intake", "ticket.resolved")
@dataclass(frozen=True, kw_only=True)
class TicketResolved(TicketEvent):
    """An agent says that it is solved; the requester may confirm or reopen."""

    was: Status
    resolution: Resolution
    kind: Kind | None = None


@says("intake", "ticket.reopened")
@dataclass(frozen=True, kw_only=True)
class TicketReopened(TicketEvent):
    """A resolved ticket went back to work."""

    status: Status
    reason: str = ""
    reopen_count: int = 1
    kind: Kind | None = None


@says("intake", "ticket.closed")
@dataclass(frozen=True, kw_only=True)
class TicketClosed(TicketEvent):
    """The ticket ended; `status` tells a regular close from a side exit."""

    was: Status
    status: Status
    reason: str = ""
    kind: Kind | None = None


@says("intake", "ticket.merged")
@dataclass(frozen=True, kw_only=True)
class TicketMerged(TicketEvent):
    """The ticket goes on in another one, which shows its messages.

    Attributes:
        into: number of the survivor.
        other_requester: the survivor has another requester; the two must not hear of each other.
    """

    into: str
    into_ticket_id: str
    was: Status
    other_requester: bool = False
    reason: str = ""


@says("intake", "ticket.unmerged")
@dataclass(frozen=True, kw_only=True)
class TicketUnmerged(TicketEvent):
    """The merge was undone: the ticket is again what it was.

    Attributes:
        out_of: number of the former survivor.
        category: of the status that it went back to.
    """

    out_of: str
    status: Status
    category: StatusCategory
    pending_reason: PendingReason | None = None
    until: datetime | None = None
    other_requester: bool = False
    reason: str = ""


@says("intake", "ticket.absorbed")
@dataclass(frozen=True, kw_only=True)
class TicketAbsorbed(TicketEvent):
    """Another ticket, `source`, was merged into this one."""

    source: str
    source_ticket_id: str
    source_opened_at: datetime
    other_requester: bool = False


@says("intake", "ticket.released")
@dataclass(frozen=True, kw_only=True)
class TicketReleased(TicketEvent):
    """A ticket, `source`, that was merged into this one goes its own way again."""

    source: str
    source_ticket_id: str
    other_requester: bool = False


@says("intake", "ticket.split")
@dataclass(frozen=True, kw_only=True)
class TicketSplit(TicketEvent):
    """Part of the ticket became a ticket of its own, which shows some of its messages."""

    child: str
    child_ticket_id: str
    message_ids: tuple[str, ...] = ()


# What intake answers


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


@dataclass(frozen=True, kw_only=True)
class AddReply:
    """Add a message to the conversation.

    Attributes:
        attachments: as in `OpenTicket`.
        uploader: as in `OpenTicket`.
    """

    number: TicketNumber
    body: Body
    public: bool
    actor: Actor
    viewer: str | None = None
    occurred_at: datetime | None = None
    attachments: AttachmentIds = ()
    uploader: Annotated[str, validate.Length(max=254)] | None = None


@dataclass(frozen=True, kw_only=True)
class AddMessageFile:
    """Hand in a file; it waits a day for the message that names it, then it is forgotten.

    Attributes:
        name: what it is called where it comes from; folders and invisible characters are taken out.
        media_type: png, jpeg, gif, pdf, zip, Office documents, plain text or CSV; what it says is
            compared with how the file begins.
        content: base64; at most 4 MiB of file.
        actor: who hands it in; nobody else can put it on a message.
        number: of the ticket it is for, when there is one already; the caller must be able to see
            it.
    """

    name: Annotated[str, validate.Length(min=1, max=255)]
    media_type: Annotated[str, validate.Length(min=1, max=100)]
    content: Annotated[str, validate.Length(min=1, max=5_600_000)]
    actor: Actor
    number: TicketNumber | None = None
    viewer: str | None = None


@dataclass(frozen=True, kw_only=True)
class GetMessageFile:
    """Ask for a file of a ticket's conversation; who may read the message may have it."""

    number: TicketNumber
    attachment_id: AttachmentId
    viewer: str | None = None


@dataclass(frozen=True, kw_only=True)
class MessageFileContent:
    """A file; `content` is base64."""

    attachment: MessageFile
    content: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message of a conversation.

    Attributes:
        number: the ticket it belongs to, where the reader may know of it; a message keeps its
            ticket when that is merged. One that was just added: the ticket it landed in.
    """

    message_id: str
    author: Actor
    public: bool
    body: str
    at: datetime
    attachments: tuple[MessageFile, ...] = ()
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """The messages of a ticket, oldest first; a requester's view has no internal ones."""

    number: str
    items: tuple[Message, ...]


@dataclass(frozen=True, kw_only=True)
class ChangeStatus:
    """Move a ticket to another status; what each move needs stands in the transition table.

    Attributes:
        version: the version the caller saw; a stale one is refused with `stale_version`.
    """

    number: TicketNumber
    to: Status
    actor: Actor
    role: Literal["requester", "agent"] = "agent"
    pending_reason: PendingReason | None = None
    reason: Note = ""
    until: datetime | None = None
    resolution: Resolution | None = None
    version: int | None = None
    viewer: str | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AmendTicket:
    """Change impact, urgency or category; fields left out stay as they are."""

    number: TicketNumber
    actor: Actor
    impact: Level | None = None
    urgency: Level | None = None
    category: Key | None = None
    version: int | None = None
    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class MergeTicket:
    """Let a ticket go on in another one.

    Attributes:
        into: number of the survivor, an open ticket of the same kind.
        confirm_other_requester: the actor knows that the two have different requesters, and that
            what is answered from now on is read by both; without it such a merge is refused.
        version: of the ticket that is merged, as the caller saw it.
    """

    number: TicketNumber
    into: TicketNumber
    actor: Actor
    confirm_other_requester: bool = False
    note: Note = ""
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class UnmergeTicket:
    """Undo the merge of a ticket: it is again what it was."""

    number: TicketNumber
    actor: Actor
    note: Note = ""
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class SplitTicket:
    """Make part of a ticket a ticket of its own; answers the new one.

    Attributes:
        body: what the new ticket is opened with; its subject when left out.
        message_ids: messages of the conversation that the new ticket shows too.
        kind: as of its parent when left out, like impact, urgency, category and service.
        version: of the ticket that is split, as the caller saw it.
    """

    number: TicketNumber
    subject: Subject
    actor: Actor
    body: Body | None = None
    message_ids: Annotated[tuple[str, ...], validate.Length(max=200)] = ()
    kind: Kind | None = None
    impact: Level | None = None
    urgency: Level | None = None
    category: Key | None = None
    service: Key | None = None
    group: Key | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One entry of a ticket's event log, as it was told on the bus.

    Attributes:
        offset: position in the whole desk's log, for incremental export.
        facts: the event's own fields.
    """

    offset: int
    number: str
    seq: int
    event: str
    at: datetime
    actor: Actor
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ReadLog:
    """Ask for the desk's event log from an offset, or for one ticket's."""

    after: Annotated[int, validate.Range(min=0)] = 0
    number: TicketNumber | None = None
    viewer: str | None = None
    limit: Annotated[int, validate.Range(min=1, max=1000)] = 200


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """Log entries in order; ask again after `next_after` for more."""

    items: tuple[LogEntry, ...]
    next_after: int


OPEN_TICKET = Operation("intake", "open_ticket", OpenTicket, Ticket, mutates=True)
GET_TICKET = Operation("intake", "get_ticket", GetTicket, Ticket)
LIST_TICKETS = Operation("intake", "list_tickets", ListTickets, TicketPage)
ADD_REPLY = Operation("intake", "add_reply", AddReply, Message, mutates=True)
LIST_MESSAGES = Operation("intake", "list_messages", GetTicket, Conversation)
ADD_MESSAGE_FILE = Operation(
    "intake", "add_message_file", AddMessageFile, MessageFile, mutates=True, deadline_seconds=15.0
)
GET_MESSAGE_FILE = Operation(
    "intake", "get_message_file", GetMessageFile, MessageFileContent, deadline_seconds=15.0
)
CHANGE_STATUS = Operation("intake", "change_status", ChangeStatus, Ticket, mutates=True)
AMEND_TICKET = Operation("intake", "amend_ticket", AmendTicket, Ticket, mutates=True)
MERGE_TICKET = Operation("intake", "merge_ticket", MergeTicket, Ticket, mutates=True)
UNMERGE_TICKET = Operation("intake", "unmerge_ticket", UnmergeTicket, Ticket, mutates=True)
SPLIT_TICKET = Operation("intake", "split_ticket", SplitTicket, Ticket, mutates=True)
READ_LOG = Operation("intake", "read_log", ReadLog, LogPage)

EVENTS = (
    TicketOpened,
    TicketReplied,
    TicketAssigned,
    TicketStatusChanged,
    TicketReprioritised,
    TicketCategorised,
    TicketResolved,
    TicketReopened,
    TicketClosed,
    TicketMerged,
    TicketUnmerged,
    TicketAbsorbed,
    TicketReleased,
    TicketSplit,
)
OPERATIONS = (
    OPEN_TICKET,
    GET_TICKET,
    LIST_TICKETS,
    ADD_REPLY,
    LIST_MESSAGES,
    ADD_MESSAGE_FILE,
    GET_MESSAGE_FILE,
    CHANGE_STATUS,
    AMEND_TICKET,
    MERGE_TICKET,
    UNMERGE_TICKET,
    SPLIT_TICKET,
    READ_LOG,
)
