"""Where a process spends its time: samples of its stacks, each counted for one kind of work.

Samples are taken by py-spy from outside, and only while a thread holds the interpreter: waiting is
no work. A stack counts for the innermost of its frames that says what the work is for.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

KINDS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("database", ("(sqlalchemy/", "(psycopg2/", "psycopg2_patcher", "(chassis/statements")),
    ("payloads", ("(marshmallow/", "(json/", "(contracts/", "(apispec/")),
    ("bus", ("(amqp/", "(kombu/", "(chassis/rpc_client")),
    ("http", ("(gunicorn/", "(falcon/", "(gateway/")),
    ("rules and handlers", ("/domain/", "/handlers", "/store/", "(intake/", "(routing/", "(sla/")),
    ("logs and traces", ("(logging/", "(opentelemetry/", "(trace/", "(prometheus_client/")),
    ("chassis and loop", ("(chassis/", "(nameko/", "(eventlet/", "(greenlet")),
)
OTHER: Final = "other"
RATE: Final = 200  # samples a second


class Profile:
    """What samples of some processes came to.

    Attributes:
        shares: by process, kind of work to percent of its samples, the largest first.
    """

    def __init__(self) -> None:
        self.shares: dict[str, dict[str, float]] = {}


@contextmanager
def profiled(pids: Mapping[str, int], *, seconds: float) -> Iterator[Profile]:
    """Sample processes for some seconds, beginning now; read the profile after the block.

    A process that may not be looked into (another user's, or a kernel that forbids it) is left out.
    """
    profile = Profile()
    with tempfile.TemporaryDirectory() as folder:
        samplers = {
            name: (_sampler(pid, seconds=seconds, into=Path(folder, name)), Path(folder, name))
            for name, pid in pids.items()
        }
        yield profile
        for name, (sampler, file) in samplers.items():
            sampler.wait()
            if file.exists() and (shares := shares_of(file.read_text("utf-8").splitlines())):
                profile.shares[name] = shares


def _sampler(pid: int, *, seconds: float, into: Path) -> subprocess.Popen[bytes]:
    spy = Path(sys.executable).with_name("py-spy")
    words = ["record", "--gil", "--subprocesses", "--nonblocking", "-f", "raw", "-r", str(RATE)]
    return subprocess.Popen(
        [spy, *words, "-d", str(max(1, round(seconds))), "-o", into, "-p", str(pid)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def shares_of(lines: Iterable[str]) -> dict[str, float]:
    """Percent of the samples for each kind of work; a line is `frame;frame;frame count`."""
    counts: Counter[str] = Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        counts[_kind_of(stack.split(";"))] += int(count)
    whole = sum(counts.values())
    return {kind: round(100 * count / whole, 1) for kind, count in counts.most_common()}


def _kind_of(stack: list[str]) -> str:
    for frame in reversed(stack):
        for kind, marks in KINDS:
            if any(mark in frame for mark in marks):
                return kind
    return OTHER
