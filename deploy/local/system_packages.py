"""System packages: the one place that knows apt, root and sudo.

Standard library only: the bootstrap uses it before the workbench exists.

Installing a server must not leave the machine with a server running that nobody asked for. While
packages are installed a `policy-rc.d` of ours (when there is none) keeps them from being started,
and afterwards the system's own service is stopped and disabled. The house runs private ones.
"""

import functools
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.problems import Problem

_POLICY = Path("/usr/sbin/policy-rc.d")
_POLICY_MARK = "# written by meja while it installs packages; safe to remove"
_POLICY_TEXT = f"#!/bin/sh\n{_POLICY_MARK}\nexit 101\n"
_APT_OPTIONS = ("-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3")


@dataclass(frozen=True)
class Package:
    """A Debian package, and the system services it would start."""

    name: str
    services: tuple[str, ...] = ()


RABBITMQ = Package("rabbitmq-server", services=("rabbitmq-server",))
POSTGRESQL = Package("postgresql", services=("postgresql",))
CHROMIUM = Package("chromium")


class CannotInstall(Problem):
    """A package is missing and we may not, or could not, install it.

    The message is for a person: it says exactly what to run.
    """


def advice(*packages: Package) -> str:
    """Say what a person must run to install these packages."""
    names = " ".join(package.name for package in packages)
    if shutil.which("apt-get"):
        return f"run as root: apt-get update && apt-get install {names}"
    return f"install with this system's package manager (Debian's names): {names}"


def may_install() -> bool:
    """Tell whether packages can be installed without asking anybody for a password."""
    return bool(shutil.which("apt-get")) and _privilege() is not None


def install(*packages: Package, say: Callable[[str], None]) -> None:
    """Install packages with apt, leaving no service of theirs running or enabled.

    Raises:
        CannotInstall: there is no apt, neither root nor passwordless sudo, or apt failed.
    """
    names = [package.name for package in packages]
    if not may_install():
        raise CannotInstall(f"missing: {', '.join(names)}; {advice(*packages)}")
    say(f"installing {', '.join(names)} with apt-get")
    with _nothing_starts():
        _refresh_lists()
        _apt("install", "-y", "--no-install-recommends", *names)
    for package in packages:
        for service in package.services:
            _disable(service)


@functools.cache
def _privilege() -> tuple[str, ...] | None:
    """Give the words that make a command run as root, or None when there are none."""
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and _quiet("sudo", "-n", "true").returncode == 0:
        return ("sudo", "-n")
    return None


@functools.cache
def _refresh_lists() -> None:
    """Update apt's lists, once per process."""
    _apt("update")


def _apt(*words: str) -> None:
    done = _as_root("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *_APT_OPTIONS, *words)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        raise CannotInstall(f"apt-get {' '.join(words)} failed:\n{tail}")


@contextmanager
def _nothing_starts() -> Iterator[None]:
    """Forbid services to start, unless the machine has a policy of its own."""
    if _POLICY.exists() and _POLICY_MARK not in _POLICY.read_text("utf-8", errors="replace"):
        yield
        return
    _as_root("install", "-m", "755", "/dev/stdin", str(_POLICY), text=_POLICY_TEXT)
    try:
        yield
    finally:
        _as_root("rm", "-f", str(_POLICY))


def _disable(service: str) -> None:
    """Stop a system service and keep it from starting at the next boot."""
    if Path("/run/systemd/system").exists():
        _as_root("systemctl", "disable", "--now", service)
    elif shutil.which("update-rc.d", path="/usr/sbin:/sbin:/usr/bin"):
        _as_root("update-rc.d", service, "disable")


def _as_root(*words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return _quiet(*(_privilege() or ()), *words, text=text)


def _quiet(*words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, input=text, capture_output=True, text=True, check=False)
