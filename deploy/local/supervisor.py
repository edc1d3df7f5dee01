"""The supervisor: starts processes in order, starts the dead again, and stops them all.

It is one loop in the main thread: children are tied to the thread that starts them (`children`),
and a loop that looks around a few times a second is all that keeping a dozen processes needs.
"""

import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Self
from urllib.parse import urlsplit

from deploy.local import logs, record
from deploy.local.children import Child, Identity, Process, identity, stop
from deploy.local.logs import tail
from deploy.local.ports import listens
from deploy.local.probes import answers
from deploy.local.problems import Problem
from deploy.local.record import Entry, Record

_LOOK_SECONDS = 0.1
_ROTATE_SECONDS = 5.0
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 15.0
# A process that stood this long had started well: its next death is a first one again.
_STEADY_SECONDS = 30.0
_SAME_SIGNAL_SECONDS = 1.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Stopped(Exception):
    """Somebody asked the house to stop while it was still being put up."""


class JobFailed(Problem):
    """A job that must succeed before the house can stand did not; the message ends its log."""

    def __init__(self, *, name: str, code: int, log: Path) -> None:
        said = "\n".join(tail(log, lines=25))
        super().__init__(f"{name} ended with exit code {code}:\n{said}")


class NotStanding(Problem):
    """Some processes were not ready in time; the message ends the log of each."""

    def __init__(self, late: Mapping[str, Path]) -> None:
        ends = "\n".join(
            f"--- {name}:\n" + "\n".join(tail(log, lines=15)) for name, log in late.items()
        )
        super().__init__(f"not ready in time: {', '.join(late)}\n{ends}")


def wait_before_restart(deaths: int) -> float:
    """Give the seconds to wait after so many deaths in a row: doubling, up to a limit."""
    return min(_FIRST_WAIT_SECONDS * 2.0 ** (deaths - 1), _LONGEST_WAIT_SECONDS)


@dataclass
class _Kept:
    """A process we keep alive."""

    process: Process
    child: Child | None = None
    deaths: int = 0
    restarts: int = 0
    start_at: float = 0.0  # on the monotonic clock


class Supervisor:
    """Keeps a house standing until it is asked to stop."""

    def __init__(
        self,
        *,
        record_file: Path,
        logs_folder: Path,
        patience_seconds: float,
        say: Callable[[str], None],
    ) -> None:
        me = identity(os.getpid())
        if me is None:
            raise RuntimeError("Linux only: /proc does not show this process")
        self._record = Record(supervisor=me)
        self._record_file = record_file
        self._logs = logs_folder
        self._patience_seconds = patience_seconds
        self._say = say
        self._groups: list[list[_Kept]] = []
        self._jobs: list[Child] = []
        self._asked_to_stop_at: float | None = None
        self._is_hurried = False
        self._rotated_at = 0.0

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            # What the caller ignores on purpose (`nohup`) stays ignored.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self._on_signal)
        self._write()
        return self

    def __exit__(self, *_: object) -> None:
        self.note(state="stopping")
        self._stop_everything()
        self._record_file.unlink(missing_ok=True)

    def note(self, **changes: object) -> None:
        """Change what the record says of the house as a whole."""
        self._record = replace(self._record, **changes)  # type: ignore[arg-type]
        self._write()

    def keep(self, *processes: Process) -> None:
        """Start processes and keep them alive; they stop together, before those kept earlier."""
        self._groups.append([_Kept(process) for process in processes])
        self._look()

    def run_jobs(self, jobs: Iterable[Process]) -> None:
        """Run jobs side by side until all have succeeded.

        Raises:
            JobFailed: one did not.
            Stopped: we were asked to stop meanwhile.
        """
        self._jobs = [self._start(job) for job in jobs]
        while self._jobs:
            self._look_and_rest()
            for job in [job for job in self._jobs if job.exit_code() is not None]:
                self._jobs.remove(job)
                if code := job.exit_code():
                    raise JobFailed(name=job.process.name, code=code, log=self._log(job.process))

    def wait_until_ready(self, *, timeout_seconds: float) -> None:
        """Wait until every process we keep answers.

        Raises:
            NotStanding: some did not in time.
            Stopped: we were asked to stop meanwhile.
        """
        late = self._kept()
        deadline = time.monotonic() + timeout_seconds
        while late := [each for each in late if not _is_ready(each)]:
            if time.monotonic() > deadline:
                raise NotStanding({each.process.name: self._log(each.process) for each in late})
            self._look_and_rest()

    def watch(self) -> None:
        """Keep everything standing until somebody asks us to stop."""
        while self._asked_to_stop_at is None:
            self._look()
            time.sleep(_LOOK_SECONDS)

    def _look_and_rest(self) -> None:
        if self._asked_to_stop_at is not None:
            raise Stopped
        self._look()
        time.sleep(_LOOK_SECONDS)

    def _look(self) -> None:
        """Start whatever is due and note whatever has died."""
        before = self._entries()
        for kept in self._kept():
            self._bury_if_dead(kept)
            if kept.child is None and time.monotonic() >= kept.start_at:
                kept.child = self._start(kept.process)
        if self._entries() != before:
            self._write()
        self._shorten_logs()

    def _bury_if_dead(self, kept: _Kept) -> None:
        if kept.child is None or (code := kept.child.exit_code()) is None:
            return
        now = time.monotonic()
        steady = now - kept.child.started_at > _STEADY_SECONDS
        kept.deaths = 1 if steady else kept.deaths + 1
        kept.restarts += 1
        kept.start_at = now + wait_before_restart(kept.deaths)
        kept.child = None
        wait = wait_before_restart(kept.deaths)
        self._say(f"{kept.process.name} died (exit code {code}); starting it again in {wait:g} s")

    def _start(self, process: Process) -> Child:
        return Child(process, log=self._log(process))

    def _log(self, process: Process) -> Path:
        return self._logs / f"{process.name}.log"

    def _kept(self) -> list[_Kept]:
        return [kept for group in self._groups for kept in group]

    def _entries(self) -> tuple[Entry, ...]:
        return tuple(
            Entry(
                name=kept.process.name,
                state="running" if kept.child else "restarting",
                identity=_identity(kept.child),
                restarts=kept.restarts,
            )
            for kept in self._kept()
        )

    def _write(self) -> None:
        self._record = replace(self._record, processes=self._entries())
        record.write(self._record_file, self._record)

    def _shorten_logs(self) -> None:
        if time.monotonic() - self._rotated_at > _ROTATE_SECONDS:
            self._rotated_at = time.monotonic()
            for log in self._logs.glob("*.log"):
                logs.rotate(log)

    def _stop_everything(self) -> None:
        """Stop the newest group first: the gateway before the services, the broker last."""
        stop(self._jobs, patience_seconds=1)
        while self._groups:
            children = [kept.child for kept in self._groups.pop() if kept.child]
            patience = self._patience_seconds
            for name in stop(children, patience_seconds=patience, hurry=self._hurries):
                self._say(f"{name} did not stop in time and was killed")

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._asked_to_stop_at is None:
            self._asked_to_stop_at = now
        # A terminal and a wrapper may both pass on the same Ctrl-C: only a later one is a second.
        elif now - self._asked_to_stop_at > _SAME_SIGNAL_SECONDS:
            self._is_hurried = True

    def _hurries(self) -> bool:
        return self._is_hurried


def _is_ready(kept: _Kept) -> bool:
    url = kept.process.ready_url
    if url is None:
        return True
    if kept.child is None or not answers(url):
        return False
    # A port that was free when we chose it may be another house's by now.
    asked = urlsplit(url)
    return asked.scheme != "http" or listens(kept.child.pid, port=asked.port or 80)


def _identity(child: Child | None) -> Identity | None:
    return identity(child.pid) if child else None
