"""Policies: which promises a ticket gets, and what starts, stops and pauses their clocks.

Policies and calendars are immutable versions. A *book* is one edition of all of them together; a
ticket is judged under the edition it was opened in, until somebody chooses otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.sla.domain import facts
from services.sla.domain.errors import Problems
from services.sla.domain.facts import Attributes
from services.sla.domain.instants import DAY, MINUTE
from services.sla.domain.timetable import Timetable

FIRST_RESPONSE: Final = "first_response"
RESOLUTION: Final = "resolution"
BREACH_PERCENT: Final = 100
HIGHEST_PERCENT: Final = 1000
DEFAULT_THRESHOLDS: Final = (50, 75, 90, BREACH_PERCENT)
DEFAULT_PAUSES: Final = ("requester", "vendor")
NOTHING: Final = frozenset[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDefinition:
    """What moves one kind of clock, as data: signals of facts, and holds of the ticket.

    Within one fact Stop beats Cancel beats Pause beats Start. A pause ends when the hold does.

    Attributes:
        reopens_on: continue the stopped clock, within the policy's reopening days.
        resets_on: cancel the clock and count again from zero, as a new instance.
        repeats: once an instance ended, a start signal begins the next one.
    """

    kind: str
    starts_on: frozenset[str]
    stops_on: frozenset[str]
    pauses_while: frozenset[str] = NOTHING
    reopens_on: frozenset[str] = NOTHING
    resets_on: frozenset[str] = NOTHING
    cancels_on: frozenset[str] = frozenset({facts.CANCELLED})
    repeats: bool = False


def standard_definitions(pause_on: Sequence[str]) -> tuple[ClockDefinition, ...]:
    """The clocks every policy has; `pause_on` are the pending reasons that pause resolution."""
    first_response = ClockDefinition(
        kind=FIRST_RESPONSE,
        starts_on=frozenset({facts.OPENED}),
        # A status change answers nobody; a resolution carries its text to the requester.
        stops_on=frozenset({facts.AGENT_REPLIED, facts.RESOLVED_BY_AGENT}),
        # Withdrawn by the requester or timed out: nobody is waiting for an answer.
        pauses_while=frozenset({facts.DONE}),
        cancels_on=frozenset({facts.CANCELLED, facts.CLOSED}),
    )
    resolution = ClockDefinition(
        kind=RESOLUTION,
        starts_on=frozenset({facts.OPENED}),
        stops_on=frozenset({facts.RESOLVED, facts.CLOSED}),
        pauses_while=frozenset({*pause_on, facts.DONE}),
        reopens_on=frozenset({facts.REOPENED}),
    )
    return (first_response, resolution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How long one clock may run for one priority, in open microseconds of a calendar."""

    length: int
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One immutable version of a promise; an empty condition fits every ticket."""

    key: str
    version: int
    targets: Mapping[tuple[str, str], Target]
    definitions: tuple[ClockDefinition, ...] = standard_definitions(DEFAULT_PAUSES)
    thresholds: tuple[int, ...] = DEFAULT_THRESHOLDS
    reopen_window: int = 7 * DAY
    position: int = 100
    kinds: frozenset[str] = NOTHING
    categories: frozenset[str] = NOTHING
    services: frozenset[str] = NOTHING
    organisations: frozenset[str] = NOTHING

    def fits(self, ticket: Attributes) -> bool:
        """Whether every condition fits; an organisation's letter case does not matter."""
        return (
            _fits(self.kinds, ticket.kind)
            and _fits(self.categories, ticket.category)
            and _fits(self.services, ticket.service)
            and _fits(self.organisations, _plain(ticket.organisation))
        )


def _fits(wanted: frozenset[str], found: str | None) -> bool:
    return not wanted or found in wanted


def _plain(organisation: str) -> str:
    return " ".join(organisation.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One edition of all policies, in the order they are tried, and of all calendars."""

    edition: int
    policies: tuple[Policy, ...]
    timetables: Mapping[str, Timetable] = field(default_factory=dict)

    def policy_for(self, ticket: Attributes) -> Policy | None:
        """The first policy that fits."""
        return next((policy for policy in self.policies if policy.fits(ticket)), None)


def read_policy(document: Mapping[str, Any], *, version: int) -> Policy:
    """A policy from its document.

    Shapes are taken as checked at the door. 100 % is always among the thresholds.

    Raises:
        InvalidDefinition: two targets for one clock and priority, a threshold out of range; every
            error names its field.
    """
    problems = Problems()
    policy = Policy(
        key=document["key"],
        version=version,
        position=document.get("position", 100),
        targets=_targets(document["targets"], problems),
        definitions=standard_definitions(document.get("pause_on", DEFAULT_PAUSES)),
        thresholds=_thresholds(document.get("thresholds", DEFAULT_THRESHOLDS), problems),
        reopen_window=document.get("reopen_days", 7) * DAY,
        kinds=frozenset(document.get("kinds", ())),
        categories=frozenset(document.get("categories", ())),
        services=frozenset(document.get("services", ())),
        organisations=frozenset(_plain(name) for name in document.get("organisations", ())),
    )
    problems.refuse_if_any()
    return policy


def refuse_unreachable(document: Mapping[str, Any], *, book: Book, now: int) -> None:
    """Refuse a policy whose targets name no calendar of the book, or can never be reached.

    Raises:
        InvalidDefinition: every error names its field.
    """
    problems = Problems()
    for n, item in enumerate(document["targets"]):
        timetable = book.timetables.get(item["calendar"])
        if timetable is None:
            problems.add(f"targets.{n}.calendar", "There is no such calendar.")
        elif timetable.due_micros(now, item["minutes"] * MINUTE) is None:
            problems.add(f"targets.{n}.minutes", "The calendar is not open so long in five years.")
    problems.refuse_if_any()


def _targets(
    items: Sequence[Mapping[str, Any]], problems: Problems
) -> dict[tuple[str, str], Target]:
    found: dict[tuple[str, str], Target] = {}
    for n, item in enumerate(items):
        at = (item["clock"], item["priority"])
        if at in found:
            problems.add(f"targets.{n}", f"A second {at[0]} target for {at[1]}.")
        if item["minutes"] < 1:
            problems.add(f"targets.{n}.minutes", "Must be at least 1.")
        found[at] = Target(length=item["minutes"] * MINUTE, calendar=item["calendar"])
    return found


def _thresholds(percents: Sequence[int], problems: Problems) -> tuple[int, ...]:
    for n, percent in enumerate(percents):
        if not 1 <= percent <= HIGHEST_PERCENT:
            problems.add(f"thresholds.{n}", f"Must be from 1 to {HIGHEST_PERCENT} percent.")
        if percent in percents[:n]:
            problems.add(f"thresholds.{n}", "Is there already.")
    return tuple(sorted({*percents, BREACH_PERCENT}))
