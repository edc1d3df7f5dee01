"""People and rules, who has which ticket, decisions and escalations; the chassis' tables."""

import sqlalchemy as sa
from alembic import op

from chassis.database import SERIAL, Instant

revision = "0001"
down_revision = None

KEY = sa.String(64)
ID = sa.String(36)


def upgrade() -> None:
    _chassis()
    _people()
    _holdings()
    _records()


def _chassis() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_table(
        "inbox",
        sa.Column("message_id", ID, primary_key=True),
        sa.Column("handled_at", Instant, nullable=False),
    )
    op.create_index("inbox_by_age", "inbox", ["handled_at"])
    op.create_table(
        "answers",
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("operation", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_at", Instant, nullable=False),
    )
    op.create_index("answers_by_age", "answers", ["answered_at"])
    op.create_table(
        "timers",
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_index("timers_by_due", "timers", ["due_at"])


def _people() -> None:
    op.create_table(
        "directory_state",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", ID, nullable=False),
    )
    op.create_table(
        "groups",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column(
            "tier",
            sa.SmallInteger,
            sa.CheckConstraint("tier BETWEEN 1 AND 3", name="groups_tier"),
            nullable=False,
        ),
        sa.Column("manager", sa.String(254), nullable=False),
        sa.Column("next_group", KEY),
        sa.Column("mode", sa.String(20), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "agents",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("groups", sa.JSON, nullable=False),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("languages", sa.JSON, nullable=False),
        sa.Column("capacity", sa.Integer, nullable=False),
        sa.Column("away", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "rules",
        sa.Column("key", KEY, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("group_key", KEY, sa.ForeignKey("groups.key"), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("kinds", sa.JSON, nullable=False),
        sa.Column("categories", sa.JSON, nullable=False),
        sa.Column("services", sa.JSON, nullable=False),
        sa.Column("impacts", sa.JSON, nullable=False),
        sa.Column("category", KEY),
        sa.Column("skill", KEY),
        sa.Column("skill_level", sa.SmallInteger, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )


def _holdings() -> None:
    op.create_table(
        "agent_loads",
        sa.Column("agent", KEY, primary_key=True),
        sa.Column(
            "open_tickets",
            sa.Integer,
            sa.CheckConstraint("open_tickets >= 0", name="agent_loads_open_tickets"),
            nullable=False,
        ),
        sa.Column("last_assigned_at", Instant),
    )
    op.create_table(
        "holdings",
        sa.Column("ticket_id", ID, primary_key=True),
        sa.Column("number", sa.String(32), unique=True, nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("category", KEY),
        sa.Column("category_seq", sa.Integer, nullable=False),
        sa.Column("skill", KEY),
        sa.Column("skill_level", sa.SmallInteger, nullable=False),
        sa.Column("group_key", KEY),
        sa.Column("assignee", KEY),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("queued_at", Instant),
        sa.Column("returned_by", KEY),
        sa.Column("is_done", sa.Boolean, nullable=False),
        sa.Column("life_seq", sa.Integer, nullable=False),
        sa.Column("escalation_level", sa.SmallInteger, nullable=False),
    )
    waits, is_open = sa.text("queued_at IS NOT NULL"), sa.text("NOT is_done")
    op.create_index(
        "holdings_waiting",
        "holdings",
        ["group_key", "queued_at", "ticket_id"],
        postgresql_where=waits,
        sqlite_where=waits,
    )
    op.create_index(
        "holdings_open",
        "holdings",
        ["group_key"],
        postgresql_where=is_open,
        sqlite_where=is_open,
    )
    op.create_table(
        "unrouted",
        sa.Column("ticket_id", ID, primary_key=True),
        sa.Column("told", sa.JSON, nullable=False),
    )


def _records() -> None:
    op.create_table(
        "decisions",
        sa.Column("ticket_id", ID, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("decided_at", Instant, nullable=False),
        sa.Column("group_key", KEY, nullable=False),
        sa.Column("tier", sa.SmallInteger, nullable=False),
        sa.Column("assignee", KEY),
        sa.Column("reason_code", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("actor", sa.JSON, nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
    )
    op.create_table(
        "escalations",
        sa.Column("ticket_id", ID, primary_key=True),
        sa.Column(
            "level",
            sa.SmallInteger,
            sa.CheckConstraint("level BETWEEN 1 AND 5", name="escalations_level"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("trigger", sa.String(80), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("from_group", KEY, nullable=False),
        sa.Column("to_group", KEY),
        sa.Column("told", sa.String(254)),
        sa.Column("raised_at", Instant, nullable=False),
    )
    op.create_table(
        "escalation_triggers",
        sa.Column("ticket_id", ID, primary_key=True),
        sa.Column("clock", sa.String(40), primary_key=True),
        sa.Column("clock_version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("threshold", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("crossing", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("heard_at", Instant, nullable=False),
    )
