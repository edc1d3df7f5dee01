"""What agents have in hand."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from chassis.database import Transaction
from services.routing.domain.assignment import Load
from services.routing.models import LoadRow
from services.routing.store.rows import table

_LOADS = table(LoadRow)

LOADS_LOCK = 7_301  # an advisory lock of PostgreSQL, in this service's own database

# Built once: these run for every ticket.
_CLAIM = (
    sa.select(_LOADS)
    .where(_LOADS.c.agent.in_(sa.bindparam("agents", expanding=True)))
    .order_by(_LOADS.c.agent)
    .with_for_update()
)
_OF_AGENT = sa.update(_LOADS).where(_LOADS.c.agent == sa.bindparam("of_agent"))
_TAKE_ON = _OF_AGENT.values(
    open_tickets=_LOADS.c.open_tickets + 1, last_assigned_at=sa.bindparam("now")
)
_QUEUED = "queued for loads"
_QUEUE = sa.select(sa.func.pg_advisory_xact_lock(LOADS_LOCK))
_PUT_DOWN = _OF_AGENT.values(open_tickets=_LOADS.c.open_tickets - 1)


def queue_for(tx: Transaction) -> None:
    """Be the only one who claims the loads of several groups, one after the other.

    SQLite has one writer anyway.
    """
    if tx.dialect == "postgresql" and _QUEUED not in tx.known:
        tx.send(_QUEUE)
        tx.known[_QUEUED] = True


def begin(tx: Transaction, *, agent: str) -> None:
    """Start counting for an agent; harmless for one who is known."""
    tx.insert_if_absent(_LOADS, agent=agent, open_tickets=0, last_assigned_at=None)


def every(tx: Transaction) -> dict[str, Load]:
    """The load of every agent."""
    return _loads(tx.connection.execute(sa.select(_LOADS)))


def claim(tx: Transaction, *, agents: Iterable[str]) -> dict[str, Load]:
    """The agents' loads, ours alone to change until this transaction ends.

    Locked in key order, so that two who claim the same agents wait for each other in one direction.
    """
    wanted = sorted(set(agents))
    if not wanted:
        return {}
    return _loads(tx.connection.execute(_CLAIM, {"agents": wanted}))


def _loads(rows: Iterable[Any]) -> dict[str, Load]:
    return {
        row.agent: Load(open_tickets=row.open_tickets, last_assigned_at=row.last_assigned_at)
        for row in rows
    }


def take_on(tx: Transaction, *, agent: str) -> None:
    """One more ticket in an agent's hands, given now."""
    tx.send(_TAKE_ON, {"of_agent": agent, "now": tx.now})


def put_down(tx: Transaction, *, agent: str) -> None:
    """One ticket less in an agent's hands."""
    tx.send(_PUT_DOWN, {"of_agent": agent})
