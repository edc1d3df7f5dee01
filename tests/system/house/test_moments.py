"""`kill -9` at the worst moments, in the real services: a third replica dies there by itself."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.local.house import SERVICES
from tests.system.house.conftest import Faults
from tests.system.house.standing import ROOT, House

ROUNDS = 2


def doom(house: House, service: str, moment: str, folder: Path) -> "subprocess.Popen[bytes]":
    """One more replica, which dies at the moment that is named."""
    environ = house.environ(f"{service}-1") | {"DIE": moment, "MEJA_HEALTH_PORT": "0"}
    target = f"services.{service}.service:{SERVICES[service]}"
    with (folder / f"{service}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.system.house.doomed", target],
            env=os.environ | environ,
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


@pytest.mark.parametrize(
    ("moment", "services"),
    [
        ("after_publish", ("intake", "routing", "sla")),
        ("before_acknowledge", ("intake", "routing", "sla", "kb")),
        ("before_answer", ("intake",)),
        pytest.param("in_timer", ("sla",), marks=pytest.mark.nightly),  # it waits for its turn
    ],
)
def test_dying_at_the_worst_moment_loses_and_doubles_nothing(
    faults: Faults, tmp_path: Path, moment: str, services: tuple[str, ...]
) -> None:
    with faults.under_load(f"kill -9 {moment.replace('_', ' ')}: {', '.join(services)}"):
        for _ in range(ROUNDS):
            dying = [doom(faults.house, service, moment, tmp_path) for service in services]
            try:
                for one in dying:
                    one.wait(90)
            finally:
                for one in dying:
                    one.kill()
            assert {one.returncode for one in dying} == {-9}
            faults.caused(len(dying))
            time.sleep(1)
