"""What articles need for their life: groups, problems, review, planned publication, notes."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for table in ("articles", "revisions"):
        op.add_column(table, sa.Column("groups", sa.JSON, nullable=False, server_default="[]"))
        op.add_column(table, sa.Column("problem", sa.String(32)))
    note = sa.Column("note", sa.String(500), nullable=False, server_default="")
    op.add_column("revisions", note)
    for name in ("review_at", "publish_at", "published_at"):
        op.add_column("articles", sa.Column(name, Instant))
    op.add_column("articles", sa.Column("ticket", sa.String(32)))
    op.create_index("articles_by_review", "articles", ["status", "review_at"])
    op.create_table(
        "article_groups",
        sa.Column("article_id", sa.String(36), nullable=False),
        sa.Column("group_key", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "group_key", name="article_groups_pkey"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="article_groups_article_id_fkey"
        ),
    )
