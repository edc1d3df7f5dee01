"""Articles with their revisions, the counter of changes, readings and how tickets ended."""

import sqlalchemy as sa
from alembic import op

from chassis.database import SERIAL, Instant, tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    of_the_chassis = sa.MetaData()
    tables(of_the_chassis)
    of_the_chassis.create_all(op.get_bind())
    _articles()
    _revisions()
    _change_counter()
    _readings()
    _resolutions()


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("category", sa.String(64)),
        sa.Column("owner", sa.String(254), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("change_number", sa.BigInteger, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="articles_pkey"),
        sa.UniqueConstraint("key", "language", name="articles_key_language_key"),
        sa.CheckConstraint("revision >= 1", name="articles_revision_check"),
    )
    op.create_index("articles_by_change", "articles", ["change_number"], unique=True)
    op.create_index("articles_by_update", "articles", ["status", "updated_at"])


def _revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("article_id", sa.String(36), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("author", sa.String(254), nullable=False),
        sa.Column("written_at", Instant, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("audience", sa.String(16), nullable=False),
        sa.Column("category", sa.String(64)),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "revision", name="revisions_pkey"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="revisions_article_id_fkey"),
    )


def _change_counter() -> None:
    counter = op.create_table(
        "change_counter",
        sa.Column("id", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="change_counter_pkey"),
    )
    op.bulk_insert(counter, [{"id": 1, "number": 0}])


def _readings() -> None:
    op.create_table(
        "readings",
        sa.Column("serial", SERIAL, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(36), nullable=False),
        sa.Column("reader", sa.String(254), nullable=False),
        sa.Column("read_at", Instant, nullable=False),
        sa.Column("helpful", sa.Boolean),
        sa.PrimaryKeyConstraint("serial", name="readings_pkey"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="readings_article_id_fkey"),
    )
    op.create_index("readings_of_reader", "readings", ["reader", "read_at"])
    op.create_index("readings_of_article", "readings", ["article_id", "read_at"])


def _resolutions() -> None:
    op.create_table(
        "resolutions",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("resolved_at", Instant, nullable=False),
        sa.Column("article_key", sa.String(64)),
        sa.PrimaryKeyConstraint("ticket_id", name="resolutions_pkey"),
    )
    op.create_index("resolutions_by_article", "resolutions", ["article_key", "resolved_at"])
