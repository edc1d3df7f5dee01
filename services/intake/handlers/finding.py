"""The ticket that a call is about, if the caller may know of it."""

from chassis.database import Transaction
from services.intake import schemas
from services.intake.domain.numbers import NumberMistyped, read_number
from services.intake.store import tickets as archive
from services.intake.store.tickets import Opened


def find(number: str, viewer: str | None, *, tx: Transaction, hold: bool = False) -> Opened:
    """A ticket by number.

    Args:
        number: as people write it.
        viewer: a requester, who may know of their own tickets alone; None: an agent.
        tx: the transaction.
        hold: nobody else changes the ticket until the transaction ends.

    Raises:
        NotFound: there is none, or it is another person's.
    """
    try:
        kind, serial = read_number(number)
    except NumberMistyped:
        raise schemas.ticket_not_found(number) from None
    address = None if viewer is None else address_of(viewer)
    found = archive.opened(tx.connection, kind=kind, serial=serial, viewer=address, hold=hold)
    if found is None:
        raise schemas.ticket_not_found(number)
    return found


def address_of(email: str) -> str:
    """An e-mail address as people are known by it."""
    return email.strip().lower()
