"""Judging again: what-if, rebuilding, and moving running clocks to newer promises."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import Operation
from contracts.intake import Key
from contracts.sla.book import CalendarSpec, PolicySpec
from contracts.sla.clocks import ClockKind

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


PREVIEW_REBASE = Operation("sla", "preview_rebase", Rebasing, Rebased, deadline_seconds=20)


REBASE_TICKETS = Operation(
    "sla", "rebase_tickets", Rebasing, Rebased, mutates=True, deadline_seconds=20
)


START_WHAT_IF = Operation("sla", "start_what_if", WhatIf, Job, mutates=True)


START_REBUILD = Operation("sla", "start_rebuild", Rebuild, Job, mutates=True)


GET_JOB = Operation("sla", "get_job", GetJob, Job)


CANCEL_JOB = Operation("sla", "cancel_job", CancelJob, Job, mutates=True)


LIST_VERDICTS = Operation("sla", "list_verdicts", ListVerdicts, Verdicts)
