"""A ticket's conversation, its life cycle and all that happened to it."""

from falcon import HTTP_201, Request, Response

from contracts import intake
from gateway.api.answers import answer, answer_reply, answer_ticket
from gateway.api.imports import actor_of
from gateway.errors import Forbidden
from gateway.house import House
from gateway.overview import timeline
from gateway.reading import body_of, expected_version, key_of, principal_of
from gateway.schemas import ReplyBody, TransitionBody


class Messages:
    """What was said."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response, number: str) -> None:
        """All messages the asker may see, oldest first."""
        viewer = principal_of(req).viewer
        answer(resp, self._clients.conversation(number=number, viewer=viewer))


class Replies:
    """Something more is said."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, number: str) -> None:
        """Add a message."""
        principal = principal_of(req)
        body = body_of(req, ReplyBody)
        if principal.is_requester and not body.public:
            raise Forbidden("Internal notes are for agents.", errors={"public": ["Must be true."]})
        said = vars(body) | {"actor": actor_of(body, principal), "uploader": principal.email}
        command = intake.AddReply(number=number, viewer=principal.viewer, **said)
        answer_reply(resp, self._clients.reply(command, key=key_of(req)))
        resp.status = HTTP_201


class Timeline:
    """What happened."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response, number: str) -> None:
        """Everything, oldest first."""
        answer(resp, timeline(self._clients, number=number, principal=principal_of(req)))


class Transitions:
    """Where the ticket goes."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, number: str) -> None:
        """Move it to another status."""
        principal = principal_of(req)
        body = body_of(req, TransitionBody)
        actor = actor_of(body, principal)
        said = vars(body) | {"actor": actor}
        command = intake.ChangeStatus(
            number=number,
            role="requester" if actor.kind == "requester" else "agent",
            version=expected_version(req),
            viewer=principal.viewer,
            **said,
        )
        answer_ticket(resp, self._clients.change_status(command, key=key_of(req)))
