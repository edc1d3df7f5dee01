"""The editor: the form of an article, and what stands beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import falcon
from falcon import Request, Response

from contracts import kb
from contracts.errors import Conflict, Invalid, NotFound, WireError
from contracts.grammar import from_plain, to_plain
from gateway.house import House
from gateway.portal import labels, markup
from gateway.portal.asking import if_known, if_reachable
from gateway.portal.forms import Fields, Refused, fields_of, key_of, refusal
from gateway.portal.pages.writing.fields import (
    FIELDS,
    GROUP,
    RENAMED,
    Target,
    article_fields,
    copy_question,
    spec_of,
)
from gateway.portal.rendering import Press
from gateway.portal.speech import LANGUAGE_NAMES
from gateway.portal.views import writing as views
from gateway.portal.views.copies import Copy, copy_of
from gateway.portal.views.knowledge import File, files_of
from gateway.portal.views.parts import Choice, choices
from gateway.portal.visit import Visit


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the editor shows: the article as it stands, and what was typed over it."""

    article: kb.Article | None
    fields: Mapping[str, str]
    refused: Refused | None = None
    opened: str = ""
    preview: bool = False


class Editor:
    """The form of an article, and what stands beside it."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def draw(self, req: Request, resp: Response, visit: Visit, shown: Shown) -> None:
        """Show the editor."""
        article, fields, refused = shown.article, shown.fields, shown.refused
        speech = visit.speech
        groups = [name.removeprefix(GROUP) for name in fields if name.startswith(GROUP)]
        known = if_reachable(self._house.clients.start_groups())
        use = self._use(article, visit) if article else None
        problems = if_reachable(self._house.clients.start_problems(kb.ListProblems()))
        files = self._files(article, visit) if article else ()
        resp.status = refused.status if refused else 200
        given = refused.errors if refused else {}
        self._press.page(
            req,
            resp,
            visit,
            "write.html",
            form={name: fields.get(name, "") for name in FIELDS},
            errors={name: given.get(name, ()) for name in (*FIELDS, "groups")},
            refused=refused.text if refused else "",
            form_id=refused.form_id if refused else None,
            version=article.version if article else 0,
            side=views.side(
                article, may_care=_may_care(article, visit), speech=speech, now=visit.now
            )
            if article
            else None,
            copy=self._copy(article, visit) if article else None,
            use=use,
            files=files,
            problems=problems.items if problems else (),
            may_write=article is None or _may_write(article, visit),
            is_new=article is None,
            where=req.path,
            audiences=choices(labels.AUDIENCES, speech=speech, chosen=fields.get("audience")),
            groups=views.group_choices(known, chosen=groups),
            languages_to_write=tuple(
                Choice(value=code, text=name, chosen=code == fields.get("language"))
                for code, name in LANGUAGE_NAMES.items()
            ),
            preview=markup.article_body(fields.get("body", "")) if shown.preview else None,
            opened=shown.opened,
        )

    def _use(self, article: kb.Article, visit: Visit) -> views.Use | None:
        """What became of the article; None while that cannot be had."""
        reader = self._house.readers.of(visit.principal)
        question = kb.GetArticleUse(
            key=article.key,
            language=article.language,
            audience=reader.audience,
            groups=reader.groups,
        )
        found = if_known(self._house.clients.start_article_use(question), otherwise=None)
        return views.use_of(found, speech=visit.speech, now=visit.now) if found else None

    def _copy(self, article: kb.Article, visit: Visit) -> Copy | None:
        """The working copy; None when there is none, or while that cannot be had."""
        asked = copy_question(self._house, visit, key=article.key, language=article.language)
        found = if_known(self._house.clients.start_working_copy(asked), otherwise=None)
        return copy_of(found, speech=visit.speech, now=visit.now) if found else None

    def _files(self, article: kb.Article, visit: Visit) -> tuple[File, ...]:
        reader = self._house.readers.of(visit.principal)
        question = kb.ListAttachments(
            key=article.key,
            language=article.language,
            audience=reader.audience,
            groups=reader.groups,
        )
        found = if_known(self._house.clients.start_attachments(question), otherwise=None)
        return files_of(found, article=article, speech=visit.speech)

    def save(
        self, req: Request, resp: Response, visit: Visit, *, fields: Fields, article: Target
    ) -> None:
        """Save what was typed, or show how it will look."""
        if fields.get("do") == "preview":
            self.draw(req, resp, visit, Shown(article=article.now, fields=fields, preview=True))
            return
        form_id = fields.get("form_id")
        try:
            key = key_of(fields, visit)
            spec = spec_of(fields, visit, self._house, article)
            saved = self._put(spec, key, is_free=article.key is None and "key" not in fields)
        except WireError as error:
            refused = refusal(error, speech=visit.speech, renamed=RENAMED, form_id=form_id)
            shown = Shown(article=article.now, fields=fields, refused=refused)
            self.draw(req, resp, visit, shown)
            return
        resp.status = falcon.HTTP_303
        resp.location = f"/writing/{saved.key}/{saved.language}?done=saved"

    def _put(self, spec: dict[str, Any], key: str, *, is_free: bool) -> kb.Article:
        """Save it; a new article whose own key is taken gets one with a tail."""
        put = self._house.clients.put_article
        try:
            return put(from_plain(kb.ArticleSpec, spec, strict=True), key=key).answer
        except (Conflict, NotFound):
            if not is_free:
                raise
        tail = re.sub(r"[^0-9a-z]", "", key.lower())[-4:]
        return put(
            from_plain(kb.ArticleSpec, spec | {"key": f"{spec['key']}-{tail}"}, strict=True),
            key=f"{key}:again",
        ).answer

    def now(
        self, visit: Visit, key: str, language: str, *, exactly: bool = True
    ) -> kb.Article | None:
        """The article as it stands, if the writer may see one."""
        reader = self._house.readers.of(visit.principal)
        plain = to_plain(reader) | {"key": key, "language": language, "exactly": exactly}
        try:
            return self._house.clients.article(from_plain(kb.GetArticle, plain))
        except (NotFound, Invalid):
            return None


class NewArticle(Editor):
    """An article that is not there yet."""

    def on_get(self, req: Request, resp: Response) -> None:
        """An empty form, or one that begins with the words of the address."""
        visit = self._press.visit(req, resp)
        begun = {name: req.get_param(name) or "" for name in ("title", "body", "category", "tags")}
        fields = begun | {"language": visit.speech.language, "audience": "public"}
        self.draw(req, resp, visit, Shown(article=None, fields=fields))

    def on_post(self, req: Request, resp: Response) -> None:
        """Save it as a draft, or show how it will look."""
        visit = self._press.visit(req, resp)
        self.save(req, resp, visit, fields=fields_of(req, visit), article=Target())


class WriteArticle(Editor):
    """An article in one language."""

    def on_get(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """The editor; where there is no such version yet, what its translation begins with.

        Raises:
            NotFound: there is no such article that the reader may see.
        """
        visit = self._press.visit(req, resp)
        article = self.now(visit, key, language)
        found = article or self.now(visit, key, language, exactly=False)
        if found is None or language not in LANGUAGE_NAMES:
            raise NotFound("article_not_found", f"There is no article {key}.", {"key": key})
        fields = article_fields(found, visit) | {"language": language, "key": key}
        self.draw(req, resp, visit, Shown(article=article, fields=fields))

    def on_post(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """Save the next revision, or show how it will look."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit) | {"key": key, "language": language}
        target = Target(key=key, language=language, now=self.now(visit, key, language))
        self.save(req, resp, visit, fields=fields, article=target)


class Preview:
    """Markdown as it will look: a piece of a page."""

    def __init__(self, press: Press, _house: House) -> None:
        self._press = press

    def on_post(self, req: Request, resp: Response) -> None:
        """The piece."""
        visit = self._press.visit(req, resp)
        body = fields_of(req, visit).get("body", "")
        self._press.part(resp, visit, "_preview.html", preview=markup.article_body(body))


def _may_write(article: kb.Article, visit: Visit) -> bool:
    is_draft = article.status in {"draft", "review"}
    return is_draft or visit.principal.role in {"lead", "admin"}


def _may_care(article: kb.Article, visit: Visit) -> bool:
    return article.owner == visit.principal.email or _may_write(article, visit)
