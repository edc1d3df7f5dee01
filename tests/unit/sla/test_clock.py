"""The rules of the clocks, one life story each."""

from datetime import timedelta

import pytest

from services.sla.domain.definitions import ClockDefinition, standard_definitions
from services.sla.domain.fold import Fold, fold
from services.sla.domain.instants import HOUR, MINUTE
from services.sla.domain.policy import Target
from tests.unit.sla.histories import Life, at, book, policy

# First response


def test_the_first_public_reply_of_an_agent_stops_the_first_response_clock() -> None:
    clock = Life().replied(0.5).first_response(9)

    assert (clock.state, clock.elapsed, clock.stopped_at) == ("met", 30 * MINUTE, at(0.5))
    assert clock.judged_due_at == at(1)
    assert clock.due_at is None


@pytest.mark.parametrize(
    "life",
    [
        Life().working(0.1),
        Life().pending(0.1, "vendor"),
        Life().assigned(0.1, "desk"),
        Life().replied(0.1, public=False),
        Life().replied(0.1, by="system"),
        Life().replied(0.1, by="requester"),
    ],
    ids=["status", "pending", "assignment", "internal note", "automatic answer", "requester"],
)
def test_nothing_else_stops_or_pauses_the_first_response_clock(life: Life) -> None:
    clock = life.first_response(0.5)

    assert (clock.state, clock.due_at) == ("running", at(1))


def test_a_resolution_by_an_agent_answers_the_requester_too() -> None:
    assert Life().resolved(0.5).first_response(9).state == "met"


def test_a_ticket_the_requester_withdraws_owes_no_first_response() -> None:
    withdrawn = Life().resolved(0.5, by="requester")

    assert withdrawn.first_response(30).state == "paused"
    closed = withdrawn.closed(40).first_response(50)
    assert (closed.state, closed.cause) == ("cancelled", "closed")


def test_a_met_clock_never_changes_its_verdict() -> None:
    met = Life().replied(0.5)

    later = met.reprioritised(2, "P1").replied(3).pending(4).reopened(5).first_response(99)

    assert (later.state, later.target, later.elapsed) == ("met", HOUR, 30 * MINUTE)


def test_a_reply_at_the_very_due_instant_is_in_time() -> None:
    assert Life().replied(1).first_response(1).state == "met"
    assert Life().first_response(1).state == "breached"


def test_a_late_reply_between_two_looks_is_missed() -> None:
    clock = Life().replied(1.01).first_response(1.02)

    assert (clock.state, clock.breached_at, clock.cause) == ("missed", at(1), "elapsed")
    assert clock.overrun == 36_000_000


# Pauses


def test_pending_on_the_requester_pauses_resolution_and_empties_its_due_instant() -> None:
    clock = Life().pending(4).resolution(1000)

    assert (clock.state, clock.due_at, clock.judged_due_at) == ("paused", None, None)
    assert (clock.elapsed, clock.remaining, clock.cause) == (4 * HOUR, 6 * HOUR, "requester")


def test_after_a_pause_the_rest_of_the_target_is_left_to_the_microsecond() -> None:
    moment = 1 / 3_600_000_000

    clock = Life().pending(4).working(4 + 37 * moment).resolution(5)

    assert clock.due_at == at(10) + timedelta(microseconds=37)
    assert [(pause.start, pause.end, pause.reason) for pause in clock.pauses] == [
        (at(4), at(4) + timedelta(microseconds=37), "requester")
    ]


def test_a_pause_shorter_than_a_minute_counts() -> None:
    clock = Life().pending(4).working(4 + 20 / 3600).resolution(5)

    assert clock.due_at == at(10) + timedelta(seconds=20)


def test_the_policy_says_which_reasons_pause() -> None:
    only_vendor = policy(definitions=_pausing_on("vendor"))

    assert Life().pending(4, "vendor").resolution(5, only_vendor).state == "paused"
    assert Life().pending(4, "requester").resolution(5, only_vendor).state == "running"
    assert Life().pending(4, "change").resolution(5).state == "running"


def test_waiting_for_the_requester_needs_no_reason_to_pause() -> None:
    life = Life(status_category="waiting_requester")

    assert life.resolution(1).cause == "requester"


def test_one_pause_runs_into_the_next_without_a_gap() -> None:
    clock = Life().pending(4).pending(5, "vendor").working(6).resolution(7)

    assert clock.due_at == at(12)
    assert [pause.reason for pause in clock.pauses] == ["requester", "vendor"]


def test_a_paused_clock_cannot_breach() -> None:
    assert Life().pending(9.99).resolution(5000).state == "paused"


def test_pausing_at_the_very_due_instant_saves_nothing_once_it_runs_again() -> None:
    paused = Life().pending(10)

    assert paused.resolution(20).state == "paused"
    clock = paused.working(30).resolution(30)
    assert (clock.state, clock.breached_at) == ("breached", at(30))


def test_a_ticket_opened_while_it_waits_is_born_paused() -> None:
    life = Life(status_category="waiting_requester", pending_reason="requester")

    assert life.resolution(500).state == "paused"
    assert life.working(100).resolution(101).elapsed == HOUR


def test_a_ticket_opened_and_pended_in_the_same_instant_has_used_nothing() -> None:
    clock = Life().pending(0).resolution(500)

    assert (clock.state, clock.elapsed, clock.pauses[0].end) == ("paused", 0, None)


def test_a_ticket_opened_as_done_has_its_clocks_cancelled() -> None:
    life = Life(status_category="done")

    assert {clock.state for clock in life.fold().clocks(now=at(1))} == {"cancelled"}


def test_time_on_hold_over_a_holiday_weekend_is_neither_work_nor_lost() -> None:
    office = policy({"P3": (HOUR, 8 * HOUR)}, calendar="office")
    life = Life().working(0).pending(1).working(24 * 4 + 1)  # Monday nine to Friday nine

    assert life.resolution(24 * 4 + 1, office).elapsed == HOUR
    assert life.resolved(24 * 4 + 1).resolution(999, office).elapsed == HOUR


@pytest.mark.parametrize("second_before", [0, 1 / 3600], ids=["same instant", "a second earlier"])
def test_resuming_just_before_resolving_changes_nothing_but_that_second(
    second_before: float,
) -> None:
    clock = Life().pending(1).working(97 - second_before).resolved(97).resolution(99)

    assert clock.elapsed == HOUR + round(second_before * HOUR)


# Resolve and reopen


def test_resolving_in_time_is_met_provisionally_until_nobody_may_reopen() -> None:
    life = Life().resolved(9)

    assert life.resolution(9).state == "met"
    assert life.resolution(9 + 7 * 24).provisional
    assert not life.resolution(9 + 7 * 24 + 0.001).provisional


def test_reopening_continues_the_same_clock_and_the_resolved_time_is_a_pause() -> None:
    clock = Life().resolved(9).reopened(100).resolution(100.5)

    assert (clock.state, clock.instance, clock.elapsed) == ("running", 0, 9.5 * HOUR)
    assert clock.due_at == at(101)
    assert clock.pauses[0].reason == "done"


def test_reopening_cannot_reset_a_breach() -> None:
    life = Life().resolved(11).reopened(100)

    running = life.resolution(101)
    assert (running.state, running.breached_at) == ("breached", at(10))
    assert life.resolved(102).resolution(103).state == "missed"


def test_a_reopening_after_the_window_leaves_the_verdict() -> None:
    clock = Life().resolved(9).reopened(9 + 7 * 24 + 0.001).resolution(999)

    assert (clock.state, clock.stopped_at) == ("met", at(9))


def test_reopening_and_overrunning_then_is_missed() -> None:
    clock = Life().resolved(9).reopened(20).resolved(22).resolution(23)

    assert (clock.state, clock.breached_at) == ("missed", at(21))


def test_a_priority_raised_while_resolved_counts_once_the_clock_goes_on() -> None:
    life = Life().resolved(2).reprioritised(3, "P1")

    assert life.resolution(4).target == 10 * HOUR
    reopened = life.reopened(50).resolution(50)
    assert (reopened.target, reopened.due_at) == (4 * HOUR, at(52))


def test_resolving_from_pending_is_judged_by_the_time_that_ran() -> None:
    assert Life().pending(9).resolved(500).resolution(501).state == "met"


# Cancelling


@pytest.mark.parametrize("reason", ["merged", "duplicate", "spam"])
def test_a_ticket_that_was_none_cancels_what_still_runs(reason: str) -> None:
    life = Life().replied(0.5).cancelled(3, reason)

    clock = life.resolution(99)
    assert (clock.state, clock.cause, clock.elapsed) == ("cancelled", reason, 3 * HOUR)
    assert life.first_response(99).state == "met"


def test_cancelling_keeps_the_breach_that_was() -> None:
    clock = Life().cancelled(12).resolution(99)

    assert (clock.state, clock.breached_at) == ("cancelled", at(10))


# Changes while running


def test_a_new_priority_reaches_back_to_the_opening_over_the_same_pauses() -> None:
    clock = Life().pending(1).working(3).reprioritised(4, "P1").resolution(4)

    assert (clock.target, clock.elapsed, clock.due_at) == (4 * HOUR, 2 * HOUR, at(6))


def test_a_raised_priority_whose_due_is_past_breaches_at_the_change() -> None:
    clock = Life().reprioritised(5, "P1").resolution(6)

    assert (clock.state, clock.breached_at, clock.cause) == ("breached", at(5), "reprioritised")
    assert (clock.due_at, clock.overrun) == (at(4), 2 * HOUR)


def test_a_priority_raised_while_paused_breaches_only_when_the_clock_runs_again() -> None:
    raised = Life().pending(5).reprioritised(6, "P1")

    assert raised.resolution(50).state == "paused"
    clock = raised.working(60).resolution(60)
    assert (clock.state, clock.breached_at, clock.cause) == ("breached", at(60), "reprioritised")
    late = Life().pending(5).reprioritised(6, "P1").resolved(7).resolution(8)
    assert (late.state, late.breached_at) == ("missed", at(7))


def test_lowering_the_priority_after_a_breach_does_not_undo_it() -> None:
    clock = Life(priority="P1").reprioritised(5, "P3").resolution(6)

    assert (clock.state, clock.target, clock.breached_at) == ("breached", 4 * HOUR, at(4))


def test_lowering_and_raising_again_ends_where_it_began() -> None:
    plain = Life().resolution(7)
    there_and_back = Life().reprioritised(2, "P1").reprioritised(3, "P3").resolution(7)

    assert (there_and_back.due_at, there_and_back.elapsed) == (plain.due_at, plain.elapsed)


def test_a_new_priority_may_count_by_another_calendar() -> None:
    mixed = policy(
        targets={
            ("resolution", "P1"): Target(length=4 * HOUR, calendar="always"),
            ("resolution", "P3"): Target(length=8 * HOUR, calendar="office"),
        }
    )
    friday_1630 = 4 * 24 + 8.5

    clock = (
        Life(opened=friday_1630)
        .reprioritised(friday_1630 + 1, "P1")
        .resolution(friday_1630 + 2, mixed)
    )

    assert (clock.calendar, clock.elapsed) == ("always", 2 * HOUR)
    assert clock.due_at == at(friday_1630 + 4)


def test_a_priority_without_a_target_ends_the_promise_and_another_brings_it_back() -> None:
    life = Life().reprioritised(2, "P5")

    without = life.resolution(3)
    assert (without.state, without.cause) == ("cancelled", "no_target")
    assert life.reprioritised(4, "P3").resolution(5).due_at == at(10)


def test_a_ticket_that_gets_its_first_target_late_is_judged_from_its_opening() -> None:
    life = Life(priority="P5")

    assert life.fold().clocks(now=at(1)) == ()
    clock = life.pending(1).working(2).reprioritised(3, "P3").resolution(4)
    assert (clock.started_at, clock.due_at) == (at(0), at(11))


def test_a_ticket_that_gets_its_first_target_after_it_was_solved_is_judged_all_the_same() -> None:
    in_time = Life(priority="P5").resolved(10).reprioritised(12, "P3").resolution(13)
    late = Life(priority="P5").resolved(11).reprioritised(12, "P3").resolution(13)
    early = Life(priority="P5").resolved(2).reprioritised(12, "P3").resolution(13)

    assert (early.state, early.crossings) == ("met", ())
    assert (in_time.state, in_time.judged_due_at) == ("met", at(10))
    assert (late.state, late.breached_at, late.cause) == ("missed", at(12), "reprioritised")


def test_a_cancelled_clock_keeps_the_target_it_had() -> None:
    assert Life().cancelled(1).reprioritised(2, "P1").resolution(3).target == 10 * HOUR


def test_a_category_chosen_after_opening_brings_its_policy() -> None:
    network = policy({"P3": (HOUR, 2 * HOUR)}, key="network", categories=frozenset({"network"}))
    life = Life(category=None).categorised(0.5, "network")

    clock = life.resolution(1, network, policy())
    assert (clock.policy, clock.due_at) == ("network", at(2))


def test_a_category_that_came_with_the_assignment_brings_its_policy() -> None:
    network = policy({"P3": (HOUR, 2 * HOUR)}, key="network", categories=frozenset({"network"}))
    life = Life(category=None).assigned(0.5, "noc", category="network", status_category="queued")

    clock = life.resolution(1, network, policy())
    assert (clock.policy, clock.due_at) == ("network", at(2))


def test_a_policy_that_no_longer_fits_ends_the_promise() -> None:
    network = policy(categories=frozenset({"network"}))

    assert Life().categorised(1, "printer").resolution(2, network).cause == "no_target"


def test_a_new_policy_pauses_by_its_own_rule_from_the_opening_on() -> None:
    strict = policy(key="strict", categories=frozenset({"core"}), definitions=_pausing_on())
    life = Life().pending(1).working(3).categorised(4, "core")

    assert life.resolution(5, strict, policy()).elapsed == 5 * HOUR


# Time


def test_events_at_one_instant_are_ordered_by_their_number() -> None:
    resumed_last = Life().pending(1).working(1).resolution(5)
    paused_last = Life().working(1).pending(1).resolution(5)

    assert (resumed_last.state, paused_last.state) == ("running", "paused")


def test_a_fact_that_claims_to_be_older_than_the_one_before_counts_from_that_one() -> None:
    clock = Life().pending(4).working(3).resolution(5)

    assert (clock.due_at, clock.elapsed) == (at(10), 5 * HOUR)


def test_a_log_with_a_gap_counts_up_to_the_gap() -> None:
    facts = Life().pending(1).working(2).resolved(3).facts

    seen = fold([facts[3], facts[0], facts[1], facts[1]], book=book())

    assert seen.applied == 2
    assert seen.clocks(now=at(9))[1].state == "paused"


def test_a_log_that_does_not_begin_with_the_opening_has_no_clocks() -> None:
    seen = fold(Life().replied(1).facts[1:], book=book())

    assert (seen.clocks(now=at(9)), seen.opened_at, seen.attribution(now=at(9))) == ((), None, {})


def test_a_calendar_that_never_opens_makes_a_clock_that_is_never_due() -> None:
    clock = Life().resolution(9999, policy(calendar="never"))

    assert (clock.state, clock.due_at, clock.unreachable) == ("running", None, True)


def test_a_clock_due_at_closing_time_is_late_the_next_morning() -> None:
    office = policy({"P3": (8 * HOUR, 8 * HOUR)}, calendar="office")

    clock = Life().replied(24).first_response(24, office)

    assert (clock.state, clock.judged_due_at, clock.overrun) == ("missed", at(9), 0)


def test_the_verdict_does_not_depend_on_when_somebody_looked() -> None:
    life = Life().pending(2).working(3).replied(4).resolved(13)
    watched = Fold(book())

    for fact in life.facts:
        watched.apply(fact)
        watched.clocks(now=at(50))

    assert watched.clocks(now=at(20)) == life.fold().clocks(now=at(20))


def _pausing_on(*reasons: str) -> tuple[ClockDefinition, ...]:
    return standard_definitions(reasons)
