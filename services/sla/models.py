"""The shelves: sla's tables, and the query each index serves (named as in `store`)."""

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from chassis.database import SERIAL, Instant, tables


class Base(DeclarativeBase):
    """Sla's metadata."""

    metadata = sa.MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        }
    )


tables(Base.metadata)

ID = sa.String(36)
KEY = sa.String(64)
WORD = sa.String(20)

# Calendars and policies are never changed: a new version stands beside the old one.
calendars = sa.Table(
    "calendars",
    Base.metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("saved_at", Instant, nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
)

policies = sa.Table(
    "policies",
    Base.metadata,
    sa.Column("key", KEY, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("saved_at", Instant, nullable=False),
    sa.Column("document", sa.JSON, nullable=False),
)

# Which versions belong together; every change of a calendar or policy is a new edition.
editions = sa.Table(
    "editions",
    Base.metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("saved_at", Instant, nullable=False),
    sa.Column("calendars", sa.JSON, nullable=False),  # version by key
    sa.Column("policies", sa.JSON, nullable=False),  # version by key
)

tickets = sa.Table(
    "tickets",
    Base.metadata,
    sa.Column("ticket_id", ID, primary_key=True),
    # ticket_by_number
    sa.Column("number", sa.String(32), nullable=False, unique=True),
    sa.Column("origin", WORD, nullable=False),
    sa.Column("edition", sa.Integer),  # judged under this one; empty until its opening was heard
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("priority", sa.String(2)),
    sa.Column("group", KEY),
    sa.Column("group_changes", sa.Integer, nullable=False),
    sa.Column("reopenings", sa.Integer, nullable=False),
    sa.Column("opened_at", Instant),
    sa.Column("done_at", Instant),
    sa.Column("wake_at", Instant),  # what the ticket's timer is armed for
    # Editions chosen for it since: [seq of the log, at, edition] each, in order.
    sa.Column("rebases", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("shown", sa.JSON, nullable=False),  # what others were last told of its clocks
    # count_opened, next_opened: tickets of a period
    sa.Index("tickets_by_opening", "opened_at"),
)

ticket_log = sa.Table(
    "ticket_log",
    Base.metadata,
    # log_of, in order; and an entry is kept once, however often it arrives
    sa.Column("ticket_id", ID, sa.ForeignKey("tickets.ticket_id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("occurred_at", Instant, nullable=False),
    sa.Column("kind", WORD, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
)

# What reports read: one row a clock, with what they count by. A ticket that was promised nothing
# has a row all the same, `unpromised`, so that it is counted.
clocks = sa.Table(
    "clocks",
    Base.metadata,
    sa.Column("ticket_id", ID, sa.ForeignKey("tickets.ticket_id"), primary_key=True),
    sa.Column("kind", WORD, primary_key=True),
    sa.Column("instance", sa.Integer, primary_key=True),
    sa.Column("state", WORD, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("target_us", sa.BigInteger, nullable=False),
    sa.Column("elapsed_us", sa.BigInteger, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("judged_due_at", Instant),
    sa.Column("stopped_at", Instant),
    sa.Column("breached_at", Instant),
    sa.Column("cause", sa.String(40)),
    sa.Column("excused", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("policy", KEY, nullable=False),
    sa.Column("policy_version", sa.Integer, nullable=False),
    sa.Column("calendar", KEY, nullable=False),
    sa.Column("calendar_version", sa.Integer, nullable=False),
    # of the ticket
    sa.Column("priority", sa.String(2)),
    sa.Column("group", KEY),
    sa.Column("group_changes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reopenings", sa.Integer, nullable=False, server_default="0"),
    sa.Column("opened_at", Instant),
    sa.Column("done_at", Instant),
    # promises, times: a kind of clock over tickets of a period
    sa.Index(
        "clocks_by_opening",
        "kind",
        "opened_at",
        # The whole of what is counted: a year of tickets is read from the index alone.
        postgresql_include=[
            "state",
            "excused",
            "elapsed_us",
            "target_us",
            "policy",
            "priority",
            "group",
            "group_changes",
            "reopenings",
        ],
    ),
    # running: clocks that have not ended
    sa.Index(
        "clocks_running",
        "ticket_id",
        postgresql_where=sa.text("state IN ('running', 'paused', 'breached')"),
        sqlite_where=sa.text("state IN ('running', 'paused', 'breached')"),
    ),
    # backlog: tickets somebody has to work on
    sa.Index(
        "clocks_of_the_backlog",
        "opened_at",
        postgresql_where=sa.text("kind = 'resolution' AND done_at IS NULL"),
        sqlite_where=sa.text("kind = 'resolution' AND done_at IS NULL"),
    ),
)

# Whose open time a missed resolution was, as of the ticket's last event; with what it is added up
# by, so that nothing is joined.
blame = sa.Table(
    "blame",
    Base.metadata,
    sa.Column("ticket_id", ID, sa.ForeignKey("tickets.ticket_id"), primary_key=True),
    sa.Column("holder", sa.String(80), primary_key=True),
    sa.Column("spent_us", sa.BigInteger, nullable=False),
    sa.Column("policy", KEY, nullable=False),
    sa.Column("priority", sa.String(2)),
    sa.Column("group", KEY),
    sa.Column("group_changes", sa.Integer, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    # blamed: tickets of a period
    sa.Index("blame_by_opening", "opened_at"),
)

# Weeks of old tickets that are summed up, so that reports over years need not count every row. A
# week is announced first: from then on whoever writes a row of it leaves a mark in `touched_weeks`.
summed_weeks = sa.Table(
    "summed_weeks",
    Base.metadata,
    # covered, next_week: by number
    sa.Column("week", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("summed_at", Instant),  # empty until it is
)

# Weeks whose rows were written since they were summed up: they are counted row by row.
touched_weeks = sa.Table(
    "touched_weeks",
    Base.metadata,
    sa.Column("id", SERIAL, primary_key=True, autoincrement=True),
    sa.Column("week", sa.Integer, nullable=False),
    # covered, next_week: whether a week was touched
    sa.Index("touched_weeks_by_week", "week"),
)

# The clocks of a week by one thing at a time: priority, group, policy, reassignments, or day.
week_counts = sa.Table(
    "week_counts",
    Base.metadata,
    # promises: some weeks of one kind of clock
    sa.Column("week", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", WORD, primary_key=True),
    sa.Column("split", WORD, primary_key=True),
    sa.Column("key", KEY, primary_key=True),
    sa.Column("state", WORD, primary_key=True),
    sa.Column("excused", sa.Boolean, primary_key=True),
    sa.Column("is_late", sa.Boolean, primary_key=True),
    sa.Column("clocks", sa.Integer, nullable=False),
    sa.Column("reopenings", sa.Integer, nullable=False),
)

week_blame = sa.Table(
    "week_blame",
    Base.metadata,
    # promises: whose time the missed resolutions of some weeks were
    sa.Column("week", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("split", WORD, primary_key=True),
    sa.Column("key", KEY, primary_key=True),
    sa.Column("holder", sa.String(80), primary_key=True),
    sa.Column("spent_us", sa.BigInteger, nullable=False),
)

# How long each clock took that came to an end: percentiles are exact, so no length is left out.
week_times = sa.Table(
    "week_times",
    Base.metadata,
    # times: some weeks of one kind of clock, by one thing
    sa.Column("week", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", WORD, primary_key=True),
    sa.Column("split", WORD, primary_key=True),
    sa.Column("key", KEY, primary_key=True),
    sa.Column("spent_us", sa.BigInteger, nullable=False),  # all together
    # microseconds in order, eight bytes each, the highest byte first
    sa.Column("lengths", sa.LargeBinary, nullable=False),
)

thresholds = sa.Table(
    "thresholds",
    Base.metadata,
    # fired; and one threshold of one clock version fires once
    sa.Column("ticket_id", ID, sa.ForeignKey("tickets.ticket_id"), primary_key=True),
    sa.Column("kind", WORD, primary_key=True),
    sa.Column("instance", sa.Integer, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("percent", sa.Integer, primary_key=True),
    # of a threshold in minutes: so many after due, negative before; else 0
    sa.Column("minutes", sa.Integer, primary_key=True, server_default="0"),
    sa.Column("crossed_at", Instant, nullable=False),
    sa.Column("fired_at", Instant, nullable=False),
    sa.Column("superseded", sa.Boolean, nullable=False),
)

# Work over many tickets: what-ifs, and writing anew what reports read.
jobs = sa.Table(
    "jobs",
    Base.metadata,
    sa.Column("job_id", ID, primary_key=True),
    sa.Column("kind", WORD, nullable=False),
    sa.Column("state", WORD, nullable=False),
    sa.Column("spec", sa.JSON, nullable=False),
    sa.Column("found", sa.JSON, nullable=False),
    sa.Column("since", Instant, nullable=False),
    sa.Column("until", Instant, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("seen", sa.Integer, nullable=False),
    sa.Column("after_at", Instant),
    sa.Column("after_id", ID, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)

# What a what-if judged: each clock as it is, and as it would be.
verdicts = sa.Table(
    "verdicts",
    Base.metadata,
    # verdicts_of, in order of their numbers
    sa.Column("job_id", ID, sa.ForeignKey("jobs.job_id"), primary_key=True),
    sa.Column("number", sa.String(32), primary_key=True),
    sa.Column("kind", WORD, primary_key=True),
    sa.Column("instance", sa.Integer, primary_key=True),
    sa.Column("was", WORD, nullable=False),
    sa.Column("was_elapsed_us", sa.BigInteger, nullable=False),
    sa.Column("was_target_us", sa.BigInteger, nullable=False),
    sa.Column("would_be", WORD, nullable=False),
    sa.Column("would_be_elapsed_us", sa.BigInteger, nullable=False),
    sa.Column("would_be_target_us", sa.BigInteger, nullable=False),
)
