"""A ticket in a list, its head, its conversation and what can be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from chassis.files import PICTURES
from contracts.intake import Actor, Conversation, Message, MessageFile, Ticket, TicketLine
from gateway.portal import labels, markup
from gateway.portal.speech import Speech, message
from gateway.portal.views.parts import (
    SYSTEM_NAME,
    Badge,
    Moment,
    Names,
    due_badge,
    initials,
    moment,
    priority_badge,
    size_of,
    status_badge,
)

Viewpoint = Literal["requester", "agent"]
ActionForm = Literal["none", "reason", "pend", "resolve"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A ticket in a list."""

    number: str
    subject: str
    kind: str
    status: Badge
    priority: Badge
    due: Badge
    group: str
    assignee: str
    requester: str
    category: str
    updated: Moment
    opened: Moment


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands at the top and beside a ticket."""

    number: str
    version: int
    subject: str
    kind: str
    channel: str
    status: Badge
    priority: Badge
    due: Badge
    impact: str
    urgency: str
    category: str
    service: str
    group: str
    assignee: str
    requester_name: str
    requester_email: str
    requester_organisation: str
    opened: Moment
    updated: Moment
    pending_until: Moment | None
    reopened: str
    escalated: str
    solution: "Solution | None"
    is_done: bool
    merged_into: str
    survivor: str
    absorbed: tuple[str, ...]
    split_from: str
    split_into: tuple[str, ...]
    other_requesters: bool


@dataclass(frozen=True, kw_only=True)
class Solution:
    """How it was solved; the last three lines are for agents only."""

    text: Markup
    code: str
    prevention: Markup
    article: str
    cause: str
    steps: Markup
    spent: str


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """A file of a message; a picture is shown small."""

    name: str
    href: str
    size: str
    is_picture: bool


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """One message of the conversation.

    Attributes:
        origin: number of the ticket it came from, if not from this one.
    """

    author: str
    initials: str
    side: Literal["requester", "agent", "system"]
    role: str
    is_internal: bool
    body: Markup
    at: Moment
    message_id: str
    origin: str
    files: tuple[ShownFile, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Action:
    """A move that the service allows now.

    Attributes:
        form: what the move needs to be told.
        is_exit: an agent's way to end it without solving it; offered apart from the others.
    """

    to: str
    text: str
    form: ActionForm
    tone: Literal["primary", "plain", "danger"]
    is_exit: bool


_FORMS: Mapping[str, ActionForm] = {
    "pending": "pend",
    "resolved": "resolve",
    "cancelled": "reason",
    "duplicate": "reason",
}
_AGENT_MOVES: labels.Labels = {
    "triaged": message("Mark as sorted"),
    "assigned": message("Back to assigned"),
    "in_progress": message("Start work"),
    "pending": message("Put on hold"),
    "verifying": message("Ask to verify"),
    "resolved": message("Resolve"),
    "closed": message("Close"),
    "merged": message("Merge"),
    "cancelled": message("Cancel the ticket"),
    "duplicate": message("Mark as duplicate"),
    "spam": message("Mark as spam"),
}
_REQUESTER_MOVES: labels.Labels = {
    "in_progress": message("It still goes wrong"),
    "closed": message("Yes, it is solved"),
    "cancelled": message("I no longer need help"),
}
_MOVES_FROM: Mapping[tuple[str, str], str] = {
    ("pending", "in_progress"): message("Continue work"),
    ("verifying", "in_progress"): message("Continue work"),
    ("resolved", "in_progress"): message("Reopen"),
}
_EXITS = ("cancelled", "duplicate", "spam")


def rows(
    lines: tuple[TicketLine, ...], *, speech: Speech, now: datetime, called: Names
) -> tuple[Row, ...]:
    """Tickets in the order the service gave them."""
    return tuple(_row(line, speech=speech, now=now, called=called) for line in lines)


def _row(line: TicketLine, *, speech: Speech, now: datetime, called: Names) -> Row:
    return Row(
        number=line.number,
        subject=line.subject,
        kind=labels.say(labels.KINDS, line.kind, speech=speech),
        status=status_badge(line.status, speech=speech),
        priority=priority_badge(line.priority, speech=speech),
        due=due_badge(line.sla_state, line.next_due_at, speech=speech, now=now),
        group=called.group(line.group),
        assignee=called.agent(line.assignee),
        requester=line.requester,
        category=(line.category or "").replace("-", " "),
        updated=moment(line.updated_at, speech=speech, now=now),
        opened=moment(line.opened_at, speech=speech, now=now),
    )


def head(ticket: Ticket, *, speech: Speech, now: datetime, called: Names) -> Head:
    """The facts of one ticket."""
    until = ticket.pending_until
    return Head(
        number=ticket.number,
        version=ticket.version,
        subject=ticket.subject,
        kind=labels.say(labels.KINDS, ticket.kind, speech=speech),
        channel=labels.say(labels.CHANNELS, ticket.channel, speech=speech),
        status=status_badge(ticket.status, speech=speech, reason=ticket.pending_reason),
        priority=priority_badge(ticket.priority, speech=speech),
        due=due_badge(ticket.sla_state, ticket.next_due_at, speech=speech, now=now),
        impact=labels.say(labels.IMPACTS, ticket.impact, speech=speech),
        urgency=labels.say(labels.URGENCIES, ticket.urgency, speech=speech),
        category=(ticket.category or "").replace("-", " "),
        service=(ticket.service or "").replace("-", " "),
        group=called.group(ticket.group),
        assignee=called.agent(ticket.assignee),
        requester_name=ticket.requester.name,
        requester_email=ticket.requester.email,
        requester_organisation=ticket.requester.organisation,
        opened=moment(ticket.opened_at, speech=speech, now=now),
        updated=moment(ticket.updated_at, speech=speech, now=now),
        pending_until=moment(until, speech=speech, now=now) if until else None,
        reopened=_times_reopened(ticket.reopen_count, speech=speech),
        escalated=_times_escalated(ticket.escalation_level, speech=speech),
        solution=_solution(ticket, speech=speech),
        is_done=ticket.status_category == "done",
        merged_into=ticket.merged_into or "",
        survivor=ticket.survivor or "",
        absorbed=ticket.absorbed,
        split_from=ticket.split_from or "",
        split_into=ticket.split_into,
        other_requesters=ticket.other_requesters,
    )


def _times_reopened(count: int, *, speech: Speech) -> str:
    return speech.plural("Reopened once", "Reopened %(num)s times", count) if count else ""


def _times_escalated(level: int, *, speech: Speech) -> str:
    return speech.plural("Escalated once", "Escalated %(num)s times", level) if level else ""


def _solution(ticket: Ticket, *, speech: Speech) -> Solution | None:
    found = ticket.resolution
    if found is None:
        return None
    minutes = speech.plural("%(num)s minute", "%(num)s minutes", found.minutes_spent)
    return Solution(
        text=markup.message_body(found.text),
        code=labels.say(labels.RESOLUTION_CODES, found.code, speech=speech),
        prevention=markup.message_body(found.prevention),
        article=found.article or "",
        cause=labels.say(labels.CAUSES, found.cause, speech=speech),
        steps=markup.message_body(found.steps),
        spent=minutes if found.minutes_spent else "",
    )


def conversation(found: Conversation, *, speech: Speech, now: datetime) -> tuple[Bubble, ...]:
    """The messages, oldest first, as the service let this reader see them."""
    return tuple(_bubble(item, number=found.number, speech=speech, now=now) for item in found.items)


def _bubble(item: Message, *, number: str, speech: Speech, now: datetime) -> Bubble:
    author = person(item.author, speech=speech)
    return Bubble(
        author=author,
        initials=initials(author),
        side=item.author.kind,
        role=_side_name(item.author.kind, speech=speech),
        is_internal=not item.public,
        body=markup.message_body(item.body),
        at=moment(item.at, speech=speech, now=now),
        message_id=item.message_id,
        origin=item.number if item.number and item.number != number else "",
        files=tuple(_file(each, number=number, speech=speech) for each in item.attachments),
    )


def _file(file: MessageFile, *, number: str, speech: Speech) -> ShownFile:
    return ShownFile(
        name=file.name,
        href=f"/tickets/{number}/files/{file.attachment_id}",
        size=size_of(file.bytes, speech=speech),
        is_picture=file.media_type in PICTURES,
    )


def _side_name(kind: str, *, speech: Speech) -> str:
    if kind == "requester":
        return speech.text("Requester")
    return speech.text("Service desk")


def person(actor: Actor, *, speech: Speech) -> str:
    """Who somebody is, by name."""
    if actor.kind == "system":
        return speech.text(SYSTEM_NAME)
    return actor.name or actor.id


def actions(ticket: Ticket, *, viewpoint: Viewpoint, speech: Speech) -> tuple[Action, ...]:
    """Buttons for the moves the service said are allowed, in its order."""
    return tuple(
        _action(ticket.status, to, viewpoint=viewpoint, speech=speech) for to in ticket.transitions
    )


def _action(was: str, to: str, *, viewpoint: Viewpoint, speech: Speech) -> Action:
    needs = _FORMS.get(to, "none")
    if (was, to) == ("resolved", "in_progress"):
        needs = "reason"
    return Action(
        to=to,
        text=_move(was, to, viewpoint=viewpoint, speech=speech),
        form=needs,
        tone=_tone(was, to),
        is_exit=viewpoint == "agent" and to in _EXITS,
    )


def _move(was: str, to: str, *, viewpoint: Viewpoint, speech: Speech) -> str:
    if viewpoint == "requester" and to in _REQUESTER_MOVES:
        return speech.text(_REQUESTER_MOVES[to])
    if (was, to) in _MOVES_FROM:
        return speech.text(_MOVES_FROM[was, to])
    return labels.say(_AGENT_MOVES, to, speech=speech)


def _tone(was: str, to: str) -> Literal["primary", "plain", "danger"]:
    if to in _EXITS:
        return "danger"
    forward = {"resolved", "closed"} if was != "resolved" else {"closed"}
    return "primary" if to in forward else "plain"
