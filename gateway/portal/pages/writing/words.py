"""The organisation's own words of a language: rows added, changed and taken away one at a time.

The service keeps a language's words as a whole. A form changes one row of the version it was shown
with, so a form stays small however many rows there are, and nobody's row is lost.
"""

from http import HTTPStatus
from typing import Any, get_args

import falcon
from falcon import Request, Response

from contracts import intake, kb
from contracts.errors import Conflict, Invalid, WireError
from contracts.grammar import from_plain, to_plain
from gateway.house import House
from gateway.portal.asking import if_reachable
from gateway.portal.forms import Fields, Refused, fields_of, key_of, refusal
from gateway.portal.pages.lists import Tab
from gateway.portal.pages.writing.fields import whole
from gateway.portal.rendering import Press
from gateway.portal.speech import LANGUAGE_NAMES
from gateway.portal.views.words import SHOWN, Read, read_words, rows
from gateway.portal.visit import Visit

NEW = "new"
STOP_WORDS = "stop_words"
LONGEST_TEXT = 400
_TYPED = ("written", "variants", "words")


class Words:
    """The words of a language, and how a sentence is read with them."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """The words as they are saved."""
        visit = self._press.visit(req, resp)
        self._show(req, resp, visit, language=_language(req.get_param("lang"), visit))

    def on_post(self, req: Request, resp: Response) -> None:
        """Change one row, or show it again as it was typed with why it was refused."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        language = _language(fields.get("language"), visit)
        key = key_of(fields, visit)
        try:
            now = self._house.clients.words(kb.GetWords(language=language))
            spec = _changed(now, fields, visit)
            self._house.clients.put_words(from_plain(kb.WordsSpec, spec, strict=True), key=key)
        except WireError as error:
            refused = refusal(error, speech=visit.speech, renamed={}, form_id=None)
            self._show(req, resp, visit, language=language, fields=fields, refused=refused)
            return
        resp.status = falcon.HTTP_303
        resp.location = f"/writing/words?lang={language}&done=saved"

    def _show(
        self,
        req: Request,
        resp: Response,
        visit: Visit,
        *,
        language: intake.Language,
        fields: Fields | None = None,
        refused: Refused | None = None,
    ) -> None:
        q = (req.get_param("q") or "").strip()[:80]
        text = (req.get_param("try") or "").strip()[:LONGEST_TEXT]
        words = self._house.clients.words(kb.GetWords(language=language))
        found = rows(words.spellings, q=q)
        resp.status = refused.status if refused else 200
        self._press.page(
            req,
            resp,
            visit,
            "words.html",
            of=language,
            tabs=_tabs(language),
            words=words,
            rows=found[:SHOWN],
            more=max(0, len(found) - SHOWN),
            packaged=rows(words.packaged_spellings, q=q),
            q=q,
            text=text,
            read=self._read(text, language) if text else (),
            typed={name: (fields or {}).get(name, "") for name in _TYPED},
            place=_place(fields or {}, refused),
            errors=_at_its_row(refused),
            refused=refused.text if refused else "",
        )

    def _read(self, text: str, language: intake.Language) -> tuple[Read, ...] | None:
        question = kb.ReadText(text=text, language=language)
        found = if_reachable(self._house.clients.start_text_read(question))
        return read_words(found) if found else None


def _language(wanted: str | None, visit: Visit) -> intake.Language:
    return next((each for each in get_args(intake.Language) if each == wanted), None) or (
        visit.speech.language
    )


def _tabs(language: intake.Language) -> tuple[Tab, ...]:
    return tuple(
        Tab(href=f"/writing/words?lang={code}", text=name, is_here=code == language)
        for code, name in LANGUAGE_NAMES.items()
    )


def _changed(now: kb.OwnWords, fields: Fields, visit: Visit) -> dict[str, Any]:
    """All words of a language with the change that a form asks for.

    Raises:
        Conflict: they were saved by somebody else since the form was shown.
        Invalid: the row says nothing.
    """
    if whole(fields.get("version")) != now.version:
        raise Conflict("stale_version")
    spellings = [to_plain(each) for each in now.spellings]
    stop_words = list(now.stop_words)
    place, removes = fields.get("row", ""), fields.get("do") == "remove"
    if place == STOP_WORDS:
        said = _listed(fields.get("words", ""), field="words")
        stop_words = [word for word in stop_words if word not in said] if removes else stop_words
        stop_words += [] if removes else [word for word in said if word not in stop_words]
    elif place == NEW:
        spellings.insert(0, _row(fields))
    elif (number := whole(place)) is not None and number < len(spellings):
        spellings[number : number + 1] = [] if removes else [_row(fields)]
    return {
        "language": now.language,
        "actor": to_plain(visit.principal.actor),
        "spellings": spellings,
        "stop_words": stop_words,
        "version": now.version,
    }


def _row(fields: Fields) -> dict[str, Any]:
    written = fields.get("written", "").strip()
    if not written:
        raise Invalid("invalid", "", {"errors": {"written": ["Missing data."]}})
    return {"written": written, "variants": _listed(fields.get("variants", ""), field="variants")}


def _listed(text: str, *, field: str) -> list[str]:
    """Words as they are typed: separated by commas or lines."""
    found = [word.strip() for word in text.replace("\n", ",").split(",") if word.strip()]
    if not found:
        raise Invalid("invalid", "", {"errors": {field: ["Missing data."]}})
    return found


def _place(fields: Fields, refused: Refused | None) -> str:
    """The row that is shown as it was typed.

    Where others saved meanwhile it may stand elsewhere or be gone, so that is shown as a new one.
    """
    place = fields.get("row", "") if refused else ""
    if refused and refused.status == HTTPStatus.PRECONDITION_FAILED and place != STOP_WORDS:
        return "" if fields.get("do") == "remove" else NEW
    return place


def _at_its_row(refused: Refused | None) -> dict[str, tuple[str, ...]]:
    """What is wrong, by the field of the row: a form changes one, so it is that row's."""
    given = refused.errors if refused else {}
    known = {name: given[name] for name in ("written", "words") if name in given}
    rest = tuple(said for name, all_said in given.items() if name not in known for said in all_said)
    return {"written": (), "words": (), "variants": tuple(dict.fromkeys(rest))} | known
