"""What tickets teach: drafts made of them, and gaps that no article fills."""

from falcon import HTTP_201, Request, Response

from contracts import kb
from contracts.grammar import Nothing
from gateway.api.answers import answer, mark_replay, set_version
from gateway.drafting import draft_of_ticket
from gateway.house import House
from gateway.reading import body_of, key_of, principal_of, query_of
from gateway.schemas import GapsQuery


class TicketArticle:
    """The article of a ticket."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_post(self, req: Request, resp: Response, number: str) -> None:
        """Make a draft; where there is one already, give that."""
        body_of(req, Nothing)
        principal = principal_of(req)
        reply = draft_of_ticket(
            self._clients,
            number=number,
            principal=principal,
            reader=self._readers.of(principal),
            key=key_of(req),
        )
        made = reply.answer
        mark_replay(resp, reply)
        set_version(resp, made.article.version)
        answer(resp, made)
        if made.is_new:
            resp.status = HTTP_201
        resp.location = f"/api/v1/kb/articles/{made.article.key}?lang={made.article.language}"


class Gaps:
    """What people need and no article answers."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients
        self._readers = house.readers

    def on_get(self, req: Request, resp: Response) -> None:
        """The gaps, dearest first."""
        query = query_of(req, GapsQuery)
        reader = self._readers.of(principal_of(req))
        question = kb.ReportGaps(**vars(query), audience=reader.audience, groups=reader.groups)
        answer(resp, self._clients.gaps(question))
