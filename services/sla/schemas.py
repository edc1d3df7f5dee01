"""The tongue: ticket events become facts, clocks become what others may know of them.

Contracts carry their own schemas, so shapes are not checked again here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast

from contracts import intake, sla
from contracts.errors import Invalid, WireError
from contracts.grammar import to_plain
from services.sla.domain import facts
from services.sla.domain.calendar import Opening
from services.sla.domain.clock import Clock, next_due_at, ticket_state
from services.sla.domain.daysoff import DaysOff
from services.sla.domain.errors import InvalidDefinition
from services.sla.domain.facts import Attributes, Fact, Standing
from services.sla.domain.instants import MICROSECOND, micros_of
from services.sla.domain.recorder import Recorded
from services.sla.domain.thresholds import Firing
from services.sla.domain.words import Language, told

Shown = dict[str, Any]
NAME_LENGTH: Final = 120
NOT_SHOWN: Final = ("elapsed_us", "remaining_us")  # they change without anything happening


def fact_of(event: intake.TicketEvent) -> Fact:
    """What a ticket event means to clocks."""
    read = _READERS[type(event)]
    return read(event, {"seq": event.seq, "occurred_at": event.occurred_at})


def clock_of(clock: Clock) -> sla.Clock:
    """A clock in the contract's words."""
    return sla.Clock(
        kind=cast("sla.ClockKind", clock.kind),
        state=clock.state,
        version=clock.version,
        target_us=clock.target,
        elapsed_us=clock.elapsed,
        remaining_us=clock.remaining,
        started_at=clock.started_at,
        due_at=clock.due_at,
        judged_due_at=clock.judged_due_at,
        stopped_at=clock.stopped_at,
        breached_at=clock.breached_at,
        provisional=clock.provisional,
        cause="never_due" if clock.unreachable else clock.cause,
        policy=clock.policy,
        policy_version=clock.policy_version,
        calendar=clock.calendar,
        calendar_version=clock.calendar_version,
        instance=clock.instance,
        group=clock.group,
        tier=clock.tier,
        excused=clock.excused,
    )


def explained_of(found: Recorded, *, language: Language) -> sla.ExplainedClock:
    """What the flight recorder says of a clock, as data and in words."""
    return sla.ExplainedClock(
        clock=clock_of(found.clock),
        zone=found.zone,
        spans=tuple(
            sla.ClockSpan(
                start=span.start,
                end=span.end,
                counts=span.counts,
                why=span.why,
                detail=span.detail,
                open_us=span.open_time,
            )
            for span in found.spans
        ),
        words=told(found, language=language),
        carried_us=found.carried,
        left_out=found.left_out,
    )


def shown_of(clocks: Sequence[Clock], standing: Standing) -> Shown:
    """What others see of a ticket's clocks, as plain JSON: when it differs, they are told."""
    due = next_due_at(clocks)
    return {
        "clocks": [_shown(clock) for clock in clocks],
        "sla_state": ticket_state(clocks, standing=standing),
        "next_due_at": None if due is None else due.isoformat(),
    }


NOTHING_SHOWN: Final[Shown] = shown_of((), Standing())


def met_of(
    clock: Clock, about: Mapping[str, Any], *, attribution: Mapping[str, int]
) -> sla.TargetMet:
    """The event that tells a kept promise."""
    return sla.TargetMet(
        **about,
        clock=cast("sla.ClockKind", clock.kind),
        clock_version=clock.version,
        instance=clock.instance,
        met_at=clock.stopped_at or clock.started_at,
        elapsed_us=clock.elapsed,
        target_us=clock.target,
        attribution=attribution,
    )


def threshold_of(
    firing: Firing, clock: Clock, about: Mapping[str, Any], *, now: datetime
) -> sla.TargetAtRisk | sla.TargetBreached:
    """The event that tells a threshold."""
    head: dict[str, Any] = {
        **about,
        "clock": clock.kind,
        "clock_version": firing.key.version,
        "instance": clock.instance,
        "threshold": firing.key.percent,
        "minutes": firing.key.minutes or None,
        "lateness_us": lateness(firing, now=now),
    }
    if firing.is_breach:
        cause = clock.cause or "elapsed"
        breached_at = clock.breached_at or firing.crossed_at
        return sla.TargetBreached(**head, breached_at=breached_at, cause=cause)
    return sla.TargetAtRisk(**head, crossed_at=firing.crossed_at, due_at=clock.due_at)


def lateness(firing: Firing, *, now: datetime) -> int:
    """How long after its exact instant a threshold was noticed, in microseconds."""
    return max(0, (now - firing.crossed_at) // MICROSECOND)


def days_off_of(found: DaysOff) -> sla.DaysOff:
    """What a calendar's sources close and open, in the contract's words."""
    return sla.DaysOff(
        closures=tuple(
            sla.Closure(
                first=one.first.isoformat(), last=one.last.isoformat(), name=one.name[:NAME_LENGTH]
            )
            for one in found.closures
        ),
        breaks=tuple(
            sla.Break(
                on=one.on.isoformat(),
                hours=tuple(_opening(hours) for hours in one.hours),
                name=one.name[:NAME_LENGTH],
            )
            for one in found.breaks
        ),
        exceptions=tuple(
            sla.ExceptionalOpening(
                on=one.on.isoformat(), openings=tuple(_opening(hours) for hours in one.openings)
            )
            for one in found.exceptions
        ),
    )


def _opening(hours: Opening) -> sla.Opening:
    return sla.Opening(start=_wall(hours.start), end=_wall(hours.end))


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def refused(error: InvalidDefinition) -> Invalid:
    """A definition that cannot be used, on the wire."""
    path, messages = next(iter(error.errors.items()))
    return Invalid("invalid", f"{path}: {messages[0]}", {"errors": error.errors})


REFUSALS: Final[Mapping[type[Exception], Callable[[Any], WireError]]] = {InvalidDefinition: refused}


def _shown(clock: Clock) -> dict[str, Any]:
    plain = to_plain(clock_of(clock))
    return {name: value for name, value in plain.items() if name not in NOT_SHOWN}


def _opened(event: intake.TicketOpened, head: Mapping[str, Any]) -> Fact:
    return facts.Opened(
        **head,
        attributes=Attributes(
            kind=event.kind,
            priority=event.priority,
            category=event.category,
            service=event.service,
            organisation=event.requester.organisation,
            vip=event.attributes.get("vip") is True,
            group=event.group,
        ),
        group=event.group,
        by=event.actor.kind,
    )


def _replied(event: intake.TicketReplied, head: Mapping[str, Any]) -> Fact:
    return facts.Replied(**head, by=event.actor.kind, public=event.public)


def _assigned(event: intake.TicketAssigned, head: Mapping[str, Any]) -> Fact:
    return facts.Assigned(
        **head,
        group=event.group,
        tier=event.tier,
        assignee=event.assignee,
        status_category=event.status_category,
        category=event.category,
        by=event.actor.kind,
    )


def _status_changed(event: intake.TicketStatusChanged, head: Mapping[str, Any]) -> Fact:
    return facts.StatusChanged(
        **head, status_category=event.category, pending_reason=event.pending_reason
    )


def _reprioritised(event: intake.TicketReprioritised, head: Mapping[str, Any]) -> Fact:
    return facts.Reprioritised(**head, priority=event.priority)


def _categorised(event: intake.TicketCategorised, head: Mapping[str, Any]) -> Fact:
    return facts.Categorised(**head, category=event.category)


def _resolved(event: intake.TicketResolved, head: Mapping[str, Any]) -> Fact:
    return facts.Resolved(**head, by=event.actor.kind)


def _reopened(_event: intake.TicketReopened, head: Mapping[str, Any]) -> Fact:
    return facts.Reopened(**head)


def _closed(event: intake.TicketClosed, head: Mapping[str, Any]) -> Fact:
    if event.status == "closed":
        return facts.Closed(**head)
    return facts.Cancelled(**head, reason=event.status)


def _merged(_event: intake.TicketMerged, head: Mapping[str, Any]) -> Fact:
    return facts.Merged(**head)


def _unmerged(event: intake.TicketUnmerged, head: Mapping[str, Any]) -> Fact:
    return facts.Unmerged(
        **head, status_category=event.category, pending_reason=event.pending_reason
    )


def _absorbed(event: intake.TicketAbsorbed, head: Mapping[str, Any]) -> Fact:
    return facts.Absorbed(
        **head,
        source=event.source_ticket_id,
        source_opened=micros_of(event.source_opened_at),
    )


def _released(event: intake.TicketReleased, head: Mapping[str, Any]) -> Fact:
    return facts.Released(**head, source=event.source_ticket_id)


def _split(_event: intake.TicketSplit, head: Mapping[str, Any]) -> Fact:
    # The child's clocks start with the child; the parent's go on.
    return facts.Noted(**head)


_READERS: Final[Mapping[type[intake.TicketEvent], Callable[[Any, Mapping[str, Any]], Fact]]] = {
    intake.TicketOpened: _opened,
    intake.TicketReplied: _replied,
    intake.TicketAssigned: _assigned,
    intake.TicketStatusChanged: _status_changed,
    intake.TicketReprioritised: _reprioritised,
    intake.TicketCategorised: _categorised,
    intake.TicketResolved: _resolved,
    intake.TicketReopened: _reopened,
    intake.TicketClosed: _closed,
    intake.TicketMerged: _merged,
    intake.TicketUnmerged: _unmerged,
    intake.TicketAbsorbed: _absorbed,
    intake.TicketReleased: _released,
    intake.TicketSplit: _split,
}
