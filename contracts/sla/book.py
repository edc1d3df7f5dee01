"""The book of promises: calendars and policies, and when the desk is open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import Nothing, Operation
from contracts.intake import Key, Kind, Name, Priority
from contracts.sla.clocks import ClockKind

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


Minutes = Annotated[int, validate.Range(min=1, max=5_256_000)]


WallTime = Annotated[str, validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z|24:00\Z")]


LocalDate = Annotated[str, validate.Regexp(r"\d{4}-\d{2}-\d{2}\Z")]


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


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
    """Open on one date, whatever the week or a closure says; yearly ones ignore the year."""

    on: LocalDate
    openings: Annotated[tuple[Opening, ...], validate.Length(min=1, max=24)]
    yearly: bool = False


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
        opens: open during its events instead, whatever the week and the closures say.
        text: the file itself; rules (RRULE, EXDATE, RDATE) are followed from the first to the last
            year, by default from last year to six years ahead.
    """

    name: Name
    text: Annotated[str, validate.Length(min=1, max=1_000_000)]
    first_year: Year | None = None
    last_year: Year | None = None
    opens: bool = False


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
class MinuteThreshold:
    """Somebody is told so many open minutes before a clock is due, or after; one of both."""

    minutes_before: Minutes | None = None
    minutes_after: Minutes | None = None


MinuteThresholds = Annotated[tuple[MinuteThreshold, ...], validate.Length(max=20)]


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
        thresholds, minute_thresholds: of this clock, in place of the policy's.
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
    thresholds: Annotated[tuple[int, ...], validate.Length(max=20)] | None = None
    minute_thresholds: MinuteThresholds | None = None


@dataclass(frozen=True, kw_only=True)
class PolicySpec:
    """A promise to requesters. A changed one is a new version; running clocks keep theirs.

    Attributes:
        position: policies are tried in this order; the first that fits a ticket is its policy.
        pause_on: pending reasons that pause resolution, next response and OLA.
        thresholds: percents of the target at which somebody is told; 100 is the breach.
        minute_thresholds: open minutes before or after due at which somebody is told as well; a
            clock that runs no longer than that is not told of, and if none does it is refused.
        reopen_days: a ticket reopened within this many days continues the same clock.
        kinds: none for all that are opened for a requester; problems are promised only by name.
        vip: only tickets of important people, or only of others; null for all.
        clocks: conditions that differ from the usual ones.
        on_new_target: what a running clock keeps when its target changes: all time since its
            start, the fraction used, or nothing.
        on_transfer: what the next group's OLA gets: its full target, or what the last one left.
        on_merge: what first response and resolution count from on a ticket that others are merged
            into: it will `keep` to its own opening, or take the `earlier_opening` of them.
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
    thresholds: Annotated[tuple[int, ...], validate.Length(min=1, max=20)] = (50, 75, 90, 100, 150)
    reopen_days: Annotated[int, validate.Range(min=0, max=365)] = 7
    active: bool = True
    priorities: tuple[Priority, ...] = ()
    groups: tuple[Key, ...] = ()
    vip: bool | None = None
    clocks: Annotated[tuple[ClockRule, ...], validate.Length(max=7)] = ()
    on_new_target: Literal["retroactive", "keep_fraction", "restart"] = "retroactive"
    on_transfer: Literal["full", "remainder"] = "full"
    blames_new_targets: bool = False
    on_merge: Literal["keep", "earlier_opening"] = "keep"
    minute_thresholds: MinuteThresholds = ()


@dataclass(frozen=True, kw_only=True)
class DaysOff:
    """What holidays and iCalendar files close, and open, as found when a calendar was saved."""

    closures: tuple[Closure, ...] = ()
    breaks: tuple[Break, ...] = ()
    exceptions: tuple[ExceptionalOpening, ...] = ()


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


PUT_CALENDAR = Operation("sla", "put_calendar", CalendarSpec, CalendarVersion, mutates=True)


PUT_POLICY = Operation("sla", "put_policy", PolicySpec, PolicyVersion, mutates=True)


GET_HOURS = Operation("sla", "get_hours", GetHours, Hours, deadline_seconds=2)


LIST_CALENDARS = Operation("sla", "list_calendars", Nothing, Calendars)


LIST_POLICIES = Operation("sla", "list_policies", Nothing, Policies)
