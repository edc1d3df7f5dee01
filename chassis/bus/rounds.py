"""Work that every process does again and again, beside calls and events: `@every(seconds)`.

Unlike a timer it is not shared out: each replica makes its own rounds. It is for what a process
keeps in its memory, such as an index that must become equal to the database.
"""

import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from chassis.database import Database
from chassis.faults import is_passing

log = logging.getLogger(__name__)


class Round(Entrypoint):
    """The entrypoint behind `@every`."""

    def __init__(self, seconds: float, **options: Any) -> None:
        super().__init__(**options)
        self._seconds = seconds

    def setup(self) -> None:
        """Nothing before the database stands."""
        self._stopping = threading.Event()

    def start(self) -> None:
        """Make the first round at once."""
        self._thread = self.container.spawn_managed_thread(self._walk, identifier="rounds")

    def stop(self) -> None:
        """Make no further round; the present one is finished."""
        self._stopping.set()
        self._thread.wait()

    def _walk(self) -> None:
        while not self._stopping.is_set():
            done = threading.Event()
            try:
                self.container.spawn_worker(self, (), {}, handle_result=partial(_finish, done))
            except ContainerBeingKilled:
                return
            done.wait()
            self._stopping.wait(self._seconds)


def _finish(done: threading.Event, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
    done.set()
    return result, exc_info


def every(seconds: float) -> Callable[[Callable[[Any, Database], None]], Any]:
    """Call a method `(self, database) -> None` in each process, `seconds` after it last ended.

    A round should end within about a second, so that a stop need not wait; what is left over is
    for the next one. A round that fails is logged, and the next one comes as usual.
    """

    def decorate(method: Callable[[Any, Database], None]) -> Any:
        def make_round(self: Any) -> None:
            try:
                method(self, self.desk.database)
            except Exception as error:
                if is_passing(error):
                    log.warning("round skipped", extra={"error": repr(error)})
                else:
                    log.exception("round failed")

        make_round.__name__ = method.__name__
        make_round.__doc__ = method.__doc__
        return Round.decorator(seconds)(make_round)

    return decorate
