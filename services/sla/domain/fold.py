"""The state of a ticket's clocks: a pure function of its log, a book of policies, and now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Final

from services.sla.domain.attribution import attribute
from services.sla.domain.clock import Clock
from services.sla.domain.definitions import FIRST_RESPONSE, RESOLUTION, ClockDefinition
from services.sla.domain.facts import (
    DONE,
    MERGED,
    Absorbed,
    Assigned,
    Attributes,
    Cancelled,
    Categorised,
    Fact,
    Merged,
    Opened,
    Released,
    Reopened,
    Reprioritised,
    Resolved,
    Signals,
    Standing,
    Unmerged,
    contiguous,
    wait_began,
    wait_ended,
)
from services.sla.domain.instants import instant_of, micros_of
from services.sla.domain.machine import Machine, Step
from services.sla.domain.policy import EARLIER_OPENING, REMAINDER, Book, Policy, Target
from services.sla.domain.recorder import Recorded, recorded
from services.sla.domain.timetable import Timetable
from services.sla.domain.view import clock_of

REBASED: Final = "rebased"
SINCE_THE_OPENING: Final = (FIRST_RESPONSE, RESOLUTION)
CHANGE_ATTRIBUTES: Final = (Reprioritised, Assigned, Categorised)


@dataclass(frozen=True, slots=True)
class Rebase:
    """From `at` on, after entry `seq` of its log, a ticket is judged by another book."""

    seq: int
    at: datetime
    book: Book


@dataclass(frozen=True, slots=True)
class _Era:
    """The part of a ticket's life that ended with a rebase: its book, its first steps, its end."""

    book: Book
    steps: int
    ended: int


def _is_of(policy: Policy, era: _Era) -> bool:
    return any(policy is one for one in era.book.policies)


def fold(facts: Iterable[Fact], *, book: Book, rebases: Sequence[Rebase] = ()) -> "Fold":
    """The ticket's clocks after its log, up to the first gap; arrival order does not matter."""
    folded = Fold(book)
    waiting = list(rebases)
    for fact in contiguous(facts):
        folded.apply(fact)
        while waiting and waiting[0].seq == fact.seq:
            folded.rebase(waiting.pop(0))
    return folded


class Fold:
    """A ticket's clocks as they stand after the facts applied so far.

    Time never runs backwards: a fact that claims to be older than the one before it counts from
    that one, as `now` does.
    """

    def __init__(self, book: Book) -> None:
        self.standing = Standing()
        self.attributes: Attributes | None = None
        self.applied = 0
        self._book = book
        self._eras: list[_Era] = []
        self._policy: Policy | None = None
        self._at: int | None = None
        self._steps: list[Step] = []
        self._timeline: list[tuple[int, Standing]] = []
        self._machines: dict[str, list[Machine]] = {}
        self._fits = False
        self._aim_at: str | None = None
        self._absorbed: dict[str, int] = {}

    @property
    def opened_at(self) -> datetime | None:
        """When the ticket was opened, if its log begins there."""
        return instant_of(self._timeline[0][0]) if self._timeline else None

    @property
    def at(self) -> datetime | None:
        """When the last fact applied counts."""
        return None if self._at is None else instant_of(self._at)

    @property
    def done_at(self) -> datetime | None:
        """Since when nobody has to work on the ticket; empty while somebody has."""
        since = None
        for at, standing in reversed(self._timeline):
            if standing.hold != DONE:
                break
            since = at
        return None if since is None else instant_of(since)

    def apply(self, fact: Fact) -> None:
        """Take the next fact of the log."""
        claimed = micros_of(fact.occurred_at)
        at = claimed if self._at is None else max(claimed, self._at)
        before, self.standing = self.standing, fact.after(self.standing)
        step = _step(fact, at, before=before, after=self.standing)
        self._at = at
        self.applied = fact.seq
        self._timeline.append((at, self.standing))
        # New promises first: they hear the fact that brought them like all others.
        self._look_up(fact, at, moved=before.group != self.standing.group)
        for machines in self._machines.values():
            # Most entries are no business of most clocks; looking that up here is half the cost.
            is_heard = step.is_turn or not machines[-1].definition.hears.isdisjoint(step.signals)
            if is_heard and self._hear(machines, step, at_step=len(self._steps)):
                self._aim(machines[-1], before=machines[-2])
        self._steps.append(step)
        if before.group == self.standing.group and before.tier != self.standing.tier:
            self._learn_tier(at)
        if isinstance(fact, Absorbed | Released):
            self._count_openings(fact, at)
        if isinstance(fact, Reopened | Unmerged) and self.attributes is not None:
            # What changed while the verdict stood counts for the clock that goes on.
            self._aim_at = None
            self._retarget(self.attributes, at, "reprioritised", moved=False)

    def rebase(self, rebase: Rebase) -> None:
        """Judge what still runs by another book from here on.

        What was used stays used, by the calendar it was counted in; verdicts, breaches and
        cancellations stay.
        """
        if self.attributes is None or self._at is None:
            return
        self._at = max(micros_of(rebase.at), self._at)
        self._eras.append(_Era(self._book, len(self._steps), self._at))
        self._book, self._aim_at = rebase.book, None
        self._retarget(self.attributes, self._at, REBASED, moved=False)

    def clocks(self, *, now: datetime) -> tuple[Clock, ...]:
        """Every clock as of an instant."""
        at = self._present(now)
        seen = (clock_of(one, now=at) for machines in self._machines.values() for one in machines)
        return tuple(clock for clock in seen if clock is not None)

    def recorded(self, *, now: datetime) -> tuple[Recorded, ...]:
        """What was believed of every clock as of an instant, and why."""
        at = self._present(now)
        seen = (recorded(one, now=at) for machines in self._machines.values() for one in machines)
        return tuple(one for one in seen if one is not None)

    def attribution(self, *, now: datetime) -> dict[str, int]:
        """Open time of the resolution clock by who had the ticket; empty without such a clock.

        Time before a rebase counts as it was counted then. What is counted from the earlier opening
        of a merged ticket is unassigned: this one had nobody yet.
        """
        machine = next(iter(self._machines.get(RESOLUTION, ())), None)
        if machine is None or machine.timetable is None or machine.target is None:
            return {}
        ended = machine.cancelled if machine.stopped is None else machine.stopped
        until = self._present(now) if ended is None else ended
        counted = [
            (era.ended, self._counted_in(era, machine, machine.target, machine.timetable))
            for era in takewhile(lambda era: not _is_of(machine.policy, era), self._eras)
        ]
        before = [] if machine.earlier is None else [(machine.earlier, Standing())]
        return attribute(
            [*before, *self._timeline],
            until=until,
            counted=[*counted, (until, machine.timetable)],
        )

    def _present(self, now: datetime) -> int:
        return micros_of(now) if self._at is None else max(micros_of(now), self._at)

    def _count_openings(self, fact: Absorbed | Released, at: int) -> None:
        """Let clocks count from the earliest opening of all that was merged, if the policy says."""
        if isinstance(fact, Absorbed):
            self._absorbed[fact.source] = fact.source_opened
        else:
            self._absorbed.pop(fact.source, None)
        earliest = min(self._absorbed.values(), default=None)
        for kind in SINCE_THE_OPENING:
            for machine in self._machines.get(kind, ())[-1:]:
                if machine.policy.on_merge == EARLIER_OPENING:
                    machine.count_from(earliest, at=at)

    def _look_up(self, fact: Fact, at: int, *, moved: bool) -> None:
        """Find the policy and targets again when what they depend on changed."""
        found, cause = self.attributes, "reprioritised"
        if isinstance(fact, Opened):
            found = fact.attributes
        elif found is None or not isinstance(fact, CHANGE_ATTRIBUTES):
            return
        elif isinstance(fact, Reprioritised):
            found = replace(found, priority=fact.priority)
        else:
            category, group = fact.category or found.category, self.standing.group
            if (category, group) == (found.category, found.group):
                return
            cause = "reassigned" if category == found.category else "recategorised"
            found = replace(found, category=category, group=group)
        if found != self.attributes:
            self.attributes = found
            self._retarget(found, at, cause, moved=moved)

    def _retarget(self, attributes: Attributes, at: int, cause: str, *, moved: bool) -> None:
        found = self._book.policy_for(attributes)
        policy = found or self._policy
        if policy is None or (found is self._policy and self._aim_at == attributes.priority):
            return  # the same targets as before
        self._policy, self._fits = policy, found is not None
        self._aim_at = attributes.priority if found else None
        for definition in policy.definitions:
            machines = self._machines.get(definition.kind, [])
            # The group that is left is judged by what it was promised.
            is_left = moved and definition.per_group and machines and machines[-1].started
            if not is_left and (machines or definition.kind in policy.promised):
                self._renew(definition, policy, at=at, cause=cause)

    def _renew(self, definition: ClockDefinition, policy: Policy, *, at: int, cause: str) -> None:
        """Let the newest instance run as if it had always had its present target."""
        machines = self._machines.setdefault(definition.kind, [])
        before = machines[-1] if machines else None
        if before is not None:
            before.advance(at)
            target, _ = self._target_of(before, policy)
            if not before.may_aim_at(policy, target):
                return
        again = self._rerun(definition, policy, before)
        machines[-1:] = again
        first = len(machines) - len(again)
        for n, machine in enumerate(again, start=first):
            last = machines[n - 1] if n else None
            self._aim(machine, before=last)
            self._count_as_then(machine, before=last)
            if before is not None and cause == REBASED:
                machine.keep_used(before, at=at)
            elif before is not None:
                machine.carry_over(before, at=at)
            machine.succeed(before, at=at, cause=cause)

    def _learn_tier(self, at: int) -> None:
        """The group's tier became known after the ticket entered it."""
        for kind, machines in self._machines.items():
            definition = self._policy.definition(kind) if self._policy else None
            if self._policy and definition and definition.per_group and machines[-1].started:
                machines[-1].tier = self.standing.tier
                self._renew(definition, self._policy, at=at, cause="reassigned")

    def _target_of(
        self, machine: Machine, policy: Policy
    ) -> tuple[Target | None, Timetable | None]:
        target = self._target_by(policy, machine) if self._fits else None
        return target, self._book.timetables[target.calendar] if target else None

    def _target_by(self, policy: Policy, machine: Machine) -> Target | None:
        if self.attributes is None:
            return None
        return policy.target(
            machine.definition.kind,
            self.attributes.priority,
            group=machine.group,
            tier=machine.tier,
        )

    def _aim(self, machine: Machine, *, before: Machine | None) -> None:
        machine.aim(*self._target_of(machine, machine.policy))
        _take_remainder(machine, before)

    def _count_as_then(self, machine: Machine, *, before: Machine | None) -> None:
        """Let what ran before a rebase stay counted as the book of that time counts it."""
        ended: _Era | None = None
        used = 0
        for era in self._eras:
            if machine.target is None or machine.first_step >= era.steps:
                continue
            then = self._as_then(machine, machine.target, era)
            _take_remainder(then, before)
            if ended is not None:
                then.carry(used, at=ended.ended)
            ended, used = era, then.used_by(era.ended)
        if ended is not None:
            machine.carry(used, at=ended.ended)

    def _as_then(self, machine: Machine, present: Target, era: _Era) -> Machine:
        """The same clock at the end of an era, by its book, as if the ticket had been as it is now.

        Where that book promised nothing, its calendar counts all the same.
        """
        policy, target = self._promised_in(era, machine, present)
        definition = policy.definition(machine.definition.kind) or machine.definition
        first, last = machine.first_step, era.steps
        then = Machine(definition, policy, instance=machine.instance, first_step=first)
        if then.instance:
            then.begin(self._steps[first])
            first += 1
        for step in self._steps[first:last]:
            then.hear(step)
        then.aim(target, era.book.timetables.get(target.calendar, machine.timetable))
        return then

    def _promised_in(self, era: _Era, machine: Machine, present: Target) -> tuple[Policy, Target]:
        found = era.book.policy_for(self.attributes) if self.attributes else None
        if found is not None and (promised := self._target_by(found, machine)) is not None:
            return found, promised
        return machine.policy, present

    def _counted_in(
        self, era: _Era, machine: Machine, target: Target, timetable: Timetable
    ) -> Timetable:
        _, promised = self._promised_in(era, machine, target)
        return era.book.timetables.get(promised.calendar, timetable)

    def _rerun(
        self, definition: ClockDefinition, policy: Policy, before: Machine | None
    ) -> list[Machine]:
        """The clock as if it had always been under this policy, since `before` began."""
        if before is None or before.instance == 0:
            machines, first = [Machine(definition, policy)], 0
        else:
            first = before.first_step
            machines = [Machine(definition, policy, instance=before.instance, first_step=first)]
            machines[0].begin(self._steps[first])
            first += 1
        for at_step in range(first, len(self._steps)):
            self._hear(machines, self._steps[at_step], at_step=at_step)
        if before is not None and before.started is not None:
            machines[0].tier = before.tier
            machines[0].lengthen(before.earlier)
        return machines

    def _hear(self, machines: list[Machine], step: Step, *, at_step: int) -> bool:
        """Let the newest instance hear a step; whether it made place for a next one."""
        last = machines[-1]
        was_over = last.is_over
        last.hear(step)
        if not last.makes_place(step, was_over=was_over):
            return False
        policy = self._policy or last.policy
        definition = policy.definition(last.definition.kind) or last.definition
        after = Machine(definition, policy, instance=last.instance + 1, first_step=at_step)
        after.begin(step)
        machines.append(after)
        return True


def _take_remainder(machine: Machine, before: Machine | None) -> None:
    """Let the next group have what the last one left, where the policy says so."""
    keeps = machine.policy.on_transfer == REMAINDER and machine.definition.per_group
    if keeps and before is not None and machine.started is not None:
        machine.carry(before.elapsed(machine.started), at=machine.started)


def _step(fact: Fact, at: int, *, before: Standing, after: Standing) -> Step:
    """What clocks hear of a fact, with the waiting that it begins and ends."""
    signals, was, hold = fact.signals(before), before.hold, after.hold
    is_turn = was != hold
    if before.is_merged and after.is_merged:
        signals = ()
    if is_turn and not isinstance(fact, Cancelled | Merged):
        signals = (*signals, *_waits(was, hold))
    return Step(at, signals, hold, _reason(fact), after.group, after.tier, is_turn)


def _waits(was: str | None, hold: str | None) -> Signals:
    ended = () if was is None else (wait_ended(was),)
    began = () if hold is None else (wait_began(hold),)
    return (*ended, *began)


def _reason(fact: Fact) -> str:
    """Why a clock that this fact cancels was cancelled."""
    if isinstance(fact, Cancelled):
        return fact.reason
    if isinstance(fact, Merged):
        return MERGED
    if isinstance(fact, Assigned):
        return "left_group"
    return "resolved" if isinstance(fact, Resolved) else "closed"
