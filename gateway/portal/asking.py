"""Asking several services side by side, and going on without those that are away."""

from dataclasses import dataclass
from typing import TypeVar

from chassis.rpc_client import RemoteFault
from contracts import intake, kb, routing, sla
from contracts.errors import Conflict, NotFound, Unavailable
from contracts.grammar import MAX_TEXT
from gateway.clients import Pending
from gateway.house import House
from gateway.portal.visit import Visit
from gateway.promised import promised_to

A = TypeVar("A")

LOG_ENTRIES = 1000
"""As many lines of a ticket's log are shown at most, the first ones."""

PROBLEM = "problem"
_NO_ARTICLES = kb.ArticlePage(items=(), counts={}, review_due=0)

MAY_HELP = 4
"""As many articles are suggested beside a ticket at most."""


def if_reachable(pending: Pending[A]) -> A | None:
    """The answer; None while the service is away."""
    try:
        return pending.result()
    except (Unavailable, RemoteFault):
        return None


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the services said of a ticket; None for a part whose service is away.

    Attributes:
        may_help: articles for whoever works on it; an empty answer where nobody does.
        known_errors: articles that belong to a problem; an empty answer for another ticket.
    """

    ticket: intake.Ticket
    messages: intake.Conversation | None
    log: intake.LogPage | None
    assignment: routing.Assignment | None
    clocks: sla.TicketClocks | None
    groups: routing.Groups | None
    agents: routing.Agents | None
    may_help: kb.Hits | None
    known_errors: kb.ArticlePage | None


def ask_all(house: House, *, number: str, visit: Visit) -> Parts:
    """Everything about a ticket, asked side by side.

    Raises:
        NotFound: there is none that the reader may see.
        Unavailable: intake cannot be reached.
    """
    clients, viewer = house.clients, visit.principal.viewer
    asked_ticket = clients.start_ticket(number=number, viewer=viewer)
    asked_messages = clients.start_conversation(number=number, viewer=viewer)
    asked_log = clients.start_log(intake.ReadLog(number=number, viewer=viewer, limit=LOG_ENTRIES))
    asked_assignment = clients.start_assignment(number=number)
    asked_clocks = clients.start_clocks(number=number)
    asked_groups, asked_agents = clients.start_groups(), clients.start_agents()
    ticket = asked_ticket.result()
    asked_articles = _start_articles(house, ticket, visit=visit)
    asked_errors = _start_known_errors(house, ticket, visit=visit)
    clocks = if_known(asked_clocks, otherwise=_unclocked(ticket.number, visit))
    return Parts(
        ticket=ticket,
        messages=if_reachable(asked_messages),
        log=if_reachable(asked_log),
        assignment=if_known(asked_assignment, otherwise=_unrouted(ticket.number)),
        clocks=promised_to(visit.principal, clocks) if clocks else None,
        groups=if_reachable(asked_groups),
        agents=if_reachable(asked_agents),
        may_help=if_reachable(asked_articles) if asked_articles else kb.Hits(items=()),
        known_errors=if_reachable(asked_errors) if asked_errors else _NO_ARTICLES,
    )


def is_problem(ticket: intake.Ticket, *, visit: Visit) -> bool:
    """Whether it is the cause behind incidents, and somebody of the desk looks at it."""
    return visit.works_here and ticket.kind == PROBLEM


def _start_known_errors(
    house: House, ticket: intake.Ticket, *, visit: Visit
) -> Pending[kb.ArticlePage] | None:
    if not is_problem(ticket, visit=visit):
        return None
    reader = house.readers.of(visit.principal)
    question = kb.ListArticles(
        audience=reader.audience, groups=reader.groups, problem=ticket.number
    )
    return house.clients.start_writings(question)


def needs_articles(ticket: intake.Ticket, *, visit: Visit) -> bool:
    """Whether somebody looks at it who has yet to find how it is solved."""
    return visit.works_here and ticket.status_category != "done"


def _start_articles(
    house: House, ticket: intake.Ticket, *, visit: Visit
) -> Pending[kb.Hits] | None:
    if not needs_articles(ticket, visit=visit):
        return None
    reader = house.readers.of(visit.principal)
    question = kb.Suggest(
        text=f"{ticket.subject}\n{ticket.body}"[:MAX_TEXT],
        audience=reader.audience,
        groups=reader.groups,
        limit=MAY_HELP,
        asker=visit.principal.email,
        beside=ticket.number,
    )
    return house.clients.start_suggestions(question)


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
