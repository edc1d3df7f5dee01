"""Every event, who listens to it, and every call: the bus is laid out from this page alone."""

from typing import Any

from contracts import intake, kb, routing, sla
from contracts.grammar import Event, Operation, Subscription

SERVICES = ("intake", "routing", "sla", "kb")

EVENTS: tuple[type[Event], ...] = (*intake.EVENTS, *routing.EVENTS, *sla.EVENTS, *kb.EVENTS)

OPERATIONS: tuple[Operation[Any, Any], ...] = (
    *intake.OPERATIONS,
    *routing.OPERATIONS,
    *sla.OPERATIONS,
    *kb.OPERATIONS,
)

_HEARS: dict[str, tuple[type[Event], ...]] = {
    "intake": (routing.AssignmentMade, routing.EscalationRaised, sla.ClocksChanged),
    "routing": (
        intake.TicketOpened,
        intake.TicketReprioritised,
        intake.TicketCategorised,
        intake.TicketResolved,
        intake.TicketReopened,
        intake.TicketClosed,
        intake.TicketMerged,
        intake.TicketUnmerged,
        sla.TargetAtRisk,
        sla.TargetBreached,
        kb.ArticleReviewDue,
    ),
    "sla": (
        intake.TicketOpened,
        intake.TicketReplied,
        intake.TicketAssigned,
        intake.TicketStatusChanged,
        intake.TicketReprioritised,
        intake.TicketCategorised,
        intake.TicketResolved,
        intake.TicketReopened,
        intake.TicketClosed,
        intake.TicketMerged,
        intake.TicketUnmerged,
        intake.TicketAbsorbed,
        intake.TicketReleased,
        intake.TicketSplit,
    ),
    "kb": (
        intake.TicketOpened,
        intake.TicketResolved,
        intake.TicketReopened,
        intake.TicketClosed,
    ),
}

SUBSCRIPTIONS: tuple[Subscription, ...] = tuple(
    Subscription(event=event, listener=listener)
    for listener, events in _HEARS.items()
    for event in events
)


def event_named(name: str) -> type[Event]:
    """The event called `name`, such as `ticket.opened.v1`.

    Raises:
        KeyError: nobody says such an event.
    """
    return _BY_NAME[name]


_BY_NAME = {event.NAME: event for event in EVENTS}
