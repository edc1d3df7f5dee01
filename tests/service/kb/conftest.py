"""Kb's own small database, migrated as in earnest."""

from collections.abc import Iterator

import pytest

from chassis.database import Database
from chassis.migrate import upgrade
from services.kb.models import Base
from tests.service.kb.house import House, StoppedClock


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    upgrade("services.kb", database_url)
    database = Database(database_url, Base.metadata, timekeeper=StoppedClock())
    yield database
    database.close()


@pytest.fixture
def house(database: Database) -> House:
    return House(database)
