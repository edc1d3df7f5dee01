"""A log is counted, and its own counters are held against ours."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.replay.log import open_log
from deploy.replay.row import Claims, LogRow, Standing
from deploy.replay.survey import (
    BEFORE_FIRST_ROW,
    SAME_GROUP,
    UNNAMED_GROUPS,
    KeptRow,
    Survey,
    survey,
)

EIGHT = datetime(2016, 2, 29, 8, tzinfo=UTC)
RESOLVED = Standing(status="resolved")
IN_PROGRESS = Standing(status="in_progress")


def surveyed(
    *rows: tuple[str, int], standings: tuple[Standing, ...] = (), reopenings: int = 0
) -> Survey:
    """One ticket that went through (group, the log's own count of reassignments)."""
    return survey(
        LogRow(
            position=place,
            ticket="A",
            at=EIGHT + timedelta(minutes=place),
            group=group,
            standing=standings[place - 1] if standings else None,
            claims=Claims(reassignments=count, reopenings=reopenings, is_promise_kept=place < 3),
        )
        for place, (group, count) in enumerate(rows, start=1)
    )


def test_changes_of_group_are_the_log_s_own_count() -> None:
    found = surveyed(("Desk", 0), ("Network", 1), ("Network", 1), ("Desk", 2))

    assert found.reassignments == 2
    assert found.disagreeing == {}


def test_the_steps_that_a_replay_plays_are_counted() -> None:
    assert surveyed(("Desk", 0), ("Network", 1), ("Network", 1)).steps == 2


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([("Desk", 0), ("Desk", 1)], SAME_GROUP),
        ([("Not recorded", 0), ("Not recorded", 1)], UNNAMED_GROUPS),
        ([("Desk", 1), ("Desk", 1)], BEFORE_FIRST_ROW),
        ([("Desk", 0), ("Network", 2)], SAME_GROUP),
    ],
)
def test_a_change_that_the_log_does_not_show_is_explained(
    rows: list[tuple[str, int]], why: str
) -> None:
    found = surveyed(*rows)

    assert list(found.disagreeing) == ["A"]
    assert found.tickets["A"].is_explained
    assert found.unseen == {why: 1}


def test_a_change_that_the_log_shows_but_does_not_count_is_not_explained_away() -> None:
    found = surveyed(("Desk", 0), ("Network", 0))

    assert not found.tickets["A"].is_explained


def test_reopenings_are_the_log_s_own_count() -> None:
    rows = [("Desk", 0)] * 3

    found = surveyed(*rows, standings=(RESOLVED, IN_PROGRESS, RESOLVED), reopenings=1)

    assert found.reopened == 1
    assert found.disagreeing == {}


def test_a_silent_log_disagrees_with_nothing() -> None:
    found = survey([LogRow(position=1, ticket="A", at=EIGHT, group="Desk")])

    assert found.disagreeing == {}
    assert found.kept_by_reassignments() == []


def test_the_log_s_verdicts_are_told_by_number_of_reassignments() -> None:
    kept = surveyed(("Desk", 0), ("Network", 1)).kept_by_reassignments()
    missed = surveyed(("Desk", 0), ("Network", 1), ("Network", 1)).kept_by_reassignments()

    assert kept == [KeptRow(reassignments=1, tickets=1, kept=1)]
    assert missed == [KeptRow(reassignments=1, tickets=1, kept=0)]


def test_a_real_desk_s_counters_are_ours_or_explained(real_data: Path) -> None:
    path = real_data / "events-servicenow-uci" / "events.csv.gz"
    if not path.exists():
        pytest.skip(f"no log at {path}")

    found = survey(open_log(path).rows())

    # The tickets that disagree are dense at the log's beginning, so only the whole log is judged.
    assert len(found.tickets) > 10_000
    assert len(found.disagreeing) / len(found.tickets) < 0.01
    assert all(count.is_explained for count in found.tickets.values())
    assert set(found.unseen) <= {SAME_GROUP, UNNAMED_GROUPS}
