"""`./meja replay`: a past desk's tickets with their own times."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.system.desk.conftest import Meja

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("played")]
PLAIN = Path(__file__).with_name("plain_log.csv")


def replayed(meja: Meja, file: Path, *words: str) -> dict[str, Any]:
    done = meja("replay", str(file), "--json", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_plain_log_is_played_and_judged_by_its_own_times(meja: Meja) -> None:
    found = replayed(meja, PLAIN)

    assert found["tickets"] == 2
    assert found["played"] == {"reassignments": 3, "reopenings": 1, "reopened": 1}
    desk = found["desk"]
    assert (desk["reassignments"], desk["reopened"]) == (3, 1)
    # 4712: a P1 of 08:30, seven and a half hours, one of them the vendor's; four were promised.
    # 4711: a P3 within its eighteen office hours.
    verdicts = {row["key"]: (row["met"], row["missed"]) for row in desk["by_reassignments"]}
    assert verdicts == {"1": (1, 0), "2": (0, 1)}


def test_a_second_replay_does_nothing_twice(meja: Meja) -> None:
    first, second = replayed(meja, PLAIN), replayed(meja, PLAIN)

    assert first["desk"] == second["desk"]


def test_a_log_that_cannot_be_read_is_refused_by_line_and_column(
    meja: Meja, tmp_path: Path
) -> None:
    broken = tmp_path / "log.csv"
    broken.write_text("ticket,at,event\n1,yesterday,opened\n", "utf-8")

    done = meja("replay", str(broken))

    assert done.returncode == 1
    assert "line 2, column at: 'yesterday' is not an ISO 8601 instant" in done.stderr


def test_a_real_desk_counts_as_it_counted_itself(meja: Meja, real_data: Path) -> None:
    log = real_data / "events-servicenow-uci" / "events.csv.gz"
    if not log.exists():
        pytest.skip(f"no {log.name}")

    found = replayed(meja, log, "--limit", "150")

    assert found["failures"] == []
    assert found["desk"]["total"]["tickets"] == 150
    assert found["desk"]["reassignments"] == found["played"]["reassignments"]
    assert found["desk"]["reopened"] == found["played"]["reopenings"]
    assert found["log"]["unexplained"] == 0
