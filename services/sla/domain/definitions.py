"""What moves each kind of clock, as data: signals of facts, and holds of the ticket."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from services.sla.domain import facts
from services.sla.domain.errors import Problems

FIRST_RESPONSE: Final = "first_response"
ACCEPT: Final = "accept"
NEXT_RESPONSE: Final = "next_response"
PERIODIC_UPDATE: Final = "periodic_update"
RESOLUTION: Final = "resolution"
OLA: Final = "ola"
VENDOR: Final = "vendor"

# What the requester was promised; the others are agreements behind the desk.
TO_THE_REQUESTER: Final = frozenset({FIRST_RESPONSE, NEXT_RESPONSE, PERIODIC_UPDATE, RESOLUTION})
PER_GROUP: Final = frozenset({ACCEPT, OLA})

DEFAULT_PAUSES: Final = ("requester", "vendor")
NOTHING: Final = frozenset[str]()
_THE_END: Final = frozenset({facts.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDefinition:
    """What moves one kind of clock.

    Within one fact Stop beats Cancel beats Reset beats Pause beats Start. A pause ends when the
    hold does, or when a signal of `resumes_on` comes first.

    Attributes:
        reopens_on: continue the stopped clock, within the policy's reopening days.
        resets_on: cancel the clock and count again from zero, as a new instance.
        repeats: once an instance ended, a start signal begins the next one.
        per_group: each instance belongs to the group that had the ticket when it began.
        hears: every signal that may move it; found from the others.
    """

    kind: str
    starts_on: frozenset[str]
    stops_on: frozenset[str]
    pauses_while: frozenset[str] = NOTHING
    resumes_on: frozenset[str] = NOTHING
    reopens_on: frozenset[str] = NOTHING
    resets_on: frozenset[str] = NOTHING
    cancels_on: frozenset[str] = _THE_END
    repeats: bool = False
    per_group: bool = False
    hears: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        moving = (self.starts_on, self.stops_on, self.resumes_on, self.reopens_on)
        ending = (self.resets_on, self.cancels_on, frozenset({facts.UNMERGED}))
        object.__setattr__(self, "hears", NOTHING.union(*moving, *ending))


CONDITIONS: Final = (
    "starts_on",
    "stops_on",
    "pauses_while",
    "resumes_on",
    "reopens_on",
    "resets_on",
    "cancels_on",
)


def standard_definitions(pause_on: Sequence[str]) -> tuple[ClockDefinition, ...]:
    """The clocks every policy may have; `pause_on` are the reasons for which the ticket waits."""
    waiting = frozenset({*pause_on, facts.DONE})
    return (*_to_the_requester(waiting), *_behind_the_desk(waiting))


def _to_the_requester(waiting: frozenset[str]) -> tuple[ClockDefinition, ...]:
    return (
        ClockDefinition(
            kind=FIRST_RESPONSE,
            starts_on=frozenset({facts.OPENED}),
            # A status change answers nobody; a resolution carries its text to the requester.
            stops_on=frozenset({facts.AGENT_REPLIED, facts.RESOLVED_BY_AGENT}),
            # Withdrawn by the requester or timed out: nobody is waiting for an answer.
            pauses_while=frozenset({facts.DONE}),
            cancels_on=frozenset({facts.CANCELLED, facts.CLOSED}),
        ),
        ClockDefinition(
            kind=RESOLUTION,
            starts_on=frozenset({facts.OPENED}),
            stops_on=frozenset({facts.RESOLVED, facts.CLOSED}),
            pauses_while=waiting,
            reopens_on=frozenset({facts.REOPENED}),
        ),
        ClockDefinition(
            kind=NEXT_RESPONSE,
            starts_on=frozenset({facts.FOLLOWED_UP}),
            stops_on=frozenset({facts.AGENT_REPLIED, facts.RESOLVED_BY_AGENT}),
            pauses_while=waiting,
            cancels_on=frozenset({facts.CANCELLED, facts.RESOLVED, facts.CLOSED}),
            repeats=True,
        ),
        ClockDefinition(
            kind=PERIODIC_UPDATE,
            starts_on=frozenset({facts.OPENED, facts.AGENT_REPLIED, facts.REOPENED}),
            stops_on=frozenset({facts.AGENT_REPLIED, facts.RESOLVED, facts.CLOSED}),
            # Who waits for a vendor wants to hear of it; who is asked has to speak first.
            pauses_while=frozenset({facts.REQUESTER, facts.DONE}),
            repeats=True,
        ),
    )


def _behind_the_desk(waiting: frozenset[str]) -> tuple[ClockDefinition, ...]:
    return (
        ClockDefinition(
            kind=ACCEPT,
            starts_on=frozenset({facts.QUEUED}),
            stops_on=frozenset({facts.ACCEPTED}),
            cancels_on=frozenset({facts.CANCELLED, facts.LEFT_GROUP, facts.RESOLVED, facts.CLOSED}),
            repeats=True,
            per_group=True,
        ),
        ClockDefinition(
            kind=OLA,
            starts_on=frozenset({facts.ENTERED_GROUP, facts.REOPENED}),
            stops_on=frozenset({facts.LEFT_GROUP, facts.RESOLVED, facts.CLOSED}),
            pauses_while=waiting,
            repeats=True,
            per_group=True,
        ),
        ClockDefinition(
            kind=VENDOR,
            starts_on=frozenset({facts.wait_began(facts.VENDOR)}),
            stops_on=frozenset({facts.wait_ended(facts.VENDOR)}),
            repeats=True,
        ),
    )


def defined(
    rules: Sequence[Mapping[str, Any]], *, pause_on: Sequence[str], problems: Problems
) -> tuple[ClockDefinition, ...]:
    """The standard clocks with the conditions that a policy sets otherwise.

    A rule names its `clock`; a condition it leaves out stays as it is.
    """
    found = {one.kind: one for one in standard_definitions(pause_on)}
    named: set[str] = set()
    for n, rule in enumerate(rules):
        kind = rule["clock"]
        if kind in named:
            problems.add(f"clocks.{n}.clock", f"A second rule for {kind}.")
        named.add(kind)
        found[kind] = replace(found[kind], **_changed(rule))
        for condition in ("starts_on", "stops_on"):
            if not getattr(found[kind], condition):
                problems.add(f"clocks.{n}.{condition}", "Must name at least one signal.")
    return tuple(found.values())


def _changed(rule: Mapping[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {
        name: _words(rule[name]) for name in CONDITIONS if rule.get(name) is not None
    }
    if rule.get("repeats") is not None:
        changes["repeats"] = rule["repeats"]
    return changes


def _words(words: Iterable[str]) -> frozenset[str]:
    return frozenset(words)
