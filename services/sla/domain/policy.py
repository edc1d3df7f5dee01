"""Policies: which promises a ticket gets, and what starts, stops and pauses their clocks.

Policies and calendars are immutable versions. A *book* is one edition of all of them together; a
ticket is judged under the edition it was opened in, until somebody chooses otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.sla.domain.definitions import (
    DEFAULT_PAUSES,
    NOTHING,
    PER_GROUP,
    ClockDefinition,
    defined,
    standard_definitions,
)
from services.sla.domain.errors import Problems
from services.sla.domain.facts import Attributes
from services.sla.domain.instants import DAY, MINUTE
from services.sla.domain.marks import (
    DEFAULT_THRESHOLDS,
    Mark,
    Threshold,
    marks_on,
    read_thresholds,
)
from services.sla.domain.timetable import Timetable

RETROACTIVE: Final = "retroactive"
KEEP_FRACTION: Final = "keep_fraction"
RESTART: Final = "restart"
FULL: Final = "full"
KEEP: Final = "keep"
EARLIER_OPENING: Final = "earlier_opening"
REMAINDER: Final = "remainder"
PROBLEM: Final = "problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How long one clock may run for one priority, in open microseconds of a calendar."""

    length: int
    calendar: str


# Clock, priority, and for whom: a group's key, a tier, or everybody.
TargetKey = tuple[str, str] | tuple[str, str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One immutable version of a promise; an empty condition fits every ticket.

    Only of kinds it is not so: a problem fits none but a policy that names problems.

    Attributes:
        targets: by clock and priority, and by group or tier for a clock that is kept per group.
        on_new_target: what a running clock keeps when its target changes: the time since its start
            (`retroactive`), the fraction used (`keep_fraction`), or nothing (`restart`).
        on_transfer: what the next group gets: its `full` target, or the `remainder` of the last.
        on_merge: what a ticket counts from that others are merged into: it will `keep` to its own
            opening, or take the `earlier_opening` of them.
        blames_new_targets: a breach by a new target alone counts against the group.
        thresholds: of every clock that has none in `own_thresholds`.
        promised: the kinds of clock that any of its tickets has; found from the targets.
        marks: where the thresholds lie, by clock and length of a target; found from both.
    """

    key: str
    version: int
    targets: Mapping[TargetKey, Target]
    definitions: tuple[ClockDefinition, ...] = standard_definitions(DEFAULT_PAUSES)
    thresholds: tuple[Threshold, ...] = DEFAULT_THRESHOLDS
    own_thresholds: Mapping[str, tuple[Threshold, ...]] = field(default_factory=dict)
    reopen_window: int = 7 * DAY
    position: int = 100
    kinds: frozenset[str] = NOTHING
    categories: frozenset[str] = NOTHING
    services: frozenset[str] = NOTHING
    organisations: frozenset[str] = NOTHING
    priorities: frozenset[str] = NOTHING
    groups: frozenset[str] = NOTHING
    vip: bool | None = None
    on_new_target: str = RETROACTIVE
    on_transfer: str = FULL
    on_merge: str = KEEP
    blames_new_targets: bool = False
    promised: frozenset[str] = field(init=False)
    marks: Mapping[tuple[str, int], tuple[Mark, ...]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "promised", frozenset(key[0] for key in self.targets))
        lengths = {(key[0], target.length) for key, target in self.targets.items()}
        marks = {(kind, length): marks_on(length, self._of(kind)) for kind, length in lengths}
        object.__setattr__(self, "marks", marks)

    def _of(self, kind: str) -> tuple[Threshold, ...]:
        return self.own_thresholds.get(kind, self.thresholds)

    def definition(self, kind: str) -> ClockDefinition | None:
        """What moves this kind of clock."""
        return next((one for one in self.definitions if one.kind == kind), None)

    def target(
        self, kind: str, priority: str, *, group: str | None = None, tier: int | None = None
    ) -> Target | None:
        """The target that fits best: of the group, of the tier, of everybody."""
        for whom in (group, tier):
            if whom is not None and (found := self.targets.get((kind, priority, whom))):
                return found
        return self.targets.get((kind, priority))

    def fits(self, ticket: Attributes) -> bool:
        """Whether every condition fits; an organisation's letter case does not matter."""
        return (
            _fits_kind(self.kinds, ticket.kind)
            and _fits(self.categories, ticket.category)
            and _fits(self.services, ticket.service)
            and _fits(self.organisations, _plain(ticket.organisation))
            and _fits(self.priorities, ticket.priority)
            and _fits(self.groups, ticket.group)
            and self.vip in {None, ticket.vip}
        )


def _fits_kind(wanted: frozenset[str], found: str) -> bool:
    # Nobody was promised the cause behind incidents; a policy that means problems says so.
    return found in wanted if wanted else found != PROBLEM


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
        InvalidDefinition: two targets for one clock and priority, a threshold out of range or
            before the start of every clock; every error names its field.
    """
    problems = Problems()
    targets = _targets(document["targets"], problems)
    thresholds, own = read_thresholds(document, longest=_longest(targets), problems=problems)
    policy = Policy(
        key=document["key"],
        version=version,
        position=document.get("position", 100),
        targets=targets,
        definitions=defined(
            document.get("clocks", ()),
            pause_on=document.get("pause_on", DEFAULT_PAUSES),
            problems=problems,
        ),
        thresholds=thresholds,
        own_thresholds=own,
        reopen_window=document.get("reopen_days", 7) * DAY,
        kinds=frozenset(document.get("kinds", ())),
        categories=frozenset(document.get("categories", ())),
        services=frozenset(document.get("services", ())),
        organisations=frozenset(_plain(name) for name in document.get("organisations", ())),
        priorities=frozenset(document.get("priorities", ())),
        groups=frozenset(document.get("groups", ())),
        vip=document.get("vip"),
        on_new_target=document.get("on_new_target", RETROACTIVE),
        on_transfer=document.get("on_transfer", FULL),
        on_merge=document.get("on_merge", KEEP),
        blames_new_targets=document.get("blames_new_targets", False),
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


def _targets(items: Sequence[Mapping[str, Any]], problems: Problems) -> dict[TargetKey, Target]:
    found: dict[TargetKey, Target] = {}
    for n, item in enumerate(items):
        at = _target_key(item, f"targets.{n}", problems)
        if at in found:
            problems.add(f"targets.{n}", f"A second {at[0]} target for {at[1]}.")
        if item["minutes"] < 1:
            problems.add(f"targets.{n}.minutes", "Must be at least 1.")
        found[at] = Target(length=item["minutes"] * MINUTE, calendar=item["calendar"])
    return found


def _target_key(item: Mapping[str, Any], path: str, problems: Problems) -> TargetKey:
    clock, priority = item["clock"], item["priority"]
    group, tier = item.get("group"), item.get("tier")
    if group is None and tier is None:
        return (clock, priority)
    if clock not in PER_GROUP:
        problems.add(path, f"A {clock} target is the same for every group and tier.")
    if group is not None and tier is not None:
        problems.add(f"{path}.tier", "Name a group or a tier, not both.")
    return (clock, priority, item["tier"] if group is None else group)


def _longest(targets: Mapping[TargetKey, Target]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, target in targets.items():
        found[key[0]] = max(target.length, found.get(key[0], 0))
    return found
