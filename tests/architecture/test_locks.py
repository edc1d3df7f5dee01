"""The locks: exact, without addresses, complete, and the images' within the workbench's."""

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.local.locks import LOCK, images

ROOT = Path(__file__).resolve().parents[2]
IMAGES = images(root=ROOT)
EXACT = re.compile(r"([A-Za-z0-9._-]+)==([^\s;]+)")


def pins(lock: Path) -> dict[str, str]:
    lines = [line.partition("#")[0].strip() for line in lock.read_text("utf-8").splitlines()]
    matches = {line: EXACT.fullmatch(line) for line in lines if line}
    assert all(matches.values()), f"not exact in {lock}: {matches}"
    return {canonicalize_name(match[1]): match[2] for match in matches.values() if match}


@pytest.mark.parametrize(
    "folder", [ROOT, *IMAGES], ids=lambda folder: folder.relative_to(ROOT).as_posix()
)
def test_a_lock_names_exact_versions_and_no_addresses_or_paths(folder: Path) -> None:
    text = (folder / LOCK).read_text("utf-8")

    assert pins(folder / LOCK)
    assert "://" not in text
    assert "--" not in text
    assert " /" not in text


@pytest.mark.parametrize("folder", IMAGES, ids=lambda folder: folder.relative_to(ROOT).as_posix())
def test_what_an_image_runs_is_what_the_tests_ran(folder: Path) -> None:
    assert pins(folder / LOCK).items() <= pins(ROOT / LOCK).items()


@pytest.mark.parametrize(
    "folder", [ROOT, *IMAGES], ids=lambda folder: folder.relative_to(ROOT).as_posix()
)
def test_a_lock_holds_everything_its_packages_need(folder: Path) -> None:
    known = pins(folder / LOCK)

    missing = {
        f"{name} needs {need.name}"
        for name in known
        for need in needs(name)
        if canonicalize_name(need.name) not in known
    }

    assert missing == set()


def needs(name: str) -> list[Requirement]:
    """What a package needs here, without its extras."""
    try:
        found = [Requirement(line) for line in requires(name) or []]
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed here")
    return [need for need in found if need.marker is None or need.marker.evaluate({"extra": ""})]
