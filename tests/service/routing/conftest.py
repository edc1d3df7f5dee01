from collections.abc import Iterator

import pytest

from chassis import migrate
from tests.service.routing.house import House


@pytest.fixture
def migrated_url(database_url: str) -> str:
    migrate.upgrade("services.routing", database_url)
    return database_url


@pytest.fixture
def house(migrated_url: str) -> Iterator[House]:
    """Routing with nobody in it."""
    house = House(migrated_url)
    yield house
    house.database.close()


@pytest.fixture
def staffed(house: House) -> House:
    """Two groups: a service desk with Ayu and Budi, and a network group with Citra above it."""
    house.group("network", 2)
    house.group("desk", 1, next_group="network")
    house.agent("ayu", "desk")
    house.agent("budi", "desk")
    house.agent("citra", "network", skills={"vpn": 2})
    house.rule("vpn", "network", "vpn", category="net", skill="vpn", skill_level=2)
    return house
