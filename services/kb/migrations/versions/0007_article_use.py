"""What readers say of articles, and what their readings add up to."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("readings", sa.Column("reason", sa.String(16)))
    comment = sa.Column("comment", sa.String(1000), nullable=False, server_default="")
    op.add_column("readings", comment)
    op.create_table(
        "article_use",
        sa.Column("article_id", sa.String(36), nullable=False),
        sa.Column("reads", sa.Integer, nullable=False),
        sa.Column("helpful", sa.Integer, nullable=False),
        sa.Column("unhelpful", sa.Integer, nullable=False),
        sa.Column("heat", sa.Double),
        sa.Column("last_read_at", Instant),
        sa.PrimaryKeyConstraint("article_id", name="article_use_pkey"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="article_use_article_id_fkey"
        ),
    )
