"""One house for all faults: each is caused, under load, and all that was ever filed is counted."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from deploy.local import broker, postgres
from deploy.local.probes import answers
from tests.conftest import FAULT
from tests.system.house.filing import Filing
from tests.system.house.standing import House
from tests.system.house.truth import Auditor, Verdict


@dataclass(frozen=True, kw_only=True)
class Result:
    """One row of docs/explanation/reliability.md."""

    fault: str
    times: int
    tickets: int
    verdict: Verdict
    repeated: int
    longest_stall: float

    def as_row(self) -> str:
        cells = (
            self.fault,
            self.times,
            self.tickets,
            self.verdict.lost,
            self.verdict.doubled,
            self.repeated,
            self.verdict.dead,
            f"{self.longest_stall:.1f} s",
        )
        return f"| {' | '.join(map(str, cells))} |"


class Faults:
    """Causes faults under load and judges what is left."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.auditor = Auditor(house)
        self.record: Callable[[str, object], None]
        self._repeated = 0
        self.times = 0

    @contextlib.contextmanager
    def under_load(self, fault: str, *, at_least: int = 120) -> Iterator[Filing]:
        """File tickets while the block breaks something, then audit everything."""
        self.house.wait_until_healthy()
        self.times = 0
        filing = Filing(self.house, at_least=at_least)
        try:
            with self.house.time_flies(), filing:
                filing.wait_for(15)
                yield filing
        finally:
            self.auditor.add(filing.accepted)
        self._judge(fault, filing)

    def caused(self, times: int = 1) -> None:
        """Count that the fault really happened."""
        self.times += times

    def _judge(self, fault: str, filing: Filing) -> None:
        assert self.times, "the fault was not caused"
        verdict = self.auditor.verdict()
        result = Result(
            fault=fault,
            times=self.times,
            tickets=len(filing.accepted),
            verdict=verdict,
            repeated=verdict.repeated - self._repeated,
            longest_stall=filing.longest_stall,
        )
        self.record(FAULT, (result.as_row(), result.tickets))
        self._repeated = verdict.repeated
        assert not verdict.findings, "\n".join(verdict.findings)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A furnished house on servers of its own."""
    if not (broker.is_installed() and postgres.is_installed()):
        pytest.skip("RabbitMQ or PostgreSQL is not installed")
    if answers(broker.STANDARD_URL):
        pytest.skip("a broker answers on the standard port; the house would use it, not break it")
    house = House(tmp_path_factory.mktemp("house"))
    try:
        house.open()
        yield house
    finally:
        house.close()


@pytest.fixture(scope="session")
def _faults(house: House) -> Faults:
    return Faults(house)


@pytest.fixture
def faults(_faults: Faults, record_property: Callable[[str, object], None]) -> Faults:
    """The means to break the house, and to say what was lost."""
    _faults.record = record_property
    return _faults
