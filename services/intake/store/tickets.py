"""One ticket, its requester and its conversation."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.database import Transaction
from contracts.intake import Actor, Message, Person
from services.intake.domain.ticket import Ticket
from services.intake.domain.words import words_of
from services.intake.models import messages, requesters, ticket_words, tickets

MAX_MESSAGES = 1000  # of one conversation, the newest; older ones stay in the database

_TICKET = tuple(tickets.c)
_FIELDS = tuple(column.name for column in _TICKET)


class Opened(NamedTuple):
    """A ticket with its requester and the text it was opened with."""

    ticket: Ticket
    requester: Person
    body: str


def keep_requester(tx: Transaction, *, person: Person) -> Person:
    """The requester as known from now on: what was said last counts, by e-mail address.

    An organisation that is left out stays as it is known.
    """
    email = person.email.lower()
    known = tx.session.execute(sa.select(requesters).where(requesters.c.email == email)).first()
    said = {
        "name": person.name,
        "organisation": person.organisation or (known.organisation if known else ""),
        "language": person.language,
    }
    # Most requesters are known and unchanged: then nobody's row is locked, and two tickets of one
    # person can be opened side by side.
    is_new = known is None and tx.insert_if_absent(requesters, email=email, **said)
    if not is_new and (known is None or dict(known._mapping) != {"email": email, **said}):  # noqa: SLF001
        tx.session.execute(sa.update(requesters).where(requesters.c.email == email).values(said))
    return Person(
        name=person.name,
        email=email,
        organisation=said["organisation"],
        language=person.language,
    )


def add_ticket(session: Session, *, ticket: Ticket) -> Ticket:
    """Keep a new ticket; it gets its serial here."""
    row = {name: getattr(ticket, name) for name in _FIELDS if name != "serial"}
    insert = sa.insert(tickets).values(row).returning(tickets.c.serial)
    kept = dataclasses.replace(ticket, serial=session.execute(insert).scalar_one())
    if words := words_of(ticket.subject):
        rows = [{"word": word, "serial": kept.serial} for word in words]
        session.execute(sa.insert(ticket_words), rows)
    return kept


def add_message(session: Session, *, ticket_id: str, seq: int, message: Message) -> None:
    """Keep a message; `seq` is that of the log entry that brought it."""
    session.execute(
        sa.insert(messages).values(
            ticket_id=ticket_id,
            seq=seq,
            message_id=message.message_id,
            author_kind=message.author.kind,
            author_id=message.author.id,
            author_name=message.author.name,
            public=message.public,
            at=message.at,
            body=message.body,
        )
    )


def save(session: Session, *, before: Ticket, after: Ticket) -> None:
    """Keep what changed of a ticket that is held (`hold`)."""
    changed = {
        name: getattr(after, name)
        for name in _FIELDS
        if getattr(after, name) != getattr(before, name)
    }
    if changed:
        mine = tickets.c.serial == before.serial
        session.execute(sa.update(tickets).where(mine).values(changed))


def hold(session: Session, *, ticket_id: str) -> Ticket | None:
    """A ticket that nobody else changes until this transaction ends."""
    wanted = sa.select(*_TICKET).where(tickets.c.ticket_id == ticket_id).with_for_update()
    row = session.execute(wanted).first()
    return None if row is None else _ticket(row)


def opened(
    session: Session, *, kind: str, serial: int, viewer: str | None, hold: bool = False
) -> Opened | None:
    """A ticket by number, if `viewer` (None: an agent) may know of it.

    Args:
        session: of the transaction.
        kind: from the number.
        serial: from the number.
        viewer: e-mail address in lower case.
        hold: nobody else changes the ticket until this transaction ends.
    """
    person = (requesters.c.name, requesters.c.organisation, requesters.c.language)
    wanted = (
        sa.select(*_TICKET, *(column.label(f"requester_{column.name}") for column in person))
        .add_columns(messages.c.body)
        .join_from(tickets, requesters, requesters.c.email == tickets.c.requester)
        .join(messages, _is_opening_message())
        .where(tickets.c.serial == serial, tickets.c.kind == kind)
    )
    if viewer is not None:
        wanted = wanted.where(tickets.c.requester == viewer)
    if hold:
        wanted = wanted.with_for_update(of=tickets)
    row = session.execute(wanted).first()
    return None if row is None else Opened(_ticket(row), _person(row), row.body)


def _is_opening_message() -> sa.ColumnElement[bool]:
    return sa.and_(messages.c.ticket_id == tickets.c.ticket_id, messages.c.seq == 1)


def conversation(session: Session, *, ticket_id: str, with_notes: bool) -> tuple[Message, ...]:
    """The messages of a ticket, oldest first, at most `MAX_MESSAGES`, the newest.

    Args:
        session: of the transaction.
        ticket_id: whose.
        with_notes: internal messages too.
    """
    wanted = sa.select(messages).where(messages.c.ticket_id == ticket_id)
    if not with_notes:
        wanted = wanted.where(messages.c.public)
    newest = wanted.order_by(messages.c.seq.desc()).limit(MAX_MESSAGES)
    return tuple(reversed([_message(row) for row in session.execute(newest)]))


def copy_clocks(
    session: Session, *, ticket_id: str, revision: int, next_due_at: datetime, sla_state: str
) -> bool:
    """Copy the state of a ticket's clocks unless a newer one was copied; whether it was."""
    copied = (
        sa.update(tickets)
        .where(tickets.c.ticket_id == ticket_id, tickets.c.clocks_revision < revision)
        .values(clocks_revision=revision, next_due_at=next_due_at, sla_state=sla_state)
    )
    return _rowcount(session, copied) == 1


def raise_level(session: Session, *, ticket_id: str, level: int) -> bool:
    """Raise a ticket's escalation level to `level` unless it is there; whether it was raised."""
    raised = (
        sa.update(tickets)
        .where(tickets.c.ticket_id == ticket_id, tickets.c.escalation_level < level)
        .values(escalation_level=level)
    )
    return _rowcount(session, raised) == 1


def _rowcount(session: Session, update: sa.Update) -> int:
    return cast("sa.CursorResult[Any]", session.execute(update)).rowcount


def _ticket(row: sa.Row[Any]) -> Ticket:
    values: Sequence[Any] = row
    return Ticket(**dict(zip(_FIELDS, values, strict=False)))


def _person(row: sa.Row[Any]) -> Person:
    return Person(
        name=row.requester_name,
        email=row.requester,
        organisation=row.requester_organisation,
        language=row.requester_language,
    )


def _message(row: sa.Row[Any]) -> Message:
    return Message(
        message_id=row.message_id,
        author=Actor(kind=row.author_kind, id=row.author_id, name=row.author_name),
        public=row.public,
        body=row.body,
        at=row.at,
    )
