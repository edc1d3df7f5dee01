"""The laws of open time, on random calendars."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from services.sla.domain.calendar import Calendar, Closure
from services.sla.domain.instants import HOUR, MINUTE, NEVER
from services.sla.domain.timetable import Timetable
from tests.unit.sla.brute import open_minutes
from tests.unit.sla.laws import uphold, uphold_at_length
from tests.unit.sla.strategies import calendars, instants

TARGETS = st.integers(1, 60 * HOUR)


@lru_cache(maxsize=64)
def timetable(calendar: Calendar) -> Timetable:
    return Timetable(calendar)


def law_open_time_adds_up(data: st.DataObject) -> None:
    calendar, day = data.draw(calendars())
    a, b, c = sorted(data.draw(st.tuples(*[instants(day)] * 3)))
    table = timetable(calendar)

    parts = table.open_time(start=a, end=b) + table.open_time(start=b, end=c)

    assert parts == table.open_time(start=a, end=c)
    assert 0 <= parts <= (c - a) // timedelta(microseconds=1)


def law_open_time_up_to_the_due_instant_is_the_target(data: st.DataObject) -> None:
    calendar, day = data.draw(calendars())
    start, target = data.draw(instants(day)), data.draw(TARGETS)
    table = timetable(calendar)

    due = table.due_at(start=start, target=target)

    if due is not NEVER:
        a_moment_before = due - timedelta(microseconds=1)
        assert table.open_time(start=start, end=due) == target
        assert table.open_time(start=start, end=a_moment_before) == target - 1


def law_counting_back_from_the_due_instant_leads_to_the_start(data: st.DataObject) -> None:
    calendar, day = data.draw(calendars())
    start, target = data.draw(instants(day)), data.draw(TARGETS)
    table = timetable(calendar)

    due = table.due_at(start=start, target=target)

    if due is not NEVER:
        back = table.start_for(end=due, target=target)
        assert back is not NEVER
        assert back >= start
        assert table.open_time(start=start, end=back) == 0


def law_a_later_start_is_never_due_earlier(data: st.DataObject) -> None:
    calendar, day = data.draw(calendars())
    early, late = sorted(data.draw(st.tuples(instants(day), instants(day))))
    target = data.draw(TARGETS)
    table = timetable(calendar)

    first, second = (table.due_at(start=at, target=target) for at in (early, late))

    # Five years back from a later start reach further: only two finite answers compare.
    if first is not NEVER and second is not NEVER:
        assert first <= second


def law_one_more_closure_is_never_due_earlier(data: st.DataObject) -> None:
    calendar, day = data.draw(calendars())
    start, target = data.draw(instants(day)), data.draw(TARGETS)
    closed = data.draw(st.integers(-3, 5).map(lambda n: day + timedelta(days=n)))
    yearly = data.draw(st.booleans())
    more = replace(
        calendar,
        closures=(*calendar.closures, Closure(first=closed, last=closed, yearly=yearly)),
    )

    was = timetable(calendar).due_at(start=start, target=target)
    now = timetable(more).due_at(start=start, target=target)

    assert now is NEVER or (was is not NEVER and now >= was)


def law_the_zone_of_the_viewer_changes_nothing(data: st.DataObject) -> None:
    calendar, day = data.draw(calendars())
    start, target = data.draw(instants(day)), data.draw(TARGETS)
    elsewhere = start.astimezone(ZoneInfo(data.draw(st.sampled_from(["Asia/Tokyo", "UTC"]))))
    table = timetable(calendar)

    assert table.due_at(start=elsewhere, target=target) == table.due_at(start=start, target=target)


def law_the_order_in_which_years_are_compiled_changes_nothing(data: st.DataObject) -> None:
    calendar, day = data.draw(calendars())
    start, end = data.draw(instants(day)), data.draw(instants(day))
    far = data.draw(st.sampled_from([-3, 2]))
    other = Timetable(calendar)
    other.is_open(start + timedelta(days=366 * far))

    assert other.open_time(start=start, end=end) == timetable(calendar).open_time(
        start=start, end=end
    )


def law_the_fast_engine_agrees_with_a_minute_by_minute_walk(data: st.DataObject) -> None:
    calendar, day = data.draw(calendars())
    first, days = day - timedelta(days=2), 5
    table = timetable(calendar)
    start = _midnight(first) + timedelta(hours=16)
    minutes = [start + timedelta(minutes=n) for n in range((days - 2) * 1440)]

    walked = open_minutes(calendar, first=first - timedelta(days=1), days=days + 2)

    open_walked = [at for at in minutes if at in walked]
    assert [at for at in minutes if table.is_open(at)] == open_walked
    if open_walked:
        last = open_walked[-1]
        found = table.due_at(start=start, target=len(open_walked) * MINUTE)
        assert found == last + timedelta(minutes=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


LAWS = [law for name, law in sorted(globals().items()) if name.startswith("law_")]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law(law: object) -> None:
    uphold(law, examples=25)


@pytest.mark.nightly
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law_at_length(law: object) -> None:
    uphold_at_length(law, examples=15_000)
