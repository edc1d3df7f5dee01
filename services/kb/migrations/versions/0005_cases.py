"""What tickets are about, and what they cost."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    minutes = sa.Column("minutes", sa.Integer, nullable=False, server_default="0")
    op.add_column("resolutions", minutes)
    op.create_index("articles_by_ticket", "articles", ["ticket"])
    op.create_table(
        "cases",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("category", sa.String(64)),
        sa.Column("words", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="cases_pkey"),
    )
