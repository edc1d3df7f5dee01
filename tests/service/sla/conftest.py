"""Sla's own small database, migrated as in earnest."""

from collections.abc import Iterator

import pytest

from chassis.database import Database
from chassis.migrate import upgrade
from services.sla.models import Base
from tests.service.sla.house import House, MovableClock


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    upgrade("services.sla", database_url)
    database = Database(database_url, Base.metadata, timekeeper=MovableClock())
    yield database
    database.close()


@pytest.fixture
def house(database: Database) -> House:
    return House(database)
