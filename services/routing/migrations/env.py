from alembic import context

from chassis import migrate

migrate.run(context)  # type: ignore[arg-type]  # alembic's module stands in for the environment
