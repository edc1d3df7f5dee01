"""How much an article is used, and whether somebody should look at it.

Popularity is the sum of all readings, each counting half as much after every half-life. It is kept
as one number, its *heat*: the logarithm (base 2) of the sum of 2^(t/half-life) over all readings at
t. Heat never decays by itself, so that articles can be compared by it at any time without being
touched; only who wants to see the popularity at an instant takes the time off again.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

HALF_LIFE = timedelta(days=30)
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

_FEWEST_VERDICTS = 5
_OLD = timedelta(days=365)
_UNREAD = timedelta(days=180)


@dataclass(frozen=True, kw_only=True)
class Use:
    """What became of an article.

    Attributes:
        doubts: How many readers said that it is outdated or wrong since it was last changed.
    """

    reads: int = 0
    helpful: int = 0
    unhelpful: int = 0
    heat: float | None = None
    last_read_at: datetime | None = None
    doubts: int = 0


def heat_after(heat: float | None, *, read_at: datetime) -> float:
    """The heat after one more reading."""
    new = (read_at - _EPOCH) / HALF_LIFE
    if heat is None:
        return new
    high, low = max(heat, new), min(heat, new)
    return high + math.log2(1 + 2 ** (low - high))


def popularity(heat: float | None, *, now: datetime) -> float:
    """The popularity that a heat is at an instant."""
    if heat is None:
        return 0.0
    return float(round(2 ** (heat - (now - _EPOCH) / HALF_LIFE), 4))


def stale_reasons(
    use: Use,
    *,
    now: datetime,
    updated_at: datetime,
    published_at: datetime | None,
    review_at: datetime | None,
    reviewed_at: datetime | None = None,
    is_problem_solved: bool = False,
) -> tuple[str, ...]:
    """Why somebody should look at a published article; none when nobody need.

    Who says that it is still right (`reviewed_at`) makes it as fresh as a change does.
    """
    verdicts = use.helpful + use.unhelpful
    seen_at = max(filter(None, (use.last_read_at, published_at, reviewed_at, updated_at)))
    known_at = max(filter(None, (reviewed_at, updated_at)))
    is_due = review_at is not None and review_at <= now
    found = {
        "review_due": is_due,
        "problem_solved": is_due and is_problem_solved,
        "not_helpful": verdicts >= _FEWEST_VERDICTS and use.unhelpful > use.helpful,
        "outdated": use.doubts > 0,
        "old": now - known_at > _OLD,
        "unread": now - seen_at > _UNREAD,
    }
    return tuple(reason for reason, holds in found.items() if holds)
