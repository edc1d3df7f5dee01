"""Who learned one service can find anything in the others."""

import re
from pathlib import Path

import pytest

from contracts.catalogue import SERVICES

ROOT = Path(__file__).resolve().parents[2]
# A room is a file, or a package of the same name once it has outgrown one.
ROOMS = {"service", "handlers", "domain", "store", "models", "schemas", "migrations"}
WHERE_NEEDED = {"settings"}  # a service without dials of its own has those of every service
PAPERS = {"Dockerfile", "README.md", "pyproject.toml", "requirements.lock", "__init__.py"}
# What a service has beyond the plan, and why.
EXTRA = {
    "kb": {
        "index",  # the search index, which every process keeps for itself
        "lexicon",  # stop words and spellings, as data
        "evaluate.py",  # how well the search finds, measured
    }
}
SAYS_NOTHING = {"common", "utils", "util", "shared", "helpers", "helper", "misc", "core", "lib"}


def test_the_folders_of_services_are_the_services_of_the_catalogue() -> None:
    folders = {path.name for path in (ROOT / "services").iterdir() if path.is_dir()}

    assert folders - {"__pycache__"} == set(SERVICES)
    assert not (ROOT / "services" / "__init__.py").exists()


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_rooms(service: str) -> None:
    found = {
        path.name for path in (ROOT / "services" / service).iterdir() if path.name != "__pycache__"
    } - EXTRA.get(service, set())
    rooms = {name.removesuffix(".py") for name in found - PAPERS}

    assert rooms - WHERE_NEEDED == ROOMS
    assert found >= PAPERS


@pytest.mark.parametrize("service", SERVICES)
def test_a_room_is_a_file_or_a_package_and_not_both(service: str) -> None:
    folder = ROOT / "services" / service

    for room in ROOMS | WHERE_NEEDED:
        assert not ((folder / f"{room}.py").exists() and (folder / room).exists()), room


@pytest.mark.parametrize("owner", [*(f"services/{name}" for name in SERVICES), "gateway"])
def test_migrations_are_numbered_without_a_gap_and_follow_each_other(owner: str) -> None:
    files = sorted((ROOT / owner / "migrations" / "versions").glob("*.py"))

    assert files
    previous = None
    for number, path in enumerate(files, start=1):
        assert re.fullmatch(rf"{number:04}_[a-z0-9_]+\.py", path.name)
        text = path.read_text()
        assert _says(text, "revision") == f"{number:04}"
        assert _says(text, "down_revision") == previous
        previous = f"{number:04}"


def _says(text: str, name: str) -> str | None:
    found = re.search(rf"^{name}(?:: [^=]+)? = (?:\"([^\"]+)\"|None)$", text, re.MULTILINE)
    assert found, f"no {name}"
    return found[1]


def test_no_name_that_says_nothing() -> None:
    code = ("chassis", "contracts", "services", "gateway", "deploy")
    named = [path for folder in code for path in (ROOT / folder).rglob("*")]

    assert not [path for path in named if path.stem in SAYS_NOTHING]
