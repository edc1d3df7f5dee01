from datetime import UTC, datetime, timedelta

import pytest

from services.routing.domain.hours import WEEKDAYS, Shift, WorkingHours, is_zone, next_on_duty

MICROSECOND = timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def works(zone: str, **week: str) -> WorkingHours:
    """Hours said as `mon="08:00-12:00 13:00-17:00"`."""
    return WorkingHours(
        zone=zone,
        week={
            day: tuple(
                Shift(start=start, end=end)
                for start, _, end in (shift.partition("-") for shift in said.split())
            )
            for day, said in week.items()
        },
    )


JAKARTA = works("Asia/Jakarta", **dict.fromkeys(WEEKDAYS[:5], "08:00-12:00 13:00-17:00"))


def test_who_has_no_hours_is_always_at_work() -> None:
    assert next_on_duty(None, at("2026-01-04T03:00+07:00")) == at("2026-01-04T03:00+07:00")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-01-05T08:00+07:00", "2026-01-05T08:00+07:00"),
        ("2026-01-05T07:59:59.999999+07:00", "2026-01-05T08:00+07:00"),
        ("2026-01-05T11:59:59.999999+07:00", "2026-01-05T11:59:59.999999+07:00"),
        ("2026-01-05T12:00+07:00", "2026-01-05T13:00+07:00"),
        ("2026-01-05T17:00+07:00", "2026-01-06T08:00+07:00"),
        ("2026-01-09T23:59+07:00", "2026-01-12T08:00+07:00"),
    ],
    ids=["first instant", "just before", "last instant", "lunch", "evening", "23:59 on Friday"],
)
def test_a_shift_has_its_first_instant_and_not_its_end(now, then) -> None:
    assert next_on_duty(JAKARTA, at(now)) == at(then)


def test_a_night_shift_crosses_midnight_and_the_week() -> None:
    nights = works("Asia/Kolkata", sun="22:00-06:00")

    assert next_on_duty(nights, at("2026-01-05T00:30+05:30")) == at("2026-01-05T00:30+05:30")
    assert next_on_duty(nights, at("2026-01-05T06:00+05:30")) == at("2026-01-11T22:00+05:30")


def test_a_zone_of_half_and_quarter_hours() -> None:
    for zone, offset in (("Asia/Kolkata", "+05:30"), ("Asia/Kathmandu", "+05:45")):
        found = next_on_duty(works(zone, mon="09:15-10:00"), at("2026-01-03T00:00Z"))
        assert found == at(f"2026-01-05T09:15{offset}")


def test_a_shift_that_begins_in_a_skipped_hour_begins_when_the_clocks_go_forward() -> None:
    # Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
    nights = works("Europe/Berlin", sun="02:30-05:00")

    assert next_on_duty(nights, at("2026-03-29T00:59:59.999999Z")) == at("2026-03-29T01:00Z")
    assert next_on_duty(nights, at("2026-03-29T03:00Z")) == at("2026-04-05T00:30Z")


def test_a_shift_wholly_inside_a_skipped_hour_is_next_weeks() -> None:
    hours = works("Europe/Berlin", sun="02:10-02:50")

    assert next_on_duty(hours, at("2026-03-29T00:00Z")) == at("2026-04-05T00:10Z")


def test_an_hour_that_strikes_twice_begins_early_and_ends_late() -> None:
    # Berlin, 25 October 2026: 02:00-03:00 strikes at 00:00 UTC and again at 01:00 UTC.
    begins = works("Europe/Berlin", sun="02:30-04:00")
    ends = works("Europe/Berlin", sat="22:00-02:30")

    assert next_on_duty(begins, at("2026-10-25T00:00Z")) == at("2026-10-25T00:30Z")
    for instant in ("2026-10-25T00:45Z", "2026-10-25T01:29:59.999999Z"):
        assert next_on_duty(ends, at(instant)) == at(instant)
    assert next_on_duty(ends, at("2026-10-25T01:30Z")) == at("2026-10-31T21:00Z")


def test_a_dst_step_of_half_an_hour() -> None:
    # Lord Howe, 4 October 2026: 02:00 (+10:30) becomes 02:30 (+11) at 15:30 UTC the day before.
    hours = works("Australia/Lord_Howe", sun="02:15-03:00")

    assert next_on_duty(hours, at("2026-10-03T15:00Z")) == at("2026-10-03T15:30Z")


def test_a_day_that_a_country_skipped_has_no_shift() -> None:
    # Samoa had no 30 December 2011, a Friday.
    hours = works("Pacific/Apia", fri="08:00-16:00")

    found = next_on_duty(hours, at("2011-12-30T00:00-10:00"))

    assert found == at("2012-01-06T08:00+14:00")


def test_round_the_clock_is_always_on_duty_over_dst_nights_too() -> None:
    hours = works("Europe/Berlin", **dict.fromkeys(WEEKDAYS, "00:00-24:00"))
    instant = at("2026-03-27T00:00Z")

    while instant < at("2026-04-01T00:00Z"):
        for around in (instant - MICROSECOND, instant):
            assert next_on_duty(hours, around) == around
        instant += timedelta(minutes=30)


def test_an_empty_week_never_comes() -> None:
    assert next_on_duty(WorkingHours(zone="Asia/Jakarta"), at("2026-01-05T00:00Z")) is None


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Asia"])
def test_no_zone(name) -> None:
    assert not is_zone(name)
    assert is_zone("Asia/Jakarta")
