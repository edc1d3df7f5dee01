"""What intake says of tickets.

Every ticket event carries `ticket_id`, `number` and a per-ticket contiguous `seq` starting at 1: a
listener that folds the log does not care about arrival order or repeats, and sees a gap.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contracts.grammar import Event, says
from contracts.intake.files import MessageFile
from contracts.intake.words import (
    Actor,
    Channel,
    Kind,
    Level,
    Origin,
    PendingReason,
    Person,
    Priority,
    Resolution,
    Status,
    StatusCategory,
)


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
