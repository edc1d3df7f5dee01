"""The record of a standing house: what its supervisor last wrote, for every other command to read.

It holds addresses with passwords, so only its owner may read it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deploy.local.children import Identity
from deploy.local.places import write_private


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One process in the record. `identity` is None while it waits to be started again."""

    name: str
    state: str
    identity: Identity | None
    restarts: int = 0


@dataclass(frozen=True, kw_only=True)
class Record:
    """A house as its supervisor last wrote it.

    `state` is starting, ready or stopping; `url` is where the gateway answers, once it is known.
    `environment` is the gateway's, for the commands that speak in its name.
    """

    supervisor: Identity
    state: str = "starting"
    url: str | None = None
    wish: Mapping[str, object] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    processes: tuple[Entry, ...] = ()

    def is_current(self) -> bool:
        """Tell whether its supervisor still lives; if not, the record is of a house that fell."""
        return self.supervisor.is_alive()


def write(file: Path, record: Record) -> None:
    """Put a record in place of the last, whole or not at all."""
    write_private(file, json.dumps(asdict(record), indent=1))


def read(file: Path) -> Record | None:
    """Give the last record; None when no house stands."""
    try:
        known = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    entries = tuple(
        Entry(**{**entry, "identity": _identity(entry["identity"])}) for entry in known["processes"]
    )
    supervisor = Identity(**known["supervisor"])
    return Record(**{**known, "supervisor": supervisor, "processes": entries})


def _identity(known: Mapping[str, int] | None) -> Identity | None:
    return Identity(**known) if known else None
