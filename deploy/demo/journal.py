"""What was played so far, kept in a file: an act that was interrupted goes on where it stopped."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path

from deploy.demo.agenda import Cue
from deploy.local.places import write_private


@dataclass(kw_only=True)
class Journal:
    """The played part of the day.

    Attributes:
        on: the day that is played.
        reached: how far the clock was moved.
        numbers: of the tickets filed, by their key in the story.
        done: how many acts of each ticket were done.
        offered: the article offered before a ticket was sent, by the ticket's key.
        is_over: the whole day was played.
    """

    file: Path
    on: date
    reached: datetime | None = None
    numbers: dict[str, str] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)
    offered: dict[str, str] = field(default_factory=dict)
    is_over: bool = False

    def has(self, cue: Cue) -> bool:
        """Whether it was played."""
        if cue.part == 0:
            return cue.ticket.key in self.numbers
        return cue.part <= self.done.get(cue.ticket.key, 0)

    def save(self) -> None:
        """Write it down, whole or not at all."""
        said = asdict(self) | {
            "on": self.on.isoformat(),
            "reached": self.reached.isoformat() if self.reached else None,
        }
        del said["file"]
        write_private(self.file, json.dumps(said, indent=1))


def read_journal(file: Path) -> Journal | None:
    """The journal of this house; None when nothing was played here."""
    try:
        said = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    reached = said["reached"] and datetime.fromisoformat(said["reached"])
    return Journal(
        **{**said, "file": file, "on": date.fromisoformat(said["on"]), "reached": reached}
    )
