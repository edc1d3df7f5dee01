"""Tickets that go on in another one, or of which a part goes its own way."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import validate

from contracts.grammar import Operation
from contracts.intake.tickets import Ticket
from contracts.intake.words import Actor, Body, Key, Kind, Level, Note, Subject, TicketNumber


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


MERGE_TICKET = Operation("intake", "merge_ticket", MergeTicket, Ticket, mutates=True)
UNMERGE_TICKET = Operation("intake", "unmerge_ticket", UnmergeTicket, Ticket, mutates=True)
SPLIT_TICKET = Operation("intake", "split_ticket", SplitTicket, Ticket, mutates=True)

OPERATIONS = (MERGE_TICKET, UNMERGE_TICKET, SPLIT_TICKET)
