"""Time: the only reader of the wall clock. Everything else takes `now` as an argument.

A steered clock stands in a small file that every process of a house re-reads when it changes, so
that a test or a demonstration can stop time, move it and let it go again:

    {"at": "2026-01-05T01:00:00+00:00", "since": "2026-11-22T03:00:00+00:00", "rate": 0}

Time is `at` plus `rate` times the real time since `since`; a missing file means real time.
"""

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Timekeeper(Protocol):
    """Who is asked what time it is."""

    def now(self) -> datetime:
        """The present instant, in UTC."""

    def seconds_until(self, instant: datetime) -> float:
        """How long to sleep until `instant`, in real seconds, at least 0."""


class WallClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC)

    def seconds_until(self, instant: datetime) -> float:
        """How long to sleep until `instant`, at least 0."""
        return max(0.0, (instant - self.now()).total_seconds())


class SteeredClock:
    """Time as a file says it is."""

    GLANCE_SECONDS = 0.1  # how often a sleeper looks whether time was moved

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._seen: tuple[int, int] | None = None
        self._at: datetime | None = None
        self._since = datetime.now(UTC)
        self._rate = 1.0

    def now(self) -> datetime:
        """The present instant by the steered clock, in UTC."""
        self._look()
        real = datetime.now(UTC)
        return real if self._at is None else self._at + (real - self._since) * self._rate

    def seconds_until(self, instant: datetime) -> float:
        """How long to sleep before looking again: time may be moved at any moment."""
        left = (instant - self.now()).total_seconds()
        real = left / self._rate if self._rate > 0 else self.GLANCE_SECONDS
        return min(self.GLANCE_SECONDS, max(0.0, real)) if left > 0 else 0.0

    def _look(self) -> None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._seen, self._at = None, None
            return
        if (mark := (found.st_mtime_ns, found.st_ino)) == self._seen:
            return
        said = json.loads(self._path.read_text())
        self._at = datetime.fromisoformat(said["at"]) if said["at"] else None
        self._since = datetime.fromisoformat(said["since"])
        self._rate = float(said["rate"])
        self._seen = mark


def timekeeper(clock_file: str | None = None) -> Timekeeper:
    """The clock that the settings ask for."""
    return SteeredClock(clock_file) if clock_file else WallClock()


def steer(path: str | Path, *, at: datetime, rate: float = 0) -> None:
    """Set every process that reads `path` to `at`; time then runs `rate` times as fast as real."""
    said = {"at": at.astimezone(UTC).isoformat(), "since": datetime.now(UTC).isoformat()}
    _write(Path(path), said | {"rate": rate})


def release(path: str | Path) -> None:
    """Return to real time."""
    _write(Path(path), {"at": None, "since": datetime.now(UTC).isoformat(), "rate": 1})


def _write(path: Path, said: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(said))
    fresh.replace(path)


def real_milliseconds() -> int:
    """Real milliseconds since 1970, for ids that sort by time; never for judgement."""
    return time.time_ns() // 1_000_000
