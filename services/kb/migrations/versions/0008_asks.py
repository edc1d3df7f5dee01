"""Suggestions shown, and what followed."""

import sqlalchemy as sa
from alembic import op

from chassis.database import SERIAL, Instant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "asks",
        sa.Column("serial", SERIAL, autoincrement=True, nullable=False),
        sa.Column("asker", sa.String(254), nullable=False),
        sa.Column("beside", sa.String(32)),
        sa.Column("is_held_out", sa.Boolean, nullable=False),
        sa.Column("shown", sa.JSON, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("last_at", Instant, nullable=False),
        sa.Column("ticket", sa.String(32)),
        sa.Column("ticket_at", Instant),
        sa.PrimaryKeyConstraint("serial", name="asks_pkey"),
    )
    op.create_index("asks_of_asker", "asks", ["asker", "asked_at"])
    op.create_index("asks_by_time", "asks", ["asked_at"])
