"""One ticket: its page, and what can be done on it."""

from collections.abc import Callable, Mapping
from typing import Any

import falcon
from falcon import Request, Response

from contracts import intake, routing
from contracts.errors import WireError, invalid_field
from contracts.grammar import from_plain, to_plain
from gateway.clients import Clients
from gateway.house import House
from gateway.portal import labels
from gateway.portal.asking import Parts, ask_all, is_problem, needs_articles
from gateway.portal.attaching import ENDINGS, MOST_BYTES, attached, hand_in, handed_in
from gateway.portal.forms import (
    Fields,
    Refused,
    fields_and_files_of,
    key_of,
    local_instant,
    refusal,
)
from gateway.portal.rendering import Press
from gateway.portal.speech import Speech
from gateway.portal.views import writing
from gateway.portal.views.knowledge import found_articles
from gateway.portal.views.parts import Choice, choices, names
from gateway.portal.views.promises import promises
from gateway.portal.views.tickets import Viewpoint, actions, conversation, head
from gateway.portal.views.work import holding, timeline
from gateway.portal.visit import Visit

_TYPED = (
    *("body", "public", "text", "code", "cause", "steps", "prevention", "minutes_spent"),
    *("article", "pending_reason", "until", "reason", "assignee", "group", "reason_code", "note"),
    *("kind", "impact", "urgency", "category"),
    *("into", "confirm_other_requester", "subject"),
)


class TicketPage:
    """The page of a ticket."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response, *, number: str) -> None:
        """The ticket as it is now."""
        self.show(req, resp, self._press.visit(req, resp), number=number)

    def show(
        self,
        req: Request,
        resp: Response,
        visit: Visit,
        *,
        number: str,
        fields: Fields | None = None,
        refused: Refused | None = None,
        opened: str = "",
    ) -> None:
        """The page, with what was typed and why it was refused.

        Args:
            req: the request.
            resp: the answer.
            visit: the reader.
            number: the ticket's.
            fields: what was typed.
            refused: why it was not done.
            opened: the action whose form stays open.
        """
        parts = ask_all(self._house, number=number, visit=visit)
        speech = visit.speech
        typed = fields or {}
        given = refused.errors if refused else {}
        resp.status = refused.status if refused else 200
        self._press.page(
            req,
            resp,
            visit,
            "ticket.html",
            **_shown(parts, visit),
            **_forms(parts, typed, speech=speech),
            typed={name: typed.get(name, "") for name in _TYPED},
            errors={name: given.get(name, ()) for name in (*_TYPED, "files")},
            attached=handed_in(typed, speech=speech),
            endings=ENDINGS,
            chosen=_chosen(typed),
            refused=refused.text if refused else "",
            form_id=refused.form_id if refused else None,
            opened=opened if refused else "",
            here=f"/tickets/{number}",
            back_href="/queue" if visit.works_here else "/tickets",
            back_text=speech.text("Queue") if visit.works_here else speech.text("My tickets"),
        )


def _shown(parts: Parts, visit: Visit) -> dict[str, Any]:
    """What is read on the page."""
    called = names(groups=parts.groups, agents=parts.agents)
    told: dict[str, Any] = {"speech": visit.speech, "now": visit.now}
    viewpoint: Viewpoint = "agent" if visit.works_here else "requester"
    assignment, clocks = parts.assignment, parts.clocks
    return {
        "viewpoint": viewpoint,
        "head": head(parts.ticket, called=called, **told),
        "bubbles": conversation(parts.messages, **told) if parts.messages else None,
        "promises": promises(clocks, called=called, **told) if clocks else None,
        "holding": holding(assignment, called=called, **told) if assignment else None,
        "actions": actions(parts.ticket, viewpoint=viewpoint, speech=visit.speech),
        "timeline": timeline(
            log=parts.log.items,
            assignment=assignment if visit.works_here else None,
            thresholds=clocks.thresholds if clocks and visit.works_here else (),
            called=called,
            **told,
        )
        if parts.log
        else None,
        "needs_articles": needs_articles(parts.ticket, visit=visit),
        "may_help": found_articles(parts.may_help, speech=visit.speech) if parts.may_help else None,
        "is_problem": is_problem(parts.ticket, visit=visit),
        "known_errors": [writing.line(each, **told) for each in parts.known_errors.items]
        if parts.known_errors
        else None,
        "can_reply": parts.ticket.status not in _MUTE,
    }


_MUTE = ("closed", "merged", "duplicate", "cancelled", "spam")


def _forms(parts: Parts, typed: Mapping[str, str], *, speech: Speech) -> dict[str, Any]:
    """What can be chosen in the page's forms."""
    ticket = parts.ticket
    return {
        "can_route": parts.assignment is not None and parts.groups is not None,
        "assignable": _assignable(parts, chosen=typed.get("assignee", ticket.assignee or "")),
        "transfer_groups": _groups(parts, chosen=typed.get("group", "")),
        "transfer_reasons": choices(
            labels.TRANSFER_REASONS, speech=speech, chosen=typed.get("reason_code")
        ),
        "escalation_kinds": choices(labels.ESCALATIONS, speech=speech, chosen=typed.get("kind")),
        "pending_reasons": choices(
            labels.PENDING_REASONS, speech=speech, chosen=typed.get("pending_reason")
        ),
        "resolution_codes": choices(
            labels.RESOLUTION_CODES, speech=speech, chosen=typed.get("code")
        ),
        "causes": choices(labels.CAUSES, speech=speech, chosen=typed.get("cause")),
        "impacts": choices(
            labels.IMPACTS, speech=speech, chosen=typed.get("impact", ticket.impact)
        ),
        "urgencies": choices(
            labels.URGENCIES, speech=speech, chosen=typed.get("urgency", ticket.urgency)
        ),
        "category": typed.get("category", ticket.category or ""),
    }


def _assignable(parts: Parts, *, chosen: str) -> tuple[Choice, ...]:
    group = parts.assignment.group if parts.assignment else None
    agents = parts.agents.items if parts.agents else ()
    return tuple(
        Choice(
            value=agent.spec.key,
            text=f"{agent.spec.name} ({agent.open_tickets}/{agent.spec.capacity})",
            chosen=agent.spec.key == chosen,
        )
        for agent in agents
        if group in agent.spec.groups
    )


def _groups(parts: Parts, *, chosen: str) -> tuple[Choice, ...]:
    now_in = parts.assignment.group if parts.assignment else None
    groups = parts.groups.items if parts.groups else ()
    return tuple(
        Choice(
            value=group.spec.key,
            text=f"{group.spec.name} · L{group.spec.tier}",
            chosen=group.spec.key == chosen,
        )
        for group in groups
        if group.spec.key != now_in
    )


_RENAMED = {"attachments": "files"}

Command = Callable[[Clients, str, Fields, Visit, str], str]
"""Sends what a form asks; answers the code of what to say when it is done."""


class Deed:
    """Something done on a ticket by a form of its page."""

    def __init__(self, page: TicketPage, press: Press, house: House, command: Command) -> None:
        self._page = page
        self._press = press
        self._house = house
        self._command = command

    def on_post(self, req: Request, resp: Response, *, number: str) -> None:
        """Do it and show the ticket; when it is refused, show the form again as it was typed."""
        visit = self._press.visit(req, resp)
        fields, files = fields_and_files_of(req, visit, most_bytes=MOST_BYTES)
        form_id = fields.get("form_id")
        try:
            key = key_of(fields, visit)
            hand_in(self._house.clients, files, fields, visit, key=key)
            done = self._command(self._house.clients, number, fields, visit, key)
        except WireError as error:
            refused = refusal(error, speech=visit.speech, renamed=_RENAMED, form_id=form_id)
            opened = fields.get("to") or req.path.rpartition("/")[2]
            self._page.show(
                req, resp, visit, number=number, fields=fields, refused=refused, opened=opened
            )
            return
        resp.status = falcon.HTTP_303
        resp.location = f"/tickets/{number}?done={done}"


def reply(clients: Clients, number: str, fields: Fields, visit: Visit, key: str) -> str:
    """Answer, or note something for agents."""
    public = fields.get("public") != "no" or not visit.works_here
    plain = _only(fields, "body") | _head(number, visit) | {"public": public}
    plain |= {"viewer": visit.principal.viewer, "attachments": attached(fields)}
    clients.reply(from_plain(intake.AddReply, plain, strict=True), key=key)
    return "replied" if public else "noted"


def move(clients: Clients, number: str, fields: Fields, visit: Visit, key: str) -> str:
    """Move to another status."""
    plain = _only(fields, "to", "reason", "pending_reason") | _head(number, visit)
    plain["role"] = "requester" if visit.principal.is_requester else "agent"
    plain["viewer"] = visit.principal.viewer
    plain["version"] = _whole(fields, "version")
    if until := fields.get("until"):
        at = local_instant(until, speech=visit.speech)
        if at is None:
            raise invalid_field("until", "Not a valid datetime.")
        plain["until"] = at.isoformat()
    if fields.get("to") == "resolved":
        plain["resolution"] = _resolution(fields)
    clients.change_status(from_plain(intake.ChangeStatus, plain, strict=True), key=key)
    return "moved"


def _resolution(fields: Fields) -> dict[str, Any]:
    found: dict[str, Any] = _only(fields, "text", "code", "cause", "steps", "prevention", "article")
    if "minutes_spent" in fields:
        found["minutes_spent"] = _whole(fields, "minutes_spent")
    return found


def assign(clients: Clients, number: str, fields: Fields, visit: Visit, key: str) -> str:
    """Give it to an agent, or back to the queue."""
    plain = _only(fields, "assignee", "note") | _head(number, visit)
    clients.assign(from_plain(routing.Assign, plain, strict=True), key=key)
    return "assigned"


def transfer(clients: Clients, number: str, fields: Fields, visit: Visit, key: str) -> str:
    """Move it to another group."""
    plain = _only(fields, "group", "reason_code", "note") | _head(number, visit)
    clients.transfer(from_plain(routing.Transfer, plain, strict=True), key=key)
    return "transferred"


def escalate(clients: Clients, number: str, fields: Fields, visit: Visit, key: str) -> str:
    """Raise it."""
    plain = _only(fields, "kind", "reason") | _head(number, visit)
    clients.escalate(from_plain(routing.Escalate, plain, strict=True), key=key)
    return "escalated"


def amend(clients: Clients, number: str, fields: Fields, visit: Visit, key: str) -> str:
    """Change impact, urgency or category."""
    plain = _only(fields, "impact", "urgency", "category") | _head(number, visit)
    plain["version"] = _whole(fields, "version")
    clients.amend(from_plain(intake.AmendTicket, plain, strict=True), key=key)
    return "saved"


def merge(clients: Clients, number: str, fields: Fields, visit: Visit, key: str) -> str:
    """Let it go on in another ticket."""
    plain = _only(fields, "into", "note") | _head(number, visit)
    plain["version"] = _whole(fields, "version")
    plain["confirm_other_requester"] = fields.get("confirm_other_requester") == "yes"
    clients.merge(from_plain(intake.MergeTicket, plain, strict=True), key=key)
    return "merged"


def unmerge(clients: Clients, number: str, fields: Fields, visit: Visit, key: str) -> str:
    """Undo that."""
    plain = _head(number, visit) | {"version": _whole(fields, "version")}
    clients.unmerge(from_plain(intake.UnmergeTicket, plain, strict=True), key=key)
    return "unmerged"


def split(clients: Clients, number: str, fields: Fields, visit: Visit, key: str) -> str:
    """Make part of it a ticket of its own."""
    plain = _only(fields, "subject") | _head(number, visit)
    plain["version"] = _whole(fields, "version")
    plain["message_ids"] = list(_chosen(fields))
    if "text" in fields:
        plain["body"] = fields["text"]
    clients.split(from_plain(intake.SplitTicket, plain, strict=True), key=key)
    return "split"


_MESSAGE = "message."


def _chosen(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the messages that were ticked."""
    return tuple(name.removeprefix(_MESSAGE) for name in fields if name.startswith(_MESSAGE))


def _only(fields: Fields, *wanted: str) -> dict[str, Any]:
    return {name: fields[name] for name in wanted if name in fields}


def _head(number: str, visit: Visit) -> dict[str, Any]:
    return {"number": number, "actor": to_plain(visit.principal.actor)}


def _whole(fields: Fields, name: str) -> int | str | None:
    """A whole number; other text is left for the contract to refuse."""
    text = fields.get(name)
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else text  # noqa: PLR2004 - digits
