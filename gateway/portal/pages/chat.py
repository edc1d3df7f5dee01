"""The hotline as a page: what was said, and a line to say more."""

import falcon
from falcon import Request, Response

from gateway.hotline import Hotline
from gateway.house import House
from gateway.portal.forms import fields_of, key_of
from gateway.portal.rendering import Press
from gateway.portal.views.chat import lines_of
from gateway.portal.visit import Visit

_LONGEST = 4000


class NewChat:
    """A conversation that nothing was said in yet."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._hotline = Hotline(house)

    def on_get(self, req: Request, resp: Response) -> None:
        """The page."""
        visit = self._press.visit(req, resp)
        self._press.page(req, resp, visit, "chat.html", chat=None, lines=(), options=())

    def on_post(self, req: Request, resp: Response) -> None:
        """Begin with the first message."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        key = key_of(fields, visit)
        begun = self._hotline.begin(
            visit.principal, language=visit.speech.language, text=_text(fields), key=key
        )
        _go_to(resp, begun.answer.id)


class ChatPage:
    """A conversation."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._hotline = Hotline(house)

    def on_get(self, req: Request, resp: Response, *, chat: str) -> None:
        """The page.

        Raises:
            NotFound: there is none of this reader.
        """
        visit = self._press.visit(req, resp)
        found = self._hotline.show(visit.principal, chat=chat)
        lines = lines_of(found, speech=visit.speech, now=visit.now, name=_name(visit))
        options = found.messages[-1].articles if found.messages[-1].kind == "ask_back" else ()
        self._press.page(req, resp, visit, "chat.html", chat=found, lines=lines, options=options)

    def on_post(self, req: Request, resp: Response, *, chat: str) -> None:
        """Say something."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        key = key_of(fields, visit)
        self._hotline.say(visit.principal, chat=chat, text=_text(fields), key=key)
        _go_to(resp, chat)


def _text(fields: dict[str, str]) -> str:
    return fields.get("text", "").strip()[:_LONGEST] or "?"


def _name(visit: Visit) -> str:
    return visit.principal.name


def _go_to(resp: Response, chat: str) -> None:
    resp.status = falcon.HTTP_303
    resp.location = f"/chat/{chat}#latest"
