"""Drawing pages: templates, the frame around them, and the headers they are sent with."""

from dataclasses import dataclass
from typing import Any

from falcon import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from chassis.ids import new_id
from chassis.rpc_client import RemoteFault
from contracts import routing
from contracts.errors import WireError
from gateway.access import AccessTable
from gateway.clients import Clients
from gateway.portal import labels
from gateway.portal.assets import Assets
from gateway.portal.speech import LANGUAGE_NAMES, LANGUAGES, Speech, message, translations
from gateway.portal.views.parts import initials
from gateway.portal.visit import Visit, Visits

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from elsewhere."""

_PLACES = (
    ("/queue", "list", message("Queue")),
    ("/ask", "plus", message("Ask for help")),
    ("/tickets", "inbox", message("My tickets")),
    ("/chat", "message", message("Chat")),
    ("/knowledge", "book", message("Knowledge")),
    ("/writing", "pen", message("Write")),
    ("/reports/promises", "chart", message("Reports")),
)
_DONE = {
    "replied": message("Your answer was sent."),
    "noted": message("The internal note was saved."),
    "moved": message("Done. The ticket has moved on."),
    "assigned": message("The assignment was saved."),
    "transferred": message("The ticket was transferred."),
    "escalated": message("The ticket was escalated."),
    "merged": message("The ticket was merged."),
    "unmerged": message("The merge was undone."),
    "split": message("A new ticket was split off; its number stands under “Details”."),
    "saved": message("Saved."),
    "article_moved": message("Done. The article has moved on."),
    "drafted": message(
        "Here is a draft of the ticket. Names, addresses and numbers were taken out; read it all"
        " the same before you ask for review."
    ),
    "drafted_before": message("A draft of this ticket was made before; here it is."),
    "restored": message("The older text is the newest revision now."),
    "copy_saved": message("The new version was saved. What is on air stays as it is."),
    "copy_moved": message("Done. The new version has moved on."),
    "copy_published": message("The new version is on air."),
    "copy_discarded": message("The new version was discarded. What is on air stays as it is."),
    "acknowledged": message("Thank you. That you know of it is kept."),
    "thanks": message("Thank you for telling us."),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """An entry of the main navigation."""

    href: str
    icon: str
    text: str
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads, as the frame shows them."""

    name: str
    email: str
    role: str
    initials: str
    is_agent: bool


class Press:
    """Prints pages for visits.

    Attributes:
        clients: who is asked how much an agent has not read yet.
    """

    clients: Clients | None = None

    def __init__(self, *, visits: Visits, assets: Assets, access: AccessTable) -> None:
        self._visits = visits
        self._assets = assets
        self._access = access
        self._environments = {language: self._environment(language) for language in LANGUAGES}

    def _environment(self, language: Any) -> Environment:
        made = Environment(
            loader=PackageLoader("gateway.portal"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # from the extension
        made.globals.update(asset=self._assets.address, new_form_id=new_id)
        return made

    def visit(self, req: Request, resp: Response) -> Visit:
        """The visit that a request is."""
        return self._visits.begin(req, resp)

    def page(
        self, req: Request, resp: Response, visit: Visit, template: str, **values: Any
    ) -> None:
        """Answer with a page in its frame."""
        frame = {
            "places": self._places(visit, req.path),
            "done": self._done(req, visit.speech),
            "languages": tuple(LANGUAGE_NAMES.items()),
            "form_id": None,
            "unread": self._unread(visit),
            "at_notices": req.path == "/notices",
        }
        self.part(resp, visit, template, **frame | values)

    def part(self, resp: Response, visit: Visit, template: str, **values: Any) -> None:
        """Answer with a piece of a page."""
        speech = visit.speech
        resp.content_type = "text/html; charset=utf-8"
        resp.set_header("Content-Security-Policy", POLICY)
        common = {
            "language": speech.language,
            "reader": _reader(visit),
            "here": visit.here,
            "form_token": visit.form_token,
            "zone": speech.zone_name(visit.now),
        }
        environment = self._environments[speech.language]
        resp.text = environment.get_template(template).render(common | values)

    def _places(self, visit: Visit, path: str) -> tuple[Place, ...]:
        role = visit.reader.role if visit.reader else None
        return tuple(
            Place(href=href, icon=icon, text=visit.speech.text(text), is_here=path == href)
            for href, icon, text in _PLACES
            if role in self._access[href, "GET"]
        )

    def _unread(self, visit: Visit) -> int | None:
        """How many notices an agent did not acknowledge; None for others, or if nobody says."""
        if self.clients is None or not visit.works_here:
            return None
        asker = visit.principal
        question = routing.ListNotices(
            email=asker.email, agent=asker.agent_key, unread=True, limit=1
        )
        try:
            return self.clients.start_notices(question).result().unread
        except (WireError, RemoteFault):
            return None

    def _done(self, req: Request, speech: Speech) -> str:
        code = req.params.get("done")
        return speech.text(_DONE[code]) if isinstance(code, str) and code in _DONE else ""


def _reader(visit: Visit) -> Reader | None:
    if visit.reader is None:
        return None
    return Reader(
        name=visit.reader.name,
        email=visit.reader.email,
        role=labels.say(labels.ROLES, visit.reader.role, speech=visit.speech),
        initials=initials(visit.reader.name),
        is_agent=visit.works_here,
    )
