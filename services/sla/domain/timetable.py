"""A calendar compiled for arithmetic: sorted UTC intervals with prefix sums.

Every question is one or two bisections. The table is compiled a year at a time and grows when a
question leaves it, so that an old ticket costs its years once. Growing swaps in a new immutable
table: threads may race to do the same work, never see half of it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.sla.domain.calendar import Calendar
from services.sla.domain.instants import DAY, NEVER, Never, instant_of, micros_of
from services.sla.domain.localdays import Interval, LocalDays, merged, new_year

HORIZON: Final = 5 * 365 * DAY + DAY  # five years, one of them a leap year
FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2199  # before and after these years every calendar counts as closed


class Timetable:
    """When a calendar is open, as of one version of it; safe to share between threads.

    The methods in `_micros` are the engine, for whoever already counts in microseconds.
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._table = _Table(first=0, last=-1, starts=(), ends=(), before=(), through=())
        self._days = LocalDays(calendar)

    def open_time(self, *, start: datetime, end: datetime) -> int:
        """Open microseconds in `[start, end)`; none when `end` is before `start`."""
        return max(0, self.measure_micros(micros_of(end)) - self.measure_micros(micros_of(start)))

    def due_at(self, *, start: datetime, target: int) -> datetime | Never:
        """The first instant by which `target` open microseconds have passed since `start`.

        `NEVER` when that is not within five years.
        """
        due = self.due_micros(micros_of(start), target)
        return NEVER if due is None else instant_of(due)

    def start_for(self, *, end: datetime, target: int) -> datetime | Never:
        """The last instant from which `target` open microseconds pass until `end`.

        `NEVER` when that is more than five years back.
        """
        start = self._start_micros(micros_of(end), target)
        return NEVER if start is None else instant_of(start)

    def is_open(self, at: datetime) -> bool:
        """Whether the calendar is open at this instant; the closing instant is closed."""
        micros = micros_of(at)
        table = self._covering(micros)
        row = bisect_right(table.starts, micros) - 1
        return row >= 0 and micros < table.ends[row]

    def next_opening(self, at: datetime) -> datetime | Never:
        """`at` itself when open, else the next instant that is."""
        return at if self.is_open(at) else self._shifted(self.due_at(start=at, target=1), -1)

    def next_closing(self, at: datetime) -> datetime | Never:
        """The end of the present or else the next opening."""
        opening = self.next_opening(at)
        if opening is NEVER:
            return NEVER
        micros = micros_of(opening)
        while True:
            table = self._covering(micros)
            end = table.ends[bisect_right(table.starts, micros) - 1]
            if end < table.high:
                return NEVER if end - micros > HORIZON else instant_of(end)
            if table.is_past(micros + HORIZON):
                return NEVER
            # The table ends while open: what looks like a closing may not be one.
            self._grow(table.last + 1)

    def previous_closing(self, at: datetime) -> datetime | Never:
        """`at` itself while open or just closing, else the closing before it."""
        return self._shifted(self.start_for(end=at, target=1), 1)

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """`[start, end)` cut where the calendar opens and closes; whether each part is open."""
        self._covering(start)
        table = self._covering(end)
        row = max(0, bisect_right(table.starts, start) - 1)
        at = start
        while at < end:
            while row < len(table.starts) and table.ends[row] <= at:
                row += 1
            opens = table.starts[row] if row < len(table.starts) else end
            is_open = opens <= at
            until = min(end, table.ends[row] if is_open else opens)
            yield at, until, is_open
            at = until

    def measure_micros(self, at: int) -> int:
        """Open microseconds up to `at` since a fixed instant; only differences mean something."""
        table = self._covering(at)
        row = bisect_right(table.starts, at) - 1
        if row < 0:
            return table.floor
        return table.before[row] + min(at, table.ends[row]) - table.starts[row]

    def due_micros(self, start: int, target: int) -> int | None:
        """`due_at` in microseconds since the epoch; None for never."""
        if target <= 0:
            return start
        goal = self.measure_micros(start) + target
        latest = start + HORIZON
        while True:
            table = self._table
            row = bisect_left(table.through, goal)
            if row < len(table.through):
                due = table.ends[row] - (table.through[row] - goal)
                return due if due <= latest else None
            if table.is_past(latest):
                return None
            self._grow(table.last + 1)

    def _start_micros(self, end: int, target: int) -> int | None:
        if target <= 0:
            return end
        goal = self.measure_micros(end) - target
        earliest = end - HORIZON
        while True:
            table = self._table
            row = bisect_right(table.before, goal) - 1
            if row >= 0:
                start = table.starts[row] + goal - table.before[row]
                return start if start >= earliest else None
            if table.is_before(earliest):
                return None
            self._grow(table.first - 1)

    @staticmethod
    def _shifted(at: datetime | Never, micros: int) -> datetime | Never:
        return NEVER if at is NEVER else at + timedelta(microseconds=micros)

    def _covering(self, at: int) -> "_Table":
        table = self._table
        if table.low <= at < table.high:
            return table
        year = min(max(instant_of(at).year, FIRST_YEAR), LAST_YEAR)
        self._grow(year)
        return self._table

    def _grow(self, year: int) -> None:
        table = self._table
        if table.last < table.first:
            table = table.begun(year, self._days.intervals(year))
        while table.last < year:
            table = table.later(self._days.intervals(table.last + 1))
        while table.first > year:
            table = table.earlier(self._days.intervals(table.first - 1))
        self._table = table


@dataclass(frozen=True, slots=True)
class _Table:
    """Open intervals of the years `first` to `last`; `before` and `through` count to each."""

    first: int
    last: int
    starts: Sequence[int]
    ends: Sequence[int]
    before: Sequence[int]
    through: Sequence[int]
    low: int = 0
    high: int = 0
    floor: int = 0

    def begun(self, year: int, intervals: Sequence[Interval]) -> "_Table":
        return _tabled(year, year, intervals, floor=0)

    def later(self, intervals: Sequence[Interval]) -> "_Table":
        joined = merged([*zip(self.starts, self.ends, strict=True), *intervals])
        return _tabled(self.first, self.last + 1, joined, floor=self.floor)

    def earlier(self, intervals: Sequence[Interval]) -> "_Table":
        joined = merged([*intervals, *zip(self.starts, self.ends, strict=True)])
        # What was counted stays counted: the years before it count downwards.
        floor = self.floor - sum(end - start for start, end in intervals)
        return _tabled(self.first - 1, self.last, joined, floor=floor)

    def is_past(self, latest: int) -> bool:
        return self.last >= LAST_YEAR or self.high > latest

    def is_before(self, earliest: int) -> bool:
        return self.first <= FIRST_YEAR or self.low < earliest


def _tabled(first: int, last: int, intervals: Sequence[Interval], *, floor: int) -> _Table:
    before, through, total = [], [], floor
    for start, end in intervals:
        before.append(total)
        total += end - start
        through.append(total)
    return _Table(
        first=first,
        last=last,
        starts=[start for start, _ in intervals],
        ends=[end for _, end in intervals],
        before=before,
        through=through,
        # The outermost years reach to the ends of time, where nothing opens.
        low=new_year(first) if first > FIRST_YEAR else -(2**63),
        high=new_year(last + 1) if last < LAST_YEAR else 2**63,
        floor=floor,
    )
