"""One ticket, its requester and its conversation."""

import dataclasses
import functools
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from chassis.database import Transaction
from contracts.intake import Actor, Message, Person
from services.intake.domain.lifecycle import REQUESTER
from services.intake.domain.merging import Seen
from services.intake.domain.numbers import ticket_number
from services.intake.domain.ticket import FOR_AGENTS, Ticket
from services.intake.domain.words import words_of
from services.intake.models import messages, requesters, ticket_words, tickets

MAX_MESSAGES = 1000  # of one conversation, the newest; older ones stay in the database

_TICKET = tuple(tickets.c)
_FIELDS = tuple(column.name for column in _TICKET)
_PERSON = (requesters.c.name, requesters.c.organisation, requesters.c.language)

# Building a statement costs more than running it, so those of the busy paths are built once.
# Names of parameters differ from names of columns, which an UPDATE keeps for itself.
_KNOWN_REQUESTER = sa.select(*_PERSON).where(requesters.c.email == sa.bindparam("address"))
_CHANGE_REQUESTER = sa.update(requesters).where(requesters.c.email == sa.bindparam("address"))
_ADD_TICKET = sa.insert(tickets).returning(tickets.c.serial)
_ADD_WORDS = sa.insert(ticket_words).inline()
_ADD_MESSAGE = sa.insert(messages).inline()
_CHANGE_TICKET = sa.update(tickets).where(tickets.c.serial == sa.bindparam("this"))
_HOLD_TICKET = (
    sa.select(*_TICKET).where(tickets.c.ticket_id == sa.bindparam("this")).with_for_update()
)
_COPY_CLOCKS = sa.update(tickets).where(
    tickets.c.ticket_id == sa.bindparam("this"), tickets.c.clocks_revision < sa.bindparam("newer")
)
_RAISE_LEVEL = sa.update(tickets).where(
    tickets.c.ticket_id == sa.bindparam("this"), tickets.c.escalation_level < sa.bindparam("higher")
)


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
    known = tx.connection.execute(_KNOWN_REQUESTER, {"address": email}).first()
    organisation = person.organisation or (known.organisation if known else "")
    said = {"name": person.name, "organisation": organisation, "language": person.language}
    # Most requesters are known and unchanged: then nobody's row is locked, and two tickets of one
    # person can be opened side by side.
    is_new = known is None and tx.insert_if_absent(requesters, email=email, **said)
    if not is_new and (known is None or tuple(known) != tuple(said.values())):
        tx.send(_CHANGE_REQUESTER, {"address": email, **said})
    return dataclasses.replace(person, email=email, organisation=organisation)


def add_ticket(tx: Transaction, *, ticket: Ticket) -> Ticket:
    """Keep a new ticket; it gets its serial here."""
    row = {name: getattr(ticket, name) for name in _FIELDS if name != "serial"}
    kept = dataclasses.replace(ticket, serial=tx.connection.execute(_ADD_TICKET, row).scalar_one())
    if words := words_of(ticket.subject):
        tx.send(_ADD_WORDS, *({"word": word, "serial": kept.serial} for word in words))
    return kept


def add_message(
    tx: Transaction, *, ticket_id: str, seq: int, message: Message, addressed_to: str | None = None
) -> None:
    """Keep a message; `seq` is that of the log entry that brought it.

    Args:
        tx: the transaction.
        ticket_id: where it landed.
        seq: of the log entry.
        message: the message.
        addressed_to: id of the merged ticket it was meant for, to which it belongs.
    """
    row = {
        "ticket_id": ticket_id,
        "seq": seq,
        "message_id": message.message_id,
        "author_kind": message.author.kind,
        "author_id": message.author.id,
        "author_name": message.author.name,
        "public": message.public,
        "at": message.at,
        "body": message.body,
        "addressed_to": addressed_to,
    }
    tx.send(_ADD_MESSAGE, row)


def save(tx: Transaction, *, before: Ticket, after: Ticket) -> None:
    """Keep what changed of a ticket that is held (`hold`)."""
    changed = {
        name: getattr(after, name)
        for name in _FIELDS
        if getattr(after, name) != getattr(before, name)
    }
    tx.send(_CHANGE_TICKET, {"this": before.serial, **changed})


def hold(connection: Connection, *, ticket_id: str) -> Ticket | None:
    """A ticket that nobody else changes until this transaction ends."""
    row = connection.execute(_HOLD_TICKET, {"this": ticket_id}).first()
    return None if row is None else _ticket(row)


def opened(
    connection: Connection, *, kind: str, serial: int, viewer: str | None, hold: bool = False
) -> Opened | None:
    """A ticket by number, if `viewer` (None: an agent) may know of it.

    Args:
        connection: of the transaction.
        kind: from the number.
        serial: from the number.
        viewer: e-mail address in lower case.
        hold: nobody else changes the ticket until this transaction ends.
    """
    wanted = _opened(for_viewer=viewer is not None, hold=hold)
    asked = {"this": serial, "this_kind": kind, "viewer": viewer}
    row = connection.execute(wanted, asked).first()
    return None if row is None else Opened(_ticket(row), _person(row), row.body)


@functools.cache
def _opened(*, for_viewer: bool, hold: bool) -> sa.Select[Any]:
    wanted = (
        sa.select(*_TICKET, *(column.label(f"requester_{column.name}") for column in _PERSON))
        .add_columns(messages.c.body)
        .join_from(tickets, requesters, requesters.c.email == tickets.c.requester)
        .join(messages, _is_opening_message())
        .where(
            tickets.c.serial == sa.bindparam("this"), tickets.c.kind == sa.bindparam("this_kind")
        )
    )
    if for_viewer:
        wanted = wanted.where(
            tickets.c.requester == sa.bindparam("viewer"), tickets.c.kind.not_in(FOR_AGENTS)
        )
    return wanted.with_for_update(of=tickets) if hold else wanted


def _is_opening_message() -> sa.ColumnElement[bool]:
    return sa.and_(messages.c.ticket_id == tickets.c.ticket_id, messages.c.seq == 1)


def conversation(connection: Connection, *, seen: Seen, number: str) -> tuple[Message, ...]:
    """The messages of a conversation, oldest first, at most `MAX_MESSAGES`, the newest.

    Args:
        connection: of the transaction.
        seen: which.
        number: of the ticket that is asked for; it stands in for those its reader must not know.
    """
    newest = (
        sa.select(messages, home.c.kind, home.c.serial, home.c.requester)
        .join_from(messages, home, home.c.ticket_id == HOME)
        .where(is_seen(seen))
        .order_by(messages.c.at.desc(), messages.c.ticket_id.desc(), messages.c.seq.desc())
        .limit(MAX_MESSAGES)
    )
    rows = reversed(connection.execute(newest).all())
    return tuple(
        _message(
            row,
            number=number
            if seen.viewer not in {None, row.requester}
            else ticket_number(kind=row.kind, serial=row.serial),
        )
        for row in rows
    )


def seen_among(connection: Connection, *, seen: Seen, message_ids: Sequence[str]) -> frozenset[str]:
    """Those of some messages that are part of a conversation."""
    wanted = (
        sa.select(messages.c.message_id)
        .join_from(messages, home, home.c.ticket_id == HOME)
        .where(messages.c.message_id.in_(message_ids), is_seen(seen))
    )
    return frozenset(connection.scalars(wanted))


# The ticket a message belongs to: where it was written, unless another one was meant.
home = tickets.alias("home")
HOME = sa.func.coalesce(messages.c.addressed_to, messages.c.ticket_id)


def is_seen(seen: Seen) -> sa.ColumnElement[bool]:
    """Which messages a conversation shows, of `messages` joined with `home` by `HOME`.

    Their files go with them: whatever shows or gives a file asks this.
    """
    is_mine = sa.true() if seen.viewer is None else home.c.requester == seen.viewer
    ways = [
        sa.and_(messages.c.ticket_id.in_(seen.homes), messages.c.addressed_to.is_(None)),
        messages.c.addressed_to.in_(seen.homes),
    ]
    if seen.shown:
        ways.append(sa.and_(messages.c.message_id.in_(seen.shown), is_mine))
    ways += [
        sa.and_(
            messages.c.ticket_id == ticket_id,
            messages.c.seq > since,
            messages.c.author_kind != REQUESTER,
            messages.c.author_id.not_in(seen.others),
        )
        for ticket_id, since in seen.answers.items()
    ]
    if seen.viewer is None:
        return sa.or_(*ways)
    return sa.and_(messages.c.public, sa.or_(*ways))


def copy_clocks(
    tx: Transaction, *, ticket_id: str, revision: int, next_due_at: datetime, sla_state: str
) -> None:
    """Copy the state of a ticket's clocks unless as new a one was copied."""
    copied = {"clocks_revision": revision, "next_due_at": next_due_at, "sla_state": sla_state}
    tx.send(_COPY_CLOCKS, {"this": ticket_id, "newer": revision, **copied})


def raise_level(tx: Transaction, *, ticket_id: str, level: int) -> None:
    """Raise a ticket's escalation level to `level` unless it is there."""
    raised = {"escalation_level": level}
    tx.send(_RAISE_LEVEL, {"this": ticket_id, "higher": level, **raised})


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


def _message(row: sa.Row[Any], *, number: str) -> Message:
    return Message(
        message_id=row.message_id,
        author=Actor(kind=row.author_kind, id=row.author_id, name=row.author_name),
        public=row.public,
        body=row.body,
        at=row.at,
        number=number,
    )
