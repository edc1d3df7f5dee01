"""Files beside articles."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("article_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("added_by", sa.String(254), nullable=False),
        sa.Column("added_at", Instant, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "name", name="attachments_pkey"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="attachments_article_id_fkey"
        ),
    )
