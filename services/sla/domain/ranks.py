"""Exact percentiles of very many lengths that are kept in sorted runs, without sorting them all."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain
from math import isqrt
from typing import Final

Run = Sequence[int]
ONE_IN: Final = 32  # how many values stand for all when it is guessed where to look


def percentiles(runs: Sequence[Run], percents: Sequence[int]) -> list[int]:
    """Return, for each percentage, the first value that so many percent do not exceed.

    Args:
        runs: sorted each; not all of them are empty.
        percents: 1 to 100 each.
    """
    size = sum(map(len, runs))
    guide = _guide(runs)
    return [_nth(runs, -(-size * percent // 100), size=size, guide=guide) for percent in percents]


def _guide(runs: Sequence[Run]) -> list[int]:
    """One in so many of all values, in order: about where each stands among all."""
    some: list[int] = []
    first = ONE_IN // 2
    for run in runs:
        some += run[first::ONE_IN]
        first = (first - len(run)) % ONE_IN
    return sorted(some)


def _nth(runs: Sequence[Run], place: int, *, size: int, guide: Sequence[int]) -> int:
    """The value at a place, from 1, of all values in order.

    The guide says between which two values it is likely to be found. How many stand before them is
    counted exactly, so a wrong guess is noticed, and the next one is wider.
    """
    near = place * len(guide) // size
    reach = 4 + isqrt(len(runs))
    while True:
        low, high = near - reach, near + reach
        starts = [bisect_left(run, guide[low]) if low >= 0 else 0 for run in runs]
        ends = [bisect_right(run, guide[high]) if high < len(guide) else len(run) for run in runs]
        before = sum(starts)
        if before < place <= sum(ends):
            found = (run[a:b] for run, a, b in zip(runs, starts, ends, strict=True) if a < b)
            return sorted(chain.from_iterable(found))[place - before - 1]
        reach *= 4
