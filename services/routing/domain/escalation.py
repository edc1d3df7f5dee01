"""When a ticket climbs: functional means more skill, hierarchic means more authority.

What happens is a table of rules; whether it happens is a table of guards. Both are flags and events
beside the ticket's state, never a state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services.routing.domain.directory import Directory, Group
from services.routing.domain.holding import Holding

Kind = Literal["functional", "hierarchic"]
Crossing = Literal["at_risk", "breached"]

MAX_LEVEL = 5  # climbs of one ticket; a ladder without an end would be a loop
MANUAL = "manual"


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """A clock crossed a threshold, in percent of its target.

    `instance` tells the clocks of one kind apart. With `minutes` the threshold was said in open
    minutes after due, negative ones before it, and the percent is where it lies.
    """

    crossing: Crossing
    clock: str
    clock_version: int
    threshold: int
    instance: int = 0
    minutes: int | None = None

    @property
    def name(self) -> str:
        """Such as `resolution.breached.100`."""
        return f"{self.clock}.{self.crossing}.{self.threshold}"


@dataclass(frozen=True, kw_only=True)
class EscalationRule:
    """From `from_percent` on, a crossing of `clock` leads to `steps`; `said` is its reason."""

    name: str
    crossing: Crossing
    clock: str
    from_percent: int
    steps: tuple[Kind, ...]
    said: str


RULES: tuple[EscalationRule, ...] = (
    EscalationRule(
        name="resolution-at-risk",
        crossing="at_risk",
        clock="resolution",
        from_percent=90,
        steps=("hierarchic",),
        said="{threshold} % of the resolution time is used",
    ),
    EscalationRule(
        name="resolution-breached",
        crossing="breached",
        clock="resolution",
        from_percent=100,
        steps=("functional", "hierarchic"),
        said="the resolution time is breached ({threshold} %)",
    ),
    EscalationRule(
        name="first-response-breached",
        crossing="breached",
        clock="first_response",
        from_percent=100,
        steps=("hierarchic",),
        said="nobody answered within the first response time ({threshold} %)",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Climb:
    """One climb that happened; `rule` is the escalation rule's name, or `manual`."""

    kind: Kind
    level: int
    rule: str
    trigger: str
    reason: str
    from_group: str
    raised_at: datetime
    to_group: str | None = None
    told: str | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What follows from a trigger: climbs in order, or the reason why none."""

    climbs: tuple[Climb, ...] = ()
    refused: str = ""


def rule_for(trigger: Trigger) -> EscalationRule | None:
    """The rule that a crossing falls under."""
    for rule in RULES:
        if (rule.crossing, rule.clock) == (trigger.crossing, trigger.clock):
            return rule if trigger.threshold >= rule.from_percent else None
    return None


@dataclass(frozen=True, kw_only=True)
class _Case:
    rule: EscalationRule
    holding: Holding
    past: tuple[Climb, ...]
    now: datetime
    cooldown: timedelta


def _is_cooling(case: _Case) -> bool:
    since = [climb.raised_at for climb in case.past if climb.rule == case.rule.name]
    return bool(since) and case.now - max(since) < case.cooldown


_GUARDS: tuple[tuple[str, Callable[[_Case], bool]], ...] = (
    ("replayed", lambda case: case.holding.is_replayed),
    ("done", lambda case: case.holding.is_done),
    ("no_group", lambda case: case.holding.group is None),
    ("depth", lambda case: len(case.past) >= MAX_LEVEL),
    ("cooldown", _is_cooling),
)


def judge(
    trigger: Trigger,
    *,
    holding: Holding,
    past: tuple[Climb, ...],
    directory: Directory,
    now: datetime,
    cooldown: timedelta,
    is_acknowledged: bool = False,
) -> Verdict:
    """What a crossing leads to.

    Args:
        trigger: the crossing.
        holding: who has the ticket now.
        past: every climb of this ticket so far.
        directory: groups and their managers.
        now: when it is judged.
        cooldown: how long the same rule rests on the same ticket.
        is_acknowledged: authority said that it knows of this clock, and need not be told again.
    """
    rule = rule_for(trigger)
    if rule is None:
        return Verdict(refused="no_rule")
    case = _Case(rule=rule, holding=holding, past=past, now=now, cooldown=cooldown)
    for name, stops in _GUARDS:
        if stops(case):
            return Verdict(refused=name)
    said = rule.said.format(threshold=trigger.threshold)
    if is_acknowledged:
        said = f"{said}; authority knows of it"
    found = climbs(
        rule.steps,
        rule=rule.name,
        trigger=trigger.name,
        said=said,
        holding=holding,
        directory=directory,
        now=now,
    )
    if is_acknowledged:
        found = tuple(climb for climb in found if climb.kind == "functional")
        return Verdict(climbs=found, refused="" if found else "acknowledged")
    return Verdict(climbs=found)


_NEVER_CLIMBS: tuple[tuple[str, str, Callable[[Holding], bool]], ...] = (
    ("ticket_done", "A ticket that is done does not climb.", lambda holding: holding.is_done),
    ("replayed", "A replayed ticket does not climb.", lambda holding: holding.is_replayed),
    (
        "escalation_depth",
        f"A ticket climbs at most {MAX_LEVEL} times.",
        lambda holding: holding.escalation_level >= MAX_LEVEL,
    ),
)


def refusal(holding: Holding) -> tuple[str, str] | None:
    """Why nobody may raise this ticket by hand, if so: a code and a sentence."""
    return next(
        ((code, said) for code, said, stops in _NEVER_CLIMBS if stops(holding)),
        None,
    )


def climbs(
    steps: tuple[Kind, ...],
    *,
    rule: str,
    trigger: str,
    said: str,
    holding: Holding,
    directory: Directory,
    now: datetime,
) -> tuple[Climb, ...]:
    """The climbs that the steps come to, within the depth that is left to the ticket.

    A functional step without a higher group becomes a hierarchic one that says so.
    """
    group = directory.groups[holding.group or ""]
    higher = next_group(group, category=holding.category, directory=directory)
    if "functional" in steps and higher is None:
        said = f"{said}; no group stands above {group.name}"
        steps = ("hierarchic",)
    found = []
    for level, kind in enumerate(steps, start=holding.escalation_level + 1):
        to = higher if kind == "functional" else None
        found.append(
            Climb(
                kind=kind,
                level=level,
                rule=rule,
                trigger=trigger,
                reason=_reason(said, group, to),
                from_group=group.key,
                raised_at=now,
                to_group=to.key if to else None,
                told=None if to else group.manager,
            )
        )
    return tuple(climb for climb in found if climb.level <= MAX_LEVEL)


def _reason(said: str, group: Group, to: Group | None) -> str:
    what = f"{group.name} hands over to {to.name}" if to else f"{group.manager} is told"
    return f"{said[0].upper()}{said[1:]}: {what}."


def next_group(group: Group, *, category: str | None, directory: Directory) -> Group | None:
    """Where a functional escalation goes: the group's own next one, else one of a higher tier.

    Of the higher groups only those count whose tickets share a category with this group, or are of
    the ticket's own category; the nearest tier, the ticket's category and the key decide, in order.
    """
    if group.next_group is not None and directory.is_open(group.next_group):
        return directory.groups[group.next_group]
    own = frozenset() if category is None else frozenset({category})
    shared = directory.categories(group.key) | own
    higher = [
        each
        for each in directory.groups.values()
        if each.active and each.tier > group.tier and directory.categories(each.key) & shared
    ]
    return min(
        higher,
        key=lambda each: (each.tier, not directory.categories(each.key) & own, each.key),
        default=None,
    )
