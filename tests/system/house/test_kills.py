"""`kill -9` of each service under load; the supervisor starts it again."""

import os
import signal
from pathlib import Path

import pytest

from tests.system.house.conftest import Faults
from tests.system.house.standing import House, wait_until


@pytest.mark.parametrize("service", ["intake", "routing", "sla", "kb"])
def test_killing_the_replicas_of_a_service_loses_and_doubles_nothing(
    faults: Faults, service: str
) -> None:
    house, both = faults.house, (f"{service}-1", f"{service}-2")
    before = house.restarts(*both)

    with faults.under_load(f"kill -9 {service}: one, the other, both") as filing:
        for doomed in ((both[0],), (both[1],), both):
            house.kill(*doomed)
            faults.caused(len(doomed))
            house.wait_until_healthy()
            filing.wait_for(10)

    assert house.restarts(*both) == before + faults.times


def test_killing_the_gateway_loses_and_doubles_nothing(faults: Faults) -> None:
    house = faults.house

    with faults.under_load("kill -9 gateway: a worker, the whole") as filing:
        first = min(_workers(house))
        os.kill(first, signal.SIGKILL)
        faults.caused()
        wait_until(lambda: len(_workers(house) - {first}) == 2)
        filing.wait_for(10)
        house.kill("gateway")
        faults.caused()
        house.wait_until_healthy()
        filing.wait_for(10)


def _workers(house: House) -> set[int]:
    master = house.identity("gateway").pid
    children = Path(f"/proc/{master}/task/{master}/children")
    return {int(pid) for pid in children.read_text("ascii").split()}
