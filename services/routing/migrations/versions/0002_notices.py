"""Notices, how much somebody was given lately, agents' working hours and tickets' priorities."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0002"
down_revision = "0001"

KEY = sa.String(64)
ID = sa.String(36)


def upgrade() -> None:
    # Defaults stay: the version still running knows nothing of these columns.
    op.add_column(
        "groups",
        sa.Column("major_priorities", sa.JSON, nullable=False, server_default='["P1"]'),
    )
    op.add_column("agents", sa.Column("hours", sa.JSON))
    op.add_column(
        "agents", sa.Column("lead", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("holdings", sa.Column("priority", sa.String(8)))
    op.add_column(
        "holdings", sa.Column("priority_seq", sa.Integer, nullable=False, server_default="0")
    )
    _notices()
    op.create_table(
        "notice_windows",
        sa.Column("recipient", sa.String(254), primary_key=True),
        sa.Column("ends_at", Instant),
        sa.Column("given", sa.Integer, nullable=False),
        sa.Column("major", sa.Integer, nullable=False),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", ID, primary_key=True),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(160), nullable=False),
        sa.Column("rank", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("major", sa.Boolean, nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("meant_for", sa.String(254), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("ticket_id", ID),
        sa.Column("number", sa.String(32)),
        sa.Column("group_key", KEY),
        sa.Column("clock", sa.String(40)),
        sa.Column("instance", sa.Integer, nullable=False),
        sa.Column("clock_version", sa.Integer, nullable=False),
        sa.Column("crossing", sa.String(20)),
        sa.Column("threshold", sa.Integer),
        sa.Column("minutes", sa.Integer),
        sa.Column("level", sa.SmallInteger),
        sa.Column("article", KEY),
        sa.Column("language", sa.String(8)),
        sa.Column("title", sa.String(200)),
        sa.Column("happened_at", Instant, nullable=False),
        sa.Column("deliver_at", Instant),
        sa.Column("given_at", Instant),
        sa.Column("digest", ID),
        sa.Column("acknowledged_at", Instant),
        sa.Column("acknowledged_by", sa.JSON),
        sa.UniqueConstraint("source", "recipient", name="notices_once"),
    )
    for name, columns, which in (
        ("notices_due", ["recipient", "deliver_at"], "state IN ('waiting', 'gathered')"),
        ("notices_given", ["recipient", "given_at", "id"], "given_at IS NOT NULL"),
        (
            "notices_unread",
            ["recipient", "given_at", "id"],
            "given_at IS NOT NULL AND acknowledged_at IS NULL",
        ),
    ):
        where = sa.text(which)
        op.create_index(name, "notices", columns, postgresql_where=where, sqlite_where=where)
    op.create_index("notices_of_subject", "notices", ["subject", "rank"])
    op.create_index("notices_of_ticket", "notices", ["ticket_id"])
