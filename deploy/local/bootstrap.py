"""The first step of `./meja`: make the workbench from its lock, then hand over to it.

Standard library only. The workbench is `.venv` in the checkout; a stamp inside it names the lock it
was made from, so a second run starts at once. A `.venv` that is a link belongs to somebody else: it
is used as it is and never changed.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import environment, system_packages
from deploy.local.problems import Problem
from deploy.local.system_packages import RABBITMQ, Package

ROOT = Path(__file__).resolve().parents[2]


class SetupFailed(Problem):
    """The workbench could not be made; the message says why."""


def main() -> None:
    """Make the workbench if need be and become the command line."""
    try:
        python = workbench(root=ROOT)
    except Problem as problem:
        sys.exit(f"meja: {problem}")
    words = [str(python), "-P", "-m", "deploy.local", *sys.argv[1:]]
    os.execve(python, words, environment.inherited() | {"PYTHONPATH": str(ROOT)})


def workbench(*, root: Path) -> Path:
    """Give the workbench's Python, made or brought up to date when it was not."""
    venv = root / ".venv"
    python = venv / "bin" / "python"
    if venv.is_symlink():
        return python
    lock = root / "requirements.lock"
    wanted = stamp_of(lock)
    stamp = venv / "meja.stamp"
    if is_current(stamp, wanted):
        return python
    with _alone(root / "var" / "setup.lock"):
        if not is_current(stamp, wanted):  # another run may have made it while we waited
            _make(venv, lock=lock)
            stamp.write_text(wanted, "utf-8")
    return python


def stamp_of(lock: Path) -> str:
    """Name what a workbench is made from: the lock's content and this Python's version."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    return f"{digest} {sys.version_info.major}.{sys.version_info.minor}\n"


def is_current(stamp: Path, wanted: str) -> bool:
    """Tell whether a workbench was made whole, and from what is wanted."""
    return stamp.exists() and stamp.read_text("utf-8") == wanted


def _make(venv: Path, *, lock: Path) -> None:
    _say(f"setting up {venv.name} from {lock.name} (about a minute)")
    if importlib.util.find_spec("ensurepip") is None:
        # Debian and Ubuntu keep the half of `venv` that brings pip in a package of its own.
        name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        system_packages.install(Package(name), *_also_to_advise(), say=_say)
    _run(sys.executable, "-m", "venv", "--clear", str(venv))
    pip = (str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-q")
    # The lock is complete: a package it forgot must fail here, not be fetched at any version.
    _run(*pip, "install", "--no-deps", "-r", str(lock))
    _run(*pip, "check")


def _also_to_advise() -> list[Package]:
    """Give what else a person must install, so that they are told once and not twice."""
    has_broker = environment.read("MEJA_AMQP_URL") or shutil.which(
        RABBITMQ.name, path="/usr/sbin:/usr/bin"
    )
    return [] if has_broker or system_packages.may_install() else [RABBITMQ]


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip()
        raise SetupFailed(f"{' '.join(words[1:4])} failed:\n{said}")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, so that two first runs make one workbench."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    print(f"meja: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
