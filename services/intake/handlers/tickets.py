"""Tickets: opening, conversation, life cycle, lists and log."""

import dataclasses
import logging
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from chassis.database import Transaction
from chassis.ids import new_id
from contracts import intake as contract
from contracts.errors import Invalid
from contracts.grammar import to_plain
from contracts.routing import AssignmentMade, EscalationRaised
from contracts.sla import ClocksChanged
from services.intake import schemas
from services.intake.domain import paging
from services.intake.domain import ticket as rules
from services.intake.domain.lifecycle import REQUESTER, FieldsRefused, TransitionRefused
from services.intake.domain.merging import MERGED
from services.intake.domain.priority import priority_of
from services.intake.domain.ticket import Ticket
from services.intake.handlers.attachments import claim, put_on
from services.intake.handlers.keeping import (
    address,
    answer,
    check_version,
    conversation_of,
    find,
    follow,
    keep,
    shown_to,
    tell,
)
from services.intake.store import attachments, listing
from services.intake.store import log as event_log
from services.intake.store import tickets as archive

log = logging.getLogger(__name__)

OPENING = 1  # the seq of a ticket's first log entry


def open_ticket(command: contract.OpenTicket, *, tx: Transaction) -> contract.Ticket:
    """Accept a ticket."""
    rules.check_kind(command.kind, role=command.actor.kind)
    rules.check_attributes(command.attributes)
    at = rules.instant_of(occurred_at=command.occurred_at, now=tx.now)
    files = claim(command, tx=tx)
    requester = archive.keep_requester(tx, person=command.requester)
    ticket = archive.add_ticket(tx, ticket=new_ticket(command, requester.email, at=at))
    message = contract.Message(
        message_id=new_id(),
        author=command.actor,
        public=True,
        body=command.body,
        at=at,
        attachments=files,
    )
    archive.add_message(tx, ticket_id=ticket.ticket_id, seq=OPENING, message=message)
    put_on(files, message_id=message.message_id, tx=tx)
    tell(opened(ticket, command, requester, files=files), tx=tx)
    return schemas.ticket_answer(
        ticket, requester=requester, body=command.body, role=command.actor.kind
    )


def new_ticket(command: contract.OpenTicket, requester: str, *, at: datetime) -> Ticket:
    """A ticket as it is opened; it gets its serial when it is kept."""
    return Ticket(
        serial=0,
        ticket_id=new_id(),
        version=OPENING,
        kind=command.kind,
        channel=command.channel,
        origin=command.origin,
        subject=command.subject,
        requester=requester,
        status="new",
        priority=priority_of(impact=command.impact, urgency=command.urgency),
        impact=command.impact,
        urgency=command.urgency,
        opened_at=at,
        updated_at=at,
        category=command.category,
        service=command.service,
        attributes=dict(command.attributes),
    )


def opened(
    ticket: Ticket,
    command: contract.OpenTicket,
    requester: contract.Person,
    *,
    files: tuple[contract.MessageFile, ...] = (),
    split_from: str | None = None,
) -> contract.TicketOpened:
    """The event that tells an opening."""
    # `group` is a wish: the ticket has no group of its own until routing decides, and routing is
    # told so here.
    return contract.TicketOpened(
        ticket_id=ticket.ticket_id,
        number=schemas.number_of(ticket),
        seq=OPENING,
        occurred_at=ticket.opened_at,
        actor=command.actor,
        origin=command.origin,
        kind=command.kind,
        channel=command.channel,
        subject=command.subject,
        body=command.body,
        requester=requester,
        impact=command.impact,
        urgency=command.urgency,
        priority=ticket.priority,  # type: ignore[arg-type]
        category=command.category,
        service=command.service,
        group=command.group,
        attributes=command.attributes,
        attachments=files,
        split_from=split_from,
    )


def get_ticket(question: contract.GetTicket, *, tx: Transaction) -> contract.Ticket:
    """One ticket."""
    found = find(question.number, question.viewer, tx=tx)
    return answer(found.ticket, found, viewer=question.viewer, tx=tx)


def list_tickets(question: contract.ListTickets, *, tx: Transaction) -> contract.TicketPage:
    """Some tickets, and a cursor when more follow."""
    after = None
    if question.cursor is not None:
        after = paging.read_cursor(question.cursor, sort=question.sort)
    page = listing.page(tx.connection, wanted=question, after=after)
    cursor = paging.cursor_after(page.last, sort=question.sort) if page.last else None
    lines = page.lines
    if question.viewer is not None:
        lines = tuple(_living_on(lines, address(question.viewer), tx=tx))
    return contract.TicketPage(items=lines, next_cursor=cursor)


def _living_on(
    lines: Iterable[contract.TicketLine], viewer: str, *, tx: Transaction
) -> Iterable[contract.TicketLine]:
    """A requester's tickets; one that was merged into another person's has that one's status."""
    for line in lines:
        if line.status == MERGED:
            ticket = find(line.number, viewer, tx=tx).ticket
            status = shown_to(viewer, ticket, tx=tx).status
            yield dataclasses.replace(line, status=cast("contract.Status", status))
        else:
            yield line


def add_reply(command: contract.AddReply, *, tx: Transaction) -> contract.Message:
    """Add a message to a ticket's conversation."""
    role = command.actor.kind if command.viewer is None else REQUESTER
    if role == REQUESTER and not command.public:
        raise FieldsRefused(public="Internal messages are for agents.")
    addressed = find(command.number, command.viewer, tx=tx, hold=True).ticket
    ticket = follow(addressed, tx=tx)
    at = rules.instant_of(occurred_at=command.occurred_at, now=tx.now, after=ticket.updated_at)
    message = contract.Message(
        message_id=new_id(),
        author=command.actor,
        public=command.public,
        body=command.body,
        at=at,
        attachments=claim(command, ticket_id=ticket.ticket_id, tx=tx),
        number=schemas.number_of(addressed if command.viewer else ticket),
    )
    files = tuple(map(vars, message.attachments))
    change = rules.reply(
        ticket,
        message_id=message.message_id,
        role=role,
        public=command.public,
        at=at,
        attachments=files,
        addressed_to=addressed,
    )
    archive.add_message(
        tx,
        ticket_id=ticket.ticket_id,
        seq=ticket.version + 1,
        message=message,
        # What a requester says belongs to the ticket they meant, also should the merge be undone.
        addressed_to=addressed.ticket_id if role == REQUESTER and addressed != ticket else None,
    )
    put_on(message.attachments, message_id=message.message_id, tx=tx)
    keep(ticket, change, at=at, actor=command.actor, tx=tx)
    return message


def list_messages(question: contract.GetTicket, *, tx: Transaction) -> contract.Conversation:
    """The conversation of a ticket; a viewer sees no internal messages."""
    ticket = find(question.number, question.viewer, tx=tx).ticket
    number = schemas.number_of(ticket)
    seen = conversation_of(ticket, question.viewer, tx=tx)
    messages = archive.conversation(tx.connection, seen=seen, number=number)
    files = attachments.of_conversation(tx.connection, seen=seen)
    items = tuple(
        dataclasses.replace(message, attachments=files.get(message.message_id, ()))
        for message in messages
    )
    return contract.Conversation(number=number, items=items)


def change_status(command: contract.ChangeStatus, *, tx: Transaction) -> contract.Ticket:
    """Move a ticket to another status."""
    role = command.role if command.viewer is None else REQUESTER
    found = find(command.number, command.viewer, tx=tx, hold=True)
    check_version(found.ticket, command.version)
    if found.ticket.status == MERGED:
        was = shown_to(command.viewer, found.ticket, tx=tx).status
        raise TransitionRefused(was=was, wanted=command.to, allowed=())
    at = rules.instant_of(
        occurred_at=command.occurred_at, now=tx.now, after=found.ticket.updated_at
    )
    change = rules.move(
        found.ticket,
        to=command.to,
        role=role,
        at=at,
        pending_reason=command.pending_reason,
        until=command.until,
        reason=command.reason,
        resolution=to_plain(command.resolution) if command.resolution else None,
    )
    after = keep(found.ticket, change, at=at, actor=command.actor, tx=tx)
    return answer(after, found, viewer=command.viewer, role=role, tx=tx)


def amend_ticket(command: contract.AmendTicket, *, tx: Transaction) -> contract.Ticket:
    """Correct impact, urgency or category."""
    wanted = {"impact": command.impact, "urgency": command.urgency, "category": command.category}
    if not any(wanted.values()):
        nothing = "Give impact, urgency or category."
        raise Invalid("nothing_to_change", nothing, {"errors": {"body": [nothing]}})
    found = find(command.number, None, tx=tx, hold=True)
    check_version(found.ticket, command.version)
    at = rules.instant_of(
        occurred_at=command.occurred_at, now=tx.now, after=found.ticket.updated_at
    )
    change = rules.amend(found.ticket, **wanted)
    after = keep(found.ticket, change, at=at, actor=command.actor, tx=tx)
    return answer(after, found, tx=tx)


def read_log(question: contract.ReadLog, *, tx: Transaction) -> contract.LogPage:
    """The desk's event log from an offset, or one ticket's. A viewer sees no internal messages."""
    if question.number is None:
        told = event_log.of_desk(tx, after=question.after, limit=question.limit)
    else:
        ticket = find(question.number, question.viewer, tx=tx).ticket
        told = event_log.of_ticket(
            tx.connection, ticket_id=ticket.ticket_id, after=question.after, limit=question.limit
        )
    next_after = told[-1].entry.offset if told else question.after
    if question.viewer is not None:
        viewer = address(question.viewer)
        told = [each for each in told if event_log.may_see(each, viewer=viewer)]
    return contract.LogPage(items=tuple(each.entry for each in told), next_after=next_after)


def copy_assignment(event: AssignmentMade, *, tx: Transaction) -> None:
    """Keep the ticket's own copy of who works on it."""
    ticket = archive.hold(tx.connection, ticket_id=event.ticket_id)
    if ticket is None:
        log.warning("assignment of an unknown ticket", extra={"number": event.number})
        return
    # A decision that was made before the ticket's last change is logged at that change: the times
    # of a log never run backwards.
    at = max(event.decided_at, ticket.updated_at)
    change = rules.assign(
        ticket,
        revision=event.revision,
        group=event.group,
        tier=event.tier,
        assignee=event.assignee,
        reason_code=event.reason_code,
        category=event.category,
        at=at,
    )
    keep(ticket, change, at=at, actor=event.actor, tx=tx)


def copy_clocks(event: ClocksChanged, *, tx: Transaction) -> None:
    """Keep the ticket's own copy of what falls due next.

    It is shown beside the ticket and is no change of it: no log entry, no new version, and the
    ticket does not move to the front of a list.
    """
    archive.copy_clocks(
        tx,
        ticket_id=event.ticket_id,
        revision=event.revision,
        next_due_at=event.next_due_at or paging.NEVER,
        sla_state=event.sla_state,
    )


def copy_escalation(event: EscalationRaised, *, tx: Transaction) -> None:
    """Raise the ticket's escalation level, a flag beside its status."""
    archive.raise_level(tx, ticket_id=event.ticket_id, level=event.level)
