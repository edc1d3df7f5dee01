from services.sla.domain.clock import Crossing, next_due_at, ticket_state
from services.sla.domain.instants import HOUR
from services.sla.domain.thresholds import ThresholdKey, to_fire, wake_at
from tests.unit.sla.histories import Life, at, policy


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
    patient = policy(thresholds=(100, 150))

    assert Life().resolution(11, patient).next_crossing_at == at(15)
    assert [one.percent for one in Life().resolution(15, patient).crossings] == [100, 150]


def test_thresholds_are_told_once_each_as_time_goes_by() -> None:
    fired: list[ThresholdKey] = []

    assert told(Life(), 5, fired) == [(50, False)]
    assert told(Life(), 6, fired) == []
    assert told(Life(), 7.5, fired) == [(75, False)]
    assert told(Life(), 9, fired) == [(90, False)]
    assert told(Life(), 10, fired) == [(100, False)]
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

    assert crossed(raised, 6) == [(50, 1), (75, 2), (90, 2), (100, 2)]
    assert told(raised, 6, fired) == [(100, False), (90, True), (75, True)]


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
