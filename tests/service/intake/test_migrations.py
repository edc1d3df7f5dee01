"""A database that was migrated is the one the models describe."""

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from chassis.database import Database
from chassis.migrate import upgrade
from services.intake.domain.numbers import read_number
from services.intake.models import Base
from tests.service.intake.house import House, StoppedClock


def test_a_migrated_database_has_the_tables_of_the_models(database_url: str) -> None:
    upgrade("services.intake", database_url)

    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        migrated = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(migrated, Base.metadata) == []
    engine.dispose()


def test_a_migrated_database_takes_tickets_and_numbers_them_from_1001(
    database_url: str, clock: StoppedClock
) -> None:
    upgrade("services.intake", database_url)
    upgrade("services.intake", database_url)  # a second run changes nothing

    database = Database(database_url, Base.metadata, timekeeper=clock)
    assert read_number(House(database, clock).open().number)[1] == 1001
    database.close()
