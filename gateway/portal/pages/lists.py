"""Lists of tickets: a requester's own, and the agents' queue."""

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from falcon import Request, Response

from contracts import intake, routing
from contracts.grammar import from_plain
from gateway.clients import Pending
from gateway.house import House
from gateway.portal import labels
from gateway.portal.asking import if_reachable
from gateway.portal.rendering import Press
from gateway.portal.speech import Speech, message
from gateway.portal.views.parts import Choice, Names, choices, names
from gateway.portal.views.tickets import rows
from gateway.portal.visit import Visit

PAGE = 25
_DONE = ("resolved", "closed", "merged", "duplicate", "cancelled", "spam")
_OPEN = tuple(status for status in get_args(intake.Status) if status not in _DONE)

Filters = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One of a few ways to look at a list."""

    href: str
    text: str
    is_here: bool


@dataclass(frozen=True, kw_only=True)
class Checks:
    """A filter of which several values may be ticked."""

    name: str
    text: str
    options: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class FilterForm:
    """The filters as they are set now."""

    q: str
    count: int
    checks: tuple[Checks, ...]
    groups: tuple[Choice, ...]
    assignees: tuple[Choice, ...]
    sorts: tuple[Choice, ...]


def _address(path: str, query: Filters) -> str:
    pairs = [(name, value) for name, values in query.items() for value in values]
    return path + ("?" + urllib.parse.urlencode(pairs) if pairs else "")


def _given(req: Request, fields: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    found = urllib.parse.parse_qs(req.query_string, max_num_fields=100)
    return {name: tuple(found[name]) for name in fields if name in found}


class Mine:
    """The tickets that the reader asked for."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """Open ones or finished ones, changed last first."""
        visit = self._press.visit(req, resp)
        given = _given(req, ("show", "cursor"))
        is_done = given.get("show") == ("done",)
        question = {
            "viewer": visit.principal.email,
            "status": list(_DONE if is_done else _OPEN),
            "limit": PAGE,
            "cursor": given.get("cursor", (None,))[0],
        }
        page = self._house.clients.tickets(from_plain(intake.ListTickets, question))
        show = {"show": ("done",)} if is_done else {}
        text = visit.speech.text
        self._press.page(
            req,
            resp,
            visit,
            "mine.html",
            rows=rows(page.items, speech=visit.speech, now=visit.now, called=Names()),
            tabs=(
                Tab(href="/tickets", text=text("Open"), is_here=not is_done),
                Tab(href="/tickets?show=done", text=text("Finished"), is_here=is_done),
            ),
            next_href=_next("/tickets", show, page),
        )


def _next(path: str, query: Filters, page: intake.TicketPage) -> str:
    return _address(path, {**query, "cursor": (page.next_cursor,)}) if page.next_cursor else ""


_VIEWS = {
    "open": message("Open"),
    "mine": message("Mine"),
    "unassigned": message("With nobody"),
    "risk": message("At risk or overdue"),
    "resolved": message("Resolved"),
    "all": message("All"),
}
_FILTERS = ("status", "priority", "sla_state", "group", "assignee", "sort")
_SLA_FILTERS = {
    code: labels.SLA_STATES[code] for code in ("running", "at_risk", "breached", "paused")
}


def _preset(view: str, *, agent_key: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {"sort": ("due",)}
    if view == "mine":
        found["assignee"] = (agent_key,)
    elif view == "unassigned":
        found["assignee"] = ("none",)
    elif view == "risk":
        found["sla_state"] = ("at_risk", "breached")
    elif view == "resolved":
        found |= {"status": ("resolved",), "sort": ("-updated",)}
    elif view == "all":
        found["sort"] = ("-updated",)
    return found


class Queue:
    """All tickets, as agents work through them."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """A view with its filters; open tickets by due time unless the reader says otherwise."""
        visit = self._press.visit(req, resp)
        given = _given(req, ("view", "q", "cursor", *_FILTERS))
        view = given.get("view", ("open",))[0]
        custom = {name: given[name] for name in _FILTERS if name in given}
        agent_key = visit.principal.agent_key
        filters = {**_preset(view, agent_key=agent_key or "none"), **custom}
        clients = self._house.clients
        asked_groups, asked_agents = clients.start_groups(), clients.start_agents()
        page = clients.tickets(_question(filters, given, everything=view == "all"))
        called, is_missing = _names(asked_groups, asked_agents)
        kept = {name: given[name] for name in ("view", "q") if name in given} | custom
        self._press.page(
            req,
            resp,
            visit,
            "queue.html",
            rows=rows(page.items, speech=visit.speech, now=visit.now, called=called),
            tabs=_tabs(view, visit, is_custom=bool(custom)),
            filters=_form(filters, given, called=called, speech=visit.speech, custom=custom),
            base="all" if view == "all" else "open",
            clear_href=_address("/queue", {"view": (view,)}),
            kept=[
                (name, value) for name, values in kept.items() if name != "q" for value in values
            ],
            first_href=_address("/queue", kept) if "cursor" in given else "",
            next_href=_next("/queue", kept, page),
            unavailable=is_missing,
        )


def _question(filters: Filters, given: Filters, *, everything: bool) -> intake.ListTickets:
    """The question to intake.

    Raises:
        Invalid: a filter that no form of ours makes.
    """
    plain: dict[str, Any] = {
        name: list(filters[name])
        for name in ("status", "priority", "sla_state", "group", "assignee")
        if name in filters
    }
    if "status" not in plain and not everything:
        plain["status"] = list(_OPEN)
    plain["sort"] = filters["sort"][0]
    plain["limit"] = PAGE
    for name in ("q", "cursor"):
        plain[name] = given.get(name, (None,))[0]
    return from_plain(intake.ListTickets, plain, strict=True)


def _names(
    asked_groups: Pending[routing.Groups], asked_agents: Pending[routing.Agents]
) -> tuple[Names, bool]:
    groups, agents = if_reachable(asked_groups), if_reachable(asked_agents)
    return names(groups=groups, agents=agents), groups is None or agents is None


def _tabs(view: str, visit: Visit, *, is_custom: bool) -> tuple[Tab, ...]:
    has_own = visit.principal.agent_key is not None
    return tuple(
        Tab(
            href=_address("/queue", {"view": (code,)} if code != "open" else {}),
            text=visit.speech.text(text),
            is_here=code == view and not is_custom,
        )
        for code, text in _VIEWS.items()
        if code != "mine" or has_own
    )


def _form(
    filters: Filters, given: Filters, *, called: Names, speech: Speech, custom: Filters
) -> FilterForm:
    agents = {"none": speech.text("With nobody"), **called.agents}
    return FilterForm(
        q=given.get("q", ("",))[0],
        count=len([name for name in custom if name != "sort"]),
        checks=(
            _checks("status", message("Status"), labels.STATUSES, filters, speech),
            _checks("priority", message("Priority"), labels.PRIORITIES, filters, speech),
            _checks("sla_state", message("Promise"), _SLA_FILTERS, filters, speech),
        ),
        groups=_named(called.groups, filters.get("group", ())),
        assignees=_named(agents, filters.get("assignee", ())),
        sorts=choices(labels.SORTS, speech=speech, chosen=filters["sort"]),
    )


def _checks(
    name: str, text: str, options: labels.Labels, filters: Filters, speech: Speech
) -> Checks:
    return Checks(
        name=name,
        text=speech.text(text),
        options=choices(options, speech=speech, chosen=filters.get(name)),
    )


def _named(options: Mapping[str, str], chosen: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=key, text=name, chosen=key in chosen) for key, name in options.items()
    )
