"""What every test may use. A test's marker comes from its folder, so that nobody forgets one.

In several processes (`-n`), all tests on the one broker, browser and ports stay in one of them, and
those of a file together.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("unit", "architecture", "contract", "service", "system")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by folder; leave the long runs out unless they are asked for by name: `-m nightly`."""
    for item in items:
        kind = item.path.relative_to(ROOT / "tests").parts[0]
        if kind in KINDS:
            item.add_marker(getattr(pytest.mark, kind))
        together = kind if kind == "system" else item.path.relative_to(ROOT).as_posix()
        item.add_marker(pytest.mark.xdist_group(together))
        if item.get_closest_marker("nightly") and "nightly" not in config.option.markexpr:
            item.add_marker(pytest.mark.skip(reason="a long run; ask for it with -m nightly"))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Other people's data, read from beside the project; nothing of it is in the repository."""
    folder = Path(os.environ.get("MEJA_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder} (set MEJA_TEST_DATA)")
    return folder
