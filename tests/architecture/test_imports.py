"""What a room may import from outside the house."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STANDARD = sys.stdlib_module_names
SERVICES = sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())
# Pure libraries: text in, text out; no I/O, no clock.
PURE = {
    "Stemmer",
    "holidays",
    "icalendar",
    "markdown_it",
    "nh3",
    "recurring_ical_events",
}


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    """Every module that a file names, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def strangers(path: Path, *, allowed: set[str]) -> set[str]:
    roots = {module.split(".")[0] for module in imported(path)}
    return roots - STANDARD - allowed


@pytest.mark.parametrize("path", python_files("contracts"), ids=str)
def test_contracts_need_marshmallow_and_nothing_else(path: Path) -> None:
    assert not strangers(path, allowed={"contracts", "marshmallow"})


@pytest.mark.parametrize("service", SERVICES)
def test_a_rulebook_needs_pure_libraries_at_most(service: str) -> None:
    room = ROOT / "services" / service / "domain"
    files = sorted(room.rglob("*.py")) if room.is_dir() else [room.with_suffix(".py")]

    for path in files:
        found = {name for name in imported(path) if name.split(".")[0] == "services"}
        assert all(name.startswith(f"services.{service}.domain") for name in found), path
        assert not strangers(path, allowed={"services"} | PURE), path


def test_only_the_chassis_names_eventlet_and_nameko() -> None:
    rest = python_files("contracts", "services", "gateway", "deploy", "docs")

    for path in rest:
        assert not {"eventlet", "greenlet", "nameko"} & {
            module.split(".")[0] for module in imported(path)
        }, path


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_door_names_the_bus(service: str) -> None:
    knowing = {
        path.relative_to(ROOT / "services" / service).as_posix()
        for path in python_files(f"services/{service}")
        if any(module.startswith(("chassis.bus", "chassis.providers")) for module in imported(path))
    }

    assert knowing == {"service.py"}


def test_the_gateway_asks_through_one_file() -> None:
    naming = {
        path.relative_to(ROOT / "gateway").as_posix()
        for path in python_files("gateway")
        if "RpcClient" in path.read_text() or "start_call" in path.read_text()
    }

    # app.py puts it together, clients/calls.py speaks.
    assert naming <= {"app.py", "clients/calls.py"}
