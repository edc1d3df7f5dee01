"""Which clocks a reader may see: agreements behind the desk are no business of a requester."""

from dataclasses import replace

from contracts.sla import INTERNAL_CLOCKS, Clock, ClocksExplained, TicketClocks
from gateway.access import Principal


def clocks_for(principal: Principal, clocks: tuple[Clock, ...]) -> tuple[Clock, ...]:
    """The clocks a reader may see."""
    if not principal.is_requester:
        return clocks
    return tuple(clock for clock in clocks if _is_theirs(clock))


def _is_theirs(clock: Clock) -> bool:
    # A requester whose ticket was merged into another person's must not hear of it here.
    return clock.kind not in INTERNAL_CLOCKS and clock.cause != "merged"


def promised_to(principal: Principal, found: TicketClocks) -> TicketClocks:
    """A ticket's clocks as a reader may see them."""
    if not principal.is_requester:
        return found
    clocks = clocks_for(principal, found.clocks)
    return replace(
        found,
        clocks=clocks,
        next_due_at=min((clock.due_at for clock in clocks if clock.due_at), default=None),
        thresholds=tuple(one for one in found.thresholds if one.clock not in INTERNAL_CLOCKS),
    )


def explained_to(principal: Principal, found: ClocksExplained) -> ClocksExplained:
    """An explanation of the clocks a reader may see."""
    if not principal.is_requester:
        return found
    clocks = tuple(one for one in found.clocks if _is_theirs(one.clock))
    return replace(found, clocks=clocks)
