"""Notices: what people are told of thresholds, escalations and articles, and that they know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import Event, Operation, says
from contracts.intake import Actor, Key, Language
from contracts.sla.clocks import ClockKind

NoticeKind = Literal["threshold", "escalation", "unreached", "review"]
Address = Annotated[str, validate.Length(min=1, max=254)]
NoticeId = Annotated[str, validate.Length(min=1, max=36)]
MAX_TOLD = 50  # notices that one event names; a digest may hold more


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One fact for one person. It holds no prose: whoever shows it says it in the reader's words.

    Attributes:
        kind: a clock crossed a threshold; a ticket climbed to the reader's authority; an escalation
            found nobody in `group`; an article is to be read again.
        major: it does not wait for working hours.
        meant_for: the agent or address that would have been told first.
        clock: whose clock led there; none when it was raised by hand.
        threshold: percent of the clock's target.
        minutes: of a threshold in open minutes, how many after due; negative ones lie before it.
        level: of an escalation.
        article, language, title: what is to be read again.
        happened_at: when what it tells of was heard.
        digest: the digest it was given in; none when it was given by itself.
    """

    id: str
    kind: NoticeKind
    major: bool
    happened_at: datetime
    given_at: datetime
    meant_for: str
    number: str | None = None
    group: str | None = None
    clock: ClockKind | None = None
    crossing: Literal["at_risk", "breached"] | None = None
    threshold: int | None = None
    level: int | None = None
    article: str | None = None
    language: Language | None = None
    title: str | None = None
    digest: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: Actor | None = None
    minutes: int | None = None


@says("routing", "notice.given")
@dataclass(frozen=True, kw_only=True)
class NoticeGiven(Event):
    """Somebody was given a notice, or several at once as a digest; whoever can carries it further.

    Attributes:
        recipient: an agent's key, or the address of somebody who is no agent.
        email: where they can be written to.
        notices: most urgent first, at most 50.
        count: how many there are in all.
        digest: set when there are several.
    """

    recipient: str
    email: str
    given_at: datetime
    notices: tuple[Notice, ...]
    count: int
    digest: str | None = None

    def about(self) -> str:
        """The recipient."""
        return self.recipient


@dataclass(frozen=True, kw_only=True)
class ListNotices:
    """Ask for what somebody was given, newest first.

    Attributes:
        email, agent: who asks; the agent when they are one.
        unread: only what they did not acknowledge.
        cursor: where the page before ended.
    """

    email: Address
    agent: Key | None = None
    unread: bool = False
    cursor: Annotated[str, validate.Length(max=100)] | None = None
    limit: Annotated[int, validate.Range(min=1, max=100)] = 50


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """Some notices.

    Attributes:
        unread: how many are not acknowledged in all, those of other pages too.
    """

    items: tuple[Notice, ...]
    unread: int
    next_cursor: str | None = None


@dataclass(frozen=True, kw_only=True)
class AcknowledgeNotices:
    """Say that one knows; of an escalation it stops further automatic steps to authority."""

    email: Address
    ids: Annotated[tuple[NoticeId, ...], validate.Length(min=1, max=500)]
    actor: Actor
    agent: Key | None = None


@dataclass(frozen=True, kw_only=True)
class NoticesAcknowledged:
    """What was acknowledged, now or before, and how many are left.

    Attributes:
        items: as they are now, newest first.
    """

    items: tuple[Notice, ...]
    unread: int


LIST_NOTICES = Operation("routing", "list_notices", ListNotices, NoticePage)
ACKNOWLEDGE_NOTICES = Operation(
    "routing", "acknowledge_notices", AcknowledgeNotices, NoticesAcknowledged, mutates=True
)

EVENTS = (NoticeGiven,)
OPERATIONS = (LIST_NOTICES, ACKNOWLEDGE_NOTICES)
