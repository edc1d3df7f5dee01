"""Reading and searching the articles."""

from typing import get_args

import falcon
from falcon import Request, Response

from contracts import intake, kb
from contracts.grammar import from_plain, to_plain
from gateway.house import House
from gateway.portal.forms import fields_of, key_of
from gateway.portal.rendering import Press
from gateway.portal.views.knowledge import article_page, found_articles

RESULTS = 50
LONGEST_QUERY = 400


class Knowledge:
    """The articles, searched or all."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """Found articles in any language, or all in the reader's."""
        visit = self._press.visit(req, resp)
        q = (req.get_param("q") or "").strip()[:LONGEST_QUERY]
        reader = self._house.readers.of(visit.principal)
        question = kb.SearchArticles(
            q=q,
            language=None if q else visit.speech.language,
            audience=reader.audience,
            groups=reader.groups,
            limit=RESULTS,
        )
        found = found_articles(self._house.clients.articles(question), speech=visit.speech)
        self._press.page(
            req, resp, visit, "knowledge.html", q=q, found=found, may_write=visit.works_here
        )


class ArticlePage:
    """One article."""

    template = "article.html"

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response, *, key: str) -> None:
        """The article in the language asked for, else the reader's, else any.

        Raises:
            NotFound: none that the reader may see.
        """
        visit = self._press.visit(req, resp)
        wanted = req.get_param("lang")
        language = wanted if wanted in get_args(intake.Language) else visit.speech.language
        reader = self._house.readers.of(visit.principal)
        question = {"key": key, "language": language} | to_plain(reader)
        article = self._house.clients.article(from_plain(kb.GetArticle, question))
        page = article_page(article, speech=visit.speech, now=visit.now)
        self._press.page(req, resp, visit, self.template, article=page, may_write=visit.works_here)


class PrintedArticle(ArticlePage):
    """One article, to be printed."""

    template = "print.html"


class Reading:
    """Whether an article helped."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_post(self, req: Request, resp: Response, *, key: str) -> None:
        """Remember it and say thanks."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        plain = {
            "key": key,
            "language": fields.get("language", visit.speech.language),
            "reader": visit.principal.email,
            "helpful": fields.get("helpful") == "yes",
        }
        command = from_plain(kb.RecordReading, plain, strict=True)
        self._house.clients.record_reading(command, key=key_of(fields, visit))
        resp.status = falcon.HTTP_303
        resp.location = f"/knowledge/{key}?lang={command.language}&done=thanks"
