"""What every calculator is asked: whole hours of an office week with ten years of holidays."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.sla.domain.calendar import Calendar, Opening
from services.sla.domain.daysoff import look_up
from services.sla.domain.instants import HOUR
from services.sla.domain.timetable import Timetable

FIRST_YEAR: Final = 2016
LAST_YEAR: Final = 2026
JAKARTA: Final = ZoneInfo("Asia/Jakarta")
OPENS: Final = time(8)
CLOSES: Final = time(17)
LONGEST_HOURS: Final = 80
SEED: Final = 7


@dataclass(frozen=True, slots=True)
class Question:
    """When are so many open hours over?"""

    start: datetime
    hours: int


Calculator = Callable[[Question], datetime]


def holidays() -> tuple[date, ...]:
    """Ten years of Indonesian holidays."""
    years = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR + 1}
    found = look_up({"zone": "UTC", "holidays": [{"country": "ID", **years}]}, year=FIRST_YEAR)
    return tuple(sorted({closure.first for closure in found.closures}))


def timetable() -> Timetable:
    """The engine's own calendar for them."""
    years = {"first_year": FIRST_YEAR, "last_year": LAST_YEAR + 1}
    closures = look_up(
        {"zone": "UTC", "holidays": [{"country": "ID", **years}]}, year=FIRST_YEAR
    ).closures
    office = (Opening(OPENS.hour * 60, CLOSES.hour * 60),)
    return Timetable(
        Calendar(
            key="office",
            version=1,
            zone=JAKARTA.key,
            week=(*[office] * 5, (), ()),
            closures=closures,
        )
    )


def questions(number: int) -> Sequence[Question]:
    """So many questions, the same ones every time."""
    dice = random.Random(SEED)
    first = datetime(FIRST_YEAR, 1, 4, tzinfo=JAKARTA)
    minutes = (LAST_YEAR - FIRST_YEAR) * 365 * 24 * 60
    return [
        Question(first + timedelta(minutes=dice.randrange(minutes)), dice.randint(1, LONGEST_HOURS))
        for _ in range(number)
    ]


def engine() -> Calculator:
    """Ours."""
    table = timetable()

    def ask(question: Question) -> datetime:
        due = table.due_at(start=question.start, target=question.hours * HOUR)
        assert isinstance(due, datetime)  # noqa: S101 - a week is never without an opening
        return due

    return ask


def walker() -> Calculator:
    """The slow twin: a step for every minute, and a look at the wall clock."""
    closed = set(holidays())
    step = timedelta(minutes=1)

    def ask(question: Question) -> datetime:
        at, left = question.start, question.hours * 60
        while True:
            is_open = (
                at.weekday() < 5  # noqa: PLR2004 - Saturday
                and OPENS <= at.time() < CLOSES
                and at.date() not in closed
            )
            at, left = at + step, left - is_open
            if not left:
                return at

    return ask
