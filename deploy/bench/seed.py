"""Many tickets at once, written straight into intake's database: only what a list reads."""

import sqlalchemy as sa

BATCH = 10_000

_ON_POSTGRESQL = """
INSERT INTO tickets (ticket_id, version, kind, channel, origin, subject, requester, status,
    priority, impact, urgency, category, "group", tier, assignee, assignment_revision, next_due_at,
    sla_state, clocks_revision, escalation_level, reopen_count, opened_at, updated_at, attributes)
SELECT md5(random()::text || n), 2, 'incident', 'api', 'live', 'Seeded ticket ' || n, :requester,
    CASE WHEN n % 10 < 7 THEN 'closed' WHEN n % 10 < 9 THEN 'assigned' ELSE 'in_progress' END,
    'P' || (1 + n % 5), 'medium', 'medium', 'vpn',
    (ARRAY['network', 'workplace', 'business-apps', 'service-desk'])[1 + n % 4], 1,
    'agent-' || (n % 20), 1, now() + (n % 5000) * interval '1 minute', 'running', 1, 0, 0,
    now() - n * interval '1 second', now() - (n % 100000) * interval '1 second', '{}'
FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS n
"""


def fill(database_url: str, *, up_to: int) -> int:
    """Add tickets until there are `up_to`; on SQLite nothing is added.

    Returns:
        How many tickets there are now.
    """
    engine = sa.create_engine(database_url)
    try:
        have = _count(engine)
        if engine.dialect.name != "postgresql":
            return have
        with engine.connect() as connection:
            requester = connection.scalar(sa.text("SELECT min(email) FROM requesters"))
        for first in range(have, up_to, BATCH):
            last = min(up_to, first + BATCH) - 1
            with engine.begin() as connection:
                connection.execute(
                    sa.text(_ON_POSTGRESQL),
                    {"first": first, "last": last, "requester": requester},
                )
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("ANALYZE tickets"))
        return _count(engine)
    finally:
        engine.dispose()


def _count(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM tickets")) or 0
