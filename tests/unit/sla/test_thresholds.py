from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.sla.domain.calendar import Calendar, Opening
from services.sla.domain.clock import Crossing, next_due_at, ticket_state
from services.sla.domain.fold import fold
from services.sla.domain.instants import HOUR, MINUTE
from services.sla.domain.marks import minutes, percents
from services.sla.domain.policy import Book, Policy, Target
from services.sla.domain.thresholds import ThresholdKey, to_fire, wake_at
from services.sla.domain.timetable import Timetable
from tests.unit.sla.histories import MONDAY, Life, at, policy


def crossed(life: Life, hours: float) -> list[tuple[int, int]]:
    return [(one.percent, one.version) for one in life.resolution(hours).crossings]


def told(life: Life, hours: float, fired: list[ThresholdKey]) -> list[tuple[int, bool]]:
    firings = to_fire([life.resolution(hours)], fired=fired)
    fired.extend(firing.key for firing in firings)
    return [(firing.key.percent, firing.superseded) for firing in firings]


def test_a_threshold_is_crossed_at_its_exact_instant() -> None:
    clock = Life().resolution(7.5)

    assert clock.crossings == (Crossing(50, 1, at(5)), Crossing(75, 1, at(7.5)))
    assert clock.next_crossing_at == at(9)


def test_a_threshold_counts_open_time_without_pauses() -> None:
    clock = Life().pending(4).working(104).resolution(104)

    assert clock.next_crossing_at == at(105)


def test_a_threshold_beyond_the_target_follows_the_breach() -> None:
    patient = policy(thresholds=percents(100, 150))

    assert Life().resolution(11, patient).next_crossing_at == at(15)
    assert [one.percent for one in Life().resolution(15, patient).crossings] == [100, 150]


def test_thresholds_are_told_once_each_as_time_goes_by() -> None:
    fired: list[ThresholdKey] = []

    assert told(Life(), 5, fired) == [(50, False)]
    assert told(Life(), 6, fired) == []
    assert told(Life(), 7.5, fired) == [(75, False)]
    assert told(Life(), 9, fired) == [(90, False)]
    assert told(Life(), 10, fired) == [(100, False)]
    assert told(Life(), 15, fired) == [(150, False)]
    assert told(Life(), 5000, fired) == []


def test_missed_thresholds_are_told_once_the_highest_first_and_the_lower_superseded() -> None:
    assert told(Life(), 9.5, []) == [(90, False), (75, True), (50, True)]


def test_pausing_and_resuming_does_not_tell_a_threshold_again() -> None:
    fired: list[ThresholdKey] = []
    told(Life(), 6, fired)

    assert told(Life().pending(6).working(8), 9, fired) == []


def test_a_threshold_that_is_ahead_again_is_armed_under_a_new_version() -> None:
    fired: list[ThresholdKey] = []
    assert told(Life(priority="P1"), 2, fired) == [(50, False)]

    lowered = Life(priority="P1").reprioritised(2.5, "P3")

    assert told(lowered, 3, fired) == []
    assert told(lowered, 5, fired) == [(50, False)]
    assert crossed(lowered, 5) == [(50, 2)]


def test_a_threshold_reached_before_a_new_target_and_still_reached_is_not_told_again() -> None:
    fired: list[ThresholdKey] = []
    told(Life(), 6, fired)

    raised = Life().reprioritised(6, "P1")

    assert crossed(raised, 6) == [(50, 1), (75, 2), (90, 2), (100, 2), (150, 2)]
    assert told(raised, 6, fired) == [(150, False), (100, True), (90, True), (75, True)]


def test_a_clock_that_was_met_has_nothing_at_risk_any_more() -> None:
    assert told(Life().resolved(8), 9, []) == [(75, True), (50, True)]


def test_that_a_clock_was_missed_is_told_even_when_it_ended_unseen() -> None:
    assert told(Life().resolved(12), 13, []) == [
        (100, False),
        (90, True),
        (75, True),
        (50, True),
    ]


def test_of_a_cancelled_clock_nothing_is_told() -> None:
    assert all(superseded for _, superseded in told(Life().cancelled(12), 13, []))


def test_the_ticket_is_looked_at_again_at_the_earliest_threshold_of_any_clock() -> None:
    life = Life()

    assert wake_at(life.fold().clocks(now=at(0))) == at(0.5)
    assert wake_at(life.replied(0.1).fold().clocks(now=at(0.2))) == at(5)
    assert wake_at(life.pending(1).fold().clocks(now=at(2))) is None


def test_the_next_deadline_is_the_earliest_running_clock() -> None:
    life = Life()

    assert next_due_at(life.fold().clocks(now=at(0.5))) == at(1)
    assert next_due_at(life.replied(0.7).fold().clocks(now=at(0.8))) == at(10)
    assert next_due_at(life.pending(0.9).fold().clocks(now=at(1))) is None


def test_an_agreement_behind_the_desk_is_no_deadline_of_the_requester() -> None:
    soon = {(kind, "P3"): Target(length=HOUR, calendar="always") for kind in ("accept", "ola")}
    own = policy(targets={**policy().targets, **soon})
    life = Life().replied(0.1).assigned(0.2, "desk", None)

    clocks = life.fold(own).clocks(now=at(0.3))

    assert min(one.due_at for one in clocks if one.due_at) == at(1.2)
    assert next_due_at(clocks) == at(10)


def test_the_state_of_a_ticket_is_its_worst_running_clock_and_then_its_verdict() -> None:
    def state(life: Life, hours: float) -> str:
        folded = life.fold()
        return ticket_state(folded.clocks(now=at(hours)), standing=folded.standing)

    assert state(Life(priority="P5"), 1) == "none"
    assert state(Life(), 0.4) == "running"
    assert state(Life(), 0.5) == "at_risk"
    assert state(Life(), 1) == "breached"
    assert state(Life().replied(2), 3) == "running"
    assert state(Life().replied(0.1).pending(2), 3) == "paused"
    assert state(Life().resolved(0.9), 3) == "met"
    assert state(Life().resolved(0.9, by="requester"), 3) == "met"
    assert state(Life().resolved(11), 12) == "breached"
    assert state(Life().cancelled(0.1), 12) == "none"


def test_a_threshold_that_a_calendar_never_reaches_wakes_nobody() -> None:
    never = policy({"P3": (HOUR, HOUR)}, calendar="never")

    assert wake_at(Life().fold(never).clocks(now=at(1))) is None


# Thresholds in minutes


AROUND = {"thresholds": (*percents(100), *minutes(-60, 30))}


def reached(life: Life, hours: float, *policies: Policy) -> list[tuple[int, int, datetime]]:
    found = life.resolution(hours, *policies).crossings
    return [(one.minutes, one.version, one.at) for one in found]


def test_a_threshold_in_minutes_lies_so_much_open_time_before_and_after_due() -> None:
    clock = Life().resolution(10.5, policy(**AROUND))

    assert clock.crossings == (
        Crossing(90, 1, at(9), -60),
        Crossing(100, 1, at(10)),
        Crossing(105, 1, at(10.5), 30),
    )


def test_minutes_of_a_threshold_are_open_ones_across_closures() -> None:
    office = policy({"P3": (None, 8 * HOUR)}, calendar="office", **AROUND)
    # Ten in the morning: the noon break and the evening lie between, and the due is next morning.
    life = Life(opened=2)

    assert [one[::2] for one in reached(life, 48, office)] == [
        (-60, at(24 + 1)),
        (0, at(24 + 2)),
        (30, at(24 + 2.5)),
    ]


def test_an_hour_before_due_in_the_night_the_clocks_go_back_is_an_hour_of_the_day_of_25() -> None:
    night = Timetable(
        Calendar(key="always", version=1, zone="Europe/Berlin", week=((Opening(0, 360),),) * 7)
    )
    friday = (datetime(2026, 10, 23, 20, tzinfo=UTC) - MONDAY) / timedelta(hours=1)
    promised = policy({"P3": (None, 18 * HOUR)}, **AROUND)
    nights = Book(edition=1, policies=(promised,), timetables={"always": night})

    clock = fold(Life(opened=friday).facts, book=nights).clocks(now=at(friday + 96))[0]

    # Six hours on Saturday, seven on the Sunday, and five of Monday's six.
    assert [one.at for one in clock.crossings] == [
        datetime(2026, 10, 26, 3, tzinfo=UTC),
        datetime(2026, 10, 26, 4, tzinfo=UTC),
        datetime(2026, 10, 26, 4, 30, tzinfo=UTC),
    ]


def test_a_pause_over_a_threshold_in_minutes_moves_it_by_the_pause() -> None:
    around = policy(**AROUND)
    assert Life().pending(8.75).resolution(19, around).next_crossing_at is None

    life = Life().pending(8.75).working(20)

    assert life.resolution(20, around).next_crossing_at == at(20.25)
    assert reached(life, 20.25, around) == [(-60, 3, at(20.25))]


def test_a_fact_at_the_very_instant_of_a_threshold_in_minutes_comes_first() -> None:
    around = policy(**AROUND)

    assert reached(Life().resolved(9), 20, around) == []
    assert reached(Life().pending(9), 20, around) == []
    assert reached(Life().noted(9), 9, around) == [(-60, 1, at(9))]


def test_a_new_target_under_which_a_threshold_in_minutes_is_ahead_again_arms_it_anew() -> None:
    around, fired = policy(**AROUND), list[ThresholdKey]()
    raised = Life(priority="P1")
    lowered = Life(priority="P1").reprioritised(3.5, "P3")

    assert [one.key for one in to_fire([raised.resolution(3, around)], fired=fired)] == [
        ThresholdKey("resolution", 0, 1, 75, -60)
    ]
    assert reached(lowered, 8, around) == []
    assert reached(lowered, 9, around) == [(-60, 2, at(9))]


def test_a_priority_that_moves_due_before_now_reaches_all_thresholds_at_that_moment() -> None:
    around, fired = policy(**AROUND), list[ThresholdKey]()
    late = Life().reprioritised(5, "P1").resolution(5, around)

    found = to_fire([late], fired=fired)

    assert [(one.key.percent, one.key.minutes, one.superseded) for one in found] == [
        (112, 30, False),
        (100, 0, True),
        (75, -60, True),
    ]
    assert {one.crossed_at for one in found} == {at(5)}


def test_minutes_and_percents_that_change_places_under_a_new_target_are_each_told_once() -> None:
    # Of ten hours 75 % comes before the last hour; of one hour and a half it comes after it.
    mixed = policy(
        {"P3": (None, 10 * HOUR), "P1": (None, 100 * MINUTE)},
        thresholds=(*percents(75, 100), *minutes(-60)),
    )
    life = Life(priority="P1").pending(0.7).reprioritised(1, "P3")

    assert reached(life, 1, mixed) == []
    back = life.reprioritised(2, "P1")
    assert reached(back, 3, mixed) == []
    went_on = back.working(4)
    assert [(one.minutes, one.version) for one in went_on.resolution(9, mixed).crossings] == [
        (-60, 5),
        (0, 5),
        (0, 5),
    ]


def test_a_breach_stays_the_highest_when_a_lower_threshold_is_reached_after_it() -> None:
    clock = replace(
        Life().resolution(1),
        state="breached",
        crossings=(Crossing(100, 1, at(1)), Crossing(87, 2, at(2), -30)),
    )

    assert [(one.key.percent, one.superseded) for one in to_fire([clock], fired=())] == [
        (100, False),
        (87, True),
    ]


def test_a_clock_that_ended_in_time_is_not_at_risk_by_minutes_either() -> None:
    met = Life().resolved(9.5).resolution(9.5, policy(**AROUND))
    missed = Life().resolved(10.75).resolution(11, policy(**AROUND))

    assert all(one.superseded for one in to_fire([met], fired=()))
    assert [one.superseded for one in to_fire([missed], fired=())] == [False, True, True]
