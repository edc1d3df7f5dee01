"""Tickets: open, list, read, amend."""

from falcon import HTTP_201, Request, Response

from contracts import intake
from contracts.errors import invalid_field
from gateway.access import Principal
from gateway.api.answers import answer, answer_ticket, set_version
from gateway.api.imports import actor_of
from gateway.errors import Forbidden
from gateway.house import House
from gateway.overview import links_of, whole_ticket
from gateway.reading import body_of, expected_version, key_of, principal_of, query_of
from gateway.schemas import AmendBody, OpenTicketBody, TicketsQuery

PROBLEM = "problem"  # nobody need ask for it: it is the desk's own


class Tickets:
    """All tickets."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """A page of tickets."""
        query = query_of(req, TicketsQuery)
        question = intake.ListTickets(**vars(query), viewer=principal_of(req).viewer)
        answer(resp, self._clients.tickets(question))

    def on_post(self, req: Request, resp: Response) -> None:
        """Open one."""
        principal = principal_of(req)
        body = body_of(req, OpenTicketBody)
        said = vars(body) | {
            "requester": _requester(body, principal),
            "actor": actor_of(body, principal),
            "uploader": principal.email,
        }
        reply = self._clients.open_ticket(intake.OpenTicket(**said), key=key_of(req))
        answer_ticket(resp, reply)
        resp.status = HTTP_201
        resp.location = links_of(reply.answer.number).self


def _requester(body: OpenTicketBody, principal: Principal) -> intake.Person:
    if not principal.is_requester and body.kind != PROBLEM:
        if body.requester is None:
            raise invalid_field("requester", "Missing data for required field.")
        return body.requester
    if body.requester is None:
        return intake.Person(
            name=principal.name, email=principal.email, language=principal.language
        )
    if principal.is_requester and body.requester.email.lower() != principal.email:
        message = "Requesters open their own tickets; leave it out, or give your own address."
        raise Forbidden(message, errors={"requester.email": [message]})
    return body.requester


class Ticket:
    """One ticket."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response, number: str) -> None:
        """The ticket with its assignment and clocks."""
        found = whole_ticket(self._clients, number=number, principal=principal_of(req))
        set_version(resp, found.version)
        answer(resp, found)

    def on_patch(self, req: Request, resp: Response, number: str) -> None:
        """Change impact, urgency or category."""
        principal = principal_of(req)
        body = body_of(req, AmendBody)
        if body.impact is body.urgency is body.category is None:
            raise invalid_field("body", "Give impact, urgency or category.")
        said = vars(body) | {"actor": actor_of(body, principal)}
        command = intake.AmendTicket(number=number, version=expected_version(req), **said)
        answer_ticket(resp, self._clients.amend(command, key=key_of(req)))
