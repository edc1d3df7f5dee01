"""Lives of tickets to be judged: fifty entries of one, and the days of many."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from deploy.bench.engine.questions import SEED, timetable
from services.sla.domain.facts import (
    Assigned,
    Attributes,
    Closed,
    Fact,
    Opened,
    Replied,
    Resolved,
    StatusChanged,
)
from services.sla.domain.policy import Book, read_policy

MONDAY: Final = datetime(2026, 1, 5, 1, tzinfo=UTC)
KINDS: Final = ("first_response", "resolution", "next_response", "ola", "vendor")


def book(kinds: int = len(KINDS)) -> Book:
    """A policy with so many kinds of clocks on the ten-year calendar."""
    targets = [
        {"clock": kind, "priority": priority, "minutes": minutes * share, "calendar": "office"}
        for kind, share in list(zip(KINDS, (1, 8, 2, 4, 10), strict=True))[:kinds]
        for priority, minutes in (("P1", 15), ("P2", 30), ("P3", 60), ("P4", 120))
    ]
    policy = read_policy({"key": "standard", "targets": targets}, version=1)
    return Book(edition=1, policies=(policy,), timetables={"office": timetable()})


def life(entries: int, *, dice: random.Random, opened_at: datetime) -> Sequence[Fact]:
    """A ticket of so many entries: opened, given, talked about, waiting, moved, solved, closed."""
    return list(_life(entries, dice, opened_at))


def lives(number: int) -> Iterator[Sequence[Fact]]:
    """So many lives of 6 to 14 entries, opened over a year; the same ones every time."""
    dice = random.Random(SEED)
    for _ in range(number):
        opened_at = MONDAY + timedelta(minutes=dice.randrange(365 * 24 * 60))
        yield life(dice.randint(6, 14), dice=dice, opened_at=opened_at)


def _life(entries: int, dice: random.Random, at: datetime) -> Iterator[Fact]:
    priority = dice.choice(("P1", "P2", "P3", "P4"))
    yield Opened(seq=1, occurred_at=at, attributes=Attributes(kind="incident", priority=priority))
    for seq in range(2, entries - 1):
        at += timedelta(seconds=dice.randrange(4 * 3600))
        yield _next({"seq": seq, "occurred_at": at}, dice)
    at += timedelta(hours=1)
    yield Resolved(seq=entries - 1, occurred_at=at)
    yield Closed(seq=entries, occurred_at=at + timedelta(days=2))


def _next(head: dict[str, Any], dice: random.Random) -> Fact:
    turn = dice.randrange(6)
    if turn == 0:
        return StatusChanged(
            **head, status_category="waiting_requester", pending_reason="requester"
        )
    if turn == 1:
        return StatusChanged(**head, status_category="active")
    if turn == 2:  # noqa: PLR2004 - a throw of the dice
        group, tier = dice.choice((("desk", 1), ("network", 2), ("platform", 3)))
        return Assigned(**head, group=group, tier=tier, assignee="budi")
    by = dice.choice(("agent", "requester"))
    return Replied(**head, by="agent" if by == "agent" else "requester", public=True)
