from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sla.domain import weeks
from services.sla.domain.periods import periods

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
TICK = timedelta.resolution
SECONDS = timedelta(days=25_000) // timedelta(seconds=1)
INSTANTS = st.integers(-SECONDS, SECONDS).map(lambda n: MONDAY + n * timedelta(seconds=1)) | (
    st.integers(2900, 2930).map(weeks.begin_of)
)


def test_a_week_goes_from_monday_to_before_monday() -> None:
    week = weeks.week_of(MONDAY)

    assert weeks.begin_of(week) == MONDAY
    assert weeks.week_of(MONDAY - TICK) == week - 1
    assert weeks.week_of(MONDAY + timedelta(days=7) - TICK) == week
    assert weeks.days_of(week)[6] == datetime(2026, 1, 11, tzinfo=UTC)


def test_only_weeks_with_all_their_days_are_whole() -> None:
    week, end = weeks.week_of(MONDAY), MONDAY + timedelta(days=14)

    assert list(weeks.whole_weeks(MONDAY, end)) == [week, week + 1]
    assert list(weeks.whole_weeks(MONDAY + TICK, end)) == [week + 1]
    assert list(weeks.whole_weeks(MONDAY, end - TICK)) == [week]
    assert list(weeks.whole_weeks(MONDAY + TICK, MONDAY + TICK)) == []


@pytest.mark.parametrize(
    ("zone", "live"), [("UTC", 0), ("Asia/Jakarta", 5), ("Asia/Kathmandu", 5), ("Europe/Kyiv", 5)]
)
def test_days_in_which_a_period_begins_are_left_over(zone: str, live: int) -> None:
    since, until = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 4, 27, tzinfo=UTC)
    whole = weeks.whole_weeks(since, until)
    cut = periods(since=since, until=until, zone=ZoneInfo(zone))

    days = weeks.whole_days(whole, borders=cut.instants)

    assert cut.unit == "week"
    assert len(days) == 56 - len({at.date() for at in cut.instants if at > since} if live else ())
    for day in days:
        end = day + timedelta(days=1) - TICK
        assert sum(at <= day for at in cut.instants) == sum(at <= end for at in cut.instants)


@given(since=INSTANTS, until=INSTANTS, some=st.sets(st.integers(0, 400)), at=INSTANTS)
def test_an_instant_is_either_in_a_week_that_is_taken_or_left_over(
    since: datetime, until: datetime, some: set[int], at: datetime
) -> None:
    whole = weeks.whole_weeks(since, until) if since < until else range(0)
    taken = weeks.stretches_of(week for n, week in enumerate(whole) if n in some)

    left = weeks.remainder(since, until, taken=taken)

    places = sum(begin <= at < end for begin, end in [*taken, *left])
    assert places == (since <= at < until)
    assert all(begin < end for begin, end in left)
