"""Calendars, policies and their editions; tickets with their log, clocks and thresholds."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant, tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    of_the_chassis = sa.MetaData()
    tables(of_the_chassis)
    of_the_chassis.create_all(op.get_bind())
    _book()
    _tickets()
    _clocks()
    _thresholds()


def _book() -> None:
    for name in ("calendars", "policies"):
        op.create_table(
            name,
            sa.Column("key", sa.String(64), nullable=False),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("saved_at", Instant, nullable=False),
            sa.Column("document", sa.JSON, nullable=False),
            sa.PrimaryKeyConstraint("key", "version", name=f"{name}_pkey"),
        )
    op.create_table(
        "editions",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("saved_at", Instant, nullable=False),
        sa.Column("calendars", sa.JSON, nullable=False),
        sa.Column("policies", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="editions_pkey"),
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("edition", sa.Integer),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("priority", sa.String(2)),
        sa.Column("group_changes", sa.Integer, nullable=False),
        sa.Column("reopenings", sa.Integer, nullable=False),
        sa.Column("opened_at", Instant),
        sa.Column("wake_at", Instant),
        sa.Column("shown", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="tickets_pkey"),
        sa.UniqueConstraint("number", name="tickets_number_key"),
    )
    op.create_index("tickets_by_opening", "tickets", ["opened_at"])
    op.create_table(
        "ticket_log",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("occurred_at", Instant, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "seq", name="ticket_log_pkey"),
        _of_a_ticket("ticket_log"),
    )


def _clocks() -> None:
    op.create_table(
        "clocks",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("instance", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("target_us", sa.BigInteger, nullable=False),
        sa.Column("elapsed_us", sa.BigInteger, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("judged_due_at", Instant),
        sa.Column("stopped_at", Instant),
        sa.Column("breached_at", Instant),
        sa.Column("cause", sa.String(40)),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.Integer, nullable=False),
        sa.Column("calendar", sa.String(64), nullable=False),
        sa.Column("calendar_version", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "kind", "instance", name="clocks_pkey"),
        _of_a_ticket("clocks"),
    )


def _thresholds() -> None:
    op.create_table(
        "thresholds",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("instance", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("percent", sa.Integer, nullable=False),
        sa.Column("crossed_at", Instant, nullable=False),
        sa.Column("fired_at", Instant, nullable=False),
        sa.Column("superseded", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint(
            "ticket_id", "kind", "instance", "version", "percent", name="thresholds_pkey"
        ),
        _of_a_ticket("thresholds"),
    )


def _of_a_ticket(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["ticket_id"], ["tickets.ticket_id"], name=f"{table}_ticket_id_fkey"
    )
