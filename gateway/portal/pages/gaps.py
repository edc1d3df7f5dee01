"""Gaps: what people need and no article answers, and drafts opened from there."""

import falcon
from falcon import Request, Response

from contracts import kb
from contracts.errors import Conflict
from gateway.drafting import draft_of_ticket
from gateway.house import House
from gateway.portal.forms import fields_of, key_of
from gateway.portal.rendering import Press
from gateway.portal.views.gaps import gap

DAYS = (30, 90, 365)


class Gaps:
    """The gaps, dearest first."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """Those of the last days."""
        visit = self._press.visit(req, resp)
        wanted = req.get_param("days") or ""
        days = next((days for days in DAYS if str(days) == wanted), DAYS[1])
        reader = self._house.readers.of(visit.principal)
        found = self._house.clients.gaps(
            kb.ReportGaps(audience=reader.audience, groups=reader.groups, days=days)
        )
        self._press.page(
            req,
            resp,
            visit,
            "gaps.html",
            gaps=[gap(each, speech=visit.speech) for each in found.items],
            tickets=found.tickets,
            searches=found.searches,
            is_complete=found.is_complete,
            days=days,
            periods=DAYS,
        )


class TicketArticle:
    """A draft made of a ticket."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_post(self, req: Request, resp: Response, *, number: str) -> None:
        """Make it and open it in the editor.

        A ticket that is not resolved any more is shown instead.
        """
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        resp.status = falcon.HTTP_303
        try:
            made = draft_of_ticket(
                self._house.clients,
                number=number,
                principal=visit.principal,
                reader=self._house.readers.of(visit.principal),
                key=key_of(fields, visit),
            ).answer
        except Conflict:
            resp.location = f"/tickets/{number}"
            return
        done = "drafted" if made.is_new else "drafted_before"
        resp.location = f"/writing/{made.article.key}/{made.article.language}?done={done}"
