"""Groups, agents and rules: saved under their keys, and shown with their present load."""

from chassis.database import Transaction
from contracts.errors import Invalid
from contracts.routing import (
    Agent,
    Agents,
    AgentSpec,
    Group,
    Groups,
    GroupSpec,
    Rules,
    RuleSpec,
)
from services.routing import schemas
from services.routing.domain.assignment import Load
from services.routing.domain.directory import Directory
from services.routing.domain.hours import is_zone
from services.routing.domain.rules import is_findable
from services.routing.handlers import delivering, queue
from services.routing.store import directory as directory_store
from services.routing.store import holdings, loads

MAX_SKILL_LEVEL = 3
MAX_WORD = 100  # characters of a rule's word or phrase


def put_group(spec: GroupSpec, *, tx: Transaction) -> GroupSpec:
    """Save a group; the same one again changes nothing.

    Raises:
        Invalid: its next group is unknown, itself, or of a lower tier.
    """
    directory = directory_store.claim(tx)
    _refuse(_next_group_problem(spec, directory))
    group = schemas.group(spec)
    if directory.groups.get(spec.key) == group:
        return spec
    directory_store.put(tx, group)
    if group.active:
        changed = directory_store.current(tx)
        queue.serve(tx, groups=[group.key], directory=changed)
        if holdings.has_unrouted(tx):
            queue.route_soon(tx)
    return spec


def _next_group_problem(spec: GroupSpec, directory: Directory) -> dict[str, str]:
    if spec.next_group is None:
        return {}
    if spec.next_group == spec.key:
        return {"next_group": "A group cannot be its own next one."}
    if spec.next_group not in directory.groups:
        return {"next_group": f"There is no group {spec.next_group!r}."}
    if directory.groups[spec.next_group].tier < spec.tier:
        return {"next_group": f"Group {spec.next_group!r} is of a lower tier."}
    return {}


def put_agent(spec: AgentSpec, *, tx: Transaction) -> AgentSpec:
    """Save an agent; one who has room has their groups' queues served.

    Raises:
        Invalid: a group or time zone is unknown, or a skill's level is not 1 to 3.
    """
    directory = directory_store.claim(tx)
    _refuse(_agent_problems(spec, directory))
    agent = schemas.agent(spec)
    if directory.agents.get(spec.key) == agent:
        return spec
    directory_store.put(tx, agent)
    loads.begin(tx, agent=agent.key)
    changed = directory_store.current(tx)
    # Decisions under way still see the agent as before; once their loads are free they are over.
    loads.claim(tx, agents=_colleagues(agent.groups, changed))
    delivering.look_again(agent.key, tx=tx)
    queue.serve_for(tx, agent=agent.key, directory=changed)
    return spec


def _colleagues(groups: tuple[str, ...], directory: Directory) -> set[str]:
    return {agent.key for group in groups for agent in directory.members(group)}


def _agent_problems(spec: AgentSpec, directory: Directory) -> dict[str, str]:
    unknown = {
        f"groups.{index}": f"There is no group {group!r}."
        for index, group in enumerate(spec.groups)
        if group not in directory.groups
    }
    levels = {
        f"skills.{skill}": f"Must be 1 to {MAX_SKILL_LEVEL}."
        for skill, level in spec.skills.items()
        if not 1 <= level <= MAX_SKILL_LEVEL
    }
    return unknown | levels | _hours_problems(spec)


def _hours_problems(spec: AgentSpec) -> dict[str, str]:
    if spec.hours is None or is_zone(spec.hours.zone):
        return {}
    return {"hours.zone": f"There is no time zone {spec.hours.zone!r}."}


def put_rule(spec: RuleSpec, *, tx: Transaction) -> RuleSpec:
    """Save a rule; it holds for tickets that come from now on.

    Raises:
        Invalid: its group is unknown, or a word has nothing to be found by.
    """
    directory = directory_store.claim(tx)
    _refuse(_rule_problems(spec, directory))
    rule = schemas.rule(spec)
    if rule not in directory.rules:
        directory_store.put(tx, rule)
    return spec


def _rule_problems(spec: RuleSpec, directory: Directory) -> dict[str, str]:
    problems = (
        {} if spec.group in directory.groups else {"group": f"There is no group {spec.group!r}."}
    )
    for index, word in enumerate(spec.words):
        if len(word) > MAX_WORD:
            problems[f"words.{index}"] = f"Longer than {MAX_WORD} characters."
        elif not is_findable(word):
            problems[f"words.{index}"] = "Has no letter or digit to be found by."
    return problems


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        field, message = next(iter(problems.items()))
        errors = {path: [said] for path, said in problems.items()}
        raise Invalid("invalid", f"{field}: {message}", {"errors": errors})


def list_groups(*, tx: Transaction) -> Groups:
    """All groups by tier and name, with their agents and open tickets counted."""
    directory = directory_store.current(tx)
    in_hand = holdings.open_by_group(tx)
    shown = sorted(directory.groups.values(), key=lambda group: (group.tier, group.name, group.key))
    return Groups(
        items=tuple(
            Group(
                spec=schemas.group_spec(group),
                agents=sum(agent.active for agent in directory.members(group.key)),
                open_tickets=in_hand.get(group.key, 0),
            )
            for group in shown
        )
    )


def list_agents(*, tx: Transaction) -> Agents:
    """All agents by name, with their open tickets."""
    directory = directory_store.current(tx)
    found = loads.every(tx)
    shown = sorted(directory.agents.values(), key=lambda agent: (agent.name, agent.key))
    return Agents(
        items=tuple(
            Agent(
                spec=schemas.agent_spec(agent),
                open_tickets=found.get(agent.key, Load()).open_tickets,
            )
            for agent in shown
        )
    )


def list_rules(*, tx: Transaction) -> Rules:
    """All rules in the order they are tried, inactive ones in their places."""
    directory = directory_store.current(tx)
    shown = sorted(directory.rules, key=lambda rule: (rule.position, rule.key))
    return Rules(items=tuple(schemas.rule_spec(rule) for rule in shown))
