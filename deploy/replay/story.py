"""From rows that say how things stood to steps that say what happened: what a replay plays.

A step never precedes the one before it: a log's order is the order in which it was written, while
its times may be rounded or wrong. A step is then moved to the instant of the step before it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from contracts.intake import Channel, Level, PendingReason
from deploy.replay.row import LogRow, RowStatus, Standing

_DONE = frozenset({"resolved", "closed", "cancelled"})
_OVER = frozenset({"closed", "cancelled"})
_NEW = Standing(status="new")
_AT_WORK = Standing(status="in_progress")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Something that happened to a ticket.

    Attributes:
        position: the row it was read from; with `part` the step's own place in the file.
        part: which of the row's steps it is, from 0.
        at: when it happens in the replay (UTC).
        logged_at: when it happened by the log's own clock.
    """

    ticket: str
    position: int
    part: int
    at: datetime
    logged_at: datetime

    @property
    def is_moved(self) -> bool:
        """Whether the log's own time would have put it before the step before it."""
        return self.at != self.logged_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Open(Step):
    """The ticket came in, into a group's queue when the log names one."""

    requester: str | None
    channel: Channel | None
    impact: Level
    urgency: Level
    category: str | None
    group: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOver(Step):
    """The ticket went from one group to another, and to an agent there or to nobody yet."""

    group: str
    assignee: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Assign(Step):
    """Within its group the ticket went to an agent, or back to the queue."""

    assignee: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Amend(Step):
    """Impact, urgency or category changed; what did not is None."""

    impact: Level | None
    urgency: Level | None
    category: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Move(Step):
    """The status changed."""

    to: RowStatus
    pending_reason: PendingReason | None
    is_reopening: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply(Step):
    """Somebody wrote; what they wrote is not in the log."""

    author: Literal["agent", "requester"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Stand:
    """How a ticket stands between two rows."""

    latest_at: datetime
    standing: Standing
    group: str | None
    assignee: str | None
    impact: Level
    urgency: Level
    category: str | None


class Storyteller:
    """Tells rows as steps, one row after the other; remembers one small record for each ticket."""

    def __init__(self) -> None:
        self._stands: dict[str, _Stand] = {}

    def tell(self, row: LogRow) -> list[Step]:
        """What happened by this row; a ticket's first row opens it."""
        told = _Telling(row)
        stand = self._stands.get(row.ticket) or _tell_opening(told)
        self._stands[row.ticket] = _tell_changes(told, told.joined(stand))
        return told.steps


def steps(rows: Iterable[LogRow]) -> Iterator[Step]:
    """What happened, in file order; each ticket's steps also in the order of their times."""
    storyteller = Storyteller()
    for row in rows:
        yield from storyteller.tell(row)


class _Telling:
    """The steps of one row as they are told, and the instant the next one may not precede."""

    def __init__(self, row: LogRow) -> None:
        self.row = row
        self.steps: list[Step] = []
        self.latest_at = row.opened_at or row.at

    def joined(self, stand: _Stand) -> _Stand:
        """Go on from where the ticket stood."""
        self.latest_at = stand.latest_at
        return stand

    def say(self, kind: type[Step], *, logged_at: datetime | None = None, **facts: Any) -> None:
        """Add a step, at the log's own time unless that precedes the step before it."""
        logged_at = logged_at or self.row.at
        self.latest_at = max(self.latest_at, logged_at)
        step = kind(
            ticket=self.row.ticket,
            position=self.row.position,
            part=len(self.steps),
            at=self.latest_at,
            logged_at=logged_at,
            **facts,
        )
        self.steps.append(step)


def _tell_opening(told: _Telling) -> _Stand:
    row = told.row
    stand = _Stand(
        latest_at=told.latest_at,
        standing=_NEW,
        group=row.group,
        assignee=None,
        impact=row.impact or "medium",
        urgency=row.urgency or "medium",
        category=row.category,
    )
    told.say(
        Open,
        logged_at=told.latest_at,
        requester=row.requester,
        channel=row.channel,
        impact=stand.impact,
        urgency=stand.urgency,
        category=stand.category,
        group=stand.group,
    )
    return stand


def _tell_changes(told: _Telling, was: _Stand) -> _Stand:
    standing = _standing_after(told.row.standing, was.standing)
    is_reopening = was.standing.status in _DONE and standing.status not in _DONE
    # Only an open ticket is worked on: it is reopened before its work, and resolved after it.
    if is_reopening:
        _tell_status(told, was.standing, standing)
    now = _tell_work(told, was)
    if not is_reopening:
        _tell_status(told, was.standing, standing)
    return replace(now, standing=standing, latest_at=told.latest_at)


def _standing_after(said: Standing | None, was: Standing) -> Standing:
    """A ticket is new only once, and one that is over cannot become merely resolved."""
    if said is None or (was.status in _OVER and said.status in _DONE):
        return was
    return _AT_WORK if said == _NEW and was != _NEW else said


def _tell_status(told: _Telling, was: Standing, now: Standing) -> None:
    if now == was:
        return
    # A ticket that is closed straight away was resolved, or it could not have been closed.
    if now.status == "closed" and was.status not in _DONE:
        told.say(Move, to="resolved", pending_reason=None, is_reopening=False)
    is_reopening = was.status in _DONE and now.status not in _DONE
    if is_reopening and now.status == "pending":
        told.say(Move, to="in_progress", pending_reason=None, is_reopening=True)
        is_reopening = False
    told.say(Move, to=now.status, pending_reason=now.pending_reason, is_reopening=is_reopening)


def _tell_work(told: _Telling, was: _Stand) -> _Stand:
    row = told.row
    now = replace(
        was,
        group=row.group or was.group,
        assignee=was.assignee if row.assignee is None else row.assignee or None,
        impact=row.impact or was.impact,
        urgency=row.urgency or was.urgency,
        category=row.category or was.category,
    )
    _tell_amendment(told, was, now)
    if now.group != was.group:
        told.say(HandOver, group=now.group, assignee=now.assignee)
    elif now.assignee != was.assignee:
        told.say(Assign, assignee=now.assignee)
    if row.happening in {"agent_replied", "requester_replied"}:
        told.say(Reply, author="agent" if row.happening == "agent_replied" else "requester")
    return now


def _tell_amendment(told: _Telling, was: _Stand, now: _Stand) -> None:
    changed: dict[str, Any] = {
        field: getattr(now, field) if getattr(now, field) != getattr(was, field) else None
        for field in ("impact", "urgency", "category")
    }
    if any(changed.values()):
        told.say(Amend, **changed)
