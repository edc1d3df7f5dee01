"""What the desk is asked for when a log is played, and what is remembered of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.replay.marks import Mark, Marks
from deploy.replay.naming import email_of, key_of
from deploy.replay.player import endings_last
from deploy.replay.row import LogRow, RowStatus, Standing
from deploy.replay.staffing import staff_of
from deploy.replay.story import Amend, Move, Open, Step, steps

EIGHT = datetime(2026, 1, 5, 1, tzinfo=UTC)


def row(number: int, status: RowStatus | None = None, **says: str) -> LogRow:
    return LogRow(
        position=number,
        ticket=says.pop("ticket", "A"),
        at=EIGHT + timedelta(minutes=number),
        standing=Standing(status=status) if status else None,
        **says,  # type: ignore[arg-type]  # plain columns
    )


def playable(*rows: LogRow) -> list[Step]:
    return endings_last(list(steps(rows)))


def moves(played: list[Step]) -> list[str]:
    return [step.to for step in played if isinstance(step, Move)]


def test_a_closing_that_was_taken_back_was_none() -> None:
    played = playable(row(1, "resolved"), row(2, "closed"), row(3, "in_progress"), row(4, "closed"))

    assert moves(played) == ["resolved", "in_progress", "resolved", "closed"]


def test_a_cancelled_ticket_that_came_back_was_resolved_meanwhile() -> None:
    assert moves(playable(row(1), row(2, "cancelled"), row(3, "in_progress"))) == [
        "resolved",
        "in_progress",
    ]


def test_the_last_closing_waits_for_what_the_log_tells_after_it() -> None:
    played = playable(row(1, impact="low"), row(2, "closed"), row(3, impact="high"))

    assert [type(step) for step in played] == [Open, Move, Amend, Move]
    assert moves(played) == ["resolved", "closed"]
    places = [(step.position, step.part) for step in played]
    assert places == sorted(set(places))
    assert [step.at for step in played] == sorted(step.at for step in played)


@pytest.mark.parametrize(
    ("name", "key"),
    [("Group 56", "group-56"), ("network", "network"), ("Service Desk", "service-desk")],
)
def test_a_plain_name_is_its_own_key(name: str, key: str) -> None:
    assert key_of(name) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [("Jaringan & VPN", "Jaringan VPN"), ("日本", "中国"), ("x" * 80, "x" * 81), ("a-b", "a b")],
)
def test_names_that_look_alike_as_keys_are_told_apart(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)
    assert all(0 < len(key_of(name)) <= 64 for name in (one, other))
    assert email_of(one).endswith("@replay.invalid")


def test_an_agent_of_more_groups_than_the_desk_allows_is_there_as_several() -> None:
    rows = [row(number, group=f"Group {number}", assignee="Agus") for number in range(1, 24)]

    staff = staff_of(steps(rows))

    assert staff.agent_key("Agus", group="Group 1") == "agus"
    assert staff.agent_key("Agus", group="Group 23") == "agus-2"
    assert len(staff.groups) == 23


def test_a_run_goes_on_behind_the_marks_of_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "replay" / "log.jsonl"
    with Marks(file) as marks:
        marks.set("A", Mark(number="INC-1001-9", position=1, part=0))
        marks.set("A", Mark(number="INC-1001-9", position=4, part=1))

    with Marks(file) as marks:
        assert marks.of("A") == Mark(number="INC-1001-9", position=4, part=1)
        assert marks.of("B") is None


def test_a_mark_that_was_cut_off_by_a_kill_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    file.write_text('["A", "INC-1001-9", 1, 0]\n["A", "INC-10', "utf-8")

    with Marks(file) as marks:
        assert marks.of("A") == Mark(number="INC-1001-9", position=1, part=0)
        marks.set("A", Mark(number="INC-1001-9", position=2, part=0))

    with Marks(file) as marks:
        assert marks.of("A") == Mark(number="INC-1001-9", position=2, part=0)
