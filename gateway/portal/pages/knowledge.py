"""Reading and searching the articles."""

import contextlib
from typing import get_args

import falcon
from falcon import Request, Response

from chassis.rpc_client import RemoteFault
from contracts import intake, kb
from contracts.errors import WireError
from contracts.grammar import from_plain, to_plain
from gateway.house import House
from gateway.portal import labels
from gateway.portal.asking import if_known
from gateway.portal.forms import fields_of, key_of
from gateway.portal.rendering import Press
from gateway.portal.views.knowledge import article_page, files_of, found_articles
from gateway.portal.views.parts import choices
from gateway.portal.visit import Visit

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
        hits = self._house.clients.articles(question)
        self._press.page(
            req,
            resp,
            visit,
            "knowledge.html",
            q=q,
            found=found_articles(hits, speech=visit.speech),
            total=max(hits.total, len(hits.items)),
            did_you_mean=hits.did_you_mean,
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
        asked = {"key": key, "language": article.language} | to_plain(reader)
        asked_files = self._house.clients.start_attachments(from_plain(kb.ListAttachments, asked))
        self._remember(article, visit)
        page = article_page(article, speech=visit.speech, now=visit.now)
        self._press.page(
            req,
            resp,
            visit,
            self.template,
            article=page,
            may_write=visit.works_here,
            files=files_of(
                if_known(asked_files, otherwise=None), article=article, speech=visit.speech
            ),
            reasons=choices(labels.FEEDBACK_REASONS, speech=visit.speech, chosen=None),
        )

    def _remember(self, article: kb.Article, visit: Visit) -> None:
        """That it was read, once an hour; the reader need not wait for more than a moment."""
        reader = self._house.readers.of(visit.principal)
        command = kb.RecordReading(
            key=article.key,
            language=article.language,
            reader=visit.principal.email,
            audience=reader.audience,
            groups=reader.groups,
        )
        hour = f"{visit.now:%Y-%m-%dT%H}"
        key = f"{visit.principal.id}:read:{article.key}:{article.language}:{hour}"
        with contextlib.suppress(WireError, RemoteFault):
            self._house.clients.record_reading(command, key=key)


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
        plain = to_plain(self._house.readers.of(visit.principal)) | {
            "key": key,
            "language": fields.get("language", visit.speech.language),
            "reader": visit.principal.email,
            "helpful": fields.get("helpful") == "yes",
            "reason": fields.get("reason"),
            "comment": fields.get("comment", ""),
        }
        plain.pop("role")
        command = from_plain(kb.RecordReading, plain, strict=True)
        self._house.clients.record_reading(command, key=key_of(fields, visit))
        resp.status = falcon.HTTP_303
        resp.location = f"/knowledge/{key}?lang={command.language}&done=thanks"
