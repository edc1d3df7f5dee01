"""Rows say how things stood; steps say what happened."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.replay.row import LogRow, RowStatus, Standing
from deploy.replay.story import Amend, Assign, HandOver, Move, Open, Reply, Step, steps

EIGHT = datetime(2026, 1, 5, 1, tzinfo=UTC)
IN_PROGRESS = Standing(status="in_progress")
WAITING = Standing(status="pending", pending_reason="requester")
RESOLVED = Standing(status="resolved")
CLOSED = Standing(status="closed")


def minute(number: int) -> datetime:
    return EIGHT + timedelta(minutes=number)


def row(number: int, *, ticket: str = "A", **says: Any) -> LogRow:
    """A row at so many minutes past eight, which is also its position."""
    return LogRow(position=number, ticket=ticket, at=minute(number), **says)


def told(*rows: LogRow) -> list[Step]:
    return list(steps(rows))


def moves(*standings: Standing) -> list[tuple[RowStatus, bool]]:
    """The changes of status of a ticket that stood so, one minute after the other."""
    rows = [row(number, standing=standing) for number, standing in enumerate(standings)]
    return [(step.to, step.is_reopening) for step in told(*rows) if isinstance(step, Move)]


def test_the_first_row_opens_the_ticket_as_it_stands() -> None:
    first = row(0, group="Desk", impact="high", category="vpn", requester="Siti", channel="chat")

    assert told(first) == [
        Open(
            ticket="A",
            position=0,
            part=0,
            at=EIGHT,
            logged_at=EIGHT,
            requester="Siti",
            channel="chat",
            impact="high",
            urgency="medium",
            category="vpn",
            group="Desk",
        )
    ]


def test_a_ticket_opens_when_the_log_says_it_was_opened() -> None:
    opening, move = told(row(9, opened_at=minute(2), standing=IN_PROGRESS))

    assert (opening.at, move.at) == (minute(2), minute(9))


def test_an_agent_in_the_first_row_is_assigned_after_the_opening() -> None:
    opening, assigned = told(row(0, assignee="Rina"))

    assert isinstance(opening, Open)
    assert isinstance(assigned, Assign)
    assert (assigned.assignee, assigned.part) == ("Rina", 1)


def test_a_row_that_changes_nothing_tells_nothing() -> None:
    assert len(told(row(0, group="Desk"), row(1, group="Desk"), row(2))) == 1


def test_another_group_is_a_hand_over_to_its_agent_or_to_nobody() -> None:
    _, first, second = told(
        row(0, group="Desk"),
        row(1, group="Network", assignee="Agus"),
        row(2, group="Platform", assignee=""),
    )

    assert isinstance(first, HandOver)
    assert isinstance(second, HandOver)
    assert (first.group, first.assignee) == ("Network", "Agus")
    assert (second.group, second.assignee) == ("Platform", None)


def test_an_agent_who_was_taken_away_leaves_the_ticket_in_the_queue() -> None:
    *_, last = told(row(0, assignee="Rina"), row(1, assignee=""))

    assert isinstance(last, Assign)
    assert last.assignee is None


def test_only_what_was_amended_is_told() -> None:
    *_, last = told(row(0, impact="low", category="vpn"), row(1, impact="high", category="vpn"))

    assert isinstance(last, Amend)
    assert (last.impact, last.urgency, last.category) == ("high", None, None)


def test_a_reply_is_told_with_its_author() -> None:
    replies = told(row(0), row(1, happening="agent_replied"), row(2, happening="requester_replied"))

    assert [step.author for step in replies if isinstance(step, Reply)] == ["agent", "requester"]


@pytest.mark.parametrize(
    ("standings", "expected"),
    [
        ([IN_PROGRESS, WAITING], [("in_progress", False), ("pending", False)]),
        ([RESOLVED, IN_PROGRESS], [("resolved", False), ("in_progress", True)]),
        (
            [RESOLVED, CLOSED, IN_PROGRESS],
            [("resolved", False), ("closed", False), ("in_progress", True)],
        ),
        (
            [RESOLVED, WAITING],
            [("resolved", False), ("in_progress", True), ("pending", False)],
        ),
        ([RESOLVED, Standing(status="new")], [("resolved", False), ("in_progress", True)]),
        ([IN_PROGRESS, CLOSED], [("in_progress", False), ("resolved", False), ("closed", False)]),
        ([IN_PROGRESS, Standing(status="new")], [("in_progress", False)]),
        (
            [IN_PROGRESS, Standing(status="cancelled"), CLOSED],
            [("in_progress", False), ("cancelled", False)],
        ),
    ],
    ids=[
        "to pending",
        "reopened",
        "reopened after closing",
        "reopened and waiting at once",
        "new again is a reopening",
        "closed straight from work is resolved first",
        "a ticket is new only once",
        "what is over stays over",
    ],
)
def test_a_change_of_status_is_told_as_moves(
    standings: list[Standing], expected: list[tuple[RowStatus, bool]]
) -> None:
    assert moves(*standings) == expected


def test_a_ticket_is_reopened_before_it_is_handed_over() -> None:
    rows = [row(0, group="Desk", standing=RESOLVED), row(1, group="Net", standing=IN_PROGRESS)]

    assert [type(step) for step in told(*rows)][2:] == [Move, HandOver]


def test_a_ticket_is_handed_over_before_it_is_resolved() -> None:
    rows = [row(0, group="Desk", standing=IN_PROGRESS), row(1, group="Net", standing=RESOLVED)]

    assert [type(step) for step in told(*rows)][2:] == [HandOver, Move]


def test_a_step_never_precedes_the_one_before_it() -> None:
    early = LogRow(position=2, ticket="A", at=minute(3), standing=IN_PROGRESS)

    _, assigned, moved = told(row(0), row(5, assignee="Rina"), early)

    assert (assigned.at, assigned.is_moved) == (minute(5), False)
    assert (moved.at, moved.logged_at, moved.is_moved) == (minute(5), minute(3), True)


def test_a_row_from_before_the_opening_happens_at_the_opening() -> None:
    opening, moved = told(row(0, opened_at=minute(4), standing=RESOLVED))

    assert (opening.at, opening.is_moved) == (minute(4), False)
    assert (moved.at, moved.is_moved) == (minute(4), True)


def test_tickets_between_each_other_are_kept_apart() -> None:
    rows = [row(0, group="Desk"), row(1, ticket="B", group="Net"), row(2, group="Desk")]

    assert [(step.ticket, type(step)) for step in told(*rows)] == [("A", Open), ("B", Open)]


def test_every_step_has_its_own_place_in_the_file() -> None:
    rows = [
        row(0, group="Desk", assignee="Rina", standing=RESOLVED),
        row(1, group="Net", impact="high", standing=IN_PROGRESS),
    ]

    places = [(step.position, step.part) for step in told(*rows)]

    assert places == sorted(set(places))
    assert len(places) == 6
