"""How a ticket is moved through its life, and set right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.grammar import Operation
from contracts.intake.tickets import Ticket
from contracts.intake.words import (
    Actor,
    Key,
    Level,
    Note,
    PendingReason,
    Resolution,
    Status,
    TicketNumber,
)


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


CHANGE_STATUS = Operation("intake", "change_status", ChangeStatus, Ticket, mutates=True)
AMEND_TICKET = Operation("intake", "amend_ticket", AmendTicket, Ticket, mutates=True)

OPERATIONS = (CHANGE_STATUS, AMEND_TICKET)
