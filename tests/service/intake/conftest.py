"""Intake's own small database, with a clock that stands still."""

from collections.abc import Iterator

import pytest

from chassis.database import Database
from services.intake.models import Base
from tests.service.intake.house import House, Statements, StoppedClock


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def database(database_url: str, clock: StoppedClock) -> Iterator[Database]:
    database = Database(database_url, Base.metadata, timekeeper=clock)
    with database.write() as tx:
        Base.metadata.create_all(tx.connection)
    yield database
    database.close()


@pytest.fixture
def house(database: Database, clock: StoppedClock) -> House:
    return House(database, clock)


@pytest.fixture
def statements(database: Database) -> Statements:
    return Statements(database)


@pytest.fixture
def replicas(database: Database) -> None:
    """For tests in which two replicas write at once."""
    if not database.is_postgresql:
        pytest.skip("SQLite has one process a service")
