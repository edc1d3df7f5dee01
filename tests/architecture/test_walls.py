"""The walls stand, and each of them would be seen to fall."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("contracts", "chassis", "services", "gateway", "deploy")

BREACHES = {
    "a service imports another": (
        "services.sla.handlers",
        "import services.intake.domain",
        "Services and the gateway never import each other",
    ),
    "a service imports the gateway": (
        "services.kb.schemas",
        "import gateway.app",
        "Services and the gateway never import each other",
    ),
    "the gateway imports a service": (
        "gateway.clients",
        "import services.intake.domain",
        "Services and the gateway never import each other",
    ),
    "the archive calls the desk": (
        "services.sla.store",
        "import services.sla.handlers",
        "Rooms import downwards only",
    ),
    "a room that is not in the plan": (
        "services.routing.manager",
        "import json",
        "Rooms import downwards only",
    ),
    "a rulebook with a database": (
        "services.sla.domain",
        "import sqlalchemy",
        "A rulebook knows no database, no bus, no wire and no clock",
    ),
    "a rulebook that speaks the wire": (
        "services.intake.domain",
        "import contracts.intake",
        "A rulebook knows no database, no bus, no wire and no clock",
    ),
    "a handler on the bus": (
        "services.intake.handlers",
        "import chassis.bus",
        "Behind the door nobody knows the bus",
    ),
    "a handler at the shelves": (
        "services.routing.handlers",
        "import services.routing.models",
        "Only the archive takes from the shelves",
    ),
    "a chassis that knows tickets": (
        "chassis.outbox",
        "import contracts.intake",
        "The chassis knows the grammar, not the help desk",
    ),
    "a chassis that knows a service": (
        "chassis.outbox",
        "import services.intake.domain",
        "The house has floors",
    ),
    "a contract that runs on the chassis": (
        "contracts.intake",
        "import chassis.ids",
        "The house has floors",
    ),
    "a service that knows eventlet": (
        "services.intake.handlers",
        "import eventlet",
        "Only the chassis knows nameko and eventlet",
    ),
    "a gateway on green threads": (
        "gateway.clients",
        "import chassis.runner",
        "The gateway runs on plain threads",
    ),
}


def test_every_wall_stands() -> None:
    checked = _lint(ROOT)

    assert checked.returncode == 0, checked.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code alone, to be spoilt."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    leave_out = shutil.ignore_patterns("__pycache__", "static", "templates", "articles")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=leave_out)
    return folder


@pytest.mark.parametrize(("module", "line", "wall"), BREACHES.values(), ids=BREACHES.keys())
def test_a_breach_is_seen(copy: Path, module: str, line: str, wall: str) -> None:
    path = _file_of(copy, module)
    was = path.read_text() if path.exists() else None
    path.write_text(f"{was or ''}\n{line}\n")
    try:
        checked = _lint(copy)
    finally:
        path.write_text(was) if was is not None else path.unlink()

    assert checked.returncode == 1, checked.stdout
    broken = " ".join(checked.stdout.split("Broken contracts")[1].split())
    assert wall in broken


def _file_of(root: Path, module: str) -> Path:
    path = root.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _lint(root: Path) -> "subprocess.CompletedProcess[str]":
    lint = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [lint, "--no-cache", "--no-logo"],
        cwd=root,
        # `services` is a namespace package: from another path its other half would be read.
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
