"""Working copies, files in revisions, and who said that an article is still right."""

from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("articles", sa.Column("reviewed_at", Instant))
    op.add_column("articles", sa.Column("reviewed_by", sa.String(254)))
    op.add_column("revisions", sa.Column("reviewer", sa.String(254)))
    op.add_column("revisions", sa.Column("files", sa.JSON(none_as_null=True)))
    op.add_column("attachments", sa.Column("sha256", sa.String(64)))
    op.create_table(
        "file_contents",
        sa.Column("article_id", sa.String(36), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "sha256", name="file_contents_pkey"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="file_contents_article_id_fkey"
        ),
    )
    op.create_table(
        "working_copies",
        sa.Column("article_id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("change_number", sa.BigInteger, nullable=False),
        sa.Column("based_on", sa.Integer, nullable=False),
        sa.Column("author", sa.String(254), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("written_by", sa.String(254), nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("category", sa.String(64)),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("problem", sa.String(32)),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("returned_by", sa.String(254)),
        sa.Column("returned_note", sa.String(500), nullable=False),
        sa.Column("publish_at", Instant),
        sa.PrimaryKeyConstraint("article_id", name="working_copies_pkey"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name="working_copies_article_id_fkey"
        ),
    )
    _name_contents()


def _name_contents() -> None:
    """Give the files that are there their hashes, one by one: each may have a megabyte."""
    kept = sa.table(
        "attachments",
        sa.column("article_id", sa.String),
        sa.column("name", sa.String),
        sa.column("sha256", sa.String),
        sa.column("content", sa.LargeBinary),
    )
    connection = op.get_bind()
    for place in connection.execute(sa.select(kept.c.article_id, kept.c.name)).all():
        this = sa.and_(kept.c.article_id == place.article_id, kept.c.name == place.name)
        content = connection.execute(sa.select(kept.c.content).where(this)).scalar_one()
        named = sa.update(kept).where(this).values(sha256=sha256(bytes(content)).hexdigest())
        connection.execute(named)
