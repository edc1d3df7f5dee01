"""Brings a database to the newest layout: `python -m chassis.migrate services.intake`.

Runs before the new version starts, and every step is compatible with the version that still runs.
"""

import sys
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext

from chassis import settings

MIGRATION_LOCK = 7_202  # PostgreSQL advisory lock: one migration at a time


def upgrade(package: str, database_url: str, *, to: str = "head") -> None:
    """Bring the database of `package` (such as `services.intake`) to revision `to`.

    Raises:
        sqlalchemy.exc.OperationalError: the database cannot be reached.
    """
    config = _config(package, database_url)
    command.upgrade(config, to)


def _config(package: str, database_url: str) -> Config:
    folder = Path(str(import_module(package).__file__)).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["url"] = database_url
    config.attributes["package"] = package
    return config


def run(context: EnvironmentContext) -> None:
    """Run the migrations; each `migrations/env.py` calls this with alembic's `context`."""
    config = context.config
    metadata = import_module(f"{config.attributes['package']}.models").Base.metadata
    engine = sa.create_engine(config.attributes["url"])
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_lock(MIGRATION_LOCK)))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


def main(package: str) -> None:
    """Migrate the database that MEJA_DATABASE_URL names."""
    upgrade(package, settings.read(settings.DatabaseSettings).database_url)
    sys.stdout.write(f"{package}: database is up to date\n")


if __name__ == "__main__":
    main(sys.argv[1])
