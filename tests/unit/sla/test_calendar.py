from datetime import UTC, date, datetime, timedelta

import pytest

from services.sla.domain.calendar import (
    Break,
    Calendar,
    Closure,
    ExceptionalOpening,
    Opening,
    around_the_clock,
    read_calendar,
)
from services.sla.domain.errors import InvalidDefinition
from services.sla.domain.instants import HOUR, MINUTE, NEVER, micros_of
from services.sla.domain.timetable import Timetable

OFFICE_DAY = (Opening(8 * 60, 12 * 60), Opening(13 * 60, 17 * 60))
OFFICE_WEEK = (*[OFFICE_DAY] * 5, (), ())


def office(zone: str = "Asia/Jakarta", **changes: object) -> Timetable:
    return Timetable(
        Calendar(**{"key": "office", "version": 1, "zone": zone, "week": OFFICE_WEEK} | changes)
    )


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_every_opening_of_a_day_counts() -> None:
    monday = utc(2026, 1, 4, 17)

    assert office().open_time(start=monday, end=monday + timedelta(days=1)) == 8 * HOUR


def test_a_target_runs_on_after_the_weekend() -> None:
    friday_1630 = utc(2026, 1, 2, 9, 30)

    assert office().due_at(start=friday_1630, target=HOUR) == utc(2026, 1, 5, 1, 30)


def test_a_target_that_fits_exactly_is_due_at_closing_not_at_the_next_opening() -> None:
    friday_1630 = utc(2026, 1, 2, 9, 30)

    assert office().due_at(start=friday_1630, target=30 * MINUTE) == utc(2026, 1, 2, 10)


def test_the_closing_instant_is_closed_and_the_opening_instant_is_open() -> None:
    assert office().is_open(utc(2026, 1, 5, 1))
    assert not office().is_open(utc(2026, 1, 5, 5))


def test_a_night_shift_crosses_midnight_the_weekend_and_new_year() -> None:
    nights = Timetable(
        Calendar(
            key="nights", version=1, zone="UTC", week=((Opening(22 * 60, 30 * 60),),) * 5 + ((), ())
        )
    )

    assert nights.open_time(start=utc(2025, 12, 31, 21), end=utc(2026, 1, 1, 7)) == 8 * HOUR
    assert nights.due_at(start=utc(2026, 1, 2, 23), target=8 * HOUR) == utc(2026, 1, 5, 23)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 30), 24)],
    ids=["clocks go forward", "clocks go back", "an ordinary day"],
)
def test_a_day_counts_the_hours_it_has(day: date, hours: int) -> None:
    sundays_and_mondays = ((Opening(0, 1440),),) + ((),) * 5 + ((Opening(0, 1440),),)
    before = utc(day.year, day.month, day.day) - timedelta(hours=2)
    closed_day_before_and_after = Closure(
        first=day + timedelta(days=1), last=day + timedelta(days=1)
    )
    berlin = Timetable(
        Calendar(
            key="b",
            version=1,
            zone="Europe/Berlin",
            week=sundays_and_mondays,
            closures=(
                closed_day_before_and_after,
                Closure(first=day - timedelta(days=1), last=day - timedelta(days=1)),
            ),
        )
    )

    assert berlin.open_time(start=before, end=before + timedelta(hours=30)) == hours * HOUR


def test_an_opening_at_a_time_the_clocks_skip_begins_when_they_have_gone_forward() -> None:
    at_half_past_two = Timetable(
        Calendar(
            key="b",
            version=1,
            zone="Europe/Berlin",
            week=((),) * 6 + ((Opening(150, 240),),),
        )
    )

    assert at_half_past_two.next_opening(utc(2026, 3, 28)) == utc(2026, 3, 29, 1)
    assert at_half_past_two.next_closing(utc(2026, 3, 28)) == utc(2026, 3, 29, 2)


def test_an_ambiguous_start_is_the_first_and_an_ambiguous_end_the_second() -> None:
    def sunday(opening: Opening) -> Timetable:
        week = ((),) * 6 + ((opening,),)
        return Timetable(Calendar(key="b", version=1, zone="Europe/Berlin", week=week))

    assert sunday(Opening(150, 240)).next_opening(utc(2026, 10, 25)) == utc(2026, 10, 25, 0, 30)
    assert sunday(Opening(60, 150)).next_closing(utc(2026, 10, 24)) == utc(2026, 10, 25, 1, 30)


def test_a_zone_may_shift_by_half_an_hour() -> None:
    lord_howe = Timetable(around_the_clock(zone="Australia/Lord_Howe"))
    sunday = Timetable(
        Calendar(
            key="l",
            version=1,
            zone="Australia/Lord_Howe",
            week=((),) * 6 + ((Opening(0, 1440),),),
        )
    )

    day = {"start": utc(2026, 4, 4), "end": utc(2026, 4, 6)}
    assert sunday.open_time(**day) == 24 * HOUR + 30 * MINUTE
    assert lord_howe.open_time(**day) == 48 * HOUR


def test_a_day_that_the_zone_left_out_has_no_open_time() -> None:
    fridays = Timetable(
        Calendar(
            key="s",
            version=1,
            zone="Pacific/Apia",
            week=((),) * 4 + ((Opening(0, 1440),),) + ((),) * 2,
        )
    )

    assert fridays.open_time(start=utc(2011, 12, 27), end=utc(2012, 1, 3)) == 0


def test_the_leap_day_is_a_day() -> None:
    assert office().open_time(start=utc(2028, 2, 28, 17), end=utc(2028, 2, 29, 17)) == 8 * HOUR


def test_a_yearly_closure_spans_new_year() -> None:
    table = office(
        closures=(Closure(first=date(2020, 12, 30), last=date(2021, 1, 2), yearly=True),)
    )

    assert table.due_at(start=utc(2026, 12, 29, 9, 30), target=HOUR) == utc(2027, 1, 4, 1, 30)


def test_a_yearly_closure_on_the_leap_day_waits_for_the_next_leap_year() -> None:
    table = office(
        closures=(Closure(first=date(2024, 2, 29), last=date(2024, 2, 29), yearly=True),)
    )

    assert not table.is_open(utc(2028, 2, 29, 2))
    assert table.is_open(utc(2027, 3, 1, 2))


def test_a_closure_cuts_the_part_of_a_night_shift_that_lies_in_it() -> None:
    nights = Timetable(
        Calendar(
            key="n",
            version=1,
            zone="UTC",
            week=((Opening(22 * 60, 30 * 60),),) * 7,
            closures=(Closure(first=date(2026, 1, 6), last=date(2026, 1, 6)),),
        )
    )

    assert nights.open_time(start=utc(2026, 1, 5, 12), end=utc(2026, 1, 7, 12)) == 8 * HOUR


def test_an_exceptional_opening_wins_over_a_closure_and_over_the_week() -> None:
    saturday, holiday = date(2026, 1, 10), date(2026, 1, 5)
    table = office(
        closures=(Closure(first=holiday, last=holiday),),
        exceptions=tuple(
            ExceptionalOpening(on=day, openings=(Opening(540, 600),)) for day in (saturday, holiday)
        ),
    )

    assert table.open_time(start=utc(2026, 1, 4, 12), end=utc(2026, 1, 5, 12)) == HOUR
    assert table.open_time(start=utc(2026, 1, 9, 17), end=utc(2026, 1, 10, 17)) == HOUR


def test_a_yearly_opening_comes_back_each_year_and_on_29_february_in_leap_years_only() -> None:
    table = office(
        closures=(Closure(first=date(2026, 1, 1), last=date(2032, 12, 31)),),
        exceptions=(
            ExceptionalOpening(on=date(2020, 12, 31), openings=(Opening(540, 600),), yearly=True),
            ExceptionalOpening(on=date(2024, 2, 29), openings=(Opening(0, 30),), yearly=True),
        ),
    )

    assert table.open_time(start=utc(2026, 1, 1), end=utc(2026, 12, 31, 12)) == HOUR
    assert table.open_time(start=utc(2027, 2, 1), end=utc(2027, 4, 1)) == 0
    assert table.open_time(start=utc(2028, 2, 1), end=utc(2028, 4, 1)) == HOUR // 2


def test_a_break_closes_some_hours_of_one_day_and_wins_over_everything() -> None:
    saturday = date(2026, 1, 10)
    table = office(
        exceptions=(ExceptionalOpening(on=saturday, openings=(Opening(540, 660),)),),
        breaks=(Break(on=saturday, hours=(Opening(600, 630),)),),
    )

    assert table.open_time(start=utc(2026, 1, 9, 17), end=utc(2026, 1, 10, 17)) == 3 * HOUR // 2


def test_a_two_week_shutdown_moves_the_due_instant_behind_it() -> None:
    table = office(closures=(Closure(first=date(2026, 12, 21), last=date(2027, 1, 3)),))

    assert table.due_at(start=utc(2026, 12, 18, 9), target=2 * HOUR) == utc(2027, 1, 4, 2)


def test_a_calendar_that_never_opens_is_due_never() -> None:
    table = Timetable(Calendar(key="none", version=1, zone="UTC", week=((),) * 7))

    assert table.due_at(start=utc(2026, 1, 1), target=1) is NEVER
    assert table.next_opening(utc(2026, 1, 1)) is NEVER
    assert table.next_closing(utc(2026, 1, 1)) is NEVER
    assert table.previous_closing(utc(2026, 1, 1)) is NEVER


def test_a_due_instant_more_than_five_years_away_is_never() -> None:
    one_hour_in_2033 = Calendar(
        key="late",
        version=1,
        zone="UTC",
        week=((),) * 7,
        exceptions=(ExceptionalOpening(on=date(2033, 1, 1), openings=(Opening(0, 60),)),),
    )

    assert Timetable(one_hour_in_2033).due_at(start=utc(2026, 1, 1), target=1) is NEVER
    assert Timetable(one_hour_in_2033).due_at(start=utc(2029, 1, 1), target=HOUR) == utc(
        2033, 1, 1, 1
    )


def test_around_the_clock_never_closes() -> None:
    table = Timetable(around_the_clock())

    assert table.due_at(start=utc(2026, 12, 31, 23), target=48 * HOUR) == utc(2027, 1, 2, 23)
    assert table.next_closing(utc(2026, 1, 1)) is NEVER


@pytest.mark.parametrize("year", [1, 1969, 2200, 9999])
def test_outside_1970_to_2199_every_calendar_is_closed(year: int) -> None:
    table = Timetable(around_the_clock())
    at = utc(year, 12, 30)

    assert not table.is_open(at)
    assert table.open_time(start=at, end=at + timedelta(hours=1)) == 0


def test_a_closing_is_found_across_new_year_and_backwards() -> None:
    table = office()

    assert table.next_closing(utc(2025, 12, 31, 12)) == utc(2026, 1, 1, 5)
    assert table.previous_closing(utc(2026, 1, 1, 0)) == utc(2025, 12, 31, 10)
    assert table.start_for(end=utc(2026, 1, 1, 2), target=2 * HOUR) == utc(2025, 12, 31, 9)
    assert table.start_for(end=utc(2026, 1, 1, 2), target=0) == utc(2026, 1, 1, 2)


def test_renaming_a_calendar_changes_no_answer() -> None:
    start = utc(2026, 1, 2, 9, 30)

    assert office(key="office").due_at(start=start, target=HOUR) == office(key="kantor").due_at(
        start=start, target=HOUR
    )


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(TypeError):
        micros_of(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


DOCUMENT = {
    "key": "office",
    "name": "Office hours",
    "zone": "Asia/Jakarta",
    "week": {
        "mon": [{"start": "08:00", "end": "12:00"}, {"start": "13:00", "end": "17:00"}],
        "fri": [{"start": "22:00", "end": "06:00"}],
    },
    "closures": [{"first": "2026-12-30", "last": "2026-01-02", "yearly": True}],
    "exceptions": [{"on": "2026-01-10", "openings": [{"start": "09:00", "end": "24:00"}]}],
}


def test_a_calendar_is_read_from_its_document() -> None:
    calendar = read_calendar(DOCUMENT, version=3)

    assert calendar.week[0] == OFFICE_DAY
    assert calendar.week[4] == (Opening(22 * 60, 30 * 60),)
    assert calendar.closures[0].yearly
    assert calendar.exceptions[0].openings == (Opening(540, 1440),)
    assert calendar.version == 3


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"zone": "Asia/Batavia"}, "zone"),
        ({"zone": "localtime"}, "zone"),
        ({"week": {}, "exceptions": []}, "week"),
        (
            {
                "week": {
                    "tue": [{"start": "08:00", "end": "12:00"}, {"start": "11:59", "end": "13:00"}]
                }
            },
            "week.tue.1",
        ),
        (
            {
                "week": {
                    "tue": [{"start": "22:00", "end": "06:00"}],
                    "wed": [{"start": "05:00", "end": "09:00"}],
                }
            },
            "week.wed.0",
        ),
        (
            {
                "week": {
                    "sun": [{"start": "22:00", "end": "06:00"}],
                    "mon": [{"start": "05:00", "end": "09:00"}],
                }
            },
            "week.mon.0",
        ),
        ({"closures": [{"first": "2026-02-30", "last": "2026-03-01"}]}, "closures.0.first"),
        ({"closures": [{"first": "2026-03-02", "last": "2026-03-01"}]}, "closures.0.last"),
        ({"exceptions": [{"on": "2027-02-29", "openings": []}]}, "exceptions.0.on"),
        (
            {
                "exceptions": [
                    {"on": "2026-01-10", "openings": [{"start": "09:00", "end": "12:00"}] * 2}
                ]
            },
            "exceptions.0.openings.1",
        ),
    ],
    ids=[
        "unknown zone",
        "zone of the machine",
        "never opens",
        "overlap",
        "overlap in the night",
        "overlap around the week",
        "no such date",
        "ends before it starts",
        "no leap year",
        "overlap on a special day",
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused_naming_the_field(
    change: dict[str, object], path: str
) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        read_calendar(DOCUMENT | change, version=1)

    assert list(refused.value.errors) == [path]
