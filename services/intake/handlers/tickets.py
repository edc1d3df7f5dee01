"""Tickets: opening, conversation, life cycle, lists and log."""

import dataclasses
import logging
from datetime import datetime

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
from services.intake.domain.lifecycle import AGENT, REQUESTER, FieldsRefused
from services.intake.domain.priority import priority_of
from services.intake.domain.ticket import Change, Ticket
from services.intake.handlers.attachments import claim, put_on
from services.intake.handlers.finding import address_of, find
from services.intake.store import attachments, listing
from services.intake.store import log as event_log
from services.intake.store import tickets as archive
from services.intake.store.tickets import Opened

log = logging.getLogger(__name__)

OPENING = 1  # the seq of a ticket's first log entry


def open_ticket(command: contract.OpenTicket, *, tx: Transaction) -> contract.Ticket:
    """Accept a ticket."""
    rules.check_attributes(command.attributes)
    at = rules.instant_of(occurred_at=command.occurred_at, now=tx.now)
    files = claim(command, tx=tx)
    requester = archive.keep_requester(tx, person=command.requester)
    ticket = archive.add_ticket(tx, ticket=_new_ticket(command, requester.email, at=at))
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
    _tell(_opened(ticket, command, requester, files), tx=tx)
    return schemas.ticket_answer(
        ticket, requester=requester, body=command.body, role=command.actor.kind
    )


def _new_ticket(command: contract.OpenTicket, requester: str, *, at: datetime) -> Ticket:
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


def _opened(
    ticket: Ticket,
    command: contract.OpenTicket,
    requester: contract.Person,
    files: tuple[contract.MessageFile, ...],
) -> contract.TicketOpened:
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
    )


def get_ticket(question: contract.GetTicket, *, tx: Transaction) -> contract.Ticket:
    """One ticket."""
    found = find(question.number, question.viewer, tx=tx)
    return _answer(found.ticket, found, role=AGENT if question.viewer is None else REQUESTER)


def list_tickets(question: contract.ListTickets, *, tx: Transaction) -> contract.TicketPage:
    """Some tickets, and a cursor when more follow."""
    after = None
    if question.cursor is not None:
        after = paging.read_cursor(question.cursor, sort=question.sort)
    page = listing.page(tx.connection, wanted=question, after=after)
    cursor = paging.cursor_after(page.last, sort=question.sort) if page.last else None
    return contract.TicketPage(items=page.lines, next_cursor=cursor)


def add_reply(command: contract.AddReply, *, tx: Transaction) -> contract.Message:
    """Add a message to a ticket's conversation."""
    role = command.actor.kind if command.viewer is None else REQUESTER
    if role == REQUESTER and not command.public:
        raise FieldsRefused(public="Internal messages are for agents.")
    ticket = find(command.number, command.viewer, tx=tx, hold=True).ticket
    at = rules.instant_of(occurred_at=command.occurred_at, now=tx.now, after=ticket.updated_at)
    message = contract.Message(
        message_id=new_id(),
        author=command.actor,
        public=command.public,
        body=command.body,
        at=at,
        attachments=claim(command, ticket_id=ticket.ticket_id, tx=tx),
    )
    files = tuple(map(vars, message.attachments))
    change = rules.reply(
        ticket,
        message_id=message.message_id,
        role=role,
        public=command.public,
        at=at,
        attachments=files,
    )
    archive.add_message(tx, ticket_id=ticket.ticket_id, seq=ticket.version + 1, message=message)
    put_on(message.attachments, message_id=message.message_id, tx=tx)
    _keep(ticket, change, at=at, actor=command.actor, tx=tx)
    return message


def list_messages(question: contract.GetTicket, *, tx: Transaction) -> contract.Conversation:
    """The conversation of a ticket; a viewer sees no internal messages."""
    ticket = find(question.number, question.viewer, tx=tx).ticket
    with_notes = question.viewer is None
    messages = archive.conversation(
        tx.connection, ticket_id=ticket.ticket_id, with_notes=with_notes
    )
    files = attachments.of_conversation(
        tx.connection, ticket_id=ticket.ticket_id, with_notes=with_notes
    )
    items = tuple(
        dataclasses.replace(message, attachments=files.get(message.message_id, ()))
        for message in messages
    )
    return contract.Conversation(number=schemas.number_of(ticket), items=items)


def change_status(command: contract.ChangeStatus, *, tx: Transaction) -> contract.Ticket:
    """Move a ticket to another status."""
    role = command.role if command.viewer is None else REQUESTER
    found = find(command.number, command.viewer, tx=tx, hold=True)
    _check_version(found.ticket, command.version)
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
    after = _keep(found.ticket, change, at=at, actor=command.actor, tx=tx)
    return _answer(after, found, role=role)


def amend_ticket(command: contract.AmendTicket, *, tx: Transaction) -> contract.Ticket:
    """Correct impact, urgency or category."""
    wanted = {"impact": command.impact, "urgency": command.urgency, "category": command.category}
    if not any(wanted.values()):
        nothing = "Give impact, urgency or category."
        raise Invalid("nothing_to_change", nothing, {"errors": {"body": [nothing]}})
    found = find(command.number, None, tx=tx, hold=True)
    _check_version(found.ticket, command.version)
    at = rules.instant_of(
        occurred_at=command.occurred_at, now=tx.now, after=found.ticket.updated_at
    )
    change = rules.amend(found.ticket, **wanted)
    after = _keep(found.ticket, change, at=at, actor=command.actor, tx=tx)
    return _answer(after, found, role=AGENT)


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
        viewer = address_of(question.viewer)
        told = [
            each for each in told if each.requester == viewer and event_log.is_public(each.entry)
        ]
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
    _keep(ticket, change, at=at, actor=event.actor, tx=tx)


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


def _check_version(ticket: Ticket, seen: int | None) -> None:
    if seen is not None and seen != ticket.version:
        raise schemas.stale_version(ticket.version)


def _keep(
    before: Ticket, change: Change, *, at: datetime, actor: contract.Actor, tx: Transaction
) -> Ticket:
    """Save a change and tell it, entry by entry; the ticket after."""
    if not change.entries:
        return before
    version = before.version + len(change.entries)
    after = dataclasses.replace(change.ticket, version=version, updated_at=at)
    archive.save(tx, before=before, after=after)
    numbered = enumerate(change.entries, start=before.version + 1)
    _tell(
        *(
            schemas.event_of(entry, ticket=after, seq=seq, at=at, actor=actor)
            for seq, entry in numbered
        ),
        tx=tx,
    )
    return after


def _tell(*events: contract.TicketEvent, tx: Transaction) -> None:
    event_log.append(tx, events=events)
    for event in events:
        tx.announce(event)


def _answer(ticket: Ticket, found: Opened, *, role: str) -> contract.Ticket:
    return schemas.ticket_answer(ticket, requester=found.requester, body=found.body, role=role)
