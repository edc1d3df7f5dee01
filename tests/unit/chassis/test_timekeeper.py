"""A steered clock stands, runs and is let go, for every process that reads its file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chassis.timekeeper import SteeredClock, WallClock, release, steer, timekeeper

MORNING = datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock.json"


def test_time_stands_still_until_it_is_moved(file: Path) -> None:
    clock = SteeredClock(file)
    steer(file, at=MORNING)
    assert clock.now() == clock.now() == MORNING

    steer(file, at=MORNING + timedelta(days=1))

    assert clock.now() == MORNING + timedelta(days=1)


def test_time_runs_at_its_rate(file: Path) -> None:
    clock = SteeredClock(file)
    steer(file, at=MORNING, rate=3600)

    first = clock.now()

    assert first >= MORNING
    assert clock.now() > first
    assert clock.seconds_until(MORNING + timedelta(days=365)) == clock.GLANCE_SECONDS


def test_a_sleeper_looks_again_soon_because_time_may_be_moved(file: Path) -> None:
    clock = SteeredClock(file)
    steer(file, at=MORNING)

    assert clock.seconds_until(MORNING + timedelta(hours=1)) == clock.GLANCE_SECONDS
    assert clock.seconds_until(MORNING) == 0
    assert clock.seconds_until(MORNING - timedelta(hours=1)) == 0


@pytest.mark.parametrize("let_go", [release, lambda file: file.unlink()])
def test_a_clock_that_is_let_go_tells_real_time(file: Path, let_go) -> None:
    clock = SteeredClock(file)
    steer(file, at=MORNING)
    clock.now()

    let_go(file)

    assert abs(clock.now() - WallClock().now()) < timedelta(seconds=5)


def test_without_a_file_the_machine_s_time_is_told() -> None:
    clock = timekeeper(None)

    assert isinstance(clock, WallClock)
    assert clock.now().tzinfo is UTC
    assert clock.seconds_until(clock.now() - timedelta(seconds=1)) == 0
