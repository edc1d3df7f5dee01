"""Work over many tickets: what-ifs, and writing anew what reports read."""

from falcon import HTTP_202, Request, Response

from contracts import sla
from gateway.api.answers import answer, answer_reply
from gateway.house import House
from gateway.reading import body_of, key_of, query_of
from gateway.schemas import VerdictsQuery


class WhatIfs:
    """Judging a period again."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response) -> None:
        """Begin."""
        answer_reply(resp, self._clients.start_what_if(body_of(req, sla.WhatIf), key=key_of(req)))
        resp.status = HTTP_202


class Rebuilds:
    """Writing anew what reports read."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_post(self, req: Request, resp: Response) -> None:
        """Begin."""
        answer_reply(resp, self._clients.start_rebuild(key=key_of(req)))
        resp.status = HTTP_202


class Job:
    """One job, of either kind."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, _req: Request, resp: Response, key: str) -> None:
        """How far it is."""
        answer(resp, self._clients.job(job_id=key))

    def on_delete(self, req: Request, resp: Response, key: str) -> None:
        """Stop it."""
        answer_reply(resp, self._clients.cancel_job(job_id=key, key=key_of(req)))


class Verdicts:
    """What a what-if judged."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response, key: str) -> None:
        """Ticket by ticket."""
        query = query_of(req, VerdictsQuery)
        answer(resp, self._clients.verdicts(sla.ListVerdicts(id=key, **vars(query))))


class Rebase:
    """Running tickets by the present calendars and policies, some at a time."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """What would change; changes nothing."""
        answer(resp, self._clients.previewed_rebase(query_of(req, sla.Rebasing)))

    def on_post(self, req: Request, resp: Response) -> None:
        """Choose them."""
        command = body_of(req, sla.Rebasing)
        answer_reply(resp, self._clients.rebase_tickets(command, key=key_of(req)))
