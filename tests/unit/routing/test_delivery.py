from datetime import UTC, datetime, timedelta

import pytest

from services.routing.domain.delivery import Rhythm, Round, Window, arrived, fallen_due
from services.routing.domain.hours import Shift, WorkingHours
from services.routing.domain.notices import Notice

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)  # a Monday, 08:00 in Jakarta
RHYTHM = Rhythm(most=5, window=timedelta(minutes=10))
OFFICE = WorkingHours(zone="Asia/Jakarta", week={"mon": (Shift(start="08:00", end="17:00"),)})


def notice(number: int = 0, **parts: object) -> Notice:
    values = {"source": str(number), "subject": str(number), "kind": "threshold"}
    return Notice(**values | parts)  # type: ignore[arg-type]


def arrives(one: Notice, *, now: datetime = NOW, window: Window = Window(), hours=None) -> Round:  # noqa: B008
    return arrived(one, hours=hours, window=window, rhythm=RHYTHM, now=now)


def falls_due(*them: Notice, now: datetime = NOW, window: Window = Window(), hours=None) -> Round:  # noqa: B008
    return fallen_due(them, hours=hours, window=window, rhythm=RHYTHM, now=now)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=3)], ids=["in time", "late"])
def test_two_thousand_notices_in_ninety_minutes_are_forty_six_interruptions(late) -> None:
    window, gathered, counts = Window(), [], []

    def let_it_fall_due(until: datetime) -> None:
        nonlocal window, gathered
        if gathered and gathered[0].deliver_at + late <= until:
            found = falls_due(*gathered, now=gathered[0].deliver_at + late, window=window)
            assert (found.singles, found.later) == ((), ())
            counts.append(len(found.digest))
            window, gathered = found.window, []

    for n in range(2000):
        now = NOW + n * timedelta(seconds=2.7)
        let_it_fall_due(now)
        found = arrives(notice(n), now=now, window=window)
        counts += [1] * len(found.singles)
        gathered += found.later
        window = found.window
    let_it_fall_due(NOW + timedelta(hours=2))

    assert sum(counts) == 2000
    if not late:
        assert (counts.count(1), len(counts)) == (5 + 8 * 4, 46)
    assert len(counts) < 100


def test_the_first_few_are_given_and_the_next_waits_for_the_windows_end() -> None:
    window = Window()
    for n in range(5):
        found = arrives(notice(n), window=window, now=NOW + timedelta(minutes=n))
        assert found.singles
        window = found.window

    (waits,) = arrives(notice(5), window=window, now=NOW + timedelta(minutes=9)).later

    assert (waits.state, waits.deliver_at) == ("gathered", NOW + timedelta(minutes=10))


def test_a_window_ends_with_its_last_instant() -> None:
    full = Window(ends_at=NOW, given=5, major=0)

    assert arrives(notice(), window=full, now=NOW - timedelta(microseconds=1)).later
    assert arrives(notice(), window=full, now=NOW).singles


def test_off_duty_a_notice_waits_and_a_major_one_does_not() -> None:
    night = NOW - timedelta(microseconds=1)

    (waits,) = arrives(notice(), now=night, hours=OFFICE).later

    assert (waits.state, waits.deliver_at) == ("waiting", NOW)
    assert arrives(notice(major=True), now=night, hours=OFFICE).singles
    assert arrives(notice(), now=NOW, hours=OFFICE).singles


def test_who_never_works_is_told_at_once_where_nobody_else_can_be() -> None:
    assert arrives(notice(), hours=WorkingHours(zone="Asia/Jakarta")).singles


@pytest.mark.parametrize(("many", "singles", "digest"), [(5, 5, 0), (6, 0, 6)])
def test_a_shift_begins_with_a_few_or_with_a_digest(many, singles, digest) -> None:
    found = falls_due(*(notice(n, state="waiting") for n in range(many)))

    assert (len(found.singles), len(found.digest)) == (singles, digest)


def test_one_that_was_gathered_alone_is_no_digest() -> None:
    found = falls_due(notice(state="gathered"))

    assert (len(found.singles), len(found.digest)) == (1, 0)


def test_a_shift_that_begins_in_a_full_window_waits_for_its_end() -> None:
    full = Window(ends_at=NOW + timedelta(minutes=3), given=5, major=5)

    found = falls_due(notice(state="waiting"), window=full)

    assert [(each.state, each.deliver_at) for each in found.later] == [("gathered", full.ends_at)]


def test_what_was_gathered_until_after_the_shift_waits_for_the_next_unless_major() -> None:
    evening = NOW + timedelta(hours=9)

    found = falls_due(
        notice(1, state="gathered"),
        notice(2, state="gathered", major=True),
        now=evening,
        hours=OFFICE,
    )

    assert [each.source for each in found.singles] == ["2"]
    assert [each.deliver_at for each in found.later] == [NOW + timedelta(days=7)]


def test_nothing_that_is_due_opens_no_window() -> None:
    assert falls_due() == Round()
