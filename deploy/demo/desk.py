"""The demo desk's organisation: groups, agents, rules, calendars and promises from `desk.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import available_timezones

from marshmallow import validate

from contracts.intake import Key, Name
from contracts.routing import AgentSpec, GroupSpec, RuleSpec
from contracts.sla import CalendarSpec, PolicySpec
from deploy.demo.content import HERE, Faults, parse, repeated, settle, shaped, unknown

POSITION_STEP = 10  # room to put an own rule between two of ours


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """Whom the desk serves."""

    name: Name
    email_domain: Name
    zone: Name
    staff: int
    cities: tuple[Name, ...]


@dataclass(frozen=True, kw_only=True)
class Term:
    """A key of the desk with its name in both languages."""

    key: Key
    id: Name
    en: Name


@dataclass(frozen=True, kw_only=True)
class Desk:
    """All that is set up before the first ticket; lists are in the order they are tried."""

    organisation: Organisation
    groups: Annotated[tuple[GroupSpec, ...], validate.Length(min=1)]
    agents: Annotated[tuple[AgentSpec, ...], validate.Length(min=1)]
    categories: tuple[Term, ...]
    causes: tuple[Term, ...]
    rules: Annotated[tuple[RuleSpec, ...], validate.Length(min=1)]
    calendars: tuple[CalendarSpec, ...]
    policies: tuple[PolicySpec, ...]

    @property
    def tiers(self) -> Mapping[str, int]:
        """The tier of every group."""
        return {group.key: group.tier for group in self.groups}


def read_desk(path: Path = HERE / "desk.yaml") -> Desk:
    """The desk that a YAML file describes.

    Rules and policies get their position from their place in the file.

    Raises:
        ContentFault: with every fault of form, or else every reference that leads nowhere.
    """
    plain = parse(path.read_text("utf-8"), file=path.name)
    for part in ("rules", "policies"):
        if isinstance(plain.get(part), list):
            plain[part] = _numbered(plain[part])
    desk = shaped(Desk, plain, file=path.name)
    settle(_faults(desk), file=path.name)
    return desk


def _numbered(entries: list[Any]) -> list[Any]:
    return [
        {"position": place * POSITION_STEP, **entry} if isinstance(entry, dict) else entry
        for place, entry in enumerate(entries, start=1)
    ]


def _faults(desk: Desk) -> Faults:
    for part in ("groups", "agents", "categories", "causes", "rules", "calendars", "policies"):
        yield from repeated(part, [entry.key for entry in getattr(desk, part)])
    yield from _group_faults(desk)
    yield from _agent_faults(desk)
    yield from _rule_faults(desk)
    yield from _promise_faults(desk)


def _group_faults(desk: Desk) -> Faults:
    staffed = {key for agent in desk.agents for key in agent.groups}
    for index, group in enumerate(desk.groups):
        at = f"groups.{index}"
        yield from unknown(f"{at}.next_group", group.next_group, desk.tiers)
        # An escalation that does not climb could go round for ever.
        if desk.tiers.get(group.next_group or "", group.tier + 1) <= group.tier:
            yield f"{at}.next_group", f"{group.next_group!r} is not of a higher tier."
        if group.key not in staffed:
            yield f"{at}.key", "No agent works in this group."


def _agent_faults(desk: Desk) -> Faults:
    for index, agent in enumerate(desk.agents):
        for place, key in enumerate(agent.groups):
            yield from unknown(f"agents.{index}.groups.{place}", key, desk.tiers)
        for skill, level in agent.skills.items():
            if level not in {1, 2, 3}:
                yield f"agents.{index}.skills.{skill}", "Must be 1, 2 or 3."


def _rule_faults(desk: Desk) -> Faults:
    categories = {category.key for category in desk.categories}
    for index, rule in enumerate(desk.rules):
        at = f"rules.{index}"
        yield from unknown(f"{at}.group", rule.group, desk.tiers)
        yield from unknown(f"{at}.category", rule.category, categories)
        if rule.skill and not _is_known_in(desk, rule, rule.skill):
            yield f"{at}.skill", f"Nobody in {rule.group!r} has it at level {rule.skill_level}."
    if not _fits_everything(desk.rules[-1]):
        yield f"rules.{len(desk.rules) - 1}", "The last rule must fit every ticket."


def _is_known_in(desk: Desk, rule: RuleSpec, skill: str) -> bool:
    return any(
        rule.group in agent.groups and agent.skills.get(skill, 0) >= rule.skill_level
        for agent in desk.agents
    )


def _fits_everything(rule: RuleSpec) -> bool:
    return not (rule.words or rule.kinds or rule.categories or rule.services or rule.impacts)


def _promise_faults(desk: Desk) -> Faults:
    zones = available_timezones()
    yield from unknown("organisation.zone", desk.organisation.zone, zones)
    for index, calendar in enumerate(desk.calendars):
        yield from unknown(f"calendars.{index}.zone", calendar.zone, zones)
        for place, closure in enumerate(calendar.closures):
            if closure.last < closure.first:  # ISO dates sort as they follow each other
                yield f"calendars.{index}.closures.{place}.last", "Is before `first`."
    calendars = {calendar.key for calendar in desk.calendars}
    for index, policy in enumerate(desk.policies):
        for place, target in enumerate(policy.targets):
            yield from unknown(
                f"policies.{index}.targets.{place}.calendar", target.calendar, calendars
            )
