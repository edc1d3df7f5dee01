"""Alembic starts here; the chassis does the rest."""

from alembic import context

from chassis import migrate

migrate.run(context)  # type: ignore[arg-type]  # a proxy of the EnvironmentContext
