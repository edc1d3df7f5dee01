"""A night of faults in one go, one often before the last has healed. Left out unless asked for."""

import random
import signal
import time
from collections.abc import Callable

import pytest

from deploy.local.house import SERVICES
from tests.system.house.conftest import Faults
from tests.system.house.standing import House

ROUNDS = 40
TICKETS = 6000


def strike_services(house: House, chance: random.Random) -> int:
    everybody = [f"{service}-{number}" for service in SERVICES for number in (1, 2)]
    running = [name for name in everybody if house.entry(name).identity]
    doomed = chance.sample(running, k=chance.randint(0, min(4, len(running))))
    house.kill(*doomed)
    return len(doomed)


def strike_gateway(house: House, _chance: random.Random) -> int:
    house.kill("gateway")
    return 1


def strike_broker(house: House, _chance: random.Random) -> int:
    house.kill("rabbitmq")
    return 1


def strike_database(house: House, chance: random.Random) -> int:
    with house.nobody_starts_anything():
        how = chance.choice((signal.SIGINT, signal.SIGQUIT, signal.SIGKILL))
        house.identity("postgresql").send(how)
        time.sleep(chance.uniform(0, 20))
    return 1


STRIKES: tuple[Callable[[House, random.Random], int], ...] = (
    strike_services,
    strike_services,
    strike_services,
    strike_gateway,
    strike_broker,
    strike_database,
)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_a_night_of_faults_loses_and_doubles_nothing(faults: Faults) -> None:
    chance = random.Random(20_260_302)

    with faults.under_load("a night of all these, one upon another", at_least=TICKETS) as filing:
        for _ in range(ROUNDS):
            faults.caused(chance.choice(STRIKES)(faults.house, chance))
            if chance.random() < 0.5:
                faults.house.wait_until_healthy()
                filing.wait_for(20)
            else:
                time.sleep(chance.uniform(0, 5))
        faults.house.wait_until_healthy()
