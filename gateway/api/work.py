"""Who works on a ticket, and against which clocks."""

from falcon import HTTP_201, Request, Response

from contracts import intake, routing, sla
from gateway.access import Principal
from gateway.api.answers import answer, answer_reply, answer_ticket
from gateway.api.imports import actor_of
from gateway.clients import Clients
from gateway.house import House
from gateway.overview import links_of
from gateway.promised import explained_to, promised_to
from gateway.reading import body_of, expected_version, key_of, principal_of, query_of
from gateway.schemas import (
    AssignBody,
    ClocksQuery,
    EscalateBody,
    ExplanationQuery,
    MergeBody,
    SplitBody,
    TransferBody,
    UnmergeBody,
)


class Assignment:
    """The decision record."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, _req: Request, resp: Response, number: str) -> None:
        """Who has it and why."""
        answer(resp, self._clients.assignment(number=number))


class Assign:
    """Give it to an agent."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, number: str) -> None:
        """Of its group, or back to the queue."""
        body = body_of(req, AssignBody)
        said = vars(body) | {"actor": actor_of(body, principal_of(req))}
        command = routing.Assign(number=number, **said)
        answer_reply(resp, self._clients.assign(command, key=key_of(req)))


class Transfer:
    """Move it to another group."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, number: str) -> None:
        """With a reason code."""
        body = body_of(req, TransferBody)
        said = vars(body) | {"actor": actor_of(body, principal_of(req))}
        command = routing.Transfer(number=number, **said)
        answer_reply(resp, self._clients.transfer(command, key=key_of(req)))


class Escalate:
    """Raise it."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, number: str) -> None:
        """To more skill or more authority."""
        body = body_of(req, EscalateBody)
        command = routing.Escalate(number=number, actor=principal_of(req).actor, **vars(body))
        answer_reply(resp, self._clients.escalate(command, key=key_of(req)))


class Merge:
    """Let it go on in another ticket."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, number: str) -> None:
        """By reference: messages keep the ticket they belong to."""
        body = body_of(req, MergeBody)
        said = vars(body) | {"actor": principal_of(req).actor, "version": expected_version(req)}
        command = intake.MergeTicket(number=number, **said)
        answer_ticket(resp, self._clients.merge(command, key=key_of(req)))


class Unmerge:
    """Undo that."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, number: str) -> None:
        """It is again what it was."""
        body = body_of(req, UnmergeBody)
        said = vars(body) | {"actor": principal_of(req).actor, "version": expected_version(req)}
        command = intake.UnmergeTicket(number=number, **said)
        answer_ticket(resp, self._clients.unmerge(command, key=key_of(req)))


class Split:
    """Make two of one."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, number: str) -> None:
        """The new ticket is answered."""
        body = body_of(req, SplitBody)
        said = vars(body) | {"actor": principal_of(req).actor, "version": expected_version(req)}
        command = intake.SplitTicket(number=number, **said)
        reply = self._clients.split(command, key=key_of(req))
        answer_ticket(resp, reply)
        resp.status = HTTP_201
        resp.location = links_of(reply.answer.number).self


class Clocks:
    """The promises on it."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response, number: str) -> None:
        """Every clock; whether the asker may see the ticket is intake's to say."""
        principal = principal_of(req)
        query = query_of(req, ClocksQuery)
        _refuse_strangers(self._clients, principal, number)
        answer(resp, promised_to(principal, self._clients.clocks(number=number, at=query.at)))


class Explanation:
    """Why its clocks stand as they do."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response, number: str) -> None:
        """Which time counted, as data and in words."""
        principal = principal_of(req)
        query = query_of(req, ExplanationQuery)
        _refuse_strangers(self._clients, principal, number)
        found = self._clients.explained_clocks(
            sla.ExplainClocks(number=number, at=query.at, language=query.lang)
        )
        answer(resp, explained_to(principal, found))


def _refuse_strangers(clients: Clients, principal: Principal, number: str) -> None:
    """Intake says who may see a ticket; agents may see every one."""
    if principal.viewer is not None:
        clients.ticket(number=number, viewer=principal.viewer)
