"""Asking several services side by side, and going on without those that are away."""

from dataclasses import dataclass
from typing import TypeVar

from chassis.rpc_client import RemoteFault
from contracts import intake, routing, sla
from contracts.errors import Conflict, NotFound, Unavailable
from gateway.clients import Clients, Pending
from gateway.portal.visit import Visit
from gateway.promised import promised_to

A = TypeVar("A")

LOG_ENTRIES = 1000
"""As many lines of a ticket's log are shown at most, the first ones."""


def if_reachable(pending: Pending[A]) -> A | None:
    """The answer; None while the service is away."""
    try:
        return pending.result()
    except (Unavailable, RemoteFault):
        return None


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the services said of a ticket; None for a part whose service is away."""

    ticket: intake.Ticket
    messages: intake.Conversation | None
    log: intake.LogPage | None
    assignment: routing.Assignment | None
    clocks: sla.TicketClocks | None
    groups: routing.Groups | None
    agents: routing.Agents | None


def ask_all(clients: Clients, *, number: str, visit: Visit) -> Parts:
    """Everything about a ticket, asked side by side.

    Raises:
        NotFound: there is none that the reader may see.
        Unavailable: intake cannot be reached.
    """
    viewer = visit.principal.viewer
    asked_ticket = clients.start_ticket(number=number, viewer=viewer)
    asked_messages = clients.start_conversation(number=number, viewer=viewer)
    asked_log = clients.start_log(intake.ReadLog(number=number, viewer=viewer, limit=LOG_ENTRIES))
    asked_assignment = clients.start_assignment(number=number)
    asked_clocks = clients.start_clocks(number=number)
    asked_groups, asked_agents = clients.start_groups(), clients.start_agents()
    ticket = asked_ticket.result()
    clocks = if_known(asked_clocks, otherwise=_unclocked(ticket.number, visit))
    return Parts(
        ticket=ticket,
        messages=if_reachable(asked_messages),
        log=if_reachable(asked_log),
        assignment=if_known(asked_assignment, otherwise=_unrouted(ticket.number)),
        clocks=promised_to(visit.principal, clocks) if clocks else None,
        groups=if_reachable(asked_groups),
        agents=if_reachable(asked_agents),
    )


def if_known(pending: Pending[A], *, otherwise: A | None) -> A | None:
    """What a service knows of the ticket; `otherwise` while it has not heard of it yet."""
    try:
        return pending.result()
    except (NotFound, Conflict):
        return otherwise
    except (Unavailable, RemoteFault):
        return None


def _unrouted(number: str) -> routing.Assignment:
    return routing.Assignment(
        number=number,
        group=None,
        group_name=None,
        tier=None,
        assignee=None,
        assignee_name=None,
        decision=None,
    )


def _unclocked(number: str, visit: Visit) -> sla.TicketClocks:
    return sla.TicketClocks(
        number=number, as_of=visit.now, sla_state="none", next_due_at=None, clocks=()
    )
