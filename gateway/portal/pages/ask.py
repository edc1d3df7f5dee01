"""Asking for help: the form, articles that may already answer, and the receipt."""

from collections.abc import Mapping
from typing import Any

import falcon
from falcon import Request, Response

from contracts import intake, kb
from contracts.errors import Unavailable, WireError
from contracts.grammar import MAX_TEXT, from_plain, to_plain
from gateway.house import House
from gateway.portal import labels, markup
from gateway.portal.attaching import ENDINGS, MOST_BYTES, attached, hand_in, handed_in
from gateway.portal.forms import (
    Fields,
    Refused,
    fields_and_files_of,
    fields_of,
    key_of,
    refusal,
)
from gateway.portal.rendering import Press
from gateway.portal.views.knowledge import Found, found_articles
from gateway.portal.views.parts import choices
from gateway.portal.visit import Visit

SUGGESTIONS = 3
MOST_READ = 20  # articles remembered on a ticket
FIELDS = (
    *("subject", "body", "kind", "impact", "urgency", "read"),
    *("requester_name", "requester_email", "channel"),
)
_RENAMED = {
    "requester.name": "requester_name",
    "requester.email": "requester_email",
    "attachments": "files",
}
_BY_OTHERS = {code: labels.CHANNELS[code] for code in ("phone", "chat", "email", "portal")}
PROBLEM = "problem"
_BEGUN = ("kind", "subject")
_NEW = {"kind": "incident", "impact": "low", "urgency": "medium", "channel": "phone"}


class Ask:
    """The form, its review for browsers without scripts, and sending it."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """An empty form, or one that begins with the kind and words of the address."""
        begun = {name: said for name in _BEGUN if (said := req.get_param(name))}
        self._form(req, resp, self._press.visit(req, resp), fields=_NEW | begun)

    def on_post(self, req: Request, resp: Response) -> None:
        """Review, change or send."""
        visit = self._press.visit(req, resp)
        fields, files = fields_and_files_of(req, visit, most_bytes=MOST_BYTES)
        step = fields.get("step")
        if step == "change":
            self._form(req, resp, visit, fields=fields)
            return
        form_id = fields.get("form_id")
        try:
            key = key_of(fields, visit)
            hand_in(self._house.clients, files, fields, visit, key=key)
            command = _command(fields, visit)
            if step == "review":
                self._review(req, resp, visit, fields=fields)
                return
            opened = self._house.clients.open_ticket(command, key=key).answer
        except WireError as error:
            refused = refusal(error, speech=visit.speech, renamed=_RENAMED, form_id=form_id)
            self._form(req, resp, visit, fields=fields, refused=refused)
            return
        resp.status = falcon.HTTP_303
        resp.location = f"/asked/{opened.number}"

    def _form(
        self,
        req: Request,
        resp: Response,
        visit: Visit,
        *,
        fields: Mapping[str, str],
        refused: Refused | None = None,
    ) -> None:
        speech = visit.speech
        resp.status = refused.status if refused else 200
        self._press.page(
            req,
            resp,
            visit,
            "ask.html",
            form={name: fields.get(name, "") for name in FIELDS},
            errors=_errors(refused),
            refused=refused.text if refused else "",
            form_id=refused.form_id if refused else None,
            attached=handed_in(fields, speech=speech),
            endings=ENDINGS,
            kinds=choices(_needs(visit), speech=speech, chosen=fields.get("kind")),
            impacts=choices(labels.IMPACTS, speech=speech, chosen=fields.get("impact")),
            urgencies=choices(labels.URGENCIES, speech=speech, chosen=fields.get("urgency")),
            channels=choices(_BY_OTHERS, speech=speech, chosen=fields.get("channel")),
        )

    def _review(self, req: Request, resp: Response, visit: Visit, *, fields: Fields) -> None:
        text = f"{fields.get('subject', '')}\n{fields.get('body', '')}"
        try:
            found = suggestions(self._house, text, visit=visit)
        except Unavailable:
            found = ()  # the articles are a kindness; the ticket does not wait for them
        speech = visit.speech
        facts = (
            labels.say(_needs(visit), fields.get("kind"), speech=speech),
            labels.say(labels.IMPACTS, fields.get("impact"), speech=speech),
            labels.say(labels.URGENCIES, fields.get("urgency"), speech=speech),
        )
        self._press.page(
            req,
            resp,
            visit,
            "ask_review.html",
            form={name: fields[name] for name in FIELDS if name in fields},
            body=markup.message_body(fields.get("body", "")),
            attached=handed_in(fields, speech=speech),
            found=found,
            facts=[fact for fact in facts if fact],
        )


def _needs(visit: Visit) -> labels.Labels:
    """What can be asked for; problems are the desk's own."""
    needs = labels.NEEDS.items()
    return {code: text for code, text in needs if visit.works_here or code != PROBLEM}


def _errors(refused: Refused | None) -> dict[str, tuple[str, ...]]:
    given = refused.errors if refused else {}
    return {name: given.get(name, ()) for name in (*FIELDS, "files")}


def _command(fields: Fields, visit: Visit) -> intake.OpenTicket:
    """The ticket that the form asks for.

    Raises:
        Invalid: a field is missing or breaks its limits.
    """
    principal = visit.principal
    plain: dict[str, Any] = {
        name: fields[name]
        for name in ("subject", "body", "kind", "impact", "urgency")
        if name in fields
    }
    plain |= {"actor": to_plain(principal.actor), "attachments": attached(fields)}
    if visit.works_here and (fields.get("requester_email") or fields.get("requester_name")):
        plain["channel"] = fields.get("channel", "phone")
        plain["requester"] = {
            name: fields[f"requester_{name}"]
            for name in ("name", "email")
            if f"requester_{name}" in fields
        }
    else:
        plain["channel"] = "portal"
        plain["requester"] = {
            "name": principal.name,
            "email": principal.email,
            "language": visit.speech.language,
        }
    if read := fields.get("read", "").split()[:MOST_READ]:
        plain["attributes"] = {"read_articles": [key[:64] for key in read]}
    return from_plain(intake.OpenTicket, plain, strict=True)


def suggestions(house: House, text: str, *, visit: Visit) -> tuple[Found, ...]:
    """Articles that may already answer a text, in any language.

    Raises:
        Unavailable: nobody could say in time.
    """
    if not text.strip():
        return ()
    reader = house.readers.of(visit.principal)
    question = kb.Suggest(
        text=text[:MAX_TEXT],
        audience=reader.audience,
        groups=reader.groups,
        limit=SUGGESTIONS,
        asker=None if visit.works_here else visit.principal.email,
    )
    return found_articles(house.clients.suggest(question), speech=visit.speech)


class Suggestions:
    """Articles for a text that somebody is typing: a piece of a page."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_post(self, req: Request, resp: Response) -> None:
        """The piece."""
        visit = self._press.visit(req, resp)
        text = fields_of(req, visit).get("text", "")
        found = suggestions(self._house, text, visit=visit)
        self._press.part(resp, visit, "_suggestions.html", found=found, form_id=None)


class Asked:
    """The receipt: the ticket's number."""

    def __init__(self, press: Press) -> None:
        self._press = press

    def on_get(self, req: Request, resp: Response, *, number: str) -> None:
        """The page."""
        self._press.page(req, resp, self._press.visit(req, resp), "asked.html", number=number)


class Solved:
    """Good news: nothing was sent."""

    def __init__(self, press: Press) -> None:
        self._press = press

    def on_get(self, req: Request, resp: Response) -> None:
        """The page."""
        self._press.page(req, resp, self._press.visit(req, resp), "solved.html")
