"""Articles in any state, for those who write them."""

from collections.abc import Mapping
from typing import get_args
from urllib.parse import urlencode

from falcon import Request, Response

from contracts import kb
from contracts.grammar import from_plain
from gateway.access import LEADS
from gateway.house import House
from gateway.portal.pages.lists import Tab
from gateway.portal.pages.writing.fields import question_of
from gateway.portal.rendering import Press
from gateway.portal.speech import message
from gateway.portal.views import writing as views
from gateway.portal.visit import Visit

ROWS = 30
_TABS = (
    ("", message("All")),
    ("draft", message("Drafts")),
    ("review", message("Waiting for review")),
    ("published", message("Published")),
    ("archived", message("Archived")),
    ("copies", message("New versions")),
    ("due", message("To be read again")),
)


class Writings:
    """Articles in any state."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """A page of the list, narrowed by state and words."""
        visit = self._press.visit(req, resp)
        state = req.get_param("state") or ""
        q = (req.get_param("q") or "").strip()[:200]
        mine = req.get_param("mine") == "yes"
        plain = question_of(visit, self._house, q=q or None, limit=ROWS)
        plain |= {"cursor": req.get_param("cursor"), "review_due": state == "due"}
        if state in get_args(kb.ArticleStatus):
            plain["status"] = [state]
        if state == "copies":
            plain["working_copy"] = list(get_args(kb.OpenCopy))
        if mine:
            plain["owner"] = visit.principal.email
        page = self._house.clients.writings(from_plain(kb.ListArticles, plain, strict=True))
        kept = {"q": q, "mine": "yes" if mine else ""}
        shown = [views.line(each, speech=visit.speech, now=visit.now) for each in page.items]
        following = _address(kept | {"state": state, "cursor": page.next_cursor or ""})
        self._press.page(
            req,
            resp,
            visit,
            "writing.html",
            rows=shown,
            tabs=_tabs(page, state=state, kept=kept, visit=visit),
            state=state,
            q=q,
            mine=mine,
            next_href=following if page.next_cursor else "",
            may_set_words=visit.principal.role in LEADS,
        )


class StaleArticles:
    """Published articles that somebody should look at."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """The most read first."""
        visit = self._press.visit(req, resp)
        reader = self._house.readers.of(visit.principal)
        found = self._house.clients.stale_articles(
            kb.ReportStaleArticles(audience=reader.audience, groups=reader.groups)
        )
        rows = [views.stale(each, speech=visit.speech, now=visit.now) for each in found.items]
        self._press.page(req, resp, visit, "stale.html", rows=rows)


def _tabs(
    page: kb.ArticlePage, *, state: str, kept: dict[str, str], visit: Visit
) -> tuple[Tab, ...]:
    counts = {"": sum(page.counts.values()), "due": page.review_due}
    counts |= {"copies": page.working_copies} | dict(page.counts)
    return tuple(
        Tab(
            href=_address(kept | {"state": code}),
            text=f"{visit.speech.text(text)} · {counts.get(code, 0)}",
            is_here=code == state,
        )
        for code, text in _TABS
    )


def _address(query: Mapping[str, str]) -> str:
    said = urlencode({name: value for name, value in query.items() if value})
    return f"/writing?{said}" if said else "/writing"
