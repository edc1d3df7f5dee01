"""What is done to an article from the editor's side: moved, looked after, restored, remembered."""

import falcon
from falcon import Request, Response

from contracts import kb
from contracts.errors import WireError
from contracts.grammar import from_plain
from gateway.house import House
from gateway.portal.forms import fields_of, key_of, refusal
from gateway.portal.pages.writing.editor import Editor, Shown
from gateway.portal.pages.writing.fields import (
    RENAMED,
    article_fields,
    command_of,
    instants_of,
    question_of,
    version_of,
    whole,
)
from gateway.portal.rendering import Press
from gateway.portal.views import writing as views


class Life(Editor):
    """An article moved to another state, from the editor's side."""

    def on_post(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """Move it, now or at a planned instant."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        form_id = fields.get("form_id")
        try:
            idempotency = key_of(fields, visit)
            plain = command_of(visit, self._house, key=key, language=language)
            plain |= {name: fields[name] for name in ("to", "note") if name in fields}
            plain |= instants_of(fields, visit) | version_of(fields)
            command = from_plain(kb.ChangeArticleStatus, plain, strict=True)
            self._house.clients.change_article_status(command, key=idempotency)
        except WireError as error:
            refused = refusal(error, speech=visit.speech, renamed=RENAMED, form_id=form_id)
            article = self.now(visit, key, language)
            shown = (
                fields
                | (article_fields(article, visit) if article else {})
                | {name: fields.get(name, "") for name in ("note", "publish_at", "review_on")}
            )
            self.draw(
                req,
                resp,
                visit,
                Shown(article=article, fields=shown, refused=refused, opened=fields.get("to", "")),
            )
            return
        resp.status = falcon.HTTP_303
        resp.location = f"/writing/{key}/{language}?done=article_moved"


class Care(Editor):
    """Who looks after an article, and its next review."""

    def on_post(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """Change it."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        idempotency = key_of(fields, visit)
        plain = command_of(visit, self._house, key=key, language=language)
        plain |= instants_of(fields, visit) | version_of(fields)
        plain["still_right"] = fields.get("still_right") == "yes"
        try:
            command = from_plain(kb.AmendArticle, plain, strict=True)
            self._house.clients.amend_article(command, key=idempotency)
        except WireError as error:
            refused = refusal(error, speech=visit.speech, renamed=RENAMED, form_id=None)
            article = self.now(visit, key, language)
            shown = (article_fields(article, visit) if article else {}) | fields
            self.draw(req, resp, visit, Shown(article=article, fields=shown, refused=refused))
            return
        resp.status = falcon.HTTP_303
        resp.location = f"/writing/{key}/{language}?done=saved"


class History:
    """The revisions of an article, two of them compared."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """The newest compared with the one before, or the two that were chosen."""
        visit = self._press.visit(req, resp)
        place = {"key": key, "language": language}
        asked = question_of(visit, self._house, **place)
        found = self._house.clients.revisions(from_plain(kb.ListRevisions, asked))
        chosen = {name: whole(req.get_param(name)) for name in ("was", "now")}
        compared = self._house.clients.comparison(
            from_plain(kb.CompareRevisions, asked | chosen, strict=True)
        )
        now = compared.now
        self._press.page(
            req,
            resp,
            visit,
            "revisions.html",
            key=key,
            of=language,
            title=found.items[0].title,
            past=views.history(
                found,
                was=compared.was.revision if compared.was else None,
                current=now.revision,
                speech=visit.speech,
                now=visit.now,
            ),
            changes=views.changes(compared.fields, speech=visit.speech),
            lines=compared.lines,
            shown=now.revision,
            was=compared.was.revision if compared.was else 0,
            newest=found.items[0].revision,
        )


class Restore(Editor):
    """An older revision made the newest one."""

    def on_post(self, req: Request, resp: Response, *, key: str, language: str) -> None:
        """Do it; a refusal is shown in the editor."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        idempotency = key_of(fields, visit)
        plain = command_of(visit, self._house, key=key, language=language)
        plain["revision"] = whole(fields.get("revision"))
        try:
            command = from_plain(kb.RestoreRevision, plain, strict=True)
            self._house.clients.restore_revision(command, key=idempotency)
        except WireError as error:
            refused = refusal(error, speech=visit.speech, renamed=RENAMED, form_id=None)
            article = self.now(visit, key, language)
            shown = article_fields(article, visit) if article else {}
            self.draw(req, resp, visit, Shown(article=article, fields=shown, refused=refused))
            return
        resp.status = falcon.HTTP_303
        resp.location = f"/writing/{key}/{language}?done=restored"
