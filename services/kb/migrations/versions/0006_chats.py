"""Conversations with the hotline."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("requester", sa.String(254), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("has_asked_back", sa.Boolean, nullable=False),
        sa.Column("ticket", sa.String(32)),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="chats_pkey"),
    )
    op.create_table(
        "chat_messages",
        sa.Column("chat_id", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_at", Instant, nullable=False),
        sa.Column("articles", sa.JSON, nullable=False),
        sa.Column("excerpt", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("reason", sa.String(16)),
        sa.PrimaryKeyConstraint("chat_id", "number", name="chat_messages_pkey"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="chat_messages_chat_id_fkey"),
    )
