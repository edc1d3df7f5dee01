"""One clock in motion: it hears what happens and counts open time, in whole microseconds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from services.sla.domain.definitions import ClockDefinition
from services.sla.domain.facts import DONE, MERGED, UNMERGED
from services.sla.domain.marks import BREACH_PERCENT, Mark, Threshold
from services.sla.domain.policy import KEEP_FRACTION, RETROACTIVE, Policy, Target
from services.sla.domain.timetable import Timetable

RESET: Final = "reset"


class Step(NamedTuple):
    """What a clock hears of one fact; `reason` is for a clock that it cancels.

    `group` and `tier` have the ticket afterwards; `is_turn` says that the hold is a new one.
    """

    at: int
    signals: tuple[str, ...]
    hold: str | None
    reason: str
    group: str | None = None
    tier: int | None = None
    is_turn: bool = True


class Reached(NamedTuple):
    """A threshold was reached: which, at what percent of the target, under which version, when."""

    threshold: Threshold
    percent: int
    version: int
    at: int


@dataclass(slots=True)
class Machine:
    """The state of one clock between two facts.

    The spans it ran (`runs`, then from `run_from` on) and stood still (`pauses`, then since
    `paused_since`) depend on the definition alone; the target and its timetable turn them into
    open time, so that a new target reaches back over the same pauses.

    Attributes:
        first_step: the fact that began this instance, for whoever runs it again.
        ahead: the marks not reached yet, in order.
        used: open time of the finished runs, with what was carried.
        carried: open time that counts although it did not run under this target, or the reverse.
        resumed: the hold that a signal ended for this clock before it ended for the ticket.
        earlier: the opening of a ticket merged into this one that it counts from; the time until
            its own start is then the first of its runs.
    """

    definition: ClockDefinition
    policy: Policy
    instance: int = 0
    first_step: int = 0
    target: Target | None = None
    timetable: Timetable | None = None
    had_target: bool = False
    ahead: tuple[Mark, ...] = ()
    version: int = 1
    started: int | None = None
    stopped: int | None = None
    cancelled: int | None = None
    cancel_reason: str = ""
    run_from: int | None = None
    used: int = 0
    runs: list[tuple[int, int]] = field(default_factory=list)
    paused_since: int | None = None
    paused_for: str = ""
    pauses: list[tuple[int, int, str]] = field(default_factory=list)
    crossed: list[Reached] = field(default_factory=list)
    breach_cause: str = "elapsed"
    group: str | None = None
    tier: int | None = None
    carried: int = 0
    resumed: str | None = None
    earlier: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether this instance stopped or was cancelled."""
        return self.stopped is not None or self.cancelled is not None

    @property
    def is_breached(self) -> bool:
        """Whether the whole target was reached and stamped."""
        return any(one.percent >= BREACH_PERCENT for one in self.crossed)

    def may_aim_at(self, policy: Policy, target: Target | None) -> bool:
        """Whether this is news, and comes in time: verdict, breach and cancellation stay."""
        if self.cancelled is not None:
            return False
        if self.target is not None and (self.stopped is not None or self.is_breached):
            return False
        return self.policy is not policy or self.target != target

    def makes_place(self, step: Step, *, was_over: bool) -> bool:
        """Whether a next instance begins with this step."""
        if not was_over and self.cancelled == step.at and self.cancel_reason == RESET:
            return True
        starts = not self.definition.starts_on.isdisjoint(step.signals)
        began_here = self.started == step.at and not was_over
        return self.definition.repeats and self.is_over and starts and not began_here

    def begin(self, step: Step) -> None:
        """Start here, running or, when the ticket already waits, paused."""
        self.started = step.at
        self.group, self.tier = step.group, step.tier
        self._set_out(step)

    def hear(self, step: Step) -> None:
        """Move on to a fact."""
        if self.started is None and not self.definition.starts_on.isdisjoint(step.signals):
            self.begin(step)
        if self.started is None:
            return
        if self.cancelled is not None and not self._unmerge(step, cancelled=self.cancelled):
            return
        if self.stopped is not None:
            self._reopen(step, stopped=self.stopped)
            return
        self.advance(step.at)
        self._follow(step)

    def advance(self, at: int) -> None:
        """Stamp the thresholds reached before `at`."""
        if self.ahead and self.elapsed(at) >= self.ahead[0].amount:
            self._stamp(list(self.crossings(at, inclusive=False)))

    def aim(self, target: Target | None, timetable: Timetable | None) -> None:
        """Take a target, and turn what has run so far into open time of its calendar."""
        self.target, self.timetable = target, timetable
        if target is not None:
            self.ahead = self.policy.marks[self.definition.kind, target.length]
            self.carried = 0
            self.used = sum(self.open_time(start, end) for start, end in self.runs)

    def carry(self, amount: int, *, at: int) -> None:
        """Let so much open time count as used at an instant, whatever ran until then."""
        self.carried += amount - self.used_by(at)
        self.used = self.carried + sum(self.open_time(start, end) for start, end in self.runs)

    def keep_used(self, before: "Machine", *, at: int) -> None:
        """Let what the same clock used by an instant stand, and count on from there."""
        if before.target is not None and self.target is not None and not self.is_over:
            self.carry(before.elapsed(at), at=at)

    def carry_over(self, before: "Machine", *, at: int) -> None:
        """Keep of what the same clock used under its former target as much as the policy says."""
        if before.target is None or self.target is None or self.started is None or self.is_over:
            return
        if self.policy.on_new_target == KEEP_FRACTION:
            used = before.elapsed(at) * self.target.length // before.target.length
            self.carry(used, at=at)
        elif self.policy.on_new_target != RETROACTIVE:
            self.carry(0, at=at)

    def succeed(self, before: "Machine | None", *, at: int, cause: str) -> None:
        """Take over, at `at`, from the same clock under its former target if it had one.

        A threshold reached before and still reached stays as it was; one that is reached only
        by the change is reached now; one that is ahead again is armed under the new version.
        """
        former = [] if before is None else before.crossed
        if before is not None:
            self.version = before.version + 1
            began = before.started is not None
            self.had_target = before.had_target or (began and before.target is not None)
        if self.target is None:
            self.crossed = former
            return
        if self._has_used(self.target.length, at):
            self.breach_cause = cause
        self._take_over(former, at=at)

    def _take_over(self, former: Sequence[Reached], *, at: int) -> None:
        known = {reached.threshold: reached for reached in former}
        waiting: list[Mark] = []
        reached = 0
        for mark in self.ahead:
            if not self._has_used(mark.amount, at):
                break
            reached += 1
            if mark.threshold in known:
                self.crossed.append(known[mark.threshold])
            elif self.paused_since is None:
                self.crossed.append(Reached(mark.threshold, mark.percent, self.version, at))
            else:
                waiting.append(mark)  # a paused clock cannot breach; it will once it runs again
        self.ahead = (*waiting, *self.ahead[reached:])

    def count_from(self, earlier: int | None, *, at: int) -> None:
        """Count from an earlier opening, or again from the own one, unless it is judged already.

        What only that made late is late now, and for that cause.
        """
        if self.started is None or self.instance or self.is_over:
            return
        self.advance(at)
        own = self.started if self.earlier is None else self.runs[0][1]
        wanted = earlier if earlier is not None and earlier < own else None
        if self.is_breached or wanted == self.earlier:
            return
        self.lengthen(wanted)
        self.version += 1
        former, self.crossed = self.crossed, []
        if self.target is not None:
            self.ahead = self.policy.marks[self.definition.kind, self.target.length]
            if self._has_used(self.target.length, at):
                self.breach_cause = MERGED
            self._take_over(former, at=at)

    def lengthen(self, earlier: int | None) -> None:
        """Let the clock have run since an earlier instant; None takes that back."""
        if self.earlier is not None:
            (_, self.started), *self.runs = self.runs
        self.earlier = None
        if earlier is not None and self.started is not None and earlier < self.started:
            self.runs.insert(0, (earlier, self.started))
            self.started = self.earlier = earlier
        self.used = self.carried + sum(self.open_time(start, end) for start, end in self.runs)

    def crossings(self, until: int, *, inclusive: bool) -> Iterator[Reached]:
        """Thresholds reached by the present run and not stamped yet.

        A fact at the very instant a threshold is reached comes first: stopping at the due instant
        is in time.
        """
        if self.run_from is None or self.timetable is None:
            return
        elapsed = self.elapsed(until)
        for amount, threshold, percent in self.ahead:
            if elapsed < amount:
                return
            at = self.timetable.due_micros(self.run_from, amount - self.used)
            if at is None or at > until or (at == until and not inclusive):
                return
            yield Reached(threshold, percent, self.version, at)

    def next_crossing(self, after: int) -> int | None:
        """When the threshold `after` so many of those ahead is reached if nothing happens."""
        if after >= len(self.ahead) or self.run_from is None or self.timetable is None:
            return None
        return self.timetable.due_micros(self.run_from, self.ahead[after].amount - self.used)

    def elapsed(self, now: int) -> int:
        """Open time used by `now`, pauses left out."""
        if self.run_from is None:
            return self.used
        return self.used + self.open_time(self.run_from, max(now, self.run_from))

    def used_by(self, at: int) -> int:
        """Open time used by an instant that lies anywhere in the clock's life."""
        runs = self.runs if self.run_from is None else [*self.runs, (self.run_from, at)]
        ran = (self.open_time(start, min(end, at)) for start, end in runs if start < at)
        return self.carried + sum(ran)

    def reached(self, amount: int) -> int | None:
        """When the finished runs had used this much; None if they have not."""
        used = self.carried
        for start, end in self.runs:
            open_time = self.open_time(start, end)
            if self.timetable is not None and used + open_time >= amount:
                return self.timetable.due_micros(start, amount - used)
            used += open_time
        return None

    def judged_due(self) -> int | None:
        """The due instant the verdict depends on, looking at all runs.

        None for a clock that waits or was stopped while it waited, short of its target; and for
        one that is never due.
        """
        if self.target is None or self.timetable is None or self.cancelled is not None:
            return None
        missing = self.target.length - self.used
        if missing <= 0 and self.carried and self.is_breached:
            # What was carried has no instants of its own: it was due when it was found overdrawn.
            return next(one.at for one in self.crossed if one.percent >= BREACH_PERCENT)
        if missing <= 0:
            began = self.run_from if self.carried else None
            return self.reached(self.target.length) if began is None else began
        if self.run_from is not None:
            return self.timetable.due_micros(self.run_from, missing)
        if self.runs and self.runs[-1][1] == self.stopped:
            return self.timetable.due_micros(self.stopped, missing)
        return None

    def open_time(self, start: int, end: int) -> int:
        """Open time between two instants in the target's calendar."""
        if self.timetable is None:
            return 0
        return self.timetable.measure_micros(end) - self.timetable.measure_micros(start)

    def _follow(self, step: Step) -> None:
        definition = self.definition
        if not definition.stops_on.isdisjoint(step.signals):
            self._stop(step.at)
        elif not definition.cancels_on.isdisjoint(step.signals):
            self._cancel(step.at, step.reason)
        elif not definition.resets_on.isdisjoint(step.signals):
            self._cancel(step.at, RESET)
        elif self._waits(step):
            self._pause(step)
        elif self.paused_since is not None:
            self._rest(step.at)
            self._set_out(step)
            self.version += 1

    def _waits(self, step: Step) -> bool:
        """Whether the ticket's hold pauses this clock now."""
        if step.hold != self.resumed:
            self.resumed = None
        if step.hold not in self.definition.pauses_while:
            return False
        if not self.definition.resumes_on.isdisjoint(step.signals):
            self.resumed = step.hold
        return self.resumed is None

    def _set_out(self, step: Step) -> None:
        """Run from here, or wait from here when the ticket does."""
        if self._waits(step):
            self.paused_since, self.paused_for = step.at, step.hold or ""
        else:
            self.run_from = step.at

    def _reopen(self, step: Step, *, stopped: int) -> None:
        reopened = not self.definition.reopens_on.isdisjoint(step.signals)
        if reopened and step.at - stopped <= self.policy.reopen_window:
            self.stopped = None
            self.paused_since, self.paused_for = stopped, DONE
            self._rest(step.at)
            self._set_out(step)
            self.version += 1

    def _unmerge(self, step: Step, *, cancelled: int) -> bool:
        """Go on after a merge that was undone, which then was a pause."""
        if self.cancel_reason != MERGED or UNMERGED not in step.signals:
            return False
        self.cancelled, self.cancel_reason = None, ""
        self.paused_since, self.paused_for = cancelled, MERGED
        self.version += 1
        return True

    def _stop(self, at: int) -> None:
        self._rest(at)
        self.stopped = at
        # Overdrawn by a shorter target while it waited, and stopped from there: late as well.
        self._stamp(
            [
                Reached(mark.threshold, mark.percent, self.version, at)
                for mark in self.ahead
                if self.used > mark.amount
            ]
        )

    def _cancel(self, at: int, reason: str) -> None:
        self._rest(at)
        self.cancelled, self.cancel_reason = at, reason

    def _pause(self, step: Step) -> None:
        if self.paused_since is None:
            self.version += 1
        elif step.hold == self.paused_for:
            return
        self._rest(step.at)
        self._set_out(step)

    def _rest(self, at: int) -> None:
        """Put the present run or pause with the finished ones."""
        if self.run_from is not None:
            self.used += self.open_time(self.run_from, at)
            self.runs.append((self.run_from, at))
            self.run_from = None
        if self.paused_since is not None:
            if at > self.paused_since:
                self.pauses.append((self.paused_since, at, self.paused_for))
            self.paused_since = None

    def _stamp(self, reached: Sequence[Reached]) -> None:
        """Keep that the first of those ahead were reached."""
        if reached:
            self.crossed.extend(reached)
            self.ahead = self.ahead[len(reached) :]

    def _has_used(self, amount: int, at: int) -> bool:
        if self.stopped is None:
            return self.elapsed(at) >= amount
        # Stopped at the very instant it was due: in time.
        reached = self.reached(amount)
        return reached is not None and reached < self.stopped
