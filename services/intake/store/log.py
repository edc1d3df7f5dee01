"""What happened to tickets, in order: each step is one row and one event."""

import dataclasses
from collections.abc import Sequence
from itertools import takewhile
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from chassis.database import Transaction
from contracts.grammar import to_plain
from contracts.intake import Actor, LogEntry, TicketEvent
from services.intake.domain.numbers import ticket_number
from services.intake.domain.ticket import FOR_AGENTS
from services.intake.models import ticket_events, tickets

_APPEND = sa.insert(ticket_events).inline()  # built once: it is on every busy path
_HEAD = frozenset(field.name for field in dataclasses.fields(TicketEvent))
_PAUSES = 20
_PAUSE_SECONDS = 0.01

Rows = Sequence[sa.Row[Any]]


class Told(NamedTuple):
    """A log entry, and whose ticket of which kind it is about."""

    entry: LogEntry
    requester: str
    kind: str


def append(tx: Transaction, *, events: Sequence[TicketEvent]) -> None:
    """Log events as they are announced."""
    tx.send(_APPEND, *(_row(event) for event in events))


def _row(event: TicketEvent) -> dict[str, Any]:
    plain = to_plain(event)
    return {
        "ticket_id": event.ticket_id,
        "seq": event.seq,
        "event": event.NAME,
        "occurred_at": event.occurred_at,
        "actor_kind": event.actor.kind,
        "actor_id": event.actor.id,
        "actor_name": event.actor.name,
        "facts": {name: value for name, value in plain.items() if name not in _HEAD},
    }


def may_see(told: Told, *, viewer: str) -> bool:
    """Whether a requester may see it: a ticket of theirs, and nothing that is for agents only.

    Internal messages are, and so is what tells of another requester's ticket.
    """
    is_theirs = told.requester == viewer and told.kind not in FOR_AGENTS
    facts = told.entry.facts
    return is_theirs and bool(facts.get("public", True)) and not facts.get("other_requester")


def of_ticket(connection: Connection, *, ticket_id: str, after: int, limit: int) -> list[Told]:
    """One ticket's log. Its writers queue for the ticket, so its offsets are always in order."""
    mine = ticket_events.c.ticket_id == ticket_id
    return [_told(row) for row in _rows(connection, mine, after=after, limit=limit)]


def of_desk(tx: Transaction, *, after: int, limit: int) -> list[Told]:
    """The whole desk's log from an offset.

    Nothing is ever skipped: an entry is shown only when every entry with a lower offset is, or
    will never be. On PostgreSQL a transaction may take an offset and commit after one that took a
    later offset; so a gap is looked into before it is passed.
    """
    rows = _rows(tx.connection, sa.true(), after=after, limit=limit)
    if tx.dialect == "postgresql" and _has_gap(rows, after=after):
        rows = _settled(tx.connection, rows, after=after, limit=limit)
    return [_told(row) for row in rows]


def _rows(connection: Connection, which: sa.ColumnElement[bool], *, after: int, limit: int) -> Rows:
    wanted = (
        sa.select(ticket_events, tickets.c.kind, tickets.c.serial, tickets.c.requester)
        .join_from(ticket_events, tickets, tickets.c.ticket_id == ticket_events.c.ticket_id)
        .where(which, ticket_events.c.log_offset > after)
        .order_by(ticket_events.c.log_offset)
        .limit(limit)
    )
    return connection.execute(wanted).all()


def _has_gap(rows: Rows, *, after: int) -> bool:
    return bool(rows) and rows[-1].log_offset != after + len(rows)


def _settled(connection: Connection, rows: Rows, *, after: int, limit: int) -> Rows:
    """The rows again, when whoever could still fill a gap in them has ended; else those before it.

    An offset is taken while its transaction holds a lock on the table. Every offset up to the last
    row was taken before these rows were read; so once the transactions that hold the lock now have
    ended, a gap that is left was rolled back.
    """
    writers = _writers(connection)
    for _ in range(_PAUSES):
        if not writers:
            last = ticket_events.c.log_offset <= rows[-1].log_offset
            return _rows(connection, last, after=after, limit=limit)
        connection.execute(sa.select(sa.func.pg_sleep(_PAUSE_SECONDS)))
        writers &= _writers(connection)
    in_order = enumerate(rows, start=after + 1)
    return [row for _, row in takewhile(lambda pair: pair[1].log_offset == pair[0], in_order)]


def _writers(connection: Connection) -> set[str]:
    found = connection.scalars(
        sa.text(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation'"
            " AND relation = 'ticket_events'::regclass AND mode = 'RowExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
    )
    return set(found)


def _told(row: sa.Row[Any]) -> Told:
    entry = LogEntry(
        offset=row.log_offset,
        number=ticket_number(kind=row.kind, serial=row.serial),
        seq=row.seq,
        event=row.event,
        at=row.occurred_at,
        actor=Actor(kind=row.actor_kind, id=row.actor_id, name=row.actor_name),
        facts=row.facts,
    )
    return Told(entry=entry, requester=row.requester, kind=row.kind)
