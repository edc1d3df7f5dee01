"""Ports of a local house: chosen free, remembered, and named with their owner when busy."""

import json
import random
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from deploy.local.places import write_private
from deploy.local.problems import Problem

# Below 32768, where Linux begins to hand out ports to outgoing connections: a port from there can
# be taken by any program between two starts.
PRIVATE = range(20_000, 30_000)


class PortBusy(Problem):
    """A port that was asked for by number is taken; the message names the owner when known."""

    def __init__(self, *, port: int, owner: str | None) -> None:
        super().__init__(f"port {port} is in use by {owner or 'another program'}")
        self.port = port
        self.owner = owner


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen on the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


class Ports:
    """Free ports by name, the same at every start unless somebody took one meanwhile."""

    def __init__(self, file: Path, *, is_free: Callable[[int], bool] = is_free) -> None:
        self._file = file
        self._is_free = is_free
        self._taken: set[int] = set()

    def take(self, name: str) -> int:
        """Give the port remembered for this name, or another if that one is busy."""
        known = self._known()
        port = known.get(name)
        others = self._taken | {number for other, number in known.items() if other != name}
        if port is None or port in self._taken or not self._is_free(port):
            port = self._choose(others)
            write_private(self._file, json.dumps(known | {name: port}, indent=1, sort_keys=True))
        self._taken.add(port)
        return port

    def _known(self) -> dict[str, int]:
        if not self._file.exists():
            return {}
        known: dict[str, int] = json.loads(self._file.read_text("utf-8"))
        return known

    def _choose(self, others: set[int]) -> int:
        # From a random place, so that two checkouts on one machine rarely want the same port.
        start = random.randrange(len(PRIVATE))
        for step in range(len(PRIVATE)):
            port = PRIVATE[(start + step) % len(PRIVATE)]
            if port not in others and self._is_free(port):
                return port
        raise PortBusy(port=PRIVATE.start, owner=None)


def http_port(*, asked: int | None, preferred: int, host: str) -> int:
    """Give the port to serve HTTP on: the one asked for, else the preferred or the next free one.

    Raises:
        PortBusy: the port was asked for by number and is taken.
    """
    if asked is not None:
        if not is_free(asked, host=host):
            raise PortBusy(port=asked, owner=owner(asked))
        return asked
    for port in range(preferred, preferred + 100):
        if is_free(port, host=host):
            return port
    raise PortBusy(port=preferred, owner=owner(preferred))


def listens(pid: int, *, port: int) -> bool:
    """Tell whether it is this process, which is ours, that listens on a port."""
    return not _sockets(port).isdisjoint(_open_files(Path(f"/proc/{pid}")))


def owner(port: int) -> str | None:
    """Name the process that listens on a port; None when Linux does not let us see it."""
    sockets = _sockets(port)
    if not sockets:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        if sockets & set(_open_files(process)):
            name = (process / "comm").read_text("utf-8").strip()
            return f"{name} (pid {process.name})"
    return None


def _sockets(port: int) -> set[str]:
    """The sockets that listen on a port, as the links in `/proc/<pid>/fd` name them."""
    listening, wanted = "0A", f":{port:04X}"
    rows = [
        line.split()
        for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
        if table.exists()
        for line in table.read_text("ascii").splitlines()[1:]
    ]
    return {f"socket:[{row[9]}]" for row in rows if row[1].endswith(wanted) and row[3] == listening}


def _open_files(process: Path) -> list[str]:
    found = []
    # Another user's process, one that ended or a file that was closed while we looked: skipped.
    with suppress(OSError):
        for link in (process / "fd").iterdir():
            with suppress(OSError):
                found.append(str(link.readlink()))
    return found
