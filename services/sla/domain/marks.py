"""At which points of a clock somebody is told: percents of its target, or minutes around its due.

A threshold is what a policy says; a mark is where it lies on one target.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from services.sla.domain.errors import Problems
from services.sla.domain.instants import MINUTE

BREACH_PERCENT: Final = 100
HIGHEST_PERCENT: Final = 1000
DEFAULT_PERCENTS: Final = (50, 75, 90, BREACH_PERCENT, 150)


class Threshold(NamedTuple):
    """So many percent of the target; or, with `minutes`, so many open ones after due.

    Negative minutes lie before due. None lie at it: that is 100 percent.
    """

    percent: int
    minutes: int = 0


class Mark(NamedTuple):
    """A threshold on a target: after how much open time, and what percent of the target that is."""

    amount: int
    threshold: Threshold
    percent: int


BREACH: Final = Threshold(BREACH_PERCENT)


def percents(*numbers: int) -> tuple[Threshold, ...]:
    """Thresholds in percent of the target."""
    return tuple(Threshold(number) for number in numbers)


def minutes(*numbers: int) -> tuple[Threshold, ...]:
    """Thresholds in open minutes after due, negative ones before it."""
    return tuple(Threshold(0, number) for number in numbers)


DEFAULT_THRESHOLDS: Final = percents(*DEFAULT_PERCENTS)


def marks_on(length: int, thresholds: Iterable[Threshold]) -> tuple[Mark, ...]:
    """Where thresholds lie on a target of so many open microseconds, in order.

    One that would lie at or before the clock's start is left out: it cannot be waited for.
    """
    found = (_mark(length, threshold) for threshold in thresholds)
    return tuple(sorted(mark for mark in found if mark.amount > 0))


def _mark(length: int, threshold: Threshold) -> Mark:
    if threshold.minutes:
        amount = length + threshold.minutes * MINUTE
        # Rounded down: before due it stays below 100 percent, after due it does not.
        return Mark(amount, threshold, amount * 100 // length)
    return Mark(length * threshold.percent // 100, threshold, threshold.percent)


def read_thresholds(
    document: Mapping[str, Any], *, longest: Mapping[str, int], problems: Problems
) -> tuple[tuple[Threshold, ...], dict[str, tuple[Threshold, ...]]]:
    """A policy's thresholds, and those of the clocks that have some of their own.

    100 % is always among them. A clock's own percents, or minutes, take the place of the policy's.

    Args:
        document: the policy's.
        longest: the longest target of each clock; a threshold that lies before the start of every
            target it is for is refused.
        problems: what is wrong is added here.
    """
    rules: Sequence[Mapping[str, Any]] = document.get("clocks", ())
    apart = {rule["clock"] for rule in rules if rule.get("minute_thresholds") is not None}
    rest = max((length for kind, length in longest.items() if kind not in apart), default=0)
    shares = _percents(document.get("thresholds", DEFAULT_PERCENTS), "thresholds", problems)
    around = _minutes(document.get("minute_thresholds", ()), "minute_thresholds", rest, problems)
    own: dict[str, tuple[Threshold, ...]] = {}
    for n, rule in enumerate(rules):
        kind, theirs, near = rule["clock"], shares, around
        if rule.get("thresholds") is not None:
            theirs = _percents(rule["thresholds"], f"clocks.{n}.thresholds", problems)
        if kind in apart:
            path = f"clocks.{n}.minute_thresholds"
            near = _minutes(rule["minute_thresholds"] or (), path, longest.get(kind, 0), problems)
        own[kind] = (*theirs, *near)
    return (*shares, *around), own


def _percents(numbers: Sequence[int], path: str, problems: Problems) -> tuple[Threshold, ...]:
    for n, percent in enumerate(numbers):
        if not 1 <= percent <= HIGHEST_PERCENT:
            problems.add(f"{path}.{n}", f"Must be from 1 to {HIGHEST_PERCENT} percent.")
        if percent in numbers[:n]:
            problems.add(f"{path}.{n}", "Is there already.")
    return percents(*sorted({*numbers, BREACH_PERCENT}))


def _minutes(
    items: Sequence[Mapping[str, Any]], path: str, longest: int, problems: Problems
) -> tuple[Threshold, ...]:
    found: list[int] = []
    for n, item in enumerate(items):
        named = [
            sign * item[name]
            for name, sign in (("minutes_before", -1), ("minutes_after", 1))
            if item.get(name) is not None
        ]
        if len(named) != 1:
            problems.add(f"{path}.{n}", "Name minutes_before or minutes_after.")
            continue
        (number,) = named
        if number in found:
            problems.add(f"{path}.{n}", "Is there already.")
        if longest + number * MINUTE <= 0:
            problems.add(f"{path}.{n}.minutes_before", "No target of it is longer than that.")
        found.append(number)
    return minutes(*found)
