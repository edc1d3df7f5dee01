"""Notices: one fact for one person, and who that person is.

A notice is filed once for each recipient and source. Those of one `subject` – a clock of a ticket,
an article – replace each other by `rank` while they wait.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.routing.domain.directory import Directory
from services.routing.domain.escalation import Climb, Crossing, Trigger
from services.routing.domain.holding import Holding
from services.routing.domain.hours import next_on_duty

Kind = Literal["threshold", "escalation", "unreached", "review"]
State = Literal["held", "waiting", "gathered", "given", "dropped"]

_VERSION_RANK = 100_000  # more than any percentage


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One fact for one person.

    Attributes:
        source: the event or threshold it tells of.
        subject, rank: the higher rank of a subject makes the lower ones moot.
        major: it waits for nobody's working hours.
        meant_for: the person who would have been told first.
        state: `held` until the ticket is routed; `waiting` for a shift; `gathered` for a digest.
        reason: why it was dropped.
    """

    source: str
    subject: str
    kind: Kind
    rank: int = 0
    major: bool = False
    meant_for: str = ""
    ticket_id: str | None = None
    number: str | None = None
    group: str | None = None
    clock: str | None = None
    instance: int = 0
    clock_version: int = 0
    crossing: Crossing | None = None
    threshold: int | None = None
    minutes: int | None = None
    level: int | None = None
    article: str | None = None
    language: str | None = None
    title: str | None = None
    id: str = ""
    recipient: str = ""
    state: State = "held"
    reason: str = ""
    happened_at: datetime | None = None
    deliver_at: datetime | None = None
    given_at: datetime | None = None
    digest: str | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: Mapping[str, str] | None = None

    @property
    def trigger(self) -> Trigger:
        """The crossing that a notice of a threshold tells of."""
        return Trigger(
            crossing=self.crossing or "breached",
            clock=self.clock or "",
            clock_version=self.clock_version,
            threshold=self.threshold or 0,
            instance=self.instance,
            minutes=self.minutes,
        )


def crossed(trigger: Trigger, holding: Holding) -> Notice:
    """A clock of a ticket crossed a threshold."""
    clock = f"{holding.ticket_id}:{trigger.clock}:{trigger.instance}"
    # Two thresholds in minutes may lie at one percent.
    which = f"{trigger.threshold}" if trigger.minutes is None else f"{trigger.minutes}m"
    return Notice(
        source=f"clock:{clock}:{trigger.clock_version}:{which}",
        subject=f"clock:{clock}",
        rank=_rank(trigger),
        kind="threshold",
        ticket_id=holding.ticket_id,
        number=holding.number,
        group=holding.group,
        clock=trigger.clock,
        instance=trigger.instance,
        clock_version=trigger.clock_version,
        crossing=trigger.crossing,
        threshold=trigger.threshold,
        minutes=trigger.minutes,
    )


def climbed(
    climbs: Sequence[Climb], holding: Holding, *, trigger: Trigger | None
) -> tuple[Notice, ...]:
    """Authority is told of a ticket that climbed, and of a hand-over that found nobody.

    Args:
        climbs: what happened to the ticket at once.
        holding: who has it after them.
        trigger: the crossing that led there; None when it was raised by hand.
    """
    told = [_raised("escalation", each, holding, trigger) for each in climbs if each.told]
    moves = [each for each in climbs if each.to_group]
    if moves and holding.assignee is None:
        told.append(_raised("unreached", moves[-1], holding, trigger))
    return tuple(told)


def _raised(kind: Kind, climb: Climb, holding: Holding, trigger: Trigger | None) -> Notice:
    ladder = trigger.clock if trigger else f"manual:{climb.level}"
    return Notice(
        source=f"{kind}:{holding.ticket_id}:{climb.level}",
        subject=f"{kind}:{holding.ticket_id}:{ladder}",
        rank=_rank(trigger) if trigger else 0,
        kind=kind,
        ticket_id=holding.ticket_id,
        number=holding.number,
        group=climb.to_group or climb.from_group,
        clock=trigger.clock if trigger else None,
        clock_version=trigger.clock_version if trigger else 0,
        crossing=trigger.crossing if trigger else None,
        threshold=trigger.threshold if trigger else None,
        minutes=trigger.minutes if trigger else None,
        level=climb.level,
    )


def _rank(trigger: Trigger) -> int:
    return trigger.clock_version * _VERSION_RANK + trigger.threshold


def article_is_due(
    *, key: str, language: str, title: str, owner: str, review_at: datetime, reminder: int
) -> Notice:
    """An article is to be read again."""
    return Notice(
        source=f"review:{key}:{language}:{review_at.isoformat()}:{reminder}",
        subject=f"review:{key}:{language}",
        rank=int(review_at.timestamp()) * _VERSION_RANK + reminder,
        kind="review",
        meant_for=owner.lower(),
        article=key,
        language=language,
        title=title,
    )


def is_major(notice: Notice, holding: Holding | None, *, directory: Directory) -> bool:
    """Whether it is about a ticket that no working hours hold up; one of unknown priority is."""
    if holding is None:
        return False
    group = directory.groups.get(holding.group or notice.group or "")
    return holding.priority is None or group is None or holding.priority in group.major_priorities


def recipients(
    notice: Notice, holding: Holding | None, *, directory: Directory, at: datetime
) -> tuple[str, ...]:
    """Whom to tell, as things are: agents by key, others by address.

    A threshold is told to whoever has the ticket, an escalation to the group's manager, a review to
    the article's owner. Who is gone, away or never at work is passed over: for a manager, and where
    there is none for the leads of the desk. Where there are none either the last one named is told
    all the same, rather than nobody.
    """
    chain = [directory.person(each) for each in _chain(notice, holding, directory)]
    for person in chain:
        if is_reachable(person, directory=directory, at=at):
            return (person,)
    leads = [key for key in directory.leads if is_reachable(key, directory=directory, at=at)]
    return tuple(leads) or (chain[-1],)


def first_choice(notice: Notice, holding: Holding | None, *, directory: Directory) -> str:
    """The person who is told first if they can be."""
    return directory.person(_chain(notice, holding, directory)[0])


def _chain(notice: Notice, holding: Holding | None, directory: Directory) -> list[str]:
    if notice.kind == "review":
        owner = directory.agents.get(directory.person(notice.meant_for))
        groups = owner.groups if owner else ()
        return [notice.meant_for, *(directory.groups[key].manager for key in groups)]
    if notice.kind == "threshold" and holding is not None:
        manager = directory.groups[holding.group or ""].manager
        known = directory.agents.get(holding.assignee or "")
        return [known.key, manager] if known else [manager]
    return [directory.groups[notice.group or ""].manager]


def is_reachable(person: str, *, directory: Directory, at: datetime) -> bool:
    """Whether somebody will be at work some time; of who is no agent nothing else is known."""
    agent = directory.agents.get(person)
    if agent is None:
        return True
    return agent.active and not agent.away and next_on_duty(agent.hours, at) is not None


def moot(holding: Holding | None) -> str:
    """Why nobody needs to be told of a ticket any more, if so."""
    return "done" if holding is not None and holding.is_done else ""
