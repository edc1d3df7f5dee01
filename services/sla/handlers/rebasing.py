"""Running tickets judged by the present book: looked at first, then chosen."""

from chassis.database import Transaction
from contracts import sla as contract
from services.sla.domain.rebasing import Effect, effect
from services.sla.handlers import clocks
from services.sla.store import book, tickets


def preview_rebase(question: contract.Rebasing, *, tx: Transaction) -> contract.Rebased:
    """Show what the present calendars and policies would change for running tickets."""
    return _rebase(question, tx=tx, choose=False)


def rebase_tickets(command: contract.Rebasing, *, tx: Transaction) -> contract.Rebased:
    """Judge running tickets by the present calendars and policies from now on."""
    return _rebase(command, tx=tx, choose=True)


def _rebase(asked: contract.Rebasing, *, tx: Transaction, choose: bool) -> contract.Rebased:
    edition = book.latest_number(tx)
    ids = tickets.running(
        tx, policy=asked.policy, calendar=asked.calendar, after=asked.after, limit=asked.limit
    )
    found = tickets.all_locked(tx, ids) if choose else tickets.some(tx, ids)
    looked_at, total = 0, Effect()
    for ticket in found:
        if ticket.is_replayed or (ticket.edition_now or edition) >= edition:
            continue
        present, after = clocks.preview(ticket, tx=tx, edition=edition)
        looked_at, total = looked_at + 1, total + effect(present.clocks, after.clocks)
        if choose:
            clocks.keep(after, before=ticket, tx=tx)
    return contract.Rebased(
        edition=edition,
        tickets=looked_at,
        clocks=total.clocks,
        changed=total.changed,
        newly_breached=total.newly_breached,
        saved=total.saved,
        next=ids[-1] if len(ids) == asked.limit else None,
    )
