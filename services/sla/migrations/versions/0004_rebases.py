"""Which editions were chosen for a ticket after it was opened; clocks that have not ended."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("tickets", sa.Column("rebases", sa.JSON, nullable=False, server_default="[]"))
    running = sa.text("state IN ('running', 'paused', 'breached')")
    op.create_index(
        "clocks_running",
        "clocks",
        ["ticket_id"],
        postgresql_where=running,
        sqlite_where=running,
    )
