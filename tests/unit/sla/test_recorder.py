"""The flight recorder: what was believed at an instant, and which time counted."""

from datetime import date

from services.sla.domain.calendar import Calendar, Closure, Opening
from services.sla.domain.fold import fold
from services.sla.domain.instants import HOUR, MINUTE
from services.sla.domain.marks import minutes, percents
from services.sla.domain.policy import Book, Policy, Target
from services.sla.domain.recorder import MOST_SPANS, Recorded, known_by
from services.sla.domain.timetable import Timetable
from services.sla.domain.words import length, told
from tests.unit.sla.histories import Life, at, book, policy

FEAST = Timetable(
    Calendar(
        key="feast",
        version=4,
        zone="Asia/Jakarta",
        week=(*[(Opening(480, 720), Opening(780, 1020))] * 5, (), ()),
        closures=(Closure(first=date(2026, 1, 6), last=date(2026, 1, 6), name="Ulang tahun"),),
    )
)


def recorded(life: Life, hours: float, *policies: Policy) -> Recorded:
    found = fold(known_by(life.facts, at(hours)), book=book(*policies)).recorded(now=at(hours))
    return next(one for one in found if one.clock.kind == "resolution")


def at_the_feast(life: Life, hours: float, **changes: object) -> Recorded:
    targets = {("resolution", "P3"): Target(length=10 * HOUR, calendar="feast")}
    one = policy(targets=targets, **changes)
    kept = Book(edition=1, policies=(one,), timetables={"feast": FEAST})
    return fold(life.facts, book=kept).recorded(now=at(hours))[0]


def stretches(found: Recorded) -> list[tuple[str, str, float]]:
    return [(span.why, span.detail, span.open_time / HOUR) for span in found.spans]


def test_time_that_counted_and_time_that_did_not_are_told_with_the_reason() -> None:
    found = at_the_feast(Life().pending(2).working(3), 50)

    assert stretches(found) == [
        ("open", "", 2),
        ("paused", "requester", 1),
        ("open", "", 1),
        ("closed", "", 0),
        ("open", "", 4),
        ("closed", "Ulang tahun", 0),
        ("open", "", 2),
    ]


def test_the_name_of_a_holiday_is_the_reason_on_that_day() -> None:
    found = at_the_feast(Life(opened=16.5), 24)

    assert stretches(found) == [("closed", "Ulang tahun", 0)]


def test_what_counted_adds_up_to_the_time_used() -> None:
    found = at_the_feast(Life().pending(2).working(3.5).resolved(49.25), 90)

    counted = sum(span.open_time for span in found.spans if span.counts)
    assert counted == found.clock.elapsed


def test_stretches_follow_each_other_without_a_gap() -> None:
    found = at_the_feast(Life().pending(2).working(3.5).pending(5, "vendor"), 60)

    ends = [span.end for span in found.spans]
    assert [span.start for span in found.spans] == [found.clock.started_at, *ends[:-1]]
    assert ends[-1] == at(60)


def test_the_past_is_what_was_believed_then_and_not_what_came_after() -> None:
    life = Life().pending(2).working(5).reprioritised(6, "P1").resolved(7)

    assert recorded(life, 1).clock.due_at == at(10)
    assert recorded(life, 3).clock.state == "paused"
    assert recorded(life, 5.5).clock.due_at == at(13)
    assert recorded(life, 6).clock.target == 4 * HOUR
    assert recorded(life, 8).clock.state == "met"


def test_an_instant_before_the_opening_knows_no_clock() -> None:
    assert fold(known_by(Life(opened=2).facts, at(1)), book=book()).recorded(now=at(1)) == ()


def test_the_future_is_what_will_be_if_nothing_happens() -> None:
    assert recorded(Life(), 11).clock.state == "breached"


def test_what_was_carried_over_is_told() -> None:
    restarting = policy(on_new_target="restart")

    found = recorded(Life().reprioritised(3, "P1"), 4, restarting)

    assert (found.carried, found.clock.elapsed) == (-3 * HOUR, HOUR)


def test_a_clock_of_many_years_is_told_in_its_last_stretches() -> None:
    found = at_the_feast(Life(), 24 * 365 * 3)

    assert len(found.spans) == MOST_SPANS
    assert found.left_out > 0


def test_the_words_say_state_rules_and_every_stretch_in_both_languages() -> None:
    found = at_the_feast(Life().pending(2), 3)

    paused = "not counted, waiting for the requester (1 h of open time)."
    assert told(found, language="en") == (
        "Resolution: paused; 2 h of 10 h used.",
        "Because: waiting for the requester.",
        "By policy standard, version 2, and calendar feast, version 4.",
        "2026-01-05 08:00 to 2026-01-05 10:00: counted, 2 h.",
        f"2026-01-05 10:00 to 2026-01-05 11:00: {paused}",
    )
    assert told(found, language="id")[:2] == (
        "Penyelesaian: dijeda; 2 j dari 10 j terpakai.",
        "Karena: menunggu pemohon.",
    )


def test_the_words_say_which_thresholds_were_reached_and_when() -> None:
    around = (*percents(50, 100), *minutes(-90, 30))

    found = at_the_feast(Life(), 60, thresholds=around)

    assert [one for one in told(found, language="en") if " due: " in one or "%" in one] == [
        "50 % of the target used 2026-01-05 14:00.",
        "1 h 30 m before due: 2026-01-07 08:30.",
        "100 % of the target used 2026-01-07 10:00.",
        "30 m after due: 2026-01-07 10:30.",
    ]
    assert "1 j 30 m sebelum jatuh tempo: 2026-01-07 08:30." in told(found, language="id")
    assert "50 % dari target terpakai 2026-01-05 14:00." in told(found, language="id")


def test_a_length_in_words_leaves_out_what_is_nothing() -> None:
    micros = 2 * HOUR + 5 * MINUTE + 3_500_000

    assert length(micros, language="en") == "2 h 5 m 3 s"
    assert length(-HOUR, language="id") == "-1 j"
    assert length(0, language="en") == "0 m"
