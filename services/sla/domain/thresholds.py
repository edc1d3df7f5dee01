"""Which thresholds somebody is told about, and when to look next."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from services.sla.domain.clock import Clock, Crossing
from services.sla.domain.marks import BREACH_PERCENT


class ThresholdKey(NamedTuple):
    """What makes a threshold fire once: the clock, the version it was armed under, and which it is.

    Attributes:
        percent: of the target; of a threshold in minutes, rounded down.
        minutes: after due, negative before; 0 for a threshold in percent.
    """

    kind: str
    instance: int
    version: int
    percent: int
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Firing:
    """A threshold to be recorded; a superseded one is told to nobody."""

    key: ThresholdKey
    crossed_at: datetime
    superseded: bool

    @property
    def is_breach(self) -> bool:
        """Whether the target itself, or more, was used up."""
        return self.key.percent >= BREACH_PERCENT


def to_fire(clocks: Sequence[Clock], *, fired: Collection[ThresholdKey]) -> list[Firing]:
    """Thresholds reached and not recorded yet, for each clock the highest first.

    Of several missed ones only the highest is told. A clock that ended has nothing at risk any
    more; that it was missed is still told.
    """
    found: list[Firing] = []
    for clock in clocks:
        told = False
        for crossing in reversed(_by_height(clock)):
            key = ThresholdKey(
                clock.kind, clock.instance, crossing.version, crossing.percent, crossing.minutes
            )
            if key not in fired:
                told_now = not told and _matters(clock, crossing.percent)
                found.append(Firing(key, crossing.at, superseded=not told_now))
                told = told or told_now
    return found


def wake_at(clocks: Sequence[Clock]) -> datetime | None:
    """The next instant at which a threshold is reached; None when none is ahead."""
    ahead = (clock.next_crossing_at for clock in clocks if clock.next_crossing_at is not None)
    return min(ahead, default=None)


def _by_height(clock: Clock) -> list[Crossing]:
    """By percent of the target: a new one may have put minutes and percents in another order."""
    return sorted(clock.crossings, key=lambda crossing: crossing.percent)


def _matters(clock: Clock, percent: int) -> bool:
    if clock.state == "missed":
        return percent >= BREACH_PERCENT
    return not clock.has_ended
