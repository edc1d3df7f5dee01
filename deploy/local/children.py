"""Child processes that cannot outlive the process that started them.

Linux sends a child its *parent death signal* when its parent ends in any way, kill -9 included. The
signal is tied to the thread that starts the child, so start children from a thread that lives as
long as they should: the main one.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import environment
from deploy.local.logs import tail
from deploy.local.probes import wait_until_it_answers
from deploy.local.problems import Problem

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
_GLANCE_SECONDS = 0.05


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process of the house as it is to be started.

    `env` is added to the caller's environment. `user` runs it as that user (only root can).
    `ready_url` is where it answers once it is ready (see `probes`).
    `orphan_signal` is what it gets when whoever started it dies without stopping it.
    """

    name: str
    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    ready_url: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL


class Child:
    """A started process and its process group."""

    def __init__(self, process: Process, *, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as file:
            self._popen = subprocess.Popen(
                process.argv,
                cwd=process.cwd,
                env={**environment.inherited(), **process.env},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                user=process.user,
                group=process.user and _group_of(process.user),
                extra_groups=[] if process.user else None,
                start_new_session=True,  # Ctrl-C in the terminal is the supervisor's to pass on
                preexec_fn=_leash(process.orphan_signal),  # noqa: PLW1509 - only libc's prctl
            )
        self.process = process
        self.pid = self._popen.pid
        self.started_at = time.monotonic()

    def exit_code(self) -> int | None:
        """Give the exit code once it has ended (negative: the signal that ended it).

        Whatever it left behind in its process group ends with it: the group is swept before the
        leader is reaped, while its number cannot yet belong to anybody else.
        """
        if self._popen.returncode is None:
            ended = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return None
            self._signal_group(signal.SIGKILL)
            self._popen.wait()
        return self._popen.returncode

    def ask_to_stop(self) -> None:
        """Send the process its stop signal; it may take its time."""
        if self.exit_code() is None:
            self._popen.send_signal(self.process.stop_signal)

    def kill(self) -> None:
        """End the process and its group at once."""
        if self.exit_code() is None:
            self._signal_group(signal.SIGKILL)
            self._popen.wait()

    def _signal_group(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def stop(
    children: Iterable[Child],
    *,
    patience_seconds: float,
    hurry: Callable[[], bool] = lambda: False,
) -> list[str]:
    """Stop children together and give the names of those that had to be killed.

    `hurry` is asked again and again; once it says yes nobody is waited for.
    """
    waiting = list(children)
    for child in waiting:
        child.ask_to_stop()
    deadline = time.monotonic() + patience_seconds
    while waiting and time.monotonic() < deadline and not hurry():
        waiting = [child for child in waiting if child.exit_code() is None]
        time.sleep(_GLANCE_SECONDS if waiting else 0)
    for child in waiting:
        child.kill()
    return [child.process.name for child in waiting]


@contextmanager
def standing(
    processes: Iterable[Process], *, logs: Path, timeout_seconds: float = 60
) -> Iterator[list[Child]]:
    """Keep processes running for the length of a `with` block: each ready before the next starts.

    Raises:
        NotReady: one did not answer in time; those before it are stopped.
    """
    children: list[Child] = []
    try:
        for process in processes:
            log = logs / f"{process.name}.log"
            children.append(Child(process, log=log))
            url = process.ready_url
            if url and not wait_until_it_answers(url, timeout_seconds=timeout_seconds):
                raise NotReady(name=process.name, log=log)
        yield children
    finally:
        for child in reversed(children):
            stop([child], patience_seconds=30)


class NotReady(Problem):
    """A process was started and does not answer; the message holds the end of its log."""

    def __init__(self, *, name: str, log: Path) -> None:
        said = "\n".join(tail(log, lines=20)) or "(it wrote nothing)"
        super().__init__(f"{name} does not answer; the end of its log says:\n{said}")


@dataclass(frozen=True)
class Identity:
    """A process named so that a later one with the same pid is not mistaken for it.

    `born` is the start time in clock ticks since the machine's boot, as Linux tells it.
    """

    pid: int
    born: int

    def is_alive(self) -> bool:
        """Tell whether this very process still runs."""
        return identity(self.pid) == self

    def send(self, number: signal.Signals) -> None:
        """Signal this very process, and never a stranger that got its pid."""
        if self.is_alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def identity(pid: int) -> Identity | None:
    """Give the identity of a running process; None for one that ended, reaped or not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace")
    except OSError:
        return None
    # The name in parentheses may hold anything, so count fields from the last parenthesis.
    state, *rest = stat.rpartition(")")[2].split()
    return None if state in "ZX" else Identity(pid=pid, born=int(rest[18]))


def _leash(orphan_signal: signal.Signals) -> "Leash":
    return Leash(parent=os.getpid(), orphan_signal=orphan_signal)


@dataclass(frozen=True)
class Leash:
    """What a child does between fork and exec to be tied to its parent."""

    parent: int
    orphan_signal: signal.Signals

    def __call__(self) -> None:
        """Ask for the parent death signal; leave if the parent died before we could ask."""
        _LIBC.prctl(_PR_SET_PDEATHSIG, self.orphan_signal.value)
        if os.getppid() != self.parent:
            os._exit(1)


def _group_of(user: str) -> int:
    import pwd  # noqa: PLC0415 - only when root starts another user's process

    return pwd.getpwnam(user).pw_gid
