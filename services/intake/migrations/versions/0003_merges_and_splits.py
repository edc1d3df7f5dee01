"""Merges and splits, and messages that were addressed to a merged ticket."""

import sqlalchemy as sa
from alembic import op

from chassis.database import SERIAL, Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column(
        "tickets",
        sa.Column("is_linked", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("messages", sa.Column("addressed_to", sa.String(36)))
    is_addressed = sa.text("addressed_to IS NOT NULL")
    op.create_index(
        "messages_addressed_to",
        "messages",
        ["addressed_to"],
        postgresql_where=is_addressed,
        sqlite_where=is_addressed,
    )
    _merges()
    _splits()


def _merges() -> None:
    op.create_table(
        "merges",
        sa.Column("source", SERIAL, autoincrement=False, nullable=False),
        sa.Column("survivor", SERIAL, nullable=False),
        sa.Column("survivor_seq", sa.Integer, nullable=False),
        sa.Column("merged_at", Instant, nullable=False),
        sa.Column("was_status", sa.String(16), nullable=False),
        sa.Column("was_pending_reason", sa.String(16)),
        sa.Column("was_pending_until", Instant),
        sa.PrimaryKeyConstraint("source", name="merges_pkey"),
        sa.ForeignKeyConstraint(["source"], ["tickets.serial"], name="merges_source_fkey"),
        sa.ForeignKeyConstraint(["survivor"], ["tickets.serial"], name="merges_survivor_fkey"),
    )
    op.create_index("merges_into", "merges", ["survivor"])


def _splits() -> None:
    op.create_table(
        "splits",
        sa.Column("child", SERIAL, autoincrement=False, nullable=False),
        sa.Column("parent", SERIAL, nullable=False),
        sa.Column("message_ids", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("child", name="splits_pkey"),
        sa.ForeignKeyConstraint(["child"], ["tickets.serial"], name="splits_child_fkey"),
        sa.ForeignKeyConstraint(["parent"], ["tickets.serial"], name="splits_parent_fkey"),
    )
    op.create_index("splits_of", "splits", ["parent"])
