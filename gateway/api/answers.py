"""How the API answers: payloads as JSON, versions as ETags, replays said to be so."""

from typing import Any

from falcon import Response

from contracts import intake
from contracts.grammar import to_plain
from gateway.clients import Reply
from gateway.overview import links_of
from gateway.schemas import TicketAnswer


def answer(resp: Response, payload: Any) -> None:
    """A payload as JSON."""
    resp.media = to_plain(payload)


def answer_reply(resp: Response, reply: Reply[Any]) -> None:
    """The answer to a change; a replayed one says so."""
    mark_replay(resp, reply)
    answer(resp, reply.answer)


def mark_replay(resp: Response, reply: Reply[Any]) -> None:
    """Say that this answer was given before."""
    if reply.replayed:
        resp.set_header("Idempotent-Replayed", "true")


def answer_ticket(resp: Response, reply: Reply[intake.Ticket]) -> None:
    """A changed ticket with its version and its links."""
    mark_replay(resp, reply)
    ticket = reply.answer
    set_version(resp, ticket.version)
    answer(resp, TicketAnswer(**vars(ticket), links=links_of(ticket.number)))


def set_version(resp: Response, version: int) -> None:
    """What `If-Match` is sent with later."""
    resp.set_header("ETag", f'"{version}"')
