"""A clock as others see it, and what a ticket's clocks come to together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.sla.domain.definitions import TO_THE_REQUESTER
from services.sla.domain.facts import DONE, Standing

State = Literal["running", "paused", "breached", "met", "missed", "cancelled"]
TicketState = Literal["none", "running", "at_risk", "breached", "paused", "met"]


@dataclass(frozen=True, slots=True)
class Crossing:
    """A threshold was reached: at what percent of the target, under which clock version, when.

    Attributes:
        minutes: of a threshold in open minutes: so many after due, negative before; else 0.
    """

    percent: int
    version: int
    at: datetime
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still in `[start, end)`, `end` open while it still does, and why."""

    start: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise on one ticket, as of an instant. Lengths are open microseconds.

    Attributes:
        state: `breached` runs on past its due, or waits there; `missed` was stopped late.
        version: counts what moved the due instant: pauses, resumes, new targets, reopenings.
        due_at: empty while paused, when never, and after the end.
        judged_due_at: what the verdict was or will be judged against; kept after the end.
        next_crossing_at: when the next threshold is reached if nothing happens.
        provisional: the verdict may still be continued by a reopening.
        unreachable: the calendar does not open long enough; the policy is at fault, nobody else.
        cause: why it breached or was cancelled, or what it is paused for.
        excused: it breached by a new target alone, and the policy does not blame the group.
        group: whose it is, with its tier, for a clock that each group has of its own.
    """

    kind: str
    instance: int
    state: State
    version: int
    target: int
    elapsed: int
    started_at: datetime
    due_at: datetime | None = None
    judged_due_at: datetime | None = None
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    next_crossing_at: datetime | None = None
    provisional: bool = False
    unreachable: bool = False
    cause: str | None = None
    crossings: tuple[Crossing, ...] = ()
    pauses: tuple[Pause, ...] = ()
    policy: str = ""
    policy_version: int = 1
    calendar: str = ""
    calendar_version: int = 1
    excused: bool = False
    group: str | None = None
    tier: int | None = None

    @property
    def remaining(self) -> int:
        """Open time left; negative when overrun."""
        return self.target - self.elapsed

    @property
    def overrun(self) -> int:
        """Open time used beyond the target."""
        return max(0, -self.remaining)

    @property
    def has_ended(self) -> bool:
        """Whether nothing but a reopening moves this clock again."""
        return self.state in {"met", "missed", "cancelled"}


def next_due_at(clocks: Sequence[Clock]) -> datetime | None:
    """When the requester is promised something next: agreements behind the desk do not count.

    Paused and ended clocks have no due instant.
    """
    promised = (clock.due_at for clock in clocks if clock.kind in TO_THE_REQUESTER)
    return min((due for due in promised if due is not None), default=None)


def ticket_state(clocks: Sequence[Clock], *, standing: Standing) -> TicketState:
    """How the promises to the requester stand: the worst clock that still runs, else the verdict.

    Agreements behind the desk have states of their own and change nothing here.
    """
    states = {_attention(clock) for clock in clocks if clock.kind in TO_THE_REQUESTER}
    for state in ("breached", "at_risk", "running"):
        if state in states:
            return state
    if "paused" in states and standing.hold != DONE:
        return "paused"
    if "missed" in states:
        return "breached"
    return "met" if "met" in states else "none"


def _attention(clock: Clock) -> str:
    return "at_risk" if clock.state == "running" and clock.crossings else clock.state
