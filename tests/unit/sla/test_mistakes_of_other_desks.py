"""What went wrong at other desks, as rules that hold at ours.

Some need a service, and stand with their likes:

- a dry run that changes something: `test_a_what_if_judges_every_ticket_of_the_period_again_and_
  changes_none` (tests/service/sla/test_jobs.py) and `test_a_preview_says_what_a_rebase_would_
  change_and_changes_nothing` (test_book.py).
- breaches noticed late, by loading every open ticket: `test_thresholds_are_told_at_their_instants_
  once_each` and `test_after_downtime_only_the_highest_missed_threshold_is_told`
  (tests/service/sla/test_clocks.py); measured under load by `./meja bench timers`.
- only a hundred overdue tickets a run: `test_many_tickets_due_at_once_are_all_told`
  (test_clocks.py) beside the ten thousand below.
- everybody told again every five minutes, or by every replica:
  `test_every_event_and_threshold_counts_once` (tests/service/sla/test_replicas.py).
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from services.sla.domain.calendar import Calendar, Closure, Opening
from services.sla.domain.clock import next_due_at
from services.sla.domain.definitions import OLA
from services.sla.domain.fold import Rebase, fold
from services.sla.domain.instants import DAY, HOUR, MINUTE, NEVER
from services.sla.domain.policy import Target
from services.sla.domain.thresholds import ThresholdKey, to_fire
from services.sla.domain.timetable import Timetable
from tests.unit.sla.histories import NEVER_OPEN, Life, at, book, policy
from tests.unit.sla.test_kinds_of_clock import promise

MONDAY = datetime(2026, 1, 5, 1, tzinfo=UTC)
WEEK = (*[(Opening(480, 720), Opening(780, 1020))] * 5, (), ())


def table(zone: str = "Asia/Jakarta", **changes: object) -> Timetable:
    return Timetable(Calendar(**{"key": "any", "version": 1, "zone": zone, "week": WEEK} | changes))


def closed(first: date, last: date, *, yearly: bool = False) -> Closure:
    return Closure(first=first, last=last, yearly=yearly)


@pytest.mark.parametrize("day", [date(2026, 1, 5) + timedelta(days=n) for n in range(9)], ids=str)
def test_adding_a_closure_never_makes_a_deadline_earlier(day: date) -> None:
    without, with_one = table(), table(closures=(closed(day, day),))

    for hours in (1, 8, 20, 40):
        target = hours * HOUR
        before = without.due_at(start=MONDAY, target=target)
        after = with_one.due_at(start=MONDAY, target=target)
        assert isinstance(before, datetime)
        assert isinstance(after, datetime)
        assert before <= after


def test_a_status_change_alone_never_stops_the_response_clock() -> None:
    life = Life().pending(0.1).working(0.2).pending(0.3, "vendor").working(0.4)

    assert life.first_response(0.5).state == "running"


def test_a_met_clock_never_changes_its_verdict_whatever_the_priority_becomes() -> None:
    assert Life().replied(0.5).reprioritised(2, "P1").first_response(9).state == "met"


def test_a_paused_clock_cannot_breach() -> None:
    assert Life().pending(9).resolution(999).state == "paused"


def test_renaming_a_calendar_changes_no_answer() -> None:
    renamed = Timetable(replace(table().calendar, key="P1"))

    assert renamed.due_at(start=MONDAY, target=9 * HOUR) == table().due_at(
        start=MONDAY, target=9 * HOUR
    )


def test_a_calendar_without_working_days_is_due_never_and_not_at_once() -> None:
    assert NEVER_OPEN.due_at(start=MONDAY, target=1) is NEVER
    nowhere = policy({"P3": (HOUR, HOUR)}, calendar="never")
    assert (Life().resolution(99, nowhere).state, Life().resolution(99, nowhere).unreachable) == (
        "running",
        True,
    )


@pytest.mark.parametrize("gap", [0, 1 / 3600, 1], ids=["at once", "a second", "an hour"])
def test_the_value_does_not_depend_on_a_state_that_changes_nothing(gap: float) -> None:
    through = Life().pending(1).working(97 - gap).resolved(97)

    assert through.resolution(99).elapsed == round((1 + gap) * HOUR)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_counts_the_hours_it_has_in_both_directions(day: date, hours: int) -> None:
    always = table("Europe/Berlin", week=((Opening(0, 1440),),) * 7)
    one_day = table(
        "Europe/Berlin",
        week=((Opening(0, 1440),),) * 7,
        closures=(
            closed(date(2025, 1, 1), day - timedelta(days=1)),
            closed(day + timedelta(days=1), date(2027, 1, 1)),
        ),
    )
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    end = start + timedelta(days=3)

    assert one_day.open_time(start=start, end=end) == hours * HOUR
    due = always.due_at(start=start, target=3 * DAY)
    assert isinstance(due, datetime)
    assert always.start_for(end=due, target=3 * DAY) == start


def test_a_yearly_closure_may_span_new_year() -> None:
    shut = table(closures=(closed(date(2000, 12, 30), date(2000, 1, 2), yearly=True),))
    last_evening = datetime(2026, 12, 29, 9, tzinfo=UTC)

    # Tuesday has one hour left; Wednesday to Saturday are closed, Sunday is none.
    assert shut.due_at(start=last_evening, target=2 * HOUR) == datetime(2027, 1, 4, 2, tzinfo=UTC)


def test_every_interval_of_a_day_counts() -> None:
    hours = tuple(Opening(60 * hour, 60 * hour + 30) for hour in range(24))

    assert table(week=(hours,) * 7).open_time(start=MONDAY, end=at(24)) == 24 * 30 * MINUTE


def test_a_shutdown_of_two_weeks_is_waited_out() -> None:
    shut = table(closures=(closed(date(2026, 1, 5), date(2026, 1, 18)),))

    assert shut.due_at(start=MONDAY, target=HOUR) == datetime(2026, 1, 19, 2, tzinfo=UTC)


def test_every_choice_of_weekdays_is_open_on_these_days_and_on_no_other() -> None:
    for chosen in product((False, True), repeat=7):
        week = tuple((Opening(540, 600),) if is_open else () for is_open in chosen)
        one = table("UTC", week=week)
        mornings = [datetime(2026, 1, 5 + n, 9, 30, tzinfo=UTC) for n in range(7)]

        assert tuple(one.is_open(morning) for morning in mornings) == chosen


def test_reopening_cannot_reset_a_breach() -> None:
    life = Life().resolved(11).reopened(12)

    assert life.resolution(13).breached_at == at(10)


def test_ten_thousand_due_at_once_all_fire() -> None:
    firings = [to_fire(Life().fold().clocks(now=at(10)), fired=set()) for _ in range(10_000)]

    assert all(any(one.is_breach for one in found) for found in firings)


def test_a_threshold_changes_nothing_of_where_the_ticket_stands() -> None:
    folded = Life().assigned(1, "desk").fold()
    before = folded.standing

    folded.clocks(now=at(99))

    assert folded.standing == before


def test_a_pause_is_exact_without_any_tick() -> None:
    life = Life().pending(1).working(1 + 1 / 3600)

    assert life.resolution(2).due_at == at(10) + timedelta(seconds=1)


def test_each_threshold_is_told_once_however_often_somebody_looks() -> None:
    told: set[ThresholdKey] = set()
    folded, times = Life().fold(), 0

    for minutes in range(0, 1200, 5):
        for firing in to_fire(folded.clocks(now=at(minutes / 60)), fired=told):
            told.add(firing.key)
            times += not firing.superseded

    assert times == len(told) == 10


def test_the_verdict_comes_from_the_times_of_events_and_not_from_who_looked_when() -> None:
    late, in_time = Life().replied(1.01), Life().replied(0.99)

    # Nobody looked between half an hour and two hours.
    assert [one.first_response(2).state for one in (late, in_time)] == ["missed", "met"]


def test_the_next_deadline_is_the_earliest_running_clock() -> None:
    fold_of = Life().fold()
    assert next_due_at(fold_of.clocks(now=at(0))) == at(1)
    assert next_due_at(Life().replied(0.5).fold().clocks(now=at(0.5))) == at(10)


def test_a_regular_update_due_later_does_not_hide_the_first_response() -> None:
    lengths = {"first_response": 1, "periodic_update": 2, "resolution": 10}
    own = policy(
        targets={
            (kind, "P3"): Target(length=hours * HOUR, calendar="always")
            for kind, hours in lengths.items()
        }
    )

    assert next_due_at(Life().fold(own).clocks(now=at(0.5))) == at(1)
    assert next_due_at(Life().replied(0.5).fold(own).clocks(now=at(0.6))) == at(2.5)
    assert next_due_at(Life().replied(0.5).pending(1).fold(own).clocks(now=at(2))) is None


def test_a_pause_is_not_forgotten_when_the_promise_is_changed() -> None:
    life = Life().replied(0.5).pending(1).working(6)
    shorter = policy({"P3": (HOUR, 8 * HOUR)}, version=3)

    by_priority = Life().replied(0.5).pending(1).working(2).reprioritised(2, "P1").resolution(2)
    by_choice = fold(
        life.facts, book=book(), rebases=[Rebase(len(life.facts), at(6), book(shorter))]
    ).clocks(now=at(6))[1]

    assert by_priority.due_at == at(5)
    assert by_choice.due_at == at(13)


def test_the_second_group_has_time_of_its_own() -> None:
    found = [
        clock
        for clock in Life()
        .assigned(0, "first")
        .assigned(1.5, "second")
        .fold(promise(OLA))
        .clocks(now=at(1.5))
        if clock.kind == OLA
    ]

    assert [(one.group, one.remaining / HOUR) for one in found] == [("first", 0.5), ("second", 2)]


def test_missed_thresholds_catch_up_once_the_highest_first() -> None:
    found = to_fire(Life().replied(0.1).fold().clocks(now=at(99)), fired=set())

    assert [(one.key.percent, one.superseded) for one in found] == [
        (150, False),
        (100, True),
        (90, True),
        (75, True),
        (50, True),
    ]


def test_a_ticket_created_in_a_paused_status_does_not_use_its_time() -> None:
    life = Life(status_category="waiting_requester", pending_reason="requester")

    assert (life.resolution(99).state, life.resolution(99).elapsed) == ("paused", 0)
