"""Tickets, their conversation, their log and the words of their subjects."""

import sqlalchemy as sa
from alembic import op

from chassis.database import SERIAL, Instant, tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    of_the_chassis = sa.MetaData()
    tables(of_the_chassis)
    of_the_chassis.create_all(op.get_bind())
    _requesters()
    _tickets()
    _messages()
    _ticket_events()
    _ticket_words()


def _requesters() -> None:
    op.create_table(
        "requesters",
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("organisation", sa.String(120), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("email", name="requesters_pkey"),
    )


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("serial", SERIAL, sa.Identity(start=1001), nullable=False),
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("requester", sa.String(254), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("pending_reason", sa.String(16)),
        sa.Column("pending_until", Instant),
        sa.Column("priority", sa.String(2), nullable=False),
        sa.Column("impact", sa.String(16), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("category", sa.String(64)),
        sa.Column("service", sa.String(64)),
        sa.Column("group", sa.String(64)),
        sa.Column("tier", sa.SmallInteger),
        sa.Column("assignee", sa.String(64)),
        sa.Column("assignment_revision", sa.Integer, nullable=False),
        sa.Column("next_due_at", Instant, nullable=False),
        sa.Column("sla_state", sa.String(16), nullable=False),
        sa.Column("clocks_revision", sa.Integer, nullable=False),
        sa.Column("escalation_level", sa.SmallInteger, nullable=False),
        sa.Column("reopen_count", sa.Integer, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("resolved_at", Instant),
        sa.Column("closed_at", Instant),
        sa.Column("resolution", sa.JSON),
        sa.Column("attributes", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("serial", name="tickets_pkey"),
        sa.UniqueConstraint("ticket_id", name="tickets_ticket_id_key"),
        sa.ForeignKeyConstraint(["requester"], ["requesters.email"], name="tickets_requester_fkey"),
        sa.CheckConstraint("version >= 1", name=op.f("tickets_version_check")),
        sa.CheckConstraint(
            "(status = 'pending') = (pending_reason IS NOT NULL)",
            name=op.f("tickets_pending_check"),
        ),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', 1000)")
    op.create_index("tickets_by_update", "tickets", ["updated_at", "serial"])
    op.create_index("tickets_by_due", "tickets", ["next_due_at", "serial"])
    op.create_index("tickets_by_opening", "tickets", ["opened_at", "serial"])
    is_open = sa.text(
        "status IN ('new', 'triaged', 'assigned', 'in_progress', 'pending', 'verifying')"
    )
    op.create_index(
        "open_tickets_by_update",
        "tickets",
        ["updated_at", "serial"],
        postgresql_where=is_open,
        sqlite_where=is_open,
    )
    op.create_index("tickets_of_requester", "tickets", ["requester", "updated_at", "serial"])
    op.create_index("tickets_of_assignee", "tickets", ["assignee", "updated_at", "serial"])
    op.create_index("tickets_of_group", "tickets", ["group", "updated_at", "serial"])
    op.create_index("tickets_of_group_by_due", "tickets", ["group", "next_due_at", "serial"])
    op.create_index("tickets_in_status", "tickets", ["status", "updated_at", "serial"])
    op.create_index("tickets_in_sla_state", "tickets", ["sla_state", "updated_at", "serial"])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("author_kind", sa.String(16), nullable=False),
        sa.Column("author_id", sa.String(254), nullable=False),
        sa.Column("author_name", sa.String(120), nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "seq", name="messages_pkey"),
        sa.UniqueConstraint("message_id", name="messages_message_id_key"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.ticket_id"], name="messages_ticket_id_fkey"
        ),
    )


def _ticket_events() -> None:
    op.create_table(
        "ticket_events",
        sa.Column("log_offset", SERIAL, nullable=False, autoincrement=True),
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("event", sa.String(80), nullable=False),
        sa.Column("occurred_at", Instant, nullable=False),
        sa.Column("actor_kind", sa.String(16), nullable=False),
        sa.Column("actor_id", sa.String(254), nullable=False),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("log_offset", name="ticket_events_pkey"),
        sa.UniqueConstraint("ticket_id", "seq", name="ticket_events_ticket_id_seq_key"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.ticket_id"], name="ticket_events_ticket_id_fkey"
        ),
        sqlite_autoincrement=True,
    )


def _ticket_words() -> None:
    op.create_table(
        "ticket_words",
        sa.Column("word", sa.String(64), nullable=False),
        sa.Column("serial", SERIAL, nullable=False),
        sa.PrimaryKeyConstraint("word", "serial", name="ticket_words_pkey"),
        sa.ForeignKeyConstraint(["serial"], ["tickets.serial"], name="ticket_words_serial_fkey"),
        sqlite_with_rowid=False,
    )
