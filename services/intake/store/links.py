"""What ties tickets together: merges and splits."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from chassis.database import Transaction
from services.intake.domain.merging import Family, Former, Member, alone
from services.intake.domain.numbers import ticket_number
from services.intake.domain.ticket import Ticket
from services.intake.models import merges, splits, tickets

_ADD_MERGE = sa.insert(merges).inline()
_DROP_MERGE = sa.delete(merges).where(merges.c.source == sa.bindparam("this"))
_MERGE_OF = sa.select(merges).where(merges.c.source == sa.bindparam("this"))
_ADD_SPLIT = sa.insert(splits).inline()
_SPLIT_FROM = (
    sa.select(tickets.c.kind, tickets.c.serial, tickets.c.requester)
    .join_from(splits, tickets, tickets.c.serial == splits.c.parent)
    .where(splits.c.child == sa.bindparam("this"))
)
_SPLIT_INTO = (
    sa.select(tickets.c.kind, tickets.c.serial, tickets.c.requester)
    .join_from(splits, tickets, tickets.c.serial == splits.c.child)
    .where(splits.c.parent == sa.bindparam("this"))
    .order_by(tickets.c.serial)
)


def _family() -> sa.Select[tuple[object, ...]]:
    # UNION, not UNION ALL: a circle, should one ever be, ends the walk.
    up = sa.select(tickets.c.serial).where(tickets.c.serial == sa.bindparam("this"))
    above = up.cte("above", recursive=True)
    above = above.union(
        sa.select(merges.c.survivor).join_from(merges, above, merges.c.source == above.c.serial)
    )
    kin = sa.select(above.c.serial).cte("kin", recursive=True)
    kin = kin.union(
        sa.select(merges.c.source).join_from(merges, kin, merges.c.survivor == kin.c.serial)
    )
    return (
        sa.select(
            tickets.c.serial,
            tickets.c.ticket_id,
            tickets.c.kind,
            tickets.c.requester,
            tickets.c.status,
            merges.c.survivor,
            merges.c.survivor_seq,
            splits.c.message_ids,
        )
        .join_from(kin, tickets, tickets.c.serial == kin.c.serial)
        .join(merges, merges.c.source == tickets.c.serial, isouter=True)
        .join(splits, splits.c.child == tickets.c.serial, isouter=True)
    )


_FAMILY = _family()


def family_of(connection: Connection, *, ticket: Ticket) -> Family:
    """A ticket with all that it was merged into and all that was merged into these."""
    if not ticket.is_linked:
        return alone(ticket)
    members = {
        row.serial: Member(
            serial=row.serial,
            ticket_id=row.ticket_id,
            kind=row.kind,
            requester=row.requester,
            status=row.status,
            survivor=row.survivor,
            survivor_seq=row.survivor_seq or 0,
            shown=tuple(row.message_ids or ()),
        )
        for row in connection.execute(_FAMILY, {"this": ticket.serial})
    }
    return Family(this=ticket.serial, members=members)


def add_merge(
    tx: Transaction, *, source: int, survivor: int, seq: int, at: datetime, former: Former
) -> None:
    """Keep a merge; `seq` is that of the survivor's log entry."""
    row = {
        "source": source,
        "survivor": survivor,
        "survivor_seq": seq,
        "merged_at": at,
        "was_status": former.status,
        "was_pending_reason": former.pending_reason,
        "was_pending_until": former.pending_until,
    }
    tx.send(_ADD_MERGE, row)


def merge_of(connection: Connection, *, source: int) -> tuple[int, Former] | None:
    """The survivor's serial and what the ticket was before, if it is merged."""
    row = connection.execute(_MERGE_OF, {"this": source}).first()
    if row is None:
        return None
    former = Former(
        status=row.was_status,
        pending_reason=row.was_pending_reason,
        pending_until=row.was_pending_until,
    )
    return row.survivor, former


def drop_merge(tx: Transaction, *, source: int) -> None:
    """Undo a merge."""
    tx.send(_DROP_MERGE, {"this": source})


def add_split(tx: Transaction, *, child: int, parent: int, message_ids: Sequence[str]) -> None:
    """Keep a split."""
    tx.send(_ADD_SPLIT, {"child": child, "parent": parent, "message_ids": list(message_ids)})


def splits_of(
    connection: Connection, *, ticket: Ticket, viewer: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """Numbers of the ticket it was split from and of those that were split from it.

    Those that `viewer` (None: an agent) may know of.
    """
    if not ticket.is_linked:
        return None, ()
    found = _numbers(connection, _SPLIT_FROM, ticket.serial, viewer)
    return next(iter(found), None), _numbers(connection, _SPLIT_INTO, ticket.serial, viewer)


def _numbers(
    connection: Connection,
    wanted: sa.Select[tuple[str, int, str]],
    serial: int,
    viewer: str | None,
) -> tuple[str, ...]:
    return tuple(
        ticket_number(kind=row.kind, serial=row.serial)
        for row in connection.execute(wanted, {"this": serial})
        if viewer in {None, row.requester}
    )
