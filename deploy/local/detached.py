"""A house in the background: started by a command that returns once it is ready.

`up --detach`, the demo and the bench all open their house this way.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.local import environment, logs, opening
from deploy.local.house import Wish
from deploy.local.places import Places
from deploy.local.problems import Problem
from deploy.local.record import Record

_SUPERVISOR_LOG = "house.log"
_LOOK_SECONDS = 0.1


def open_detached(
    *,
    wish: Wish,
    places: Places,
    say: Callable[[str], None],
    settings: Mapping[str, str] | None = None,
) -> Record:
    """Open a house that goes on until `close_house`, and give its record once it is ready.

    `settings` are variables added to the environment of every process, such as `MEJA_CLOCK_FILE`.

    Raises:
        Problem: the house could not be put up; its supervisor has said why through `say`.
    """
    log = places.logs / _SUPERVISOR_LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    ours = {"MEJA_VAR": str(places.var), "PYTHONPATH": str(places.root)}
    with log.open("ab") as file:
        place = file.tell()
        supervisor = subprocess.Popen(
            (sys.executable, "-P", "-m", "deploy.local", "up", *_words(wish)),
            env={**environment.inherited(), **(settings or {}), **ours},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        return _wait_for(supervisor, log=log, place=place, places=places, say=say)
    except BaseException:  # also Ctrl-C: a house half put up must not stay
        supervisor.terminate()
        supervisor.wait()
        raise


def _wait_for(
    supervisor: subprocess.Popen[bytes],
    *,
    log: Path,
    place: int,
    places: Places,
    say: Callable[[str], None],
) -> Record:
    """Pass on what the supervisor says until the house is ready."""
    while True:
        has_ended = supervisor.poll() is not None
        standing = opening.standing(places)
        fresh, place = logs.read_from(log, place)
        for line in fresh:
            say(line)
        if has_ended:
            raise Problem("the house could not be put up")
        if standing and standing.state == "ready":
            return standing
        time.sleep(_LOOK_SECONDS)


def _words(wish: Wish) -> list[str]:
    """Write a wish as the options of `up`."""
    words = [f"--replicas={wish.replicas}", f"--database={wish.database}", f"--host={wish.host}"]
    return [*words, f"--port={wish.port}"] if wish.port else words
