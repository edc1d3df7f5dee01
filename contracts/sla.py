"""What sla says and answers: calendars, policies, and the clocks of every ticket.

Lengths are whole microseconds of open time (`*_us`) unless the name says minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import Event, Nothing, Operation, says
from contracts.intake import Key, Kind, Language, Name, Priority, SlaState, TicketNumber

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
Signal = Literal[
    "opened",
    "opened_by_agent",
    "requester_replied",
    "followed_up",
    "agent_replied",
    "entered_group",
    "queued",
    "accepted",
    "left_group",
    "requester_wait_began",
    "requester_wait_ended",
    "vendor_wait_began",
    "vendor_wait_ended",
    "change_wait_began",
    "change_wait_ended",
    "visit_wait_began",
    "visit_wait_ended",
    "date_wait_began",
    "date_wait_ended",
    "resolved",
    "resolved_by_agent",
    "reopened",
    "closed",
    "cancelled",
]
Hold = Literal["requester", "vendor", "change", "visit", "date", "done"]
ClockState = Literal["running", "paused", "breached", "met", "missed", "cancelled"]
Minutes = Annotated[int, validate.Range(min=1, max=5_256_000)]
WallTime = Annotated[str, validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z|24:00\Z")]
LocalDate = Annotated[str, validate.Regexp(r"\d{4}-\d{2}-\d{2}\Z")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


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
    """What others may show of a ticket's promises changed; the highest `revision` counts."""

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
        threshold: percent of the target.
        due_at: when the target is breached if nothing happens.
        lateness_us: how long after the exact instant this was noticed, in wall time.
    """

    threshold: int
    crossed_at: datetime
    due_at: datetime | None = None
    lateness_us: int = 0


@says("sla", "target.breached")
@dataclass(frozen=True, kw_only=True)
class TargetBreached(TargetEvent):
    """The target (100 %) or a threshold beyond it was crossed."""

    threshold: int
    breached_at: datetime
    cause: str = "elapsed"
    lateness_us: int = 0


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
class Opening:
    """Open from `start` to `end` by the wall clock; an `end` not after `start` is next day's."""

    start: WallTime
    end: WallTime


@dataclass(frozen=True, kw_only=True)
class Closure:
    """Closed from `first` to `last`, both included; yearly ones ignore the year."""

    first: LocalDate
    last: LocalDate
    name: Annotated[str, validate.Length(max=120)] = ""
    yearly: bool = False


@dataclass(frozen=True, kw_only=True)
class ExceptionalOpening:
    """Open on one date although the week or a closure says otherwise."""

    on: LocalDate
    openings: Annotated[tuple[Opening, ...], validate.Length(min=1, max=24)]


@dataclass(frozen=True, kw_only=True)
class Break:
    """Closed for some hours of one date, whatever the week or an exceptional opening says."""

    on: LocalDate
    hours: Annotated[tuple[Opening, ...], validate.Length(min=1, max=24)]
    name: Annotated[str, validate.Length(max=120)] = ""


Year = Annotated[int, validate.Range(min=1970, max=2199)]


@dataclass(frozen=True, kw_only=True)
class CountryHolidays:
    """Closed on the national holidays of a country, as known when the calendar is saved.

    Attributes:
        country: two letters, such as ID.
        subdivision: a part of it with holidays of its own, such as BY of DE.
        categories: other kinds than the public ones; each country has its own.
        joint_leave: also on Indonesia's joint leave (cuti bersama).
        first_year, last_year: from last year to six years ahead, unless said.
    """

    country: Annotated[str, validate.Regexp(r"[A-Z]{2}\Z")]
    subdivision: Annotated[str, validate.Length(min=1, max=20)] | None = None
    categories: Annotated[
        tuple[Annotated[str, validate.Length(min=1, max=40)], ...], validate.Length(max=20)
    ] = ()
    joint_leave: bool = False
    first_year: Year | None = None
    last_year: Year | None = None


@dataclass(frozen=True, kw_only=True)
class ICalendarFile:
    """Closed during the events of an iCalendar file: whole days, or hours of the calendar's zone.

    Attributes:
        text: the file itself; rules (RRULE, EXDATE, RDATE) are followed from the first to the last
            year, by default from last year to six years ahead.
    """

    name: Name
    text: Annotated[str, validate.Length(min=1, max=1_000_000)]
    first_year: Year | None = None
    last_year: Year | None = None


@dataclass(frozen=True, kw_only=True)
class CalendarSpec:
    """When the desk is open. Saving a changed calendar makes a new version.

    Attributes:
        week: openings by weekday; a day that is left out is closed.
        zone: a name of the tz database, such as Asia/Jakarta.
    """

    key: Key
    name: Name
    zone: Annotated[str, validate.Length(min=1, max=64)]
    week: Mapping[Weekday, tuple[Opening, ...]] = field(default_factory=dict)
    closures: Annotated[tuple[Closure, ...], validate.Length(max=2000)] = ()
    exceptions: Annotated[tuple[ExceptionalOpening, ...], validate.Length(max=2000)] = ()
    breaks: Annotated[tuple[Break, ...], validate.Length(max=2000)] = ()
    holidays: Annotated[tuple[CountryHolidays, ...], validate.Length(max=20)] = ()
    icalendars: Annotated[tuple[ICalendarFile, ...], validate.Length(max=10)] = ()


@dataclass(frozen=True, kw_only=True)
class TargetSpec:
    """How long one clock may run for one priority, in open minutes of a calendar.

    Attributes:
        group, tier: for `accept` and `ola`, whom it binds; the closest fit counts.
    """

    clock: ClockKind
    priority: Priority
    minutes: Minutes
    calendar: Key
    group: Key | None = None
    tier: Annotated[int, validate.Range(min=1, max=9)] | None = None


Signals = Annotated[tuple[Signal, ...], validate.Length(max=24)]


@dataclass(frozen=True, kw_only=True)
class ClockRule:
    """What moves one kind of clock under a policy; a condition left out is as usual.

    Within one entry of the log Stop beats Cancel beats Reset beats Pause beats Start.

    Attributes:
        pauses_while: what the ticket waits for while the clock stands still.
        resumes_on: signals that end a pause before the waiting ends.
        reopens_on: signals that continue a stopped clock, within `reopen_days`.
        resets_on: signals that cancel it and count again from zero.
        repeats: after its end a start signal begins the next instance.
    """

    clock: ClockKind
    starts_on: Signals | None = None
    stops_on: Signals | None = None
    pauses_while: Annotated[tuple[Hold, ...], validate.Length(max=6)] | None = None
    resumes_on: Signals | None = None
    reopens_on: Signals | None = None
    resets_on: Signals | None = None
    cancels_on: Signals | None = None
    repeats: bool | None = None


@dataclass(frozen=True, kw_only=True)
class PolicySpec:
    """A promise to requesters. A changed one is a new version; running clocks keep theirs.

    Attributes:
        position: policies are tried in this order; the first that fits a ticket is its policy.
        pause_on: pending reasons that pause resolution, next response and OLA.
        thresholds: percents of the target at which somebody is told; 100 is the breach.
        reopen_days: a ticket reopened within this many days continues the same clock.
        vip: only tickets of important people, or only of others; null for all.
        clocks: conditions that differ from the usual ones.
        on_new_target: what a running clock keeps when its target changes: all time since its
            start, the fraction used, or nothing.
        on_transfer: what the next group's OLA gets: its full target, or what the last one left.
        blames_new_targets: a breach by a new target alone counts against the group.
    """

    key: Key
    name: Name
    position: Annotated[int, validate.Range(min=0, max=100_000)] = 100
    targets: Annotated[tuple[TargetSpec, ...], validate.Length(min=1, max=100)]
    kinds: tuple[Kind, ...] = ()
    categories: tuple[Key, ...] = ()
    services: tuple[Key, ...] = ()
    organisations: tuple[str, ...] = ()
    pause_on: tuple[Literal["requester", "vendor", "change", "visit", "date"], ...] = (
        "requester",
        "vendor",
    )
    thresholds: Annotated[tuple[int, ...], validate.Length(min=1, max=20)] = (50, 75, 90, 100)
    reopen_days: Annotated[int, validate.Range(min=0, max=365)] = 7
    active: bool = True
    priorities: tuple[Priority, ...] = ()
    groups: tuple[Key, ...] = ()
    vip: bool | None = None
    clocks: Annotated[tuple[ClockRule, ...], validate.Length(max=7)] = ()
    on_new_target: Literal["retroactive", "keep_fraction", "restart"] = "retroactive"
    on_transfer: Literal["full", "remainder"] = "full"
    blames_new_targets: bool = False


@dataclass(frozen=True, kw_only=True)
class DaysOff:
    """What a calendar closes by holidays and iCalendar files, as found when it was saved."""

    closures: tuple[Closure, ...] = ()
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CalendarVersion:
    """A calendar as saved."""

    version: int
    spec: CalendarSpec
    days_off: DaysOff | None = None


@dataclass(frozen=True, kw_only=True)
class Calendars:
    """The newest version of every calendar."""

    items: tuple[CalendarVersion, ...]


@dataclass(frozen=True, kw_only=True)
class PolicyVersion:
    """A policy as saved."""

    version: int
    spec: PolicySpec


@dataclass(frozen=True, kw_only=True)
class Policies:
    """The newest version of every policy, in the order they are tried."""

    items: tuple[PolicyVersion, ...]


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
    """A threshold as it fired: once, with how late it was noticed."""

    clock: ClockKind
    clock_version: int
    threshold: int
    crossed_at: datetime
    fired_at: datetime
    superseded: bool = False
    instance: int = 0


@dataclass(frozen=True, kw_only=True)
class TicketClocks:
    """Every clock of a ticket as of `as_of`, what fired, and whose open time was used."""

    number: str
    as_of: datetime
    sla_state: SlaState
    next_due_at: datetime | None
    clocks: tuple[Clock, ...]
    thresholds: tuple[ThresholdFired, ...] = ()
    attribution: Mapping[str, int] = field(default_factory=dict)


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


JobId = Annotated[str, validate.Length(min=1, max=36)]


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """Judge the tickets opened in `[since, until)` again; nothing of them is changed.

    Each ticket is judged under the edition it was opened in, in which these policies and calendars
    take the place of those with the same key, or stand beside them.
    """

    since: datetime
    until: datetime
    policies: Annotated[tuple[PolicySpec, ...], validate.Length(max=50)] = ()
    calendars: Annotated[tuple[CalendarSpec, ...], validate.Length(max=50)] = ()


@dataclass(frozen=True, kw_only=True)
class Rebuild:
    """Write anew, from the tickets' logs, what reports read."""


@dataclass(frozen=True, kw_only=True)
class WhatIfRow:
    """How the clocks of one kind stand, and would stand: how many by state."""

    clock: ClockKind
    was: Mapping[str, int]
    would_be: Mapping[str, int]
    newly_missed: int
    newly_kept: int


@dataclass(frozen=True, kw_only=True)
class Job:
    """Work over many tickets: how far it is, and what it found so far.

    Attributes:
        total: tickets to be seen; `seen` of them were.
        blame_was: open time of the missed resolutions by who had the ticket.
        blame_would_be: likewise, had the other policies and calendars been in force.
    """

    id: str
    kind: Literal["what_if", "rebuild"]
    state: Literal["running", "done", "cancelled"]
    total: int
    seen: int
    since: datetime
    until: datetime
    started_at: datetime
    ended_at: datetime | None = None
    clocks: tuple[WhatIfRow, ...] = ()
    blame_was: Mapping[str, int] = field(default_factory=dict)
    blame_would_be: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GetJob:
    """Ask how far a job is."""

    id: JobId


@dataclass(frozen=True, kw_only=True)
class CancelJob:
    """Stop a job; what it found so far stays."""

    id: JobId


@dataclass(frozen=True, kw_only=True)
class ListVerdicts:
    """Ask what a what-if judged, for the next `limit` tickets after a number."""

    id: JobId
    after: Annotated[str, validate.Length(max=32)] = ""
    limit: Annotated[int, validate.Range(min=1, max=1000)] = 200
    only_changed: bool = True


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One clock as it is judged, and as it would be; `unpromised` where there is none."""

    number: str
    clock: ClockKind
    instance: int
    was: str
    was_elapsed_us: int
    was_target_us: int
    would_be: str
    would_be_elapsed_us: int
    would_be_target_us: int


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """A page of verdicts by ticket number; `next_after` is null on the last one."""

    items: tuple[Verdict, ...]
    next_after: str | None = None


@dataclass(frozen=True, kw_only=True)
class GetHours:
    """Ask whether the desk is open; by the calendar that most policies use when none is named."""

    calendar: Key | None = None


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Whether the desk is open at an instant, and when that changes.

    Attributes:
        opens_at: when it opens next; None while it is open, or when it never does.
        closes_at: when it closes next; None while it is closed, or when it never does.
    """

    calendar: str
    zone: str
    as_of: datetime
    is_open: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Rebasing:
    """Which running tickets to judge by the present calendars and policies from now on.

    Attributes:
        policy, calendar: only tickets with a running clock of this policy, on this calendar.
        after: where the last call ended; nothing for the first.
        limit: tickets to look at in one call.
    """

    policy: Key | None = None
    calendar: Key | None = None
    after: Annotated[str, validate.Length(max=36)] = ""
    limit: Annotated[int, validate.Range(min=1, max=500)] = 200


@dataclass(frozen=True, kw_only=True)
class Rebased:
    """What changes, or has changed, for the tickets looked at.

    Attributes:
        edition: the number of the calendars and policies as they are now.
        tickets: that are judged by older ones.
        changed: running clocks whose due instant or target is another one.
        newly_breached: of these, whose new due instant is past already.
        saved: of these, that are due later than before.
        next: where to go on; null after the last ticket.
    """

    edition: int
    tickets: int
    clocks: int
    changed: int
    newly_breached: int
    saved: int
    next: str | None = None


GET_CLOCKS = Operation("sla", "get_clocks", GetClocks, TicketClocks)
EXPLAIN_CLOCKS = Operation("sla", "explain_clocks", ExplainClocks, ClocksExplained)
PUT_CALENDAR = Operation("sla", "put_calendar", CalendarSpec, CalendarVersion, mutates=True)
PUT_POLICY = Operation("sla", "put_policy", PolicySpec, PolicyVersion, mutates=True)
GET_HOURS = Operation("sla", "get_hours", GetHours, Hours, deadline_seconds=2)
PREVIEW_REBASE = Operation("sla", "preview_rebase", Rebasing, Rebased, deadline_seconds=20)
REBASE_TICKETS = Operation(
    "sla", "rebase_tickets", Rebasing, Rebased, mutates=True, deadline_seconds=20
)
LIST_CALENDARS = Operation("sla", "list_calendars", Nothing, Calendars)
LIST_POLICIES = Operation("sla", "list_policies", Nothing, Policies)
REPORT_PROMISES = Operation(
    "sla", "report_promises", ReportPromises, PromiseReport, deadline_seconds=20
)
REPORT_TIMES = Operation("sla", "report_times", ReportTimes, TimesReport, deadline_seconds=20)
REPORT_BACKLOG = Operation(
    "sla", "report_backlog", ReportBacklog, BacklogReport, deadline_seconds=20
)
START_WHAT_IF = Operation("sla", "start_what_if", WhatIf, Job, mutates=True)
START_REBUILD = Operation("sla", "start_rebuild", Rebuild, Job, mutates=True)
GET_JOB = Operation("sla", "get_job", GetJob, Job)
CANCEL_JOB = Operation("sla", "cancel_job", CancelJob, Job, mutates=True)
LIST_VERDICTS = Operation("sla", "list_verdicts", ListVerdicts, Verdicts)

EVENTS = (ClocksChanged, TargetAtRisk, TargetBreached, TargetMet)
OPERATIONS = (
    GET_CLOCKS,
    EXPLAIN_CLOCKS,
    PUT_CALENDAR,
    PUT_POLICY,
    GET_HOURS,
    PREVIEW_REBASE,
    REBASE_TICKETS,
    LIST_CALENDARS,
    LIST_POLICIES,
    REPORT_PROMISES,
    REPORT_TIMES,
    REPORT_BACKLOG,
    START_WHAT_IF,
    START_REBUILD,
    GET_JOB,
    CANCEL_JOB,
    LIST_VERDICTS,
)
