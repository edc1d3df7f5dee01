from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.sla.domain.periods import periods

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_day_begins_at_midnight_of_the_zone_also_where_the_clocks_change() -> None:
    found = periods(
        since=datetime(2026, 3, 28, 12, tzinfo=UTC),
        until=datetime(2026, 3, 30, 12, tzinfo=UTC),
        zone=BERLIN,
    )

    assert found.unit == "day"
    assert [at.isoformat() for at in found.instants] == [
        "2026-03-27T23:00:00+00:00",
        "2026-03-28T23:00:00+00:00",
        "2026-03-29T22:00:00+00:00",
    ]


def test_an_end_at_midnight_begins_no_further_day() -> None:
    found = periods(
        since=datetime(2026, 1, 5, tzinfo=UTC),
        until=datetime(2026, 1, 6, tzinfo=UTC),
        zone=ZoneInfo("UTC"),
    )

    assert [day.isoformat() for day in found.starts] == ["2026-01-05"]


@pytest.mark.parametrize(
    ("until", "unit", "first", "last"),
    [
        (datetime(2026, 3, 1, tzinfo=UTC), "week", "2025-12-29", "2026-02-23"),
        (datetime(2028, 3, 1, tzinfo=UTC), "month", "2026-01-01", "2028-02-01"),
    ],
    ids=["weeks begin on Monday", "months on the first"],
)
def test_long_spans_are_cut_coarser(until: datetime, unit: str, first: str, last: str) -> None:
    found = periods(since=datetime(2026, 1, 1, tzinfo=UTC), until=until, zone=ZoneInfo("UTC"))

    assert found.unit == unit
    assert (found.starts[0].isoformat(), found.starts[-1].isoformat()) == (first, last)
