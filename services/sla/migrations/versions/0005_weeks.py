"""Weeks of old tickets, summed up for reports."""

import sqlalchemy as sa
from alembic import op

from chassis.database import SERIAL, Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "summed_weeks",
        sa.Column("week", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("summed_at", Instant),
        sa.PrimaryKeyConstraint("week", name="summed_weeks_pkey"),
    )
    op.create_table(
        "touched_weeks",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("week", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="touched_weeks_pkey"),
    )
    op.create_index("touched_weeks_by_week", "touched_weeks", ["week"])
    _sums()


def _sums() -> None:
    op.create_table(
        "week_counts",
        sa.Column("week", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("split", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("excused", sa.Boolean, nullable=False),
        sa.Column("is_late", sa.Boolean, nullable=False),
        sa.Column("clocks", sa.Integer, nullable=False),
        sa.Column("reopenings", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(
            "week", "kind", "split", "key", "state", "excused", "is_late", name="week_counts_pkey"
        ),
    )
    op.create_table(
        "week_blame",
        sa.Column("week", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("split", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("spent_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("week", "split", "key", "holder", name="week_blame_pkey"),
    )
    op.create_table(
        "week_times",
        sa.Column("week", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("split", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("spent_us", sa.BigInteger, nullable=False),
        sa.Column("lengths", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("week", "kind", "split", "key", name="week_times_pkey"),
    )
