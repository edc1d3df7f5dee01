"""A ticket's life goes on: what that means for loads and queues."""

from chassis.database import Transaction
from contracts.intake import (
    TicketCategorised,
    TicketClosed,
    TicketEvent,
    TicketMerged,
    TicketReopened,
    TicketReprioritised,
    TicketResolved,
    TicketUnmerged,
)
from services.routing.domain.directory import Directory
from services.routing.domain.holding import Holding
from services.routing.handlers import noticing
from services.routing.handlers.deciding import decided, pick, save_and_tell, shift_load
from services.routing.settings import RoutingSettings
from services.routing.store import directory as directory_store
from services.routing.store import holdings


def on_ticket_done(event: TicketResolved | TicketClosed | TicketMerged, *, tx: Transaction) -> None:
    """The ticket weighs on nobody any more; its agent's queues are served."""
    before = _claim(event, tx)
    after = before.done(seq=event.seq)
    if after == before:
        return
    holdings.save(tx, after)
    shift_load(tx, before=before, after=after, directory=directory_store.current(tx))


def on_ticket_categorised(event: TicketCategorised, *, tx: Transaction) -> None:
    """Remember the category; it helps to find the next group when the ticket climbs."""
    before = _claim(event, tx)
    after = before.categorised(category=event.category, seq=event.seq)
    if after != before:
        holdings.save(tx, after)


def on_ticket_unmerged(
    event: TicketUnmerged, *, tx: Transaction, settings: RoutingSettings
) -> None:
    """The ticket is again what it was before it was merged: at work, or done."""
    if event.category != "done":
        on_ticket_reopened(event, tx=tx, settings=settings)
        return
    before = _claim(event, tx)
    after = before.done(seq=event.seq)
    if after != before:
        holdings.save(tx, after)


def on_ticket_reprioritised(event: TicketReprioritised, *, tx: Transaction) -> None:
    """Remember the priority; notices of a ticket that became major wait no longer."""
    before = _claim(event, tx)
    after = before.prioritised(priority=event.priority, seq=event.seq)
    if after == before:
        return
    holdings.save(tx, after)
    if after.is_routed:
        noticing.hurry(after, tx=tx, directory=directory_store.current(tx))


def on_ticket_reopened(
    event: TicketReopened | TicketUnmerged, *, tx: Transaction, settings: RoutingSettings
) -> None:
    """The ticket goes back to whoever had it, or to somebody else when they are not at work."""
    before = _claim(event, tx)
    after = before.reopened(seq=event.seq)
    if after == before:
        return
    holdings.save(tx, after)
    directory = directory_store.current(tx)
    if not after.is_routed or after.is_replayed or _is_in_good_hands(after, directory):
        shift_load(tx, before=before, after=after, directory=directory)
    else:
        why = "Unmerged" if isinstance(event, TicketUnmerged) else "Reopened"
        _give_again(after, why=why, tx=tx, directory=directory, settings=settings)


def _is_in_good_hands(holding: Holding, directory: Directory) -> bool:
    agent = directory.agents.get(holding.assignee or "")
    return agent is not None and agent.is_at_work(group=holding.group or "")


def _give_again(
    reopened: Holding,
    *,
    why: str,
    tx: Transaction,
    directory: Directory,
    settings: RoutingSettings,
) -> None:
    had = directory.agents.get(reopened.assignee or "")
    lost = f"{why} while {had.name} is not at work" if had else f"{why} without an agent"
    # While it was done it weighed on nobody, so nobody puts it down now.
    before = reopened.without_agent()
    group = directory.groups[reopened.group or ""]
    picked = pick(tx, group=group, holding=before, directory=directory, settings=settings)
    after, decision = decided(
        before,
        group=group,
        picked=picked,
        reason_code="rule",
        reason=f"{lost}; {picked.why}.",
        now=tx.now,
    )
    save_and_tell(tx, before=before, after=after, decision=decision, directory=directory)


def _claim(event: TicketEvent, tx: Transaction) -> Holding:
    return holdings.claim(tx, ticket_id=event.ticket_id, number=event.number)
