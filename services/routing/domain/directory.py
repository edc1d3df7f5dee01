"""Who there is: support groups, agents and routing rules, as one unchanging picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from services.routing.domain.hours import WorkingHours

LEAST_LOADED = "least_loaded"


@dataclass(frozen=True, kw_only=True)
class Group:
    """A support group.

    Attributes:
        tier: 1 is the service desk, 2 specialists, 3 engineers.
        next_group: where a functional escalation goes, when it was said.
        manager: e-mail of who is told by a hierarchic escalation.
        mode: `least_loaded` gives tickets to agents; `manual` leaves them to be pulled.
        major_priorities: of tickets whose notices wait for nobody's working hours.
    """

    key: str
    name: str
    tier: int
    manager: str
    next_group: str | None = None
    mode: str = LEAST_LOADED
    active: bool = True
    major_priorities: tuple[str, ...] = ("P1",)


@dataclass(frozen=True, kw_only=True)
class Agent:
    """An agent; skill levels are 1 to 3, capacity counts open tickets.

    Attributes:
        hours: when they work; None when that is not known.
        lead: is told of what can be told to nobody else.
    """

    key: str
    name: str
    email: str
    groups: tuple[str, ...]
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ("id",)
    capacity: int = 20
    away: bool = False
    active: bool = True
    hours: WorkingHours | None = None
    lead: bool = False

    def is_at_work(self, *, group: str) -> bool:
        """Whether a ticket of `group` may be left with this agent."""
        return self.active and not self.away and group in self.groups


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A routing rule: what it looks for, and where a ticket goes that fits.

    A condition that is left out fits every ticket; all that are given must fit.
    """

    key: str
    position: int
    group: str
    name: str
    words: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    impacts: tuple[str, ...] = ()
    category: str | None = None
    skill: str | None = None
    skill_level: int = 1
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Directory:
    """All groups, agents and rules at one revision."""

    groups: Mapping[str, Group] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    @cached_property
    def rules_in_force(self) -> tuple[Rule, ...]:
        """Active rules that lead to an active group, in the order they are tried."""
        usable = (rule for rule in self.rules if rule.active and self.is_open(rule.group))
        return tuple(sorted(usable, key=lambda rule: (rule.position, rule.key)))

    @cached_property
    def _members(self) -> dict[str, tuple[Agent, ...]]:
        found: dict[str, list[Agent]] = {}
        for _, agent in sorted(self.agents.items()):
            for group in dict.fromkeys(agent.groups):
                found.setdefault(group, []).append(agent)
        return {group: tuple(agents) for group, agents in found.items()}

    def members(self, group: str) -> tuple[Agent, ...]:
        """The agents of a group, by key; absent and departed ones too."""
        return self._members.get(group, ())

    @cached_property
    def leads(self) -> tuple[str, ...]:
        """The keys of the desk's leads."""
        return tuple(key for key, agent in sorted(self.agents.items()) if agent.lead)

    @cached_property
    def _by_email(self) -> dict[str, str]:
        # An active agent last, so that they are found rather than a departed one of the same name.
        agents = sorted(self.agents.values(), key=lambda agent: (agent.active, agent.key))
        return {agent.email.lower(): agent.key for agent in agents}

    def person(self, named: str) -> str:
        """One name for each person: the key of an agent, else the address in lower case."""
        if named in self.agents:
            return named
        return self._by_email.get(named.lower(), named.lower())

    def is_open(self, group: str | None) -> bool:
        """Whether there is an active group of this key."""
        return group is not None and group in self.groups and self.groups[group].active

    @cached_property
    def fallback(self) -> Group | None:
        """Who takes what no rule claims: the first active group of the lowest tier, by key."""
        active = [group for group in self.groups.values() if group.active]
        return min(active, key=lambda group: (group.tier, group.key), default=None)

    @cached_property
    def _categories(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for rule in self.rules_in_force:
            named = {*rule.categories, *([rule.category] if rule.category else [])}
            found.setdefault(rule.group, set()).update(named)
        return {group: frozenset(named) for group, named in found.items()}

    def categories(self, group: str) -> frozenset[str]:
        """The categories whose tickets the rules send to a group."""
        return self._categories.get(group, frozenset())
