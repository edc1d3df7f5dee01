"""Files on messages, and apart from them what is in them."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("attachment_id", sa.String(36), nullable=False),
        sa.Column("message_id", sa.String(36)),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("uploader", sa.String(254), nullable=False),
        sa.Column("uploaded_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", name="attachments_pkey"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.message_id"], name="attachments_message_id_fkey"
        ),
    )
    op.create_table(
        "attachment_contents",
        sa.Column("attachment_id", sa.String(36), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", name="attachment_contents_pkey"),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachments.attachment_id"],
            name="attachment_contents_attachment_id_fkey",
        ),
    )
    op.create_index("attachments_of_message", "attachments", ["message_id"])
    is_waiting = sa.text("message_id IS NULL")
    for name, column in (
        ("attachments_waiting_of", "uploader"),
        ("attachments_waiting_since", "uploaded_at"),
    ):
        op.create_index(
            name,
            "attachments",
            [column],
            postgresql_where=is_waiting,
            sqlite_where=is_waiting,
        )
