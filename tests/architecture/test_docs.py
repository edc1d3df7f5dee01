"""The reference is what the code says, and every link leads somewhere."""

import re
from pathlib import Path

import pytest

from docs import generate

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("services/*/README.md")]
)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
ADR_PARTS = ("Status", "Context", "Decision", "Consequences", "Rejected")
ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def test_the_generated_pages_are_fresh() -> None:
    stale = [path.name for path in generate.stale()]

    assert not stale, "write them anew: python -m docs.generate"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    text = CODE.sub("", page.read_text())

    for target in LINK.findall(text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.exists(), target
        assert not anchor or anchor in _anchors(aim), target


def _anchors(page: Path) -> set[str]:
    titles = HEADING.findall(CODE.sub("", page.read_text()))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(path.name[:4]) for path in ADRS]

    assert numbers == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("adr", ADRS, ids=lambda adr: adr.name[:4])
def test_a_decision_has_its_five_parts(adr: Path) -> None:
    found = re.findall(r"^## (\w+)$", adr.read_text(), re.MULTILINE)

    assert tuple(found) == ADR_PARTS


def test_every_decision_that_the_code_names_is_written() -> None:
    folders = ("chassis", "contracts", "services", "gateway", "deploy")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    named = {
        int(number)
        for path in [*files, ROOT / "pyproject.toml"]
        for number in re.findall(r"ADR-(\d{4})", path.read_text())
    }

    assert named <= {int(path.name[:4]) for path in ADRS}
