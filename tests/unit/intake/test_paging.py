"""Cursors: opaque, url-safe, and of one order."""

from datetime import UTC, datetime

import pytest

from services.intake.domain.paging import (
    NEVER,
    ORDERS,
    CursorWrong,
    Place,
    cursor_after,
    read_cursor,
)

PLACE = Place(at=datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC), serial=1042)


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize(
    "place",
    [PLACE, Place(at=NEVER, serial=1), Place(at=datetime(1969, 12, 31, tzinfo=UTC), serial=10**18)],
    ids=["leap day", "never", "before 1970"],
)
def test_a_cursor_leads_back_to_its_place(place: Place, sort: str) -> None:
    cursor = cursor_after(place, sort=sort)

    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert read_cursor(cursor, sort=sort) == place


def test_a_cursor_of_another_order_is_refused() -> None:
    with pytest.raises(CursorWrong):
        read_cursor(cursor_after(PLACE, sort="due"), sort="-updated")


def test_a_cursor_with_any_changed_character_is_refused() -> None:
    cursor = cursor_after(PLACE, sort="due")
    for at, char in enumerate(cursor):
        other = "A" if char != "A" else "B"
        with pytest.raises(CursorWrong):
            read_cursor(cursor[:at] + other + cursor[at + 1 :], sort="due")


@pytest.mark.parametrize("forged", ["", "x", "%%%", "é", "AAAA", "A" * 400, "MTIz IDQ"])
def test_a_forged_cursor_is_refused(forged: str) -> None:
    with pytest.raises(CursorWrong):
        read_cursor(forged, sort="due")
