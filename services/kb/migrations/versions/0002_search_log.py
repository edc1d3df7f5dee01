"""What was asked of the search, and how much it found."""

import sqlalchemy as sa
from alembic import op

from chassis.database import SERIAL, Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "search_log",
        sa.Column("serial", SERIAL, autoincrement=True, nullable=False),
        sa.Column("text", sa.String(400), nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("words", sa.String(400), nullable=False),
        sa.Column("hits", sa.Integer, nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("serial", name="search_log_pkey"),
    )
    op.create_index("search_log_by_hits", "search_log", ["hits", "asked_at"])
