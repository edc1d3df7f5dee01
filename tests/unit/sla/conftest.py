"""After a long run of the laws: how many random examples each was tried on."""

import pytest

from tests.unit.sla.laws import tried


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Tell it where the long runs were asked for."""
    if "nightly" not in config.option.markexpr or not tried:
        return
    seed = config.getoption("--hypothesis-seed", default=None) or "random"
    terminalreporter.section(f"laws, seed {seed}")
    for law, times in sorted(tried.items()):
        terminalreporter.line(f"{times:>9,}  {law}")
    terminalreporter.line(f"{tried.total():>9,}  in all")
