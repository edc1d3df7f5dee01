"""A machine as others see it at an instant; looking changes nothing."""

from datetime import datetime

from services.sla.domain.clock import Clock, Crossing, Pause, State
from services.sla.domain.instants import instant_of
from services.sla.domain.machine import Machine
from services.sla.domain.marks import BREACH


def clock_of(machine: Machine, *, now: int) -> Clock | None:
    """The clock as of `now`; None when it has not started or never had a target."""
    if machine.started is None:
        return None
    if machine.target is None or machine.timetable is None:
        return _without_target(machine, machine.started) if machine.had_target else None
    just_now = tuple(machine.crossings(now, inclusive=True))
    crossed = (*machine.crossed, *just_now)
    breached_at = next((one.at for one in crossed if one.threshold == BREACH), None)
    state = _state(machine, is_breached=breached_at is not None)
    due = machine.judged_due()
    is_running = machine.run_from is not None
    return Clock(
        kind=machine.definition.kind,
        instance=machine.instance,
        state=state,
        version=machine.version,
        target=machine.target.length,
        elapsed=machine.elapsed(now),
        started_at=instant_of(machine.started),
        due_at=_instant(due) if is_running else None,
        judged_due_at=_instant(due),
        stopped_at=_instant(_ended(machine)),
        breached_at=_instant(breached_at),
        next_crossing_at=_instant(machine.next_crossing(len(just_now))),
        provisional=_is_provisional(machine, now),
        unreachable=is_running and due is None,
        cause=_cause(machine, state),
        crossings=tuple(
            Crossing(percent, version, instant_of(at), threshold.minutes)
            for threshold, percent, version, at in crossed
        ),
        pauses=_pauses(machine),
        policy=machine.policy.key,
        policy_version=machine.policy.version,
        calendar=machine.target.calendar,
        calendar_version=machine.timetable.calendar.version,
        excused=_is_excused(machine, is_breached=breached_at is not None),
        group=machine.group if machine.definition.per_group else None,
        tier=machine.tier if machine.definition.per_group else None,
    )


def _is_excused(machine: Machine, *, is_breached: bool) -> bool:
    by_target = machine.breach_cause != "elapsed"
    return is_breached and by_target and not machine.policy.blames_new_targets


def _without_target(machine: Machine, started: int) -> Clock:
    """There was a promise, and the ticket's new priority or category has none."""
    return Clock(
        kind=machine.definition.kind,
        instance=machine.instance,
        state="cancelled",
        version=machine.version,
        target=0,
        elapsed=0,
        started_at=instant_of(started),
        cause="no_target",
        policy=machine.policy.key,
        policy_version=machine.policy.version,
    )


def _state(machine: Machine, *, is_breached: bool) -> State:
    if machine.cancelled is not None:
        return "cancelled"
    if machine.stopped is not None:
        return "missed" if is_breached else "met"
    if is_breached:
        return "breached"
    return "running" if machine.paused_since is None else "paused"


def _ended(machine: Machine) -> int | None:
    return machine.cancelled if machine.stopped is None else machine.stopped


def _is_provisional(machine: Machine, now: int) -> bool:
    if machine.stopped is None or not machine.definition.reopens_on:
        return False
    return now <= machine.stopped + machine.policy.reopen_window


def _cause(machine: Machine, state: State) -> str | None:
    if state == "cancelled":
        return machine.cancel_reason
    if state in {"breached", "missed"}:
        return machine.breach_cause
    return machine.paused_for if state == "paused" else None


def _pauses(machine: Machine) -> tuple[Pause, ...]:
    pauses = [Pause(instant_of(start), instant_of(end), why) for start, end, why in machine.pauses]
    if machine.paused_since is not None:
        pauses.append(Pause(instant_of(machine.paused_since), None, machine.paused_for))
    return tuple(pauses)


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else instant_of(micros)
