"""The groups and agents of a log, put on the desk before its first ticket."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from deploy.api import Desk
from deploy.replay.naming import email_of, key_of
from deploy.replay.servicenow import NOT_RECORDED
from deploy.replay.story import Assign, HandOver, Open, Step

MAX_GROUPS = 20  # that the desk lets one agent be in
CAPACITY = 1000
TIER = 1  # a log does not say; tiers matter to escalations, and a replayed ticket has none
_SIDE_BY_SIDE = 6


@dataclass(kw_only=True)
class Staff:
    """Who worked where, by the names of the log.

    Attributes:
        groups: every group, in the order it is first named.
        places: the groups in which an agent had a ticket, likewise.
    """

    groups: dict[str, None] = field(default_factory=dict)
    places: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))

    def agent_key(self, agent: str, *, group: str) -> str:
        """The agent's key for a ticket of that group.

        Who was in more groups than the desk allows is there as several agents.
        """
        part = list(self.places[agent]).index(group) // MAX_GROUPS
        return key_of(f"{agent} {part + 1}" if part else agent)


def group_of(step: Open) -> str:
    """The group that a ticket starts in; one that the log names none for waits in none of ours."""
    return step.group or NOT_RECORDED


def staff_of(steps: Iterable[Step]) -> Staff:
    """All groups and agents of a log."""
    staff = Staff()
    groups: dict[str, str] = {}
    for step in steps:
        if isinstance(step, Open):
            groups[step.ticket] = group_of(step)
        elif isinstance(step, HandOver):
            groups[step.ticket] = step.group
        staff.groups[groups[step.ticket]] = None
        if isinstance(step, HandOver | Assign) and step.assignee:
            staff.places[step.assignee][groups[step.ticket]] = None
    return staff


def hire(desk: Desk, staff: Staff) -> tuple[int, int]:
    """Put groups and agents on the desk that are not there yet; how many of each were.

    Their groups give tickets to nobody by themselves: the log says who had them.
    """
    known_groups = {item["spec"]["key"] for item in desk.get("/groups")["items"]}
    groups = [_group(name) for name in staff.groups if key_of(name) not in known_groups]
    _put_all(desk, "groups", groups)
    known_agents = {item["spec"]["key"]: item["spec"] for item in desk.get("/agents")["items"]}
    agents = list(_newcomers(_agents(staff), known_agents))
    _put_all(desk, "agents", agents)
    return len(groups), len(agents)


def _newcomers(
    agents: Iterable[dict[str, Any]], known: Mapping[str, Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Agents who are not there, or not yet in all their groups; they stay in those they are in."""
    for spec in agents:
        before = known.get(spec["key"], {}).get("groups", [])
        groups = list(dict.fromkeys([*before, *spec["groups"]]))
        if len(groups) > len(before):
            yield {**spec, "groups": groups}


def _put_all(desk: Desk, noun: str, specs: list[dict[str, Any]]) -> None:
    def put(spec: Mapping[str, Any]) -> None:
        desk.put(f"/{noun}/{spec['key']}", spec)

    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for _ in pool.map(put, specs):
            pass


def _group(name: str) -> dict[str, Any]:
    return {
        "key": key_of(name),
        "name": name,
        "tier": TIER,
        "manager": email_of(name),
        "mode": "manual",
    }


def _agents(staff: Staff) -> Iterable[dict[str, Any]]:
    for name, places in staff.places.items():
        shares: dict[str, list[str]] = defaultdict(list)
        for group in places:
            shares[staff.agent_key(name, group=group)].append(key_of(group))
        for key, groups in shares.items():
            yield {
                "key": key,
                "name": name,
                "email": email_of(name),
                "groups": groups,
                "languages": ["en"],
                "capacity": CAPACITY,
            }
