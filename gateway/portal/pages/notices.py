"""What an agent was told, and that they know."""

from urllib.parse import urlencode

import falcon
from falcon import Request, Response

from contracts import routing
from contracts.errors import NotFound
from gateway.house import House
from gateway.portal.asking import if_reachable
from gateway.portal.forms import fields_of, key_of
from gateway.portal.rendering import Press
from gateway.portal.views.notices import groups
from gateway.portal.views.parts import names

PAGE = 30


class Notices:
    """The reader's own notices."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """Those not acknowledged, or all."""
        visit = self._press.visit(req, resp)
        asker = visit.principal
        everything = req.get_param("all") == "1"
        asked_groups, asked_agents = self._clients.start_groups(), self._clients.start_agents()
        page = self._clients.notices(
            routing.ListNotices(
                email=asker.email,
                agent=asker.agent_key,
                unread=not everything,
                cursor=req.get_param("cursor"),
                limit=PAGE,
            )
        )
        more = {"all": "1"} if everything else {}
        self._press.page(
            req,
            resp,
            visit,
            "notices.html",
            groups=groups(
                page.items,
                called=names(groups=if_reachable(asked_groups), agents=if_reachable(asked_agents)),
                own=asker.names,
                speech=visit.speech,
                now=visit.now,
            ),
            everything=everything,
            live_key=" ".join(f"{each.id}{each.acknowledged_at or ''}" for each in page.items),
            next_href="/notices?" + urlencode(more | {"cursor": page.next_cursor})
            if page.next_cursor
            else "",
        )

    def on_post(self, req: Request, resp: Response) -> None:
        """The reader knows of some; what is not theirs stays as it is."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        ids = tuple(filter(None, fields.get("ids", "").split(",")))
        if not ids:
            raise NotFound("notice_unknown", "There is no such notice of yours.")
        asker = visit.principal
        self._clients.acknowledge(
            routing.AcknowledgeNotices(
                email=asker.email, agent=asker.agent_key, ids=ids, actor=asker.actor
            ),
            key=key_of(fields, visit),
        )
        resp.status = falcon.HTTP_303
        shows_all = fields.get("back", "").startswith("/notices?all=1")
        resp.location = (
            "/notices?all=1&done=acknowledged" if shows_all else "/notices?done=acknowledged"
        )
