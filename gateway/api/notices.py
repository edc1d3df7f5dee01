"""What people are told of thresholds, escalations and articles."""

from falcon import Request, Response

from contracts import routing
from contracts.grammar import Nothing
from gateway.api.answers import answer, answer_reply
from gateway.house import House
from gateway.reading import body_of, key_of, principal_of, query_of
from gateway.schemas import NoticesQuery


class Notices:
    """The asker's own."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """Newest first."""
        principal = principal_of(req)
        asked = vars(query_of(req, NoticesQuery))
        question = routing.ListNotices(email=principal.email, agent=principal.agent_key, **asked)
        answer(resp, self._clients.notices(question))


class Acknowledgement:
    """That the asker knows."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response, id: str) -> None:  # noqa: A002 – the address says so
        """Once; a second time changes nothing."""
        body_of(req, Nothing)
        principal = principal_of(req)
        command = routing.AcknowledgeNotices(
            email=principal.email,
            agent=principal.agent_key,
            ids=(id,),
            actor=principal.actor,
        )
        answer_reply(resp, self._clients.acknowledge(command, key=key_of(req)))
