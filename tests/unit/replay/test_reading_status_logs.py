from pathlib import Path

import pytest

from deploy.replay.log import open_log
from deploy.replay.row import LogFault
from deploy.replay.story import Assign, HandOver, Move, Open, steps

HEADER = "ticket_id,activity,timestamp,resource,team,status,sub_status,impact,product"


def log(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "log.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n")
    return path


def test_statuses_become_steps_and_a_queued_ticket_has_nobody(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        "1,Accepted/In Progress,2010-03-31T16:59:42+02:00,Eva,V30,,,Medium,P1",
        "1,Queued/Awaiting Assignment,2010-03-31T17:45:48+02:00,Eva,V5 3rd,,,Medium,P1",
        "1,Accepted/Wait - User,2010-04-06T16:44:07+02:00,Anne,V5 3rd,,,High,P1",
        "1,Completed/Resolved,2010-04-07T10:00:00+02:00,Anne,V5 3rd,,,High,P1",
    )

    told = list(steps(open_log(path).rows()))

    first = next(step for step in told if isinstance(step, Open))
    assert (first.group, first.impact, first.urgency) == ("V30", "medium", "medium")
    moved = [(step.group, step.assignee) for step in told if isinstance(step, HandOver)]
    assert moved == [("V5 3rd", None)]
    assert [step.assignee for step in told if isinstance(step, Assign)] == ["Eva", "Anne"]
    moves = [(step.to, step.pending_reason) for step in told if isinstance(step, Move)]
    assert moves == [("in_progress", None), ("pending", "requester"), ("resolved", None)]


def test_a_status_that_is_not_known_is_named_with_its_line(tmp_path: Path) -> None:
    path = log(tmp_path, "1,Accepted/Asleep,2010-03-31T16:59:42+02:00,Eva,V30,,,Medium,P1")

    with pytest.raises(LogFault, match="line 2, column activity"):
        list(open_log(path).rows())
