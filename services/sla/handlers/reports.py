"""How promises were kept, how long it took, and what waits."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from chassis.database import Transaction
from contracts import sla as contract
from contracts.errors import invalid_field
from services.sla.domain.definitions import RESOLUTION
from services.sla.domain.periods import Periods, periods
from services.sla.domain.ranks import percentiles
from services.sla.store import reports
from services.sla.store.reports import Blame, Count, Span, Split, Waiting
from services.sla.store.rows import MISSED, Lengths

Key = Callable[[str], str]
Rows = tuple[contract.PromiseRow, ...]
AGES: Final = {"1d": 1, "3d": 3, "7d": 7, "14d": 14, "30d": 30}
OLDEST: Final = "older"


def report_promises(
    question: contract.ReportPromises, *, tx: Transaction
) -> contract.PromiseReport:
    """Count how promises were kept. A running clock that breached already counts as missed.

    Raises:
        Invalid: no such zone, or a period the wrong way round.
    """
    span, cut = _span(question, tx=tx)
    has_blame = question.clock == RESOLUTION
    cover = reports.Cover(tx, span)
    counts = reports.promises(tx, cover)
    blamed = reports.blamed(tx, cover) if has_blame else []

    def rows(split: Split, key: Key = str) -> Rows:
        return _rows(
            [count for count in counts if count.split == split],
            [one for one in blamed if one.split == split],
            key=key,
            of_groups=split == "group",
        )

    total = rows("policy", lambda _policy: "all")
    by_policy = [count for count in counts if count.split == "policy"]
    return contract.PromiseReport(
        total=total[0] if total else _promise_row("all", (), (), of_groups=False),
        by_priority=rows("priority"),
        by_reassignments=_by_number(rows("reassignments")),
        reassignments=_reassignments(counts),
        reopened=sum(count.reopenings for count in by_policy),
        by_policy=rows("policy"),
        by_group=rows("group"),
        by_period=rows("period", lambda place: cut.starts[int(place) - 1].isoformat()),
        period_unit=cut.unit,
        since=span.since,
        until=span.until,
    )


def report_times(question: contract.ReportTimes, *, tx: Transaction) -> contract.TimesReport:
    """Measure how much open time clocks took that were stopped, in time or late.

    Raises:
        Invalid: a period the wrong way round.
    """
    span, _ = _span(question, tx=tx)
    by_key: dict[str, list[Lengths]] = {}
    for one in reports.lengths(tx, span, by=question.by):
        by_key.setdefault(one.key, []).append(one)
    rows = [_times_row(key, found) for key, found in by_key.items()]
    return contract.TimesReport(
        total=_times_row("all", [one for found in by_key.values() for one in found]),
        rows=tuple(sorted(rows, key=_in_order(question.by))),
        by=question.by,
        since=span.since,
        until=span.until,
    )


def report_backlog(question: contract.ReportBacklog, *, tx: Transaction) -> contract.BacklogReport:
    """Count the tickets that somebody has to work on now, by age, group and priority."""
    ages = [tx.now - timedelta(days=days) for days in AGES.values()]
    found = reports.backlog(tx, since=question.since, until=question.until, ages=ages)
    names = [*AGES, OLDEST]

    def rows(key: Callable[[Waiting], str]) -> tuple[contract.BacklogRow, ...]:
        keys = sorted({key(one) for one in found})
        return tuple(
            _backlog_row(name, [one for one in found if key(one) == name]) for name in keys
        )

    by_age = {row.key: row for row in rows(lambda one: names[one.age])}
    return contract.BacklogReport(
        as_of=tx.now,
        total=_backlog_row("all", found),
        by_age=tuple(by_age.get(name) or _backlog_row(name, ()) for name in names),
        by_group=rows(lambda one: one.group or ""),
        by_priority=rows(lambda one: one.priority or ""),
    )


def _span(
    question: contract.ReportPromises | contract.ReportTimes, *, tx: Transaction
) -> tuple[Span, Periods]:
    if question.zone not in available_timezones():
        raise invalid_field("zone", "Not a zone of the tz database, such as Asia/Jakarta.")
    since = question.since or reports.first_opened_at(tx, clock=question.clock) or tx.now
    until = question.until or max(tx.now, since) + timedelta(microseconds=1)
    if until <= since:
        if question.since and question.until:
            raise invalid_field("until", "Must be later than since.")
        until = since + timedelta(microseconds=1)
    cut = periods(since=since, until=until, zone=ZoneInfo(question.zone))
    return Span(question.clock, since, until, cut.instants), cut


def _rows(
    counts: Sequence[Count], blamed: Sequence[Blame], *, key: Key, of_groups: bool = False
) -> Rows:
    by_key: dict[str, list[Count]] = {}
    for count in counts:
        by_key.setdefault(key(count.key), []).append(count)
    blame_by_key: dict[str, list[Blame]] = {}
    for one in blamed:
        blame_by_key.setdefault(key(one.key), []).append(one)
    return tuple(
        _promise_row(name, by_key[name], blame_by_key.get(name, ()), of_groups=of_groups)
        for name in sorted(by_key)
    )


def _promise_row(
    key: str, counts: Iterable[Count], blamed: Iterable[Blame], *, of_groups: bool
) -> contract.PromiseRow:
    by_state: Counter[str] = Counter()
    excused = late = 0
    for count in counts:
        by_state[count.state] += count.clocks
        excused += count.clocks if count.excused and count.state in MISSED else 0
        late += count.clocks if count.is_late else 0
    met, missed = by_state["met"], sum(by_state[state] for state in MISSED)
    cancelled = by_state["cancelled"]
    # A group is not blamed for what only a raised priority made late.
    judged = met + missed - (excused if of_groups else 0)
    return contract.PromiseRow(
        key=key,
        tickets=by_state.total(),
        met=met,
        missed=missed,
        running=by_state["running"] + by_state["paused"],
        cancelled=cancelled,
        met_percent=_percent(met, judged),
        excused=excused,
        cancelled_late=late,
        cancelled_late_percent=_percent(late, cancelled),
        blame=_added(blamed),
    )


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _added(blamed: Iterable[Blame]) -> Mapping[str, int]:
    spent: Counter[str] = Counter()
    for one in blamed:
        spent[one.holder] += one.spent_us
    return dict(spent.most_common())


def _reassignments(counts: Sequence[Count]) -> int:
    return sum(int(count.key) * count.clocks for count in counts if count.split == "reassignments")


def _by_number(rows: Iterable[contract.PromiseRow]) -> tuple[contract.PromiseRow, ...]:
    return tuple(sorted(rows, key=lambda row: int(row.key)))


def _times_row(key: str, found: Sequence[Lengths]) -> contract.TimesRow:
    tickets = sum(len(one.run) for one in found)
    if not tickets:
        return contract.TimesRow(key=key, tickets=0, mean_us=0, median_us=0, p90_us=0)
    median_us, p90_us = percentiles([one.run for one in found], (50, 90))
    return contract.TimesRow(
        key=key,
        tickets=tickets,
        mean_us=(2 * sum(one.spent_us for one in found) + tickets) // (2 * tickets),
        median_us=median_us,
        p90_us=p90_us,
    )


def _in_order(by: str) -> Callable[[contract.TimesRow], Any]:
    return (lambda row: int(row.key)) if by == "reassignments" else (lambda row: row.key)


def _backlog_row(key: str, found: Sequence[Waiting]) -> contract.BacklogRow:
    oldest: datetime | None = min((one.oldest_at for one in found), default=None)
    return contract.BacklogRow(
        key=key,
        tickets=sum(one.tickets for one in found),
        missed=sum(int(one.missed) for one in found),
        oldest_at=oldest,
    )
