"""Reports on promises in words, bars and columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.sla import BacklogReport, BacklogRow, PromiseReport, PromiseRow, TimesReport
from gateway.portal import labels
from gateway.portal.speech import Speech, message
from gateway.portal.views.parts import Names
from gateway.portal.views.promises import Share, shares_of

MOST_LINES = 12  # of groups; the whole is in the table to download
_AGES: labels.Labels = {
    "1d": message("Up to 1 day"),
    "3d": message("1 to 3 days"),
    "7d": message("3 to 7 days"),
    "14d": message("1 to 2 weeks"),
    "30d": message("2 weeks to 30 days"),
    "older": message("Older than 30 days"),
}


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """One line of the report of promises kept."""

    name: str
    tickets: str
    met: str
    missed: str
    running: str
    cancelled: str
    percent_text: str
    percent: float | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One period of a chart: parts of the tallest column, and what it says."""

    name: str
    met: float
    missed: float
    said: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """How promises were kept in a period.

    Attributes:
        hidden_groups: how many groups are not among the lines.
        blame: whose time the missed resolutions were.
    """

    total: ReportLine
    columns: tuple[Column, ...]
    by_priority: tuple[ReportLine, ...]
    by_group: tuple[ReportLine, ...]
    hidden_groups: int
    by_policy: tuple[ReportLine, ...]
    by_reassignments: tuple[ReportLine, ...]
    reassignments: str
    reopened: str
    excused: str
    cancelled_late: str
    cancelled_late_percent: str
    blame: tuple[Share, ...]


@dataclass(frozen=True, kw_only=True)
class TimesLine:
    """How long it took."""

    name: str
    tickets: str
    median: str
    mean: str
    most: str


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """What waits: a bar as a part of the longest."""

    name: str
    tickets: str
    missed: str
    percent: float


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """What waits, by age and by group."""

    total: str
    missed: str
    by_age: tuple[WaitingLine, ...]
    by_group: tuple[WaitingLine, ...]


def report(found: PromiseReport, *, speech: Speech, called: Names) -> Report:
    """The report in words and bars."""

    def lines(rows: Sequence[PromiseRow], name: Callable[[str], str]) -> tuple[ReportLine, ...]:
        return tuple(_line(row, name=name(row.key), speech=speech) for row in rows)

    groups = sorted(found.by_group, key=lambda row: (-row.missed, -row.tickets))
    total = found.total
    return Report(
        total=_line(total, name=speech.text("All tickets"), speech=speech),
        columns=_columns(found, speech=speech),
        by_priority=lines(
            found.by_priority, lambda key: labels.say(labels.PRIORITIES, key, speech=speech)
        ),
        by_group=lines(groups[:MOST_LINES], lambda key: _group(key, called, speech=speech)),
        hidden_groups=max(0, len(groups) - MOST_LINES),
        by_policy=lines(found.by_policy, lambda key: key or speech.text("Nothing promised")),
        by_reassignments=lines(found.by_reassignments, lambda key: _changes(key, speech=speech)),
        reassignments=speech.number(found.reassignments),
        reopened=speech.number(found.reopened),
        excused=speech.number(total.excused),
        cancelled_late=speech.number(total.cancelled_late),
        cancelled_late_percent=_percent(total.cancelled_late_percent, speech=speech),
        blame=shares_of(total.blame, speech=speech, called=called),
    )


def times(found: TimesReport, *, speech: Speech) -> tuple[TimesLine, ...]:
    """How long it took: all tickets, then by priority; nothing when no clock ended."""
    if not found.total.tickets:
        return ()
    named = [(speech.text("All tickets"), found.total)]
    named += [(labels.say(labels.PRIORITIES, row.key, speech=speech), row) for row in found.rows]
    return tuple(
        TimesLine(
            name=name,
            tickets=speech.number(row.tickets),
            median=speech.length(timedelta(microseconds=row.median_us)),
            mean=speech.length(timedelta(microseconds=row.mean_us)),
            most=speech.length(timedelta(microseconds=row.p90_us)),
        )
        for name, row in named
    )


def backlog(found: BacklogReport, *, speech: Speech, called: Names) -> Backlog:
    """What waits, the largest groups first."""
    groups = sorted(found.by_group, key=lambda row: -row.tickets)[:MOST_LINES]

    def lines(rows: Sequence[BacklogRow], name: Callable[[str], str]) -> tuple[WaitingLine, ...]:
        longest = max((row.tickets for row in rows), default=0)
        return tuple(
            WaitingLine(
                name=name(row.key),
                tickets=speech.number(row.tickets),
                missed=speech.number(row.missed),
                percent=round(100 * row.tickets / longest, 1) if longest else 0,
            )
            for row in rows
        )

    return Backlog(
        total=speech.number(found.total.tickets),
        missed=speech.number(found.total.missed),
        by_age=lines(found.by_age, lambda key: labels.say(_AGES, key, speech=speech)),
        by_group=lines(groups, lambda key: _group(key, called, speech=speech)),
    )


def _columns(found: PromiseReport, *, speech: Speech) -> tuple[Column, ...]:
    rows = {row.key: row for row in found.by_period}
    tallest = max((row.met + row.missed for row in rows.values()), default=0) or 1
    return tuple(
        Column(
            name=(name := speech.period(date.fromisoformat(key), unit=found.period_unit)),
            met=round(100 * row.met / tallest, 2),
            missed=round(100 * row.missed / tallest, 2),
            said=speech.text(
                "%(period)s: %(met)s kept, %(missed)s missed (%(percent)s)",
                period=name,
                met=speech.number(row.met),
                missed=speech.number(row.missed),
                percent=_percent(row.met_percent, speech=speech),
            ),
        )
        for key, row in rows.items()
    )


def _group(key: str, called: Names, *, speech: Speech) -> str:
    return called.group(key) or speech.text("With nobody")


def _changes(key: str, *, speech: Speech) -> str:
    if not key.isdigit():
        return key
    return speech.plural("%(num)s change of group", "%(num)s changes of group", int(key))


def _percent(percent: float | None, *, speech: Speech) -> str:
    return "–" if percent is None else speech.percent(percent)


def _line(row: PromiseRow, *, name: str, speech: Speech) -> ReportLine:
    return ReportLine(
        name=name,
        tickets=speech.number(row.tickets),
        met=speech.number(row.met),
        missed=speech.number(row.missed),
        running=speech.number(row.running),
        cancelled=speech.number(row.cancelled),
        percent_text=_percent(row.met_percent, speech=speech),
        percent=row.met_percent,
    )
