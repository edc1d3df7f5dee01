"""The part of eventlet that nameko 2.14 uses, on native threads.

A thread cannot be killed, so `kill` does nothing: the runner's drain deadline ends the process.
py-amqp writes a frame through one buffer of its connection, so here its writer is given a lock.
"""

import queue
import sys
import threading
import time
import types
from collections.abc import Callable, Iterable
from typing import Any


class Event:
    """A value that is sent once, and waited for by many."""

    def __init__(self) -> None:
        self._is_sent = threading.Event()
        self._lock = threading.Lock()
        self._value: Any = None
        self._error: BaseException | None = None

    def ready(self) -> bool:
        return self._is_sent.is_set()

    def send(self, value: Any = None, exc: Any = None) -> None:
        with self._lock:
            if self._is_sent.is_set():
                raise AssertionError("sent already")
            self._value = value
            self._error = exc[1] if isinstance(exc, tuple) else exc
            self._is_sent.set()

    def send_exception(self, *exc: Any) -> None:
        self.send(None, exc if len(exc) > 1 else exc[0])

    def wait(self, timeout: float | None = None) -> Any:
        if not self._is_sent.wait(timeout):
            return None
        if self._error is not None:
            raise self._error
        return self._value


class GreenThread:
    """A thread with the face of a green one."""

    def __init__(
        self,
        work: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        then: Callable[[], None] = lambda: None,
    ) -> None:
        self._done = Event()
        self._links: list[tuple[Callable[..., None], tuple[Any, ...]]] = []
        self._lock = threading.Lock()
        self._work = lambda: work(*args, **kwargs)
        self._then = then
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        value, error = None, None
        try:
            value = self._work()
        except BaseException as raised:  # noqa: BLE001 – whoever waits gets it
            error = raised
        self._then()
        with self._lock:
            self._done.send(value, error)
            links = list(self._links)
        for tell, args in links:
            tell(self, *args)

    def link(self, tell: Callable[..., None], *args: Any) -> None:
        with self._lock:
            if not self._done.ready():
                self._links.append((tell, args))
                return
        tell(self, *args)

    def wait(self) -> Any:
        return self._done.wait()

    def kill(self, *_: Any) -> None:
        return

    @property
    def dead(self) -> bool:
        return self._done.ready()


def spawn(work: Callable[..., Any], *args: Any, **kwargs: Any) -> GreenThread:
    return GreenThread(work, args, kwargs)


class GreenPool:
    """At most `size` threads at a time."""

    def __init__(self, size: int = 1000) -> None:
        self._room = threading.Semaphore(size)
        self._changed = threading.Condition()
        self._running = 0

    def spawn(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> GreenThread:
        self._room.acquire()
        with self._changed:
            self._running += 1
        return GreenThread(work, args, kwargs, then=self._leave)

    def _leave(self) -> None:
        self._room.release()
        with self._changed:
            self._running -= 1
            self._changed.notify_all()

    def running(self) -> int:
        return self._running

    def waitall(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._running == 0)

    def imap(self, work: Callable[..., Any], items: Iterable[Any]) -> list[Any]:
        return [thread.wait() for thread in [self.spawn(work, item) for item in items]]


class Timeout(BaseException):
    """Named by nameko's timer, which the chassis does not use."""


class _MainThread:
    def throw(self, *exc: Any) -> None:
        raise exc[1] if len(exc) > 1 and exc[1] is not None else exc[0]


def getcurrent() -> _MainThread:
    return _MainThread()


def monkey_patch(**_: Any) -> None:
    """Threads need nothing patched."""


sleep = time.sleep


def install() -> None:
    """Make `import eventlet` find this, and let several threads write to one connection."""
    parts: dict[str, dict[str, Any]] = {
        "event": {"Event": Event},
        "greenpool": {"GreenPool": GreenPool},
        "queue": {"LightQueue": queue.Queue, "Empty": queue.Empty},
        "semaphore": {"Semaphore": threading.Semaphore},
    }
    for name, members in parts.items():
        module = types.ModuleType(f"eventlet.{name}")
        vars(module).update(members)
        sys.modules[f"eventlet.{name}"] = module
        setattr(sys.modules["eventlet"], name, module)
    _lock_the_frame_writer()


def _lock_the_frame_writer() -> None:
    import amqp.connection  # noqa: PLC0415 – after `eventlet` was replaced

    write = amqp.connection.frame_writer

    def frame_writer(connection: Any, transport: Any) -> Callable[..., None]:
        write_frame, lock = write(connection, transport), threading.Lock()

        def write_one_at_a_time(*args: Any, **kwargs: Any) -> None:
            with lock:
                write_frame(*args, **kwargs)

        return write_one_at_a_time

    original = amqp.connection.Connection.__init__

    def initialise(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.frame_writer_cls = frame_writer

    amqp.connection.Connection.__init__ = initialise
