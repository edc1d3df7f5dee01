"""Who has which ticket, and who waits."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from chassis.database import Transaction
from services.routing.domain.holding import Holding
from services.routing.models import HoldingRow, UnroutedRow
from services.routing.store.rows import fields, table

_HOLDINGS = table(HoldingRow)
_UNROUTED = table(UnroutedRow)


def add(tx: Transaction, holding: Holding) -> bool:
    """Keep a ticket that was not heard of before; False when it was."""
    return tx.insert_if_absent(_HOLDINGS, **asdict(holding))


def save(tx: Transaction, holding: Holding) -> None:
    """Keep what changed about a ticket."""
    values = asdict(holding)
    where = _HOLDINGS.c.ticket_id == values.pop("ticket_id")
    tx.connection.execute(sa.update(_HOLDINGS).where(where).values(**values))


def claim(tx: Transaction, *, ticket_id: str, number: str) -> Holding:
    """A ticket, ours alone until this transaction ends; a bare mark when it is new to us."""
    asked = _select().where(_HOLDINGS.c.ticket_id == ticket_id)
    found = _one(tx, asked.with_for_update())
    if found is None:
        add(tx, Holding(ticket_id=ticket_id, number=number))
        found = _one(tx, asked.with_for_update())
    if found is None:
        raise LookupError(f"ticket {ticket_id} is not there, its number {number} is another’s")
    return found


def numbered(tx: Transaction, *, number: str) -> Holding | None:
    """The ticket of a number, to look at."""
    return _one(tx, _select().where(_HOLDINGS.c.number == number))


def of_tickets(tx: Transaction, *, ticket_ids: Iterable[str]) -> Mapping[str, Holding]:
    """Tickets by their ids, to look at."""
    asked = _select().where(_HOLDINGS.c.ticket_id.in_(list(ticket_ids)))
    found = (Holding(**row._asdict()) for row in tx.connection.execute(asked))
    return {holding.ticket_id: holding for holding in found}


def claim_numbered(tx: Transaction, *, number: str) -> Holding | None:
    """The ticket of a number, ours alone until this transaction ends."""
    return _one(tx, _select().where(_HOLDINGS.c.number == number).with_for_update())


def claim_waiting(tx: Transaction, *, group: str, limit: int) -> list[Holding]:
    """Tickets that wait in a group's queue, oldest first, ours alone."""
    asked = (
        _select()
        .where(_HOLDINGS.c.group == group, _HOLDINGS.c.queued_at.is_not(None))
        .order_by(_HOLDINGS.c.queued_at, _HOLDINGS.c.ticket_id)
        .limit(limit)
        .with_for_update()
    )
    return [Holding(**row._asdict()) for row in tx.connection.execute(asked)]


def queues_that_wait(tx: Transaction, *, groups: Iterable[str]) -> list[str]:
    """Which of these groups have tickets without an agent."""
    asked = (
        sa.select(_HOLDINGS.c.group)
        .where(_HOLDINGS.c.group.in_(list(groups)), _HOLDINGS.c.queued_at.is_not(None))
        .distinct()
        .order_by(_HOLDINGS.c.group)
    )
    return list(tx.connection.scalars(asked))


def open_by_group(tx: Transaction) -> Mapping[str, int]:
    """How many tickets each group has in hand."""
    asked = (
        sa.select(_HOLDINGS.c.group, sa.func.count())
        .where(~_HOLDINGS.c.is_done, _HOLDINGS.c.group.is_not(None))
        .group_by(_HOLDINGS.c.group)
    )
    return {row.group_key: row[1] for row in tx.connection.execute(asked)}


def keep_unrouted(tx: Transaction, *, ticket_id: str, told: Mapping[str, Any]) -> None:
    """Keep an opening, as it was told, until there is a group to route it to."""
    tx.insert_if_absent(_UNROUTED, ticket_id=ticket_id, told=dict(told))


def take_unrouted(tx: Transaction, *, limit: int) -> list[Mapping[str, Any]]:
    """Openings that were kept, oldest first; they are ours to route now."""
    asked = sa.select(_UNROUTED).order_by(_UNROUTED.c.ticket_id).limit(limit)
    found = tx.connection.execute(asked.with_for_update(skip_locked=True)).all()
    taken = [row.ticket_id for row in found]
    tx.connection.execute(sa.delete(_UNROUTED).where(_UNROUTED.c.ticket_id.in_(taken)))
    return [row.told for row in found]


def has_unrouted(tx: Transaction) -> bool:
    """Whether any opening is kept."""
    return tx.connection.scalar(sa.select(_UNROUTED.c.ticket_id).limit(1)) is not None


def _select() -> "sa.Select[Any]":
    return sa.select(*fields(_HOLDINGS))


def _one(tx: Transaction, asked: "sa.Select[Any]") -> Holding | None:
    row = tx.connection.execute(asked).one_or_none()
    return None if row is None else Holding(**row._asdict())
