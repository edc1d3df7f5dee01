"""Instants as whole microseconds since 1970, UTC: exact to add, quick to search."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


class Never(Enum):
    """No instant at all: the open time asked for does not come within the horizon."""

    NEVER = "never"


NEVER: Final = Never.NEVER


def micros_of(instant: datetime) -> int:
    """Microseconds from the epoch to an aware instant.

    Raises:
        TypeError: the instant is naive.
    """
    return (instant - EPOCH) // MICROSECOND


def instant_of(micros: int) -> datetime:
    """The UTC instant that many microseconds after the epoch."""
    return EPOCH + timedelta(microseconds=micros)
