"""Tickets that are merged, unmerged and split."""

from dataclasses import replace
from datetime import datetime

from chassis.database import Transaction
from chassis.ids import new_id
from contracts import intake as contract
from contracts.errors import invalid_field
from services.intake import schemas
from services.intake.domain import merging as rules
from services.intake.domain.merging import Former, MergeRefused
from services.intake.domain.numbers import NumberMistyped, read_number
from services.intake.domain.ticket import Change, Ticket, instant_of
from services.intake.handlers.keeping import answer, check_version, find, keep, tell
from services.intake.handlers.tickets import OPENING, new_ticket, opened
from services.intake.store import links
from services.intake.store import tickets as archive
from services.intake.store.tickets import Opened


def merge_ticket(command: contract.MergeTicket, *, tx: Transaction) -> contract.Ticket:
    """Let a ticket go on in another one."""
    source, survivor = _both(command.number, command.into, tx=tx)
    check_version(source.ticket, command.version)
    at = _later_than(source.ticket, survivor.ticket, now=tx.now)
    changes = rules.merge(
        source.ticket,
        survivor.ticket,
        is_confirmed=command.confirm_other_requester,
        note=command.note,
        at=at,
    )
    links.add_merge(
        tx,
        source=source.ticket.serial,
        survivor=survivor.ticket.serial,
        seq=survivor.ticket.version + 1,
        at=at,
        former=Former(
            status=source.ticket.status,
            pending_reason=source.ticket.pending_reason,
            pending_until=source.ticket.pending_until,
        ),
    )
    after = _keep_both(source, survivor, changes, at=at, actor=command.actor, tx=tx)
    return answer(after, source, tx=tx)


def unmerge_ticket(command: contract.UnmergeTicket, *, tx: Transaction) -> contract.Ticket:
    """Undo a merge."""
    merged = find(command.number, None, tx=tx).ticket
    known = links.merge_of(tx.connection, source=merged.serial)
    if known is None:
        check_version(merged, command.version)
        raise MergeRefused(field="number", reason="not_merged", status=merged.status)
    into = schemas.number(kind=merged.kind, serial=known[0])
    source, survivor = _both(command.number, into, tx=tx, is_merged=True)
    check_version(source.ticket, command.version)
    if links.merge_of(tx.connection, source=merged.serial) != known:
        # Between looking and holding somebody undid it, perhaps merged it into another one.
        raise schemas.stale_version(source.ticket.version)
    at = _later_than(source.ticket, survivor.ticket, now=tx.now)
    changes = rules.unmerge(source.ticket, survivor.ticket, former=known[1], note=command.note)
    links.drop_merge(tx, source=merged.serial)
    after = _keep_both(source, survivor, changes, at=at, actor=command.actor, tx=tx)
    return answer(after, source, tx=tx)


def split_ticket(command: contract.SplitTicket, *, tx: Transaction) -> contract.Ticket:
    """Make part of a ticket a ticket of its own, on behalf of the same requester."""
    found = find(command.number, None, tx=tx, hold=True)
    parent = found.ticket
    check_version(parent, command.version)
    message_ids = tuple(dict.fromkeys(command.message_ids))
    _check_messages(parent, message_ids, tx=tx)
    at = instant_of(occurred_at=None, now=tx.now, after=parent.updated_at)
    wish = _child_wish(command, found)
    child = archive.add_ticket(
        tx, ticket=replace(new_ticket(wish, parent.requester, at=at), is_linked=True)
    )
    change = rules.split(parent, child, message_ids=message_ids)
    message = contract.Message(
        message_id=new_id(), author=command.actor, public=True, body=wish.body, at=at
    )
    archive.add_message(tx, ticket_id=child.ticket_id, seq=OPENING, message=message)
    links.add_split(tx, child=child.serial, parent=parent.serial, message_ids=message_ids)
    number = schemas.number_of(parent)
    tell(opened(child, wish, found.requester, split_from=number), tx=tx)
    keep(parent, change, at=at, actor=command.actor, tx=tx)
    return answer(child, Opened(child, found.requester, wish.body), tx=tx)


def _both(
    number: str, into: str, *, tx: Transaction, is_merged: bool = False
) -> tuple[Opened, Opened]:
    """Both tickets, held in an order in which no two commands wait in a circle.

    Two that are to be merged by serial, for they may be merged the other way round beside us; one
    that is merged before its survivor, as a reply that is sent on holds them.
    """
    try:
        wanted = read_number(into)
    except NumberMistyped:
        raise _no_such_survivor(into) from None
    source = find(number, None, tx=tx).ticket
    if source.serial == wanted[1]:
        raise MergeRefused(field="into", reason="itself", status=source.status)
    if source.has_ended and not is_merged:
        raise MergeRefused(field="number", reason="has_ended", status=source.status)
    pair = [(source.kind, source.serial), wanted]
    held: dict[int, Opened | None] = {}
    for kind, serial in pair if is_merged else sorted(pair, key=lambda one: one[1]):
        held[serial] = archive.opened(
            tx.connection, kind=kind, serial=serial, viewer=None, hold=True
        )
    survivor, merged = held[wanted[1]], held[source.serial]
    if merged is None:
        raise schemas.ticket_not_found(number)
    if survivor is None:
        raise _no_such_survivor(into)
    return merged, survivor


def _no_such_survivor(into: str) -> Exception:
    return invalid_field("into", f"There is no ticket {into}.")


def _later_than(source: Ticket, survivor: Ticket, *, now: datetime) -> datetime:
    latest = max(source.updated_at, survivor.updated_at)
    return instant_of(occurred_at=None, now=now, after=latest)


def _keep_both(
    source: Opened,
    survivor: Opened,
    changes: tuple[Change, Change],
    *,
    at: datetime,
    actor: contract.Actor,
    tx: Transaction,
) -> Ticket:
    after = keep(source.ticket, changes[0], at=at, actor=actor, tx=tx)
    keep(survivor.ticket, changes[1], at=at, actor=actor, tx=tx)
    return after


def _check_messages(parent: Ticket, wanted: tuple[str, ...], *, tx: Transaction) -> None:
    if not wanted:
        return
    seen = links.family_of(tx.connection, ticket=parent).seen_by_agents()
    there = archive.seen_among(tx.connection, seen=seen, message_ids=wanted)
    for n, message_id in enumerate(wanted):
        if message_id not in there:
            raise invalid_field(f"message_ids.{n}", "The conversation has no such message.")


def _child_wish(command: contract.SplitTicket, found: Opened) -> contract.OpenTicket:
    parent = found.ticket
    inherited = {
        name: getattr(command, name) or getattr(parent, name)
        for name in ("kind", "impact", "urgency", "category", "service")
    }
    return contract.OpenTicket(
        **inherited,
        subject=command.subject,
        body=command.body or command.subject,
        channel=parent.channel,  # type: ignore[arg-type]
        requester=found.requester,
        actor=command.actor,
        group=command.group,
        attributes=parent.attributes,
    )
