"""What reports count by, beside every clock; and whose time missed resolutions were."""

import sqlalchemy as sa
from alembic import op

from chassis.database import Instant

revision = "0002"
down_revision = "0001"

BACKLOG = sa.text("kind = 'resolution' AND done_at IS NULL")
COUNTED = [
    "state",
    "excused",
    "elapsed_us",
    "target_us",
    "policy",
    "priority",
    "group",
    "group_changes",
    "reopenings",
]

FROM_TICKETS = """
UPDATE clocks SET
    priority = (SELECT priority FROM tickets t WHERE t.ticket_id = clocks.ticket_id),
    group_changes = (SELECT group_changes FROM tickets t WHERE t.ticket_id = clocks.ticket_id),
    reopenings = (SELECT reopenings FROM tickets t WHERE t.ticket_id = clocks.ticket_id),
    opened_at = (SELECT opened_at FROM tickets t WHERE t.ticket_id = clocks.ticket_id)
"""

UNPROMISED = """
INSERT INTO clocks (ticket_id, kind, instance, state, version, target_us, elapsed_us, started_at,
    policy, policy_version, calendar, calendar_version, priority, group_changes, reopenings,
    opened_at)
SELECT ticket_id, '{kind}', 0, 'unpromised', 0, 0, 0, opened_at, '', 0, '', 0, priority,
    group_changes, reopenings, opened_at
FROM tickets t
WHERE opened_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM clocks c WHERE c.ticket_id = t.ticket_id AND c.kind = '{kind}')
"""


def upgrade() -> None:
    for table in ("tickets", "clocks"):
        op.add_column(table, sa.Column("group", sa.String(64)))
        op.add_column(table, sa.Column("done_at", Instant))
    op.add_column("clocks", sa.Column("priority", sa.String(2)))
    op.add_column("clocks", sa.Column("opened_at", Instant))
    for name in ("group_changes", "reopenings"):
        column = sa.Column(name, sa.Integer, nullable=False, server_default="0")
        op.add_column("clocks", column)
    excused = sa.Column("excused", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("clocks", excused)
    op.execute(FROM_TICKETS)
    for kind in ("first_response", "resolution"):
        op.execute(UNPROMISED.format(kind=kind))
    op.create_index(
        "clocks_by_opening", "clocks", ["kind", "opened_at"], postgresql_include=COUNTED
    )
    op.create_index(
        "clocks_of_the_backlog",
        "clocks",
        ["opened_at"],
        postgresql_where=BACKLOG,
        sqlite_where=BACKLOG,
    )
    op.create_table(
        "blame",
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("holder", sa.String(80), nullable=False),
        sa.Column("spent_us", sa.BigInteger, nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("priority", sa.String(2)),
        sa.Column("group", sa.String(64)),
        sa.Column("group_changes", sa.Integer, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "holder", name="blame_pkey"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.ticket_id"], name="blame_ticket_id_fkey"),
    )
    op.create_index("blame_by_opening", "blame", ["opened_at"])
