"""What is counted of promises over many tickets."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from chassis.database import Transaction
from services.sla.models import clocks, tickets


@dataclass(frozen=True)
class Count:
    """So many tickets of one priority and one number of changes of group stand like this."""

    priority: str
    group_changes: int
    state: str | None
    tickets: int
    reopenings: int


def promises(
    tx: Transaction, *, clock: str, since: datetime | None, until: datetime | None
) -> list[Count]:
    """Count the tickets opened in `[since, until)` by how a kind of clock stands on them.

    The state is empty for tickets that were promised nothing of the kind.
    """
    of_the_kind = sa.and_(
        clocks.c.ticket_id == tickets.c.ticket_id, clocks.c.kind == clock, clocks.c.instance == 0
    )
    by = (tickets.c.priority, tickets.c.group_changes, clocks.c.state)
    counted = (
        sa.select(*by, sa.func.count(), sa.func.sum(tickets.c.reopenings))
        .select_from(tickets.outerjoin(clocks, of_the_kind))
        .where(tickets.c.opened_at.is_not(None))
        .group_by(*by)
    )
    if since is not None:
        counted = counted.where(tickets.c.opened_at >= since)
    if until is not None:
        counted = counted.where(tickets.c.opened_at < until)
    return [
        Count(priority, changes, state, count, int(reopenings))
        for priority, changes, state, count, reopenings in tx.connection.execute(counted)
    ]
