"""What every test may use. A test's marker comes from its folder, so that nobody forgets one.

In several processes (`-n`) the house that is broken on purpose is alone in one, the other tests of
real processes, which share a broker and ports, are together in one, and so are those of a file.
"""

import os
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("unit", "architecture", "contract", "service", "system")
TOGETHER = ("tests/system/house/", "tests/system/")
FAULT = "fault"  # the property of a test that caused one: its row, and how many tickets were filed
_HEADS = ("Fault", "times", "tickets", "lost", "doubled", "repeats", "dead", "longest stall")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by folder; leave the long runs out unless they are asked for by name: `-m nightly`."""
    for item in items:
        kind = item.path.relative_to(ROOT / "tests").parts[0]
        if kind in KINDS:
            item.add_marker(getattr(pytest.mark, kind))
        if item.get_closest_marker("nightly") and "nightly" not in config.option.markexpr:
            item.add_marker(pytest.mark.skip(reason="a long run; ask for it with -m nightly"))


class Rooms(LoadScopeScheduling):
    """Which tests stay together where there are several processes.

    xdist's own groups are not used: it marks them in node ids, which pytest 9.2 no longer lets it.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((room for room in TOGETHER if file.startswith(room)), file)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Rooms:
    """Give each process rooms of tests, instead of one test after the other."""
    return Rooms(config, log)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Other people's data, read from beside the project; nothing of it is in the repository."""
    folder = Path(os.environ.get("MEJA_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no test data at {folder} (set MEJA_TEST_DATA)")
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what the faults of a whole house cost, as docs/explanation/reliability.md has it.

    Of several processes the one that sums up reads this file only, so it is not beside the faults.
    """
    reports = [each for kind in ("passed", "failed") for each in terminalreporter.getreports(kind)]
    found = [
        value
        for report in reports
        if report.when == "call"
        for name, value in report.user_properties
        if name == FAULT
    ]
    if not found:
        return
    terminalreporter.section("faults")
    terminalreporter.line(f"| {' | '.join(_HEADS)} |")
    terminalreporter.line("|" + "---|" * len(_HEADS))
    for row, _ in found:
        terminalreporter.line(row)
    terminalreporter.line(f"{sum(tickets for _, tickets in found)} tickets in all")
