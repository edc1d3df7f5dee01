"""Working copies: the next version of a published article, written, compared, moved on."""

from collections.abc import Mapping
from typing import Any

import falcon
from falcon import Request, Response

from contracts import kb
from contracts.errors import NotFound, WireError
from contracts.grammar import from_plain, to_plain
from gateway.portal import markup
from gateway.portal.forms import Fields, Refused, fields_of, key_of, refusal
from gateway.portal.pages.writing.editor import Editor
from gateway.portal.pages.writing.fields import (
    FIELDS,
    RENAMED,
    command_of,
    copy_of_article,
    copy_question,
    instants_of,
    version_of,
    whole,
    words_of,
)
from gateway.portal.views import copies as views
from gateway.portal.views import writing as writing_views
from gateway.portal.visit import Visit


class CopyEditor(Editor):
    """The form of a working copy, and what stands beside it."""

    def _found(self, visit: Visit, key: str, language: str) -> kb.WorkingCopy | None:
        asked = self._asked(visit, key, language)
        try:
            return self._house.clients.working_copy(asked)
        except NotFound:
            return None

    def _asked(self, visit: Visit, key: str, language: str) -> kb.GetWorkingCopy:
        return copy_question(self._house, visit, key=key, language=language)

    def _draw_copy(
        self,
        req: Request,
        resp: Response,
        visit: Visit,
        *,
        article: kb.Article,
        copy: kb.WorkingCopy | None,
        fields: Mapping[str, str],
        refused: Refused | None = None,
        opened: str = "",
    ) -> None:
        given = refused.errors if refused else {}
        speech = visit.speech
        resp.status = refused.status if refused else 200
        self._press.page(
            req,
            resp,
            visit,
            "copy.html",
            key=article.key,
            of=article.language,
            title=article.title,
            form={name: fields.get(name, "") for name in FIELDS},
            errors={name: given.get(name, ()) for name in FIELDS},
            refused=refused.text if refused else "",
            form_id=refused.form_id if refused else None,
            version=copy.version if copy else 0,
            based_on=fields.get("based_on") or article.revision,
            copy=views.copy_of(copy, speech=speech, now=visit.now) if copy else None,
            on_air=writing_views.status_of(article.status, speech=speech),
            preview=markup.article_body(fields.get("body", ""))
            if fields.get("do") == "preview"
            else None,
            opened=opened,
        )

    def _article(self, visit: Visit, key: str, language: str) -> kb.Article:
        article = self.now(visit, key, language)
        if article is None:
            raise NotFound("article_not_found", f"There is no article {key}.", {"key": key})
        return article

    def _command(
        self, visit: Visit, fields: Fields, key: str, language: str, **more: Any
    ) -> dict[str, Any]:
        plain = command_of(visit, self._house, key=key, language=language)
        return plain | version_of(fields) | more


class WriteCopy(CopyEditor):
    """The next version of an article in one language."""

    def on_get(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """The editor; where there is no copy yet, what it begins with."""
        visit = self._press.visit(req, resp)
        article = self._article(visit, key, language)
        copy = self._found(visit, key, language)
        fields = copy_of_article(copy or article)
        self._draw_copy(req, resp, visit, article=article, copy=copy, fields=fields)

    def on_post(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """Save it, or show how it will look."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        refused = None
        if fields.get("do") != "preview":
            form_id = fields.get("form_id")
            idempotency = key_of(fields, visit)
            plain = self._command(visit, fields, key, language, **words_of(fields))
            # A copy that is there keeps what it is based on; only the comparison changes that.
            if plain.get("version") == 0:
                plain["based_on"] = whole(fields.get("based_on"))
            try:
                spec = from_plain(kb.WorkingCopySpec, plain, strict=True)
                self._house.clients.put_working_copy(spec, key=idempotency)
            except WireError as error:
                refused = refusal(error, speech=visit.speech, renamed=RENAMED, form_id=form_id)
            else:
                resp.status = falcon.HTTP_303
                resp.location = f"/writing/{key}/{language}/copy?done=copy_saved"
                return
        article = self._article(visit, key, language)
        copy = self._found(visit, key, language)
        self._draw_copy(
            req, resp, visit, article=article, copy=copy, fields=fields, refused=refused
        )


class CopyLife(CopyEditor):
    """A working copy moved on."""

    def on_post(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """Move it, now or (on air) at a planned instant."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        form_id = fields.get("form_id")
        to = fields.get("to", "")
        try:
            idempotency = key_of(fields, visit)
            plain = self._command(visit, fields, key, language, to=to)
            plain |= {"note": fields.get("note", "")} | instants_of(fields, visit)
            command = from_plain(kb.ChangeWorkingCopyStatus, plain, strict=True)
            moved = self._house.clients.change_working_copy_status(command, key=idempotency).answer
        except WireError as error:
            refused = refusal(error, speech=visit.speech, renamed=RENAMED, form_id=form_id)
            article = self._article(visit, key, language)
            copy = self._found(visit, key, language)
            kept = {name: fields.get(name, "") for name in ("note", "publish_at")}
            self._draw_copy(
                req,
                resp,
                visit,
                article=article,
                copy=copy,
                fields=copy_of_article(copy or article) | kept,
                refused=refused,
                opened=to,
            )
            return
        is_open = moved.status in {"draft", "review"}
        resp.status = falcon.HTTP_303
        done = "copy_moved" if is_open else f"copy_{moved.status}"
        resp.location = f"/writing/{key}/{language}{'/copy' if is_open else ''}?done={done}"


class CompareCopy(CopyEditor):
    """A working copy beside what is on air."""

    def on_get(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """Where they differ, and what changed on air since the copy was begun."""
        visit = self._press.visit(req, resp)
        asked = self._asked(visit, key, language)
        found = self._house.clients.working_copy_comparison(asked)
        article = self._article(visit, key, language)
        speech = visit.speech
        self._press.page(
            req,
            resp,
            visit,
            "copy_comparison.html",
            key=key,
            of=language,
            title=article.title,
            copy=views.copy_of(found.copy, speech=speech, now=visit.now),
            note=found.copy.note,
            changes=writing_views.changes(found.fields, speech=speech),
            lines=found.lines,
            meanwhile_changes=writing_views.changes(found.meanwhile_fields, speech=speech),
            meanwhile_lines=found.meanwhile_lines,
            form={"publish_at": "", "note": ""},
            errors={"publish_at": (), "note": (), "category": ()},
            opened="",
        )

    def on_post(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """Say that what changed on air was looked at: the copy is based on it from now on."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        idempotency = key_of(fields, visit)
        copy = self._house.clients.working_copy(self._asked(visit, key, language))
        said = {name: to_plain(copy)[name] for name in _SAID}
        plain = self._command(visit, fields, key, language, **said)
        plain["based_on"] = whole(fields.get("based_on"))
        try:
            spec = from_plain(kb.WorkingCopySpec, plain, strict=True)
            self._house.clients.put_working_copy(spec, key=idempotency)
        except WireError as error:
            refused = refusal(error, speech=visit.speech, renamed=RENAMED, form_id=None)
            article = self._article(visit, key, language)
            self._draw_copy(
                req,
                resp,
                visit,
                article=article,
                copy=copy,
                fields=copy_of_article(copy),
                refused=refused,
            )
            return
        resp.status = falcon.HTTP_303
        resp.location = f"/writing/{key}/{language}/copy?done=copy_saved"


_SAID = ("title", "body", "category", "tags", "problem", "note")
