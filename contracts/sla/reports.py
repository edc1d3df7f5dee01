"""Reports on promises: kept and missed, how long it took, what waits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import Operation
from contracts.sla.clocks import ClockKind


@dataclass(frozen=True, kw_only=True)
class ReportPromises:
    """Ask how promises were kept for tickets opened in `[since, until)`.

    Attributes:
        zone: whose days, weeks and months the periods are.
    """

    since: datetime | None = None
    until: datetime | None = None
    clock: ClockKind = "resolution"
    zone: Annotated[str, validate.Length(min=1, max=64)] = "UTC"


@dataclass(frozen=True, kw_only=True)
class PromiseRow:
    """One line of the report; `met_percent` is null when nothing was judged.

    Attributes:
        excused: missed by a raised priority alone; part of `missed`, left out of a group's percent.
        cancelled_late: cancelled after 75 % of the target, and their part of all cancelled ones.
        blame: open time of the missed resolutions by who had the ticket.
    """

    key: str
    tickets: int
    met: int
    missed: int
    running: int
    cancelled: int
    met_percent: float | None
    excused: int = 0
    cancelled_late: int = 0
    cancelled_late_percent: float | None = None
    blame: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PromiseReport:
    """How promises were kept: in all, by priority, changes of group, policy, group and period.

    A period's key is its first day.
    """

    total: PromiseRow
    by_priority: tuple[PromiseRow, ...]
    by_reassignments: tuple[PromiseRow, ...]
    reassignments: int
    reopened: int
    by_policy: tuple[PromiseRow, ...] = ()
    by_group: tuple[PromiseRow, ...] = ()
    by_period: tuple[PromiseRow, ...] = ()
    period_unit: Literal["day", "week", "month"] = "day"
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReportTimes:
    """Ask how much open time clocks took, on tickets opened in `[since, until)`."""

    since: datetime | None = None
    until: datetime | None = None
    clock: ClockKind = "resolution"
    by: Literal["priority", "group", "policy", "reassignments"] = "priority"
    zone: Annotated[str, validate.Length(min=1, max=64)] = "UTC"


@dataclass(frozen=True, kw_only=True)
class TimesRow:
    """Of the clocks that were stopped; a percentile is the first value that so many reach."""

    key: str
    tickets: int
    mean_us: int
    median_us: int
    p90_us: int


@dataclass(frozen=True, kw_only=True)
class TimesReport:
    """How long it took: in all, and by one dimension."""

    total: TimesRow
    rows: tuple[TimesRow, ...]
    by: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ReportBacklog:
    """Ask what waits now, of the tickets opened in `[since, until)`."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class BacklogRow:
    """Tickets that somebody has to work on; `missed` are overdue."""

    key: str
    tickets: int
    missed: int
    oldest_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class BacklogReport:
    """What waits as of `as_of`; ages are wall time, youngest first: up to `1d`, `3d`, … `older`."""

    as_of: datetime
    total: BacklogRow
    by_age: tuple[BacklogRow, ...]
    by_group: tuple[BacklogRow, ...]
    by_priority: tuple[BacklogRow, ...]


REPORT_PROMISES = Operation(
    "sla", "report_promises", ReportPromises, PromiseReport, deadline_seconds=20
)


REPORT_TIMES = Operation("sla", "report_times", ReportTimes, TimesReport, deadline_seconds=20)


REPORT_BACKLOG = Operation(
    "sla", "report_backlog", ReportBacklog, BacklogReport, deadline_seconds=20
)
