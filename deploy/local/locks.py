"""The locks: every version of every package, for the workbench and for each image.

The workbench's lock is compiled first, from all pyproject files together; each image's lock is then
compiled within it. So what an image runs is what the tests ran.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from deploy.local import environment
from deploy.local.problems import Problem

LOCK = "requirements.lock"
_QUIET = (
    "--quiet",
    "--strip-extras",
    "--no-emit-options",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--annotation-style=line",
    "--allow-unsafe",
)


def images(*, root: Path) -> list[Path]:
    """Give the folder of everything that is shipped as an image."""
    return [
        *sorted(path.parent for path in root.glob("services/*/pyproject.toml")),
        root / "gateway",
    ]


def compile_all(*, root: Path, upgrade: bool) -> Iterator[Path]:
    """Write every lock and give each path as it is written."""
    folders = [folder.relative_to(root) for folder in images(root=root)]
    sources = [str(folder / "pyproject.toml") for folder in folders]
    _compile("--extra=workbench", "pyproject.toml", *sources, into=LOCK, root=root, upgrade=upgrade)
    yield root / LOCK
    for folder in folders:
        # Begun from nothing: what the workbench's lock says is all that is to be kept.
        (root / folder / LOCK).unlink(missing_ok=True)
        words = (f"--constraint={LOCK}", str(folder / "pyproject.toml"))
        _compile(*words, into=str(folder / LOCK), root=root, upgrade=False)
        yield root / folder / LOCK


def _compile(*words: str, into: str, root: Path, upgrade: bool) -> None:
    upgrades = ("--upgrade",) if upgrade else ()
    done = subprocess.run(
        (sys.executable, "-m", "piptools", "compile", *_QUIET, *upgrades, "-o", into, *words),
        cwd=root,
        env=environment.inherited() | {"CUSTOM_COMPILE_COMMAND": "./meja lock"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(f"{into} could not be compiled:\n{done.stderr.strip()}")
