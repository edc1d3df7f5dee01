"""Clocks of tickets: what sla tells of them, shows and explains."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from contracts.grammar import Event, Operation, says
from contracts.intake import Language, Priority, SlaState, TicketNumber

ClockKind = Literal[
    "first_response",
    "resolution",
    "next_response",
    "periodic_update",
    "accept",
    "ola",
    "vendor",
]


# Behind the desk: between groups, and with vendors; no business of a requester.
INTERNAL_CLOCKS = frozenset[str]({"accept", "ola", "vendor"})


ClockState = Literal["running", "paused", "breached", "met", "missed", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One promise on one ticket.

    Attributes:
        state: `breached` runs on past its due; `missed` was stopped late; `met` in time.
        due_at: null while paused, when never, and after the clock ended.
        judged_due_at: the due instant the verdict was or will be judged against.
        elapsed_us: open time used so far, as of the event or `as_of`.
        remaining_us: target minus elapsed; negative when overrun.
        provisional: a verdict that a reopening may still continue.
        instance: counts the clocks of one kind on a ticket: exchanges, groups, waits; from 0.
        group: whose clock it is, with its tier, where each group has its own.
        excused: it breached by a new target alone and does not count against the group.
    """

    kind: ClockKind
    state: ClockState
    version: int
    target_us: int
    elapsed_us: int
    remaining_us: int
    started_at: datetime
    due_at: datetime | None = None
    judged_due_at: datetime | None = None
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    provisional: bool = False
    cause: str | None = None
    policy: str = ""
    policy_version: int = 1
    calendar: str = ""
    calendar_version: int = 1
    instance: int = 0
    group: str | None = None
    tier: int | None = None
    excused: bool = False


@says("sla", "clocks.changed")
@dataclass(frozen=True, kw_only=True)
class ClocksChanged(Event):
    """What others may show of a ticket's promises changed; the highest `revision` counts.

    Attributes:
        sla_state, next_due_at: of the promises to the requester; the agreements behind the desk
            (`INTERNAL_CLOCKS`) have due instants of their own, each in its clock.
    """

    ticket_id: str
    number: str
    revision: int
    clocks: tuple[Clock, ...]
    sla_state: SlaState
    next_due_at: datetime | None = None

    def about(self) -> str:
        """The ticket."""
        return self.ticket_id


@dataclass(frozen=True, kw_only=True)
class TargetEvent(Event):
    """The head of an event about one clock of one ticket."""

    ticket_id: str
    number: str
    clock: ClockKind
    clock_version: int
    priority: Priority
    group: str | None = None
    assignee: str | None = None
    instance: int = 0

    def about(self) -> str:
        """The ticket."""
        return self.ticket_id


@says("sla", "target.at_risk")
@dataclass(frozen=True, kw_only=True)
class TargetAtRisk(TargetEvent):
    """A threshold below 100 % of the target was crossed.

    Attributes:
        threshold: percent of the target; of a threshold in minutes, rounded down.
        minutes: of a threshold in open minutes: so many after due, negative before it.
        due_at: when the target is breached if nothing happens.
        lateness_us: how long after the exact instant this was noticed, in wall time.
    """

    threshold: int
    crossed_at: datetime
    due_at: datetime | None = None
    lateness_us: int = 0
    minutes: int | None = None


@says("sla", "target.breached")
@dataclass(frozen=True, kw_only=True)
class TargetBreached(TargetEvent):
    """The target (100 %) or a threshold beyond it was crossed.

    Attributes:
        threshold: percent of the target; of a threshold in minutes, rounded down.
        breached_at: when the target was used up, also where a threshold beyond it is told.
        minutes: of a threshold in open minutes: so many after due.
        lateness_us: how long after the threshold's exact instant this was noticed, in wall time.
    """

    threshold: int
    breached_at: datetime
    cause: str = "elapsed"
    lateness_us: int = 0
    minutes: int | None = None


@says("sla", "target.met")
@dataclass(frozen=True, kw_only=True)
class TargetMet(TargetEvent):
    """The clock was stopped in time.

    Attributes:
        attribution: open microseconds of resolution time by who had the ticket:
            `tier1:service-desk`, `requester`, `vendor`, `unassigned`, `in_transit`.
    """

    met_at: datetime
    elapsed_us: int
    target_us: int
    attribution: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GetClocks:
    """Ask for the clocks of a ticket: as of now, or as they were believed to be at an instant."""

    number: TicketNumber
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ExplainClocks:
    """Ask why the clocks of a ticket stand, or stood, as they do."""

    number: TicketNumber
    at: datetime | None = None
    language: Language = "en"


@dataclass(frozen=True, kw_only=True)
class ClockSpan:
    """A stretch of a clock's life, `[start, end)`.

    Attributes:
        why: the desk was open and the clock ran; it was closed; or the clock was paused.
        detail: what it was paused for, or the name of the closure.
        open_us: open time in it; of a pause, what did not count.
    """

    start: datetime
    end: datetime
    counts: bool
    why: Literal["open", "closed", "paused"]
    detail: str = ""
    open_us: int = 0


@dataclass(frozen=True, kw_only=True)
class ExplainedClock:
    """A clock, the stretches that make it so, and both in words.

    Attributes:
        carried_us: counts although it did not run under this target.
        left_out: earlier stretches that are not told; the last 1,000 are.
    """

    clock: Clock
    zone: str
    spans: tuple[ClockSpan, ...]
    words: tuple[str, ...]
    carried_us: int = 0
    left_out: int = 0


@dataclass(frozen=True, kw_only=True)
class ClocksExplained:
    """What was believed of a ticket's clocks at `as_of`, by the log up to entry `log_seq`."""

    number: str
    as_of: datetime
    log_seq: int
    sla_state: SlaState
    clocks: tuple[ExplainedClock, ...]
    attribution: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ThresholdFired:
    """A threshold as it fired: once, with how late it was noticed.

    Attributes:
        threshold: percent of the target; of a threshold in minutes, rounded down.
        minutes: of a threshold in open minutes: so many after due, negative before it.
    """

    clock: ClockKind
    clock_version: int
    threshold: int
    crossed_at: datetime
    fired_at: datetime
    superseded: bool = False
    instance: int = 0
    minutes: int | None = None


@dataclass(frozen=True, kw_only=True)
class TicketClocks:
    """Every clock of a ticket as of `as_of`, what fired, and whose open time was used.

    Attributes:
        sla_state, next_due_at: of the promises to the requester.
    """

    number: str
    as_of: datetime
    sla_state: SlaState
    next_due_at: datetime | None
    clocks: tuple[Clock, ...]
    thresholds: tuple[ThresholdFired, ...] = ()
    attribution: Mapping[str, int] = field(default_factory=dict)


GET_CLOCKS = Operation("sla", "get_clocks", GetClocks, TicketClocks)


EXPLAIN_CLOCKS = Operation("sla", "explain_clocks", ExplainClocks, ClocksExplained)
