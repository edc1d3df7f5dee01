"""What became of the tickets, read back from the desk ticket by ticket."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, get_args

from contracts.routing import TransferReason
from contracts.sla import ClockKind
from deploy.api import Desk as Api
from deploy.demo.cast import name_of
from deploy.demo.desk import Desk
from deploy.demo.journal import Journal
from deploy.demo.tickets import Day

_SIDE_BY_SIDE = 6
_CLOCK_ORDER = get_args(ClockKind)
_TRANSFERS = frozenset(get_args(TransferReason))


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How one promise stands, with the highest threshold it crossed."""

    clock: str
    state: str
    crossed: int

    @property
    def is_broken(self) -> bool:
        """Whether the promise was not kept."""
        return self.state in {"breached", "missed"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of one ticket.

    Attributes:
        path: the groups it went through.
        why: the first decision's reason, in the desk's words.
        deeds: what was done, in order.
        climbs: its escalations.
        offered: the article offered before it was sent.
    """

    number: str
    subject: str
    priority: str
    status: str
    category: str
    path: tuple[str, ...]
    agent: str
    why: str
    deeds: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    climbs: tuple[str, ...]
    offered: str


@dataclass(frozen=True, kw_only=True)
class Recap:
    """All tickets in the order they came in, and the sums."""

    tickets: tuple[Told, ...]

    def deeds(self) -> Counter[str]:
        """How often each thing was done."""
        return Counter(deed for ticket in self.tickets for deed in ticket.deeds)

    def verdicts(self, clock: str) -> Counter[str]:
        """How the promises of one kind stand."""
        return Counter(
            verdict.state
            for ticket in self.tickets
            for verdict in ticket.verdicts
            if verdict.clock == clock
        )

    @property
    def at_risk(self) -> int:
        """Tickets with a promise that came near its end."""
        return sum(any(verdict.crossed for verdict in one.verdicts) for one in self.tickets)

    @property
    def escalations(self) -> int:
        """Climbs of all tickets."""
        return sum(len(one.climbs) for one in self.tickets)


@dataclass(frozen=True, kw_only=True)
class Names:
    """What people call groups, categories and managers, by key or e-mail."""

    groups: Mapping[str, str]
    categories: Mapping[str, str]
    managers: Mapping[str, str]


def recap(api: Api, *, desk: Desk, day: Day, journal: Journal) -> Recap:
    """Ask the desk for every ticket of the day."""
    names = Names(
        groups={group.key: group.name for group in desk.groups},
        categories={term.key: term.en for term in desk.categories},
        managers={group.manager: name_of(group.manager) for group in desk.groups},
    )
    keys = [ticket.key for ticket in day.tickets if ticket.key in journal.numbers]

    def tell(key: str) -> Told:
        number = journal.numbers[key]
        ticket = api.get(f"/tickets/{number}")
        happened = api.get(f"/tickets/{number}/timeline")["items"]
        return _told(
            ticket,
            happened,
            names=names,
            offered=journal.offered.get(key, ""),
        )

    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        return Recap(tickets=tuple(pool.map(tell, keys)))


def _told(
    ticket: Mapping[str, Any],
    happened: Sequence[Mapping[str, Any]],
    *,
    names: Names,
    offered: str,
) -> Told:
    decisions = [one["facts"] for one in happened if one["kind"] == "decision"]
    path = [one["group"] for one in decisions]
    assignment = ticket["assignment"] or {}
    return Told(
        number=ticket["number"],
        subject=ticket["subject"],
        priority=ticket["priority"],
        status=ticket["status"],
        category=names.categories.get(ticket["category"], ticket["category"] or "–"),
        path=tuple(names.groups.get(key, key) for key in _without_repeats(path)),
        agent=assignment.get("assignee_name") or "–",
        why=decisions[0]["reason"] if decisions else "",
        deeds=tuple(deed for one in happened if (deed := _deed(one))),
        verdicts=_verdicts(ticket["clocks"] or (), happened),
        climbs=tuple(_climb(one["facts"], names) for one in happened if _is_climb(one)),
        offered=offered,
    )


def _without_repeats(keys: Iterable[str]) -> list[str]:
    found: list[str] = []
    for key in keys:
        if found[-1:] != [key]:
            found.append(key)
    return found


_DEEDS: Mapping[str, str] = {
    "ticket.resolved": "resolved",
    "ticket.reopened": "reopened",
    "ticket.reprioritised": "reprioritised",
}


def _deed(happened: Mapping[str, Any]) -> str:
    name, facts = happened["name"], happened["facts"]
    if happened["kind"] == "decision":
        return "transferred" if name in _TRANSFERS else ""
    if happened["kind"] != "log":
        return ""
    name = ".".join(name.split(".")[:2])  # without its version
    if name == "ticket.replied":
        return _said(happened["actor"]["kind"], is_public=facts["public"])
    if name == "ticket.status_changed":
        return "pended" if facts["status"] == "pending" else ""
    if name == "ticket.closed":
        return str(facts["status"])
    return _DEEDS.get(name, "")


def _said(kind: str, *, is_public: bool) -> str:
    if kind == "requester":
        return "answered"
    return "replied" if is_public else "noted"


def _verdicts(
    clocks: Iterable[Mapping[str, Any]], happened: Sequence[Mapping[str, Any]]
) -> tuple[Verdict, ...]:
    crossed: dict[str, int] = {}
    for one in happened:
        if one["kind"] == "threshold":
            threshold = one["facts"]["threshold"]
            crossed[one["name"]] = max(threshold, crossed.get(one["name"], 0))
    found = [
        Verdict(clock=clock["kind"], state=clock["state"], crossed=crossed.get(clock["kind"], 0))
        for clock in clocks
    ]
    return tuple(sorted(found, key=lambda one: _CLOCK_ORDER.index(one.clock)))


def _is_climb(happened: Mapping[str, Any]) -> bool:
    return bool(happened["kind"] == "escalation")


def _climb(facts: Mapping[str, Any], names: Names) -> str:
    if facts["to_group"]:
        return f"escalated to {names.groups.get(facts['to_group'], facts['to_group'])}"
    return f"told {names.managers.get(facts['told'], facts['told'])}"
