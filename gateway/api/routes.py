"""Every call of the API on one page; the doorkeeper, the reference and the tests read it."""

from dataclasses import dataclass
from typing import Any, Literal

from contracts import intake
from gateway import schemas
from gateway.access import AGENTS, EVERYBODY, AccessTable, Roles

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
BASE = "/api/v1"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One call.

    Attributes:
        name: its name in the reference, an imperative.
        roles: who may.
        body, query, answer: payload dataclasses; None where there is none.
        from_path: fields of the body that the path decides.
        versioned: it heeds `If-Match`.
        media: other forms of the answer than JSON.
    """

    method: Method
    path: str
    name: str
    summary: str
    tag: str
    roles: Roles
    answer: type[Any] | None = None
    body: type[Any] | None = None
    query: type[Any] | None = None
    status: int = 200
    from_path: tuple[str, ...] = ()
    versioned: bool = False
    media: tuple[str, ...] = ()


def _tickets() -> tuple[Route, ...]:
    tag = "tickets"
    one = f"{BASE}/tickets/{{number}}"
    return (
        Route(
            method="GET",
            path=f"{BASE}/tickets",
            name="list_tickets",
            summary="List tickets; requesters see their own.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.TicketsQuery,
            answer=intake.TicketPage,
        ),
        Route(
            method="POST",
            path=f"{BASE}/tickets",
            name="open_ticket",
            summary="Open a ticket.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.OpenTicketBody,
            answer=schemas.TicketAnswer,
            status=201,
        ),
        Route(
            method="GET",
            path=one,
            name="get_ticket",
            summary="One ticket with its assignment and clocks.",
            tag=tag,
            roles=EVERYBODY,
            answer=schemas.WholeTicket,
        ),
        Route(
            method="PATCH",
            path=one,
            name="amend_ticket",
            summary="Change impact, urgency or category.",
            tag=tag,
            roles=AGENTS,
            body=schemas.AmendBody,
            answer=schemas.TicketAnswer,
            versioned=True,
        ),
    )


ROUTES: tuple[Route, ...] = (*_tickets(),)

ACCESS: AccessTable = {(route.path, route.method): route.roles for route in ROUTES}
