"""The state of a ticket's clocks: a pure function of its log, a book of policies, and now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.sla.domain.attribution import attribute
from services.sla.domain.clock import Clock
from services.sla.domain.facts import (
    Assigned,
    Attributes,
    Cancelled,
    Categorised,
    Fact,
    Opened,
    Reopened,
    Reprioritised,
    Standing,
    contiguous,
)
from services.sla.domain.instants import instant_of, micros_of
from services.sla.domain.machine import Machine, Step
from services.sla.domain.policy import RESOLUTION, Book, ClockDefinition, Policy, Target
from services.sla.domain.timetable import Timetable
from services.sla.domain.view import clock_of


def fold(facts: Iterable[Fact], *, book: Book) -> "Fold":
    """The ticket's clocks after its log, up to the first gap; arrival order does not matter."""
    folded = Fold(book)
    for fact in contiguous(facts):
        folded.apply(fact)
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
        self._policy: Policy | None = None
        self._at: int | None = None
        self._steps: list[Step] = []
        self._timeline: list[tuple[int, Standing]] = []
        self._machines: dict[str, list[Machine]] = {}
        self._aims: dict[str, tuple[Target | None, Timetable | None]] = {}

    @property
    def opened_at(self) -> datetime | None:
        """When the ticket was opened, if its log begins there."""
        return instant_of(self._timeline[0][0]) if self._timeline else None

    @property
    def at(self) -> datetime | None:
        """When the last fact applied counts."""
        return None if self._at is None else instant_of(self._at)

    def apply(self, fact: Fact) -> None:
        """Take the next fact of the log."""
        claimed = micros_of(fact.occurred_at)
        at = claimed if self._at is None else max(claimed, self._at)
        signals = fact.signals(self.standing)
        self.standing = fact.after(self.standing)
        reason = fact.reason if isinstance(fact, Cancelled) else "closed"
        step = Step(at, signals, self.standing.hold, reason)
        self._at = at
        self.applied = fact.seq
        self._timeline.append((at, self.standing))
        # New promises first: they hear the fact that brought them like all others.
        self._look_up(fact, at)
        for kind, machines in self._machines.items():
            if _hear(machines, step, at_step=len(self._steps)):
                machines[-1].aim(*self._aims[kind])
        self._steps.append(step)
        if isinstance(fact, Reopened) and self.attributes is not None:
            # What changed while the verdict stood counts for the clock that goes on.
            self._retarget(self.attributes, at, "reprioritised")

    def clocks(self, *, now: datetime) -> tuple[Clock, ...]:
        """Every clock as of an instant."""
        at = self._present(now)
        seen = (clock_of(one, now=at) for machines in self._machines.values() for one in machines)
        return tuple(clock for clock in seen if clock is not None)

    def attribution(self, *, now: datetime) -> dict[str, int]:
        """Open time of the resolution clock by who had the ticket; empty without such a clock."""
        machine = next(iter(self._machines.get(RESOLUTION, ())), None)
        if machine is None or machine.timetable is None:
            return {}
        ended = machine.cancelled if machine.stopped is None else machine.stopped
        until = self._present(now) if ended is None else ended
        return attribute(self._timeline, until=until, timetable=machine.timetable)

    def _present(self, now: datetime) -> int:
        return micros_of(now) if self._at is None else max(micros_of(now), self._at)

    def _look_up(self, fact: Fact, at: int) -> None:
        """Find the policy and targets again when what they depend on changed."""
        cause = "reprioritised"
        if isinstance(fact, Opened):
            self.attributes = fact.attributes
        elif isinstance(fact, Reprioritised) and self.attributes is not None:
            self.attributes = replace(self.attributes, priority=fact.priority)
        elif (
            isinstance(fact, Assigned | Categorised)
            and fact.category is not None
            and self.attributes is not None
        ):
            self.attributes = replace(self.attributes, category=fact.category)
            cause = "recategorised"
        else:
            return
        self._retarget(self.attributes, at, cause)

    def _retarget(self, attributes: Attributes, at: int, cause: str) -> None:
        found = self._book.policy_for(attributes)
        policy = found or self._policy
        if policy is None:
            return
        self._policy = policy
        for definition in policy.definitions:
            aim = (definition.kind, attributes.priority)
            target = found.targets.get(aim) if found else None
            timetable = self._book.timetables[target.calendar] if target else None
            self._aims[definition.kind] = (target, timetable)
            machines = self._machines.setdefault(definition.kind, [])
            before = machines[-1] if machines else None
            if before is not None:
                before.advance(at)
            if before is None or before.may_aim_at(policy, target):
                again = self._rerun(definition, policy, before)
                for machine in again:
                    machine.aim(target, timetable)
                    machine.succeed(before, at=at, cause=cause)
                machines[-1:] = again

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
            _hear(machines, self._steps[at_step], at_step=at_step)
        return machines


def _hear(machines: list[Machine], step: Step, *, at_step: int) -> bool:
    """Let the newest instance hear a step; whether it made place for a next one."""
    last = machines[-1]
    was_over = last.is_over
    last.hear(step)
    if not last.makes_place(step, was_over=was_over):
        return False
    after = Machine(last.definition, last.policy, instance=last.instance + 1, first_step=at_step)
    after.begin(step)
    machines.append(after)
    return True
