"""Alembic's way in: `python -m chassis.migrate services.sla`."""

from alembic import context

from chassis import migrate

migrate.run(context)  # type: ignore[arg-type]  # alembic's proxy of an EnvironmentContext
