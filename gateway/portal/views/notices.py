"""Notices as a page shows them: facts put into the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from contracts import routing
from gateway.portal import labels
from gateway.portal.speech import Speech, message
from gateway.portal.views.parts import Badge, Moment, Names, moment
from gateway.portal.views.promises import around_due

_BADGES = {
    "threshold": message("Deadline"),
    "escalation": message("Escalation"),
    "unreached": message("Nobody there"),
    "review": message("Article"),
}
_TARGET = 100


@dataclass(frozen=True, kw_only=True)
class NoticeCard:
    """One notice.

    Attributes:
        name: what it is about, which `href` leads to.
        under: small words below.
        known: that it was acknowledged, in words; empty when it was not.
    """

    id: str
    href: str
    name: str
    text: str
    under: tuple[str, ...]
    badge: Badge
    at: Moment
    known: str


@dataclass(frozen=True, kw_only=True)
class NoticeGroup:
    """Notices that were given together; `title` is empty for one that was given by itself."""

    title: str
    cards: tuple[NoticeCard, ...]
    unread_ids: tuple[str, ...]


def groups(
    found: Iterable[routing.Notice],
    *,
    called: Names,
    own: frozenset[str],
    speech: Speech,
    now: datetime,
) -> tuple[NoticeGroup, ...]:
    """Notices as they were given: digests together, others by themselves.

    Args:
        found: newest first.
        called: what groups and agents are called.
        own: the reader's own names.
        speech: the reader's language.
        now: the present instant.
    """
    shown = []
    for digest, together in groupby(found, key=lambda each: each.digest):
        them = tuple(together)
        cards = tuple(_card(each, called=called, own=own, speech=speech, now=now) for each in them)
        unread = tuple(each.id for each in them if each.acknowledged_at is None)
        title = (
            speech.plural("One notice at once", "%(num)s notices at once", len(cards))
            if digest
            else ""
        )
        shown.append(NoticeGroup(title=title, cards=cards, unread_ids=unread))
    return tuple(shown)


def _card(
    notice: routing.Notice, *, called: Names, own: frozenset[str], speech: Speech, now: datetime
) -> NoticeCard:
    is_article = notice.kind == "review"
    return NoticeCard(
        id=notice.id,
        href=f"/writing/{notice.article}/{notice.language}"
        if is_article
        else f"/tickets/{notice.number}",
        name=(notice.title if is_article else notice.number) or "",
        text=_text(notice, called=called, speech=speech),
        under=_under(notice, called=called, own=own, speech=speech),
        badge=Badge(
            text=speech.text(_BADGES[notice.kind]) if notice.kind in _BADGES else notice.kind,
            tone="danger" if notice.major else "muted" if is_article else "warn",
            hint=speech.text("Major: it waits for nobody’s working hours.") if notice.major else "",
        ),
        at=moment(notice.given_at, speech=speech, now=now),
        known=_known(notice, own=own, speech=speech),
    )


def _text(notice: routing.Notice, *, called: Names, speech: Speech) -> str:
    if notice.kind == "review":
        return speech.text("Please read whether it is still true.")
    why = _why(notice, speech=speech)
    if notice.kind == "unreached":
        group = called.group(notice.group)
        return speech.text("%(why)s: in %(group)s nobody is free.", why=why, group=group)
    if notice.kind == "escalation":
        return speech.text("%(why)s: it was escalated to you.", why=why)
    return f"{why}."


def _why(notice: routing.Notice, *, speech: Speech) -> str:
    if notice.clock is None or notice.threshold is None:
        return speech.text("Raised by hand")
    clock = labels.say(labels.CLOCKS, notice.clock, speech=speech)
    if when := around_due(notice.minutes, speech=speech):
        return f"{clock}: {when}"
    percent = speech.percent(notice.threshold)
    if notice.crossing == "at_risk":
        return speech.text(
            "%(clock)s: %(percent)s of the time is used", clock=clock, percent=percent
        )
    if notice.threshold > _TARGET:
        return speech.text("%(clock)s is overdue, at %(percent)s", clock=clock, percent=percent)
    return speech.text("%(clock)s is overdue", clock=clock)


def _under(
    notice: routing.Notice, *, called: Names, own: frozenset[str], speech: Speech
) -> tuple[str, ...]:
    found = [called.group(notice.group)] if notice.group else []
    if notice.meant_for not in own:
        name = called.agent(notice.meant_for)
        found.append(speech.text("meant for %(name)s", name=name))
    return tuple(found)


def _known(notice: routing.Notice, *, own: frozenset[str], speech: Speech) -> str:
    by = notice.acknowledged_by
    if notice.acknowledged_at is None or by is None:
        return ""
    if by.id.lower() in own:
        return speech.text("You know of it")
    return speech.text("%(name)s knows of it", name=by.name or by.id)
