"""The shelves: intake's tables, and the query each index serves (named as in `store`)."""

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from chassis.database import SERIAL, Instant, tables

FIRST_SERIAL = 1001  # four digits from the first ticket on


class Base(DeclarativeBase):
    """Intake's metadata."""

    metadata = sa.MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        }
    )


tables(Base.metadata)

KEY = sa.String(64)
ADDRESS = sa.String(254)
STATUS = sa.String(16)

IS_OPEN = sa.text("status IN ('new', 'triaged', 'assigned', 'in_progress', 'pending', 'verifying')")
IS_ADDRESSED = sa.text("addressed_to IS NOT NULL")

IS_WAITING = sa.text("message_id IS NULL")

requesters = sa.Table(
    "requesters",
    Base.metadata,
    sa.Column("email", ADDRESS, primary_key=True),  # lower case: the identity
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("organisation", sa.String(120), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
)

tickets = sa.Table(
    "tickets",
    Base.metadata,
    # The serial makes the number; it comes from a sequence, never from max() + 1, so two replicas
    # cannot clash. A transaction that is rolled back leaves a gap.
    sa.Column("serial", SERIAL, sa.Identity(start=FIRST_SERIAL), primary_key=True),
    sa.Column("ticket_id", sa.String(36), nullable=False, unique=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("kind", STATUS, nullable=False),
    sa.Column("channel", STATUS, nullable=False),
    sa.Column("origin", STATUS, nullable=False),
    sa.Column("subject", sa.String(200), nullable=False),
    sa.Column("requester", ADDRESS, sa.ForeignKey("requesters.email"), nullable=False),
    sa.Column("status", STATUS, nullable=False),
    sa.Column("pending_reason", STATUS),
    sa.Column("pending_until", Instant),
    sa.Column("priority", sa.String(2), nullable=False),
    sa.Column("impact", STATUS, nullable=False),
    sa.Column("urgency", STATUS, nullable=False),
    sa.Column("category", KEY),
    sa.Column("service", KEY),
    sa.Column("group", KEY),
    sa.Column("tier", sa.SmallInteger),
    sa.Column("assignee", KEY),
    sa.Column("assignment_revision", sa.Integer, nullable=False),
    sa.Column("next_due_at", Instant, nullable=False),  # domain.paging.NEVER: nothing is due
    sa.Column("sla_state", STATUS, nullable=False),
    sa.Column("clocks_revision", sa.Integer, nullable=False),
    sa.Column("escalation_level", sa.SmallInteger, nullable=False),
    sa.Column("reopen_count", sa.Integer, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("resolved_at", Instant),
    sa.Column("closed_at", Instant),
    # Whether it pays to look for merges and splits.
    sa.Column("is_linked", sa.Boolean, nullable=False, server_default=sa.false()),
    # Last, so that a list need not read past them.
    sa.Column("resolution", sa.JSON(none_as_null=True)),
    sa.Column("attributes", sa.JSON, nullable=False),
    sa.CheckConstraint("version >= 1", name="version"),
    sa.CheckConstraint("(status = 'pending') = (pending_reason IS NOT NULL)", name="pending"),
    # list_tickets in each order; it also serves filters that most tickets pass
    sa.Index("tickets_by_update", "updated_at", "serial"),
    sa.Index("tickets_by_due", "next_due_at", "serial"),
    sa.Index("tickets_by_opening", "opened_at", "serial"),
    # list_tickets that are open, longest untouched first: without it the query reads past all that
    # were ever closed. A query is served only when it says IS_OPEN in these very words.
    sa.Index(
        "open_tickets_by_update",
        "updated_at",
        "serial",
        postgresql_where=IS_OPEN,
        sqlite_where=IS_OPEN,
    ),
    # list_tickets of one requester (`requester`, `viewer`)
    sa.Index("tickets_of_requester", "requester", "updated_at", "serial"),
    # list_tickets of one agent
    sa.Index("tickets_of_assignee", "assignee", "updated_at", "serial"),
    # list_tickets of one group: its queue by due instant, or what happened there last
    sa.Index("tickets_of_group", "group", "updated_at", "serial"),
    sa.Index("tickets_of_group_by_due", "group", "next_due_at", "serial"),
    # list_tickets in one status, or whose promises are in one state
    sa.Index("tickets_in_status", "status", "updated_at", "serial"),
    sa.Index("tickets_in_sla_state", "sla_state", "updated_at", "serial"),
    sqlite_autoincrement=True,  # a number is never given twice
)
# Identity(start=…) is PostgreSQL's; on SQLite the same is said to its own table of sequences.
FIRST_SERIAL_ON_SQLITE = (
    f"INSERT INTO sqlite_sequence (name, seq) VALUES ('tickets', {FIRST_SERIAL - 1})"  # noqa: S608
)
_ddl = sa.DDL(FIRST_SERIAL_ON_SQLITE)  # type: ignore[no-untyped-call]
sa.event.listen(tickets, "after_create", _ddl.execute_if(dialect="sqlite"))

messages = sa.Table(
    "messages",
    Base.metadata,
    # conversation, oldest first; the opening message has seq 1
    sa.Column("ticket_id", sa.String(36), sa.ForeignKey("tickets.ticket_id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("message_id", sa.String(36), nullable=False, unique=True),
    sa.Column("author_kind", STATUS, nullable=False),
    sa.Column("author_id", ADDRESS, nullable=False),
    sa.Column("author_name", sa.String(120), nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    # The merged ticket that a requester wrote to: the message landed in the survivor, and belongs
    # to the ticket they meant.
    sa.Column("addressed_to", sa.String(36)),
    # conversation, of the ticket they were addressed to
    sa.Index(
        "messages_addressed_to",
        "addressed_to",
        postgresql_where=IS_ADDRESSED,
        sqlite_where=IS_ADDRESSED,
    ),
)

# A merge is this row and nothing else: who drops it has undone it.
merges = sa.Table(
    "merges",
    Base.metadata,
    # family: the way up
    sa.Column(
        "source", SERIAL, sa.ForeignKey("tickets.serial"), primary_key=True, autoincrement=False
    ),
    sa.Column("survivor", SERIAL, sa.ForeignKey("tickets.serial"), nullable=False),
    # of the entry in the survivor's log: what agents write later is for both requesters
    sa.Column("survivor_seq", sa.Integer, nullable=False),
    sa.Column("merged_at", Instant, nullable=False),
    sa.Column("was_status", STATUS, nullable=False),
    sa.Column("was_pending_reason", STATUS),
    sa.Column("was_pending_until", Instant),
    # family: the way down
    sa.Index("merges_into", "survivor"),
)

splits = sa.Table(
    "splits",
    Base.metadata,
    # family; split_from
    sa.Column(
        "child", SERIAL, sa.ForeignKey("tickets.serial"), primary_key=True, autoincrement=False
    ),
    sa.Column("parent", SERIAL, sa.ForeignKey("tickets.serial"), nullable=False),
    sa.Column("message_ids", sa.JSON, nullable=False),  # of the parent's, shown by the child too
    # split_into
    sa.Index("splits_of", "parent"),
)

attachments = sa.Table(
    "attachments",
    Base.metadata,
    sa.Column("attachment_id", sa.String(36), primary_key=True),
    # None: it waits for the message that names it
    sa.Column("message_id", sa.String(36), sa.ForeignKey("messages.message_id")),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("uploader", ADDRESS, nullable=False),
    sa.Column("uploaded_at", Instant, nullable=False),
    # of_messages, of_ticket
    sa.Index("attachments_of_message", "message_id"),
    # waiting_of: how many wait for their uploader
    sa.Index(
        "attachments_waiting_of",
        "uploader",
        postgresql_where=IS_WAITING,
        sqlite_where=IS_WAITING,
    ),
    # drop_waiting: those that waited too long
    sa.Index(
        "attachments_waiting_since",
        "uploaded_at",
        postgresql_where=IS_WAITING,
        sqlite_where=IS_WAITING,
    ),
)

# Apart, so that nobody who asks about files reads past what is in them.
attachment_contents = sa.Table(
    "attachment_contents",
    Base.metadata,
    sa.Column(
        "attachment_id",
        sa.String(36),
        sa.ForeignKey("attachments.attachment_id"),
        primary_key=True,
    ),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

ticket_events = sa.Table(
    "ticket_events",
    Base.metadata,
    # log_page: the desk's log in the order of its offsets
    sa.Column("log_offset", SERIAL, primary_key=True, autoincrement=True),
    sa.Column("ticket_id", sa.String(36), sa.ForeignKey("tickets.ticket_id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("event", sa.String(80), nullable=False),
    sa.Column("occurred_at", Instant, nullable=False),
    sa.Column("actor_kind", STATUS, nullable=False),
    sa.Column("actor_id", ADDRESS, nullable=False),
    sa.Column("actor_name", sa.String(120), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    # ticket_log; and no two writers can log the same step of a ticket
    sa.UniqueConstraint("ticket_id", "seq"),
    sqlite_autoincrement=True,  # an offset is never given twice
)

ticket_words = sa.Table(
    "ticket_words",
    Base.metadata,
    # serials_with_words
    sa.Column("word", KEY, primary_key=True),
    sa.Column("serial", SERIAL, sa.ForeignKey("tickets.serial"), primary_key=True),
    sqlite_with_rowid=False,
)
