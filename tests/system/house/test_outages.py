"""Broker and database away under load: stopped in order, and struck down."""

import signal
import time

import pytest

from tests.system.house.conftest import Faults

AWAY_SECONDS = 5


def test_stopping_the_broker_loses_and_doubles_nothing(faults: Faults) -> None:
    with faults.under_load(f"broker stopped for {AWAY_SECONDS} s") as filing:
        faults.house.broker.control("stop_app")
        faults.caused()
        time.sleep(AWAY_SECONDS)
        faults.house.broker.control("start_app")
        faults.house.wait_until_healthy()
        filing.wait_for(20)


def test_killing_the_broker_loses_and_doubles_nothing(faults: Faults) -> None:
    with faults.under_load("kill -9 broker") as filing:
        faults.house.kill("rabbitmq")
        faults.caused()
        faults.house.wait_until_healthy()
        filing.wait_for(20)


@pytest.mark.parametrize(
    ("how", "number"),
    [
        ("fast", signal.SIGINT),
        pytest.param("immediate", signal.SIGQUIT, marks=pytest.mark.nightly),
        ("kill -9", signal.SIGKILL),
    ],
)
def test_stopping_the_database_loses_and_doubles_nothing(
    faults: Faults, how: str, number: signal.Signals
) -> None:
    house = faults.house

    with faults.under_load(f"database stopped ({how}) for {AWAY_SECONDS} s") as filing:
        with house.nobody_starts_anything():
            house.identity("postgresql").send(number)
            faults.caused()
            time.sleep(AWAY_SECONDS)
        house.wait_until_healthy()
        filing.wait_for(20)
