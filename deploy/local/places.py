"""Where everything of a local house lies: all of it below `var/`, so that removing it is enough."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from deploy.local import environment


@dataclass(frozen=True)
class Places:
    """The folders of one local house.

    `root` is the checkout; `var` is what the house writes. Both are absolute.
    """

    root: Path
    var: Path

    @property
    def logs(self) -> Path:
        """One log file per process."""
        return self.var / "log"

    @property
    def record(self) -> Path:
        """What runs now, as the supervisor last wrote it."""
        return self.var / "run" / "house.json"

    @property
    def house_lock(self) -> Path:
        """Held by the supervisor for as long as it lives: one house per `var`."""
        return self.var / "run" / "house.lock"

    @property
    def ports(self) -> Path:
        """The ports chosen once and kept, so that addresses stay the same from run to run."""
        return self.var / "ports.json"

    @property
    def databases(self) -> Path:
        """The SQLite files, one per service."""
        return self.var / "databases"

    @property
    def rabbitmq(self) -> Path:
        """Home of the private broker node."""
        return self.var / "rabbitmq"

    @property
    def postgresql(self) -> Path:
        """Home of the private PostgreSQL cluster."""
        return self.var / "postgresql"


def here() -> Places:
    """Give the places of this checkout; `MEJA_VAR` moves what the house writes."""
    root = Path(__file__).resolve().parents[2]
    var = environment.read("MEJA_VAR")
    return Places(root=root, var=Path(var).absolute() if var else root / "var")


def write_private(path: Path, text: str) -> None:
    """Write a file only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def secret(file: Path, *, name: str) -> str:
    """Give the secret of this name, made at random the first time and kept in `file`."""
    known: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    if name not in known:
        known[name] = secrets.token_hex(20)
        write_private(file, json.dumps(known, indent=1))
    return known[name]
