"""Marks: how far each ticket of a log was replayed, kept in a file that only grows.

A second run, or one after an interruption, goes on behind the marks. What was asked for but not
marked any more is asked for again with the same idempotency key, so it is done once.
"""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A ticket's number at the desk, and the place in the log of its last step played."""

    number: str
    position: int
    part: int


NOT_PLAYED = Mark(number="", position=0, part=0)


class Marks:
    """The marks of one log; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._marks = _read(file)
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("a", encoding="utf-8")
        self._file.write("\n")  # the line before may have been cut off by a kill

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def of(self, ticket: str) -> Mark | None:
        """How far a ticket was replayed; None when it is new."""
        return self._marks.get(ticket)

    def set(self, ticket: str, mark: Mark) -> None:
        """Remember that one more step was played."""
        line = json.dumps([ticket, mark.number, mark.position, mark.part])
        with self._lock:
            self._marks[ticket] = mark
            self._file.write(f"{line}\n")
            self._file.flush()


def _read(file: Path) -> dict[str, Mark]:
    found: dict[str, Mark] = {}
    if not file.exists():
        return found
    for line in file.read_text("utf-8").splitlines():
        try:
            ticket, number, position, part = json.loads(line)
        except ValueError:
            continue  # empty, or cut off by a kill; its step is asked for again
        found[ticket] = Mark(number=number, position=position, part=part)
    return found
