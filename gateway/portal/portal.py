"""The portal put together: every page, and who may open it."""

from zoneinfo import ZoneInfo

import falcon
from falcon import Request, Response

from chassis.timekeeper import Timekeeper
from gateway.access import AGENTS, EVERYBODY, LEADS, OPEN, AccessTable, LimitTable
from gateway.errors import Problem
from gateway.house import House
from gateway.portal.assets import ROUTE, Assets
from gateway.portal.forms import FORM_BYTES
from gateway.portal.pages import (
    ask,
    chat,
    entrance,
    files,
    gaps,
    knowledge,
    lists,
    notices,
    reports,
    ticket,
    writing,
)
from gateway.portal.pages.troubles import Troubles
from gateway.portal.rendering import Press
from gateway.portal.visit import Visits
from gateway.settings import GatewaySettings

_DEEDS = {
    "replies": (EVERYBODY, ticket.reply),
    "transitions": (EVERYBODY, ticket.move),
    "assign": (AGENTS, ticket.assign),
    "transfer": (AGENTS, ticket.transfer),
    "escalate": (AGENTS, ticket.escalate),
    "merge": (AGENTS, ticket.merge),
    "unmerge": (AGENTS, ticket.unmerge),
    "split": (AGENTS, ticket.split),
    "details": (AGENTS, ticket.amend),
}

_WRITING = "/writing/{key}/{language}"
_FILE = "/tickets/{number}/files/{attachment}"

ACCESS: AccessTable = {
    (ROUTE, "GET"): OPEN,
    ("/sign-in", "GET"): OPEN,
    ("/sign-in", "POST"): OPEN,
    ("/language", "POST"): OPEN,
    ("/sign-out", "POST"): EVERYBODY,
    ("/", "GET"): EVERYBODY,
    ("/ask", "GET"): EVERYBODY,
    ("/ask", "POST"): EVERYBODY,
    ("/suggestions", "POST"): EVERYBODY,
    ("/asked/{number}", "GET"): EVERYBODY,
    ("/solved", "GET"): EVERYBODY,
    ("/tickets", "GET"): EVERYBODY,
    ("/tickets/{number}", "GET"): EVERYBODY,
    (_FILE, "GET"): EVERYBODY,
    **{("/tickets/{number}/" + name, "POST"): roles for name, (roles, _) in _DEEDS.items()},
    ("/queue", "GET"): AGENTS,
    ("/notices", "GET"): AGENTS,
    ("/notices", "POST"): AGENTS,
    ("/chat", "GET"): EVERYBODY,
    ("/chat", "POST"): EVERYBODY,
    ("/chat/{chat}", "GET"): EVERYBODY,
    ("/chat/{chat}", "POST"): EVERYBODY,
    ("/knowledge", "GET"): EVERYBODY,
    ("/knowledge/{key}", "GET"): EVERYBODY,
    ("/knowledge/{key}/reading", "POST"): EVERYBODY,
    ("/knowledge/{key}/print", "GET"): EVERYBODY,
    ("/writing", "GET"): AGENTS,
    ("/writing/new", "GET"): AGENTS,
    ("/writing/new", "POST"): AGENTS,
    ("/writing/preview", "POST"): AGENTS,
    ("/writing/gaps", "GET"): AGENTS,
    ("/writing/stale", "GET"): AGENTS,
    ("/writing/words", "GET"): LEADS,
    ("/writing/words", "POST"): LEADS,
    ("/tickets/{number}/article", "POST"): AGENTS,
    (_WRITING, "GET"): AGENTS,
    (_WRITING, "POST"): AGENTS,
    (f"{_WRITING}/life", "POST"): AGENTS,
    (f"{_WRITING}/care", "POST"): AGENTS,
    (f"{_WRITING}/history", "GET"): AGENTS,
    (f"{_WRITING}/restore", "POST"): AGENTS,
    (f"{_WRITING}/copy", "GET"): AGENTS,
    (f"{_WRITING}/copy", "POST"): AGENTS,
    (f"{_WRITING}/copy/life", "POST"): AGENTS,
    (f"{_WRITING}/copy/comparison", "GET"): AGENTS,
    (f"{_WRITING}/copy/comparison", "POST"): AGENTS,
    ("/reports/promises", "GET"): LEADS,
}


# Forms that files come with.
LARGER: LimitTable = {
    ("/ask", "POST"): FORM_BYTES,
    ("/tickets/{number}/replies", "POST"): FORM_BYTES,
}


class Portal:
    """All pages, as the front door takes them in."""

    access = ACCESS
    larger = LARGER

    def __init__(self, settings: GatewaySettings, *, clock: Timekeeper) -> None:
        """Read templates, catalogues and assets.

        Args:
            settings: the dials; the zone that times are shown in.
            clock: who is asked what time it is.
        """
        self._assets = Assets()
        visits = Visits(
            timekeeper=clock,
            zone=ZoneInfo(settings.time_zone),
        )
        self._press = Press(visits=visits, assets=self._assets, access=self.access)
        self._troubles = Troubles(self._press)

    def page_for_problem(self, req: Request, resp: Response, problem: Problem) -> None:
        """Draw an error."""
        self._troubles.page_for_problem(req, resp, problem)

    def install(self, app: "falcon.App[Request, Response]", house: House) -> None:
        """Put the pages into `app`."""
        press = self._press
        press.clients = house.clients
        one_ticket = ticket.TicketPage(press, house)
        pages: dict[str, object] = {
            ROUTE: self._assets,
            "/": entrance.Start(press),
            "/sign-in": entrance.SignInPage(press, house),
            "/sign-out": entrance.SignOut(press, house),
            "/language": entrance.LanguageSwitch(press, house),
            "/ask": ask.Ask(press, house),
            "/suggestions": ask.Suggestions(press, house),
            "/asked/{number}": ask.Asked(press),
            "/solved": ask.Solved(press),
            "/tickets": lists.Mine(press, house),
            "/tickets/{number}": one_ticket,
            _FILE: files.TicketFile(press, house),
            "/queue": lists.Queue(press, house),
            "/notices": notices.Notices(press, house),
            "/chat": chat.NewChat(press, house),
            "/chat/{chat}": chat.ChatPage(press, house),
            "/knowledge": knowledge.Knowledge(press, house),
            "/knowledge/{key}": knowledge.ArticlePage(press, house),
            "/knowledge/{key}/reading": knowledge.Reading(press, house),
            "/knowledge/{key}/print": knowledge.PrintedArticle(press, house),
            "/writing": writing.Writings(press, house),
            "/writing/new": writing.NewArticle(press, house),
            "/writing/stale": writing.StaleArticles(press, house),
            "/writing/words": writing.Words(press, house),
            "/writing/gaps": gaps.Gaps(press, house),
            "/tickets/{number}/article": gaps.TicketArticle(press, house),
            "/writing/preview": writing.Preview(press, house),
            _WRITING: writing.WriteArticle(press, house),
            f"{_WRITING}/life": writing.Life(press, house),
            f"{_WRITING}/care": writing.Care(press, house),
            f"{_WRITING}/history": writing.History(press, house),
            f"{_WRITING}/restore": writing.Restore(press, house),
            f"{_WRITING}/copy": writing.WriteCopy(press, house),
            f"{_WRITING}/copy/life": writing.CopyLife(press, house),
            f"{_WRITING}/copy/comparison": writing.CompareCopy(press, house),
            "/reports/promises": reports.PromisesReport(press, house),
        }
        for name, (_, command) in _DEEDS.items():
            deed = ticket.Deed(one_ticket, press, house, command)
            pages["/tickets/{number}/" + name] = deed
        for path, resource in pages.items():
            app.add_route(path, resource)
