"""What every handler does: find a ticket, keep what became of it, answer it."""

import dataclasses
from datetime import datetime

from chassis.database import Transaction
from contracts import intake as contract
from services.intake import schemas
from services.intake.domain.lifecycle import AGENT, REQUESTER
from services.intake.domain.merging import MERGED, Seen
from services.intake.domain.numbers import NumberMistyped, read_number
from services.intake.domain.ticket import Change, Ticket
from services.intake.store import links
from services.intake.store import log as event_log
from services.intake.store import tickets as archive
from services.intake.store.tickets import Opened


def find(number: str, viewer: str | None, *, tx: Transaction, hold: bool = False) -> Opened:
    """A ticket by number.

    Raises:
        NotFound: there is none that `viewer` may know of.
    """
    try:
        kind, serial = read_number(number)
    except NumberMistyped:
        raise schemas.ticket_not_found(number) from None
    known_as = None if viewer is None else address(viewer)
    found = archive.opened(tx.connection, kind=kind, serial=serial, viewer=known_as, hold=hold)
    if found is None:
        raise schemas.ticket_not_found(number)
    return found


def follow(ticket: Ticket, *, tx: Transaction) -> Ticket:
    """The ticket that a held one lives on in: itself, or the end of all merges; held too."""
    been: set[int] = set()
    while ticket.status == MERGED and ticket.serial not in been:
        been.add(ticket.serial)
        end = links.family_of(tx.connection, ticket=ticket).survivor
        # Held only now: it may have been merged on in this moment.
        ticket = archive.hold(tx.connection, ticket_id=end.ticket_id) or ticket
    return ticket


def address(email: str) -> str:
    """An e-mail address as the identity it is."""
    return email.strip().lower()


def conversation_of(ticket: Ticket, viewer: str | None, *, tx: Transaction) -> Seen:
    """Which messages a ticket's conversation shows to a requester, or to an agent."""
    family = links.family_of(tx.connection, ticket=ticket)
    return family.seen_by_agents() if viewer is None else family.seen_by(address(viewer))


def check_version(ticket: Ticket, seen: int | None) -> None:
    """Refuse a caller who did not see the ticket as it is."""
    if seen is not None and seen != ticket.version:
        raise schemas.stale_version(ticket.version)


def keep(
    before: Ticket, change: Change, *, at: datetime, actor: contract.Actor, tx: Transaction
) -> Ticket:
    """Save a change and tell it, entry by entry; the ticket after."""
    if not change.entries:
        return before
    version = before.version + len(change.entries)
    after = dataclasses.replace(change.ticket, version=version, updated_at=at)
    archive.save(tx, before=before, after=after)
    numbered = enumerate(change.entries, start=before.version + 1)
    tell(
        *(
            schemas.event_of(entry, ticket=after, seq=seq, at=at, actor=actor)
            for seq, entry in numbered
        ),
        tx=tx,
    )
    return after


def tell(*events: contract.TicketEvent, tx: Transaction) -> None:
    """Log events and announce them."""
    event_log.append(tx, events=events)
    for event in events:
        tx.announce(event)


def shown_to(viewer: str | None, ticket: Ticket, *, tx: Transaction) -> Ticket:
    """A ticket as its reader may see it.

    One that was merged into another person's ticket lives on for its requester, as the survivor
    does: they must not hear that the other one exists.
    """
    if viewer is None or ticket.status != MERGED:
        return ticket
    family = links.family_of(tx.connection, ticket=ticket)
    if family.parent is not None and family.parent.requester == address(viewer):
        return ticket
    end = family.survivor
    survivor = archive.opened(tx.connection, kind=end.kind, serial=end.serial, viewer=None)
    if survivor is None:
        return ticket
    return dataclasses.replace(
        ticket,
        **{name: getattr(survivor.ticket, name) for name in _LIVES_ON},
    )


_LIVES_ON = (
    "status",
    "pending_reason",
    "pending_until",
    "resolved_at",
    "closed_at",
    "resolution",
    "updated_at",
)


def answer(
    ticket: Ticket,
    found: Opened,
    *,
    tx: Transaction,
    viewer: str | None = None,
    role: str | None = None,
) -> contract.Ticket:
    """A ticket as it is shown to its reader, with what ties it to others.

    Args:
        ticket: as it is now.
        found: as it was found, for what does not change.
        tx: the transaction.
        viewer: the requester who reads it; None for an agent.
        role: whose moves are shown, should they not be the reader's.
    """
    role = role or (AGENT if viewer is None else REQUESTER)
    reader = None if viewer is None else address(viewer)
    shown = shown_to(viewer, ticket, tx=tx)
    split_from, split_into = links.splits_of(tx.connection, ticket=ticket, viewer=reader)
    plain = schemas.ticket_answer(
        shown,
        requester=found.requester,
        body=found.body,
        role=role,
        family=links.family_of(tx.connection, ticket=ticket),
        viewer=reader,
        split_from=split_from,
        split_into=split_into,
    )
    # Whatever its survivor's status allows: a merged ticket itself makes no move.
    return dataclasses.replace(plain, transitions=()) if ticket.status == MERGED else plain
