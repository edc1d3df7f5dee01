"""The broker goes away with work in hand: nothing is lost, nothing is done twice, nobody hangs."""

import collections
import itertools
import json
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from contracts.errors import Unavailable
from deploy.local import broker
from deploy.local.broker import PrivateNode
from deploy.local.children import Child
from deploy.local.ports import Ports
from tests.system.chassis import bakery
from tests.system.chassis.conftest import House, make_house, wait_until

pytestmark = pytest.mark.skipif(not broker.is_installed(), reason="RabbitMQ is not installed")

CALLERS = 10


@pytest.fixture
def node(tmp_path: Path) -> PrivateNode:
    return PrivateNode.at(tmp_path / "rabbitmq", ports=Ports(tmp_path / "ports.json"))


@pytest.fixture
def children(node: PrivateNode, tmp_path: Path) -> Iterator[list[Child]]:
    with node.running(logs=tmp_path / "log") as children:
        yield children


@pytest.fixture
def shop(node: PrivateNode, children: list[Child], tmp_path: Path) -> Iterator[House]:
    yield from make_house(node.url, f"sqlite:///{tmp_path / 'bakery.db'}", tmp_path)


class Customers:
    """Callers that order until told to stop, each order with a key, asked again until answered."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stop = threading.Event()
        self._numbers = itertools.count()
        self.answered: collections.Counter[str] = collections.Counter()
        self.slowest = 0.0
        self._threads = [threading.Thread(target=self._order) for _ in range(CALLERS)]
        for thread in self._threads:
            thread.start()

    def _order(self) -> None:
        while not self._stop.is_set():
            name = f"order-{next(self._numbers)}"
            while name not in self.answered:
                started = time.monotonic()
                try:
                    self._house.client.call(
                        bakery.BAKE, bakery.Bake(name=name), key=name, timeout_seconds=3
                    )
                    self.answered[name] += 1
                except Unavailable:
                    time.sleep(0.05)
                self.slowest = max(self.slowest, time.monotonic() - started)

    def go_home(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a caller hangs"


def orders(house: House) -> collections.Counter[str]:
    engine = sa.create_engine(house.database_url)
    with engine.connect() as connection:
        found = collections.Counter(connection.execute(sa.select(bakery.Order.name)).scalars())
    engine.dispose()
    return found


def interrupt(node: PrivateNode, *, seconds: float) -> None:
    node.control("stop_app")
    time.sleep(seconds)
    node.control("start_app")


@pytest.mark.parametrize("seconds", [2, 13])
def test_an_outage_loses_nothing_and_repeats_nothing(
    node: PrivateNode, shop: House, seconds: float
) -> None:
    process = shop.open()
    customers = Customers(shop)
    time.sleep(1)

    interrupt(node, seconds=seconds)
    time.sleep(3)
    customers.go_home()

    assert process.poll() is None, shop.log()
    assert orders(shop) == customers.answered
    assert len(customers.answered) > CALLERS
    wait_until(lambda: shop.count().delivered == len(customers.answered), seconds=60)
    wait_until(lambda: shop.count().rung == len(customers.answered))
    assert customers.slowest < 7, "the deadline is 3 s, asked at most twice"


def test_a_broker_that_is_killed_and_comes_back_has_lost_nothing(
    node: PrivateNode, children: list[Child], shop: House, tmp_path: Path
) -> None:
    process = shop.open()
    customers = Customers(shop)
    time.sleep(1.5)

    for child in children:
        child.kill()
    time.sleep(1)
    with node.running(logs=tmp_path / "log-2"):
        time.sleep(3)
        customers.go_home()

        assert process.poll() is None, shop.log()
        assert orders(shop) == customers.answered
        wait_until(lambda: shop.count().delivered == len(customers.answered), seconds=60)


def test_a_service_looks_for_a_lost_broker_every_two_seconds(
    node: PrivateNode, shop: House
) -> None:
    shop.open()

    interrupt(node, seconds=7)
    wait_until(lambda: answers(shop))

    lines = [json.loads(line) for line in shop.log().splitlines()]
    pauses = [one["retry_in_seconds"] for one in lines if one["message"] == "broker unreachable"]
    assert len(pauses) > 4
    assert max(pauses) <= 2


def answers(house: House) -> bool:
    try:
        house.client.call(bakery.COUNT, bakery.Count(), timeout_seconds=1)
    except Unavailable:
        return False
    return True


def test_a_service_started_while_the_broker_is_away_waits_for_it(
    node: PrivateNode, shop: House
) -> None:
    node.control("stop_app")
    opening = threading.Thread(target=shop.open)
    opening.start()
    time.sleep(2)
    assert opening.is_alive()

    node.control("start_app")
    opening.join(20)

    shop.client.call(bakery.BAKE, bakery.Bake(name="rye"))


def test_a_service_stops_while_the_broker_is_away(node: PrivateNode, shop: House) -> None:
    process = shop.open(MEJA_DRAIN_SECONDS="5")
    node.control("stop_app")
    time.sleep(1)

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) in {0, 70}
