"""Popularity with decay, and what is stale."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.kb.domain.use import HALF_LIFE, Use, heat_after, popularity, stale_reasons

NOW = datetime(2026, 2, 28, 16, 59, tzinfo=UTC)


def heat(*days_ago: float) -> float | None:
    found = None
    for days in days_ago:
        found = heat_after(found, read_at=NOW - timedelta(days=days))
    return found


def test_a_reading_counts_half_after_a_half_life() -> None:
    assert popularity(heat(0), now=NOW) == 1.0
    assert popularity(heat(0), now=NOW + HALF_LIFE) == 0.5
    assert popularity(heat(60, 30, 0), now=NOW) == 1.75


def test_the_order_of_readings_changes_nothing() -> None:
    assert popularity(heat(0, 30, 60), now=NOW) == popularity(heat(60, 0, 30), now=NOW)


def test_articles_compare_by_heat_as_by_popularity_at_any_time() -> None:
    old_hit, fresh = heat(*[200] * 50), heat(1, 2)

    assert (old_hit < fresh) == (popularity(old_hit, now=NOW) < popularity(fresh, now=NOW))


def test_nothing_read_is_not_popular_and_ages_do_not_overflow() -> None:
    assert popularity(None, now=NOW) == 0.0
    assert popularity(heat(0), now=NOW + timedelta(days=36_500)) == 0.0


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({}, ()),
        ({"review_at": NOW}, ("review_due",)),
        ({"use": Use(helpful=2, unhelpful=3)}, ("not_helpful",)),
        ({"use": Use(helpful=1, unhelpful=3)}, ()),  # too few to judge by
        ({"use": Use(doubts=1)}, ("outdated",)),
        ({"updated_at": NOW - timedelta(days=366), "use": Use(last_read_at=NOW)}, ("old",)),
        ({"updated_at": NOW - timedelta(days=181)}, ("unread",)),
        ({"updated_at": NOW - timedelta(days=181), "published_at": NOW}, ()),
    ],
)
def test_what_is_stale_and_why(facts: dict[str, Any], reasons: tuple[str, ...]) -> None:
    given = {"use": Use(), "updated_at": NOW, "published_at": None, "review_at": None} | facts

    assert stale_reasons(given.pop("use"), now=NOW, **given) == reasons
