import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from contracts.catalogue import SUBSCRIPTIONS
from contracts.routing import OPERATIONS
from services.routing.models import Base
from services.routing.service import RoutingService
from tests.service.routing.house import House


def test_the_migrations_lead_to_the_models(migrated_url) -> None:
    engine = sa.create_engine(migrated_url)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()

    assert found == []


def test_the_door_answers_and_hears_all_that_the_contracts_say() -> None:
    heard = {each.event.NAME for each in SUBSCRIPTIONS if each.listener == "routing"}

    assert heard == set(House.HEARS)
    assert all(hasattr(RoutingService, each.name) for each in OPERATIONS)
