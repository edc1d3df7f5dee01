"""Merged tickets: their clocks end, go on after an undo, and may lend their opening."""

import pytest

from services.sla.domain.clock import next_due_at
from services.sla.domain.instants import HOUR, MINUTE
from services.sla.domain.policy import EARLIER_OPENING
from tests.unit.sla.histories import Life, at, policy

TAKES = policy(on_merge=EARLIER_OPENING)
INSTANT = 1 / 3600 / 1_000_000  # a microsecond, in hours


def test_a_merge_cancels_the_clocks_of_the_source() -> None:
    life = Life().merged(2)

    clock = life.resolution(5)

    assert (clock.state, clock.cause, clock.stopped_at) == ("cancelled", "merged", at(2))
    assert clock.elapsed == 2 * HOUR
    assert next_due_at(life.fold().clocks(now=at(5))) is None


def test_merged_at_the_very_instant_it_is_due_it_never_breached() -> None:
    clock = Life().merged(10).resolution(20)

    assert (clock.state, clock.breached_at) == ("cancelled", None)


def test_merged_at_the_due_instant_and_undone_it_is_due_where_it_goes_on() -> None:
    clock = Life().merged(10).unmerged(30).resolution(31)

    assert (clock.state, clock.breached_at) == ("breached", at(30))
    assert Life().merged(10).unmerged(30).resolved(30).resolution(31).state == "met"


def test_an_undone_merge_was_a_pause() -> None:
    clock = Life().merged(2).unmerged(26).resolution(27)

    assert (clock.state, clock.elapsed, clock.due_at) == ("running", 3 * HOUR, at(34))
    assert [(one.start, one.end, one.reason) for one in clock.pauses] == [(at(2), at(26), "merged")]


def test_an_undo_after_the_old_due_instant_breaches_nothing_by_itself() -> None:
    clock = Life().merged(9).unmerged(500).resolution(500.5)

    assert (clock.state, clock.due_at) == ("running", at(501))


def test_a_breach_before_the_merge_stays_when_it_is_undone() -> None:
    life = Life().merged(12)
    assert life.resolution(13).state == "cancelled"
    assert life.resolution(13).breached_at == at(10)

    clock = life.unmerged(20).resolution(21)

    assert (clock.state, clock.breached_at, clock.cause) == ("breached", at(10), "elapsed")


def test_merged_and_undone_while_it_waits_it_still_waits() -> None:
    life = Life().pending(1).merged(3)
    life.unmerged(5, "waiting_requester", pending_reason="requester")

    clock = life.resolution(40)
    assert (clock.state, clock.elapsed, clock.cause) == ("paused", HOUR, "requester")
    assert life.working(41).resolution(41).due_at == at(50)


def test_merged_undone_and_merged_again_it_ends_again() -> None:
    life = Life().merged(1).unmerged(2).merged(3).unmerged(4).merged(5)

    clock = life.resolution(9)

    assert (clock.state, clock.stopped_at, clock.elapsed) == ("cancelled", at(5), 3 * HOUR)


def test_merged_and_undone_in_one_instant_nothing_has_changed_but_the_version() -> None:
    clock, untouched = Life().merged(2).unmerged(2).resolution(3), Life().resolution(3)

    assert clock.version > untouched.version
    assert (clock.state, clock.due_at, clock.pauses) == ("running", untouched.due_at, ())


def test_a_resolved_ticket_keeps_its_verdict_through_merge_and_undo() -> None:
    life = Life().resolved(3).merged(4)
    assert life.resolution(5).state == "met"

    life.unmerged(6, "done")
    assert life.resolution(7).state == "met"
    # Reopened in time it is the same clock; the merged time was part of the resolved time.
    assert life.reopened(8).resolution(8).due_at == at(15)


def test_an_answered_ticket_keeps_its_first_response() -> None:
    life = Life().replied(0.5).merged(2).unmerged(3)

    assert life.first_response(4).state == "met"
    assert life.first_response(4).stopped_at == at(0.5)


def test_a_group_that_got_it_while_it_was_merged_has_it_after_the_undo() -> None:
    agreed = policy({"P3": (HOUR, 10 * HOUR)})
    agreed = policy(
        targets={
            **agreed.targets,
            ("ola", "P3"): agreed.targets["resolution", "P3"],
            ("accept", "P3"): agreed.targets["first_response", "P3"],
        }
    )
    life = Life().merged(1).assigned(2, "network", assignee=None, by="system")
    assert not [c for c in life.fold(agreed).clocks(now=at(3)) if c.kind in {"ola", "accept"}]

    life.unmerged(4, "queued")
    clocks = {c.kind: c for c in life.fold(agreed).clocks(now=at(4.5))}

    assert (clocks["ola"].group, clocks["ola"].started_at) == ("network", at(4))
    assert clocks["accept"].due_at == at(5)


def test_the_survivor_keeps_its_clocks_unless_the_policy_says_otherwise() -> None:
    life = Life(opened=5).absorbed(6, opened=0)

    assert life.resolution(7).due_at == at(15)
    assert life.resolution(7, TAKES).due_at == at(10)
    assert life.resolution(7, TAKES).started_at == at(0)
    assert life.first_response(7, TAKES).breached_at == at(6)


def test_an_earlier_opening_counts_with_the_pauses_of_the_survivor() -> None:
    life = Life(opened=3).pending(4).working(6).absorbed(7, opened=1)

    clock = life.resolution(7, TAKES)

    assert (clock.elapsed, clock.due_at) == (4 * HOUR, at(13))


def test_what_only_an_earlier_opening_made_late_is_late_at_the_merge_and_excused() -> None:
    life = Life(opened=11).replied(11).absorbed(12, opened=0)

    clock = life.resolution(13, TAKES)

    assert (clock.state, clock.breached_at, clock.cause) == ("breached", at(12), "merged")
    assert clock.excused


def test_an_earlier_opening_that_makes_it_due_at_the_merge_is_late_then() -> None:
    clock = Life(opened=9).absorbed(10, opened=0).resolution(10, TAKES)

    assert (clock.breached_at, clock.cause) == (at(10), "merged")


def test_a_clock_that_waits_does_not_breach_by_an_earlier_opening_until_it_runs() -> None:
    life = Life(opened=11).pending(12).absorbed(13, opened=0)
    assert life.resolution(14, TAKES).state == "paused"

    assert life.working(15).resolution(15, TAKES).breached_at == at(15)


def test_a_later_opening_changes_nothing() -> None:
    clock = Life(opened=1).absorbed(4, opened=3).resolution(5, TAKES)

    assert (clock.due_at, clock.version) == (at(11), 1)


def test_judged_clocks_are_frozen_whatever_is_merged_in() -> None:
    answered = Life(opened=5).replied(5.5).absorbed(6, opened=0)
    assert answered.first_response(7, TAKES).elapsed == HOUR / 2

    late = Life(opened=0).absorbed(12, opened=-9)
    assert late.resolution(13, TAKES).breached_at == at(10)
    assert late.resolution(13, TAKES).cause == "elapsed"


def test_a_released_ticket_takes_its_opening_with_it() -> None:
    life = Life(opened=5).absorbed(6, opened=0, source="one").absorbed(7, opened=2, source="two")
    assert life.resolution(7, TAKES).due_at == at(10)

    assert life.released(8, source="one").resolution(8, TAKES).due_at == at(12)
    assert life.released(9, source="two").resolution(9, TAKES).due_at == at(15)


def test_a_release_never_takes_a_breach_back() -> None:
    life = Life(opened=11).absorbed(12, opened=0).released(12.5)

    clock = life.resolution(13, TAKES)

    assert (clock.state, clock.breached_at) == ("breached", at(12))


@pytest.mark.parametrize("priority", ["P1", "P3"])
def test_an_earlier_opening_outlives_a_new_priority(priority: str) -> None:
    life = Life(opened=5, priority="P1" if priority == "P3" else "P3")
    life.absorbed(5.5, opened=4).reprioritised(6, priority)

    clock = life.resolution(6.5, TAKES)

    assert clock.elapsed == 2.5 * HOUR
    assert clock.due_at == at(4 + (4 if priority == "P1" else 10))


def test_a_microsecond_decides_between_kept_and_late() -> None:
    in_time = Life().resolved(10).merged(11)
    late = Life().resolved(10 + 2 * INSTANT).merged(11)

    assert in_time.resolution(12).state == "met"
    assert late.resolution(12).state == "missed"
    assert in_time.first_response(12).target == 60 * MINUTE
