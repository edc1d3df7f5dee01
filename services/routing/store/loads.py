"""What agents have in hand."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from chassis.database import Transaction
from services.routing.domain.assignment import Load
from services.routing.models import LoadRow
from services.routing.store.rows import table

_LOADS = table(LoadRow)


def begin(tx: Transaction, *, agent: str) -> None:
    """Start counting for an agent; harmless for one who is known."""
    tx.insert_if_absent(_LOADS, agent=agent, open_tickets=0, last_assigned_at=None)


def every(tx: Transaction) -> dict[str, Load]:
    """The load of every agent."""
    return _read(tx, sa.select(_LOADS))


def claim(tx: Transaction, *, agents: Iterable[str]) -> dict[str, Load]:
    """The agents' loads, ours alone to change until this transaction ends.

    Locked in key order, so that two who claim the same agents wait for each other in one direction.
    """
    wanted = sorted(set(agents))
    if not wanted:
        return {}
    asked = sa.select(_LOADS).where(_LOADS.c.agent.in_(wanted)).order_by(_LOADS.c.agent)
    return _read(tx, asked.with_for_update())


def _read(tx: Transaction, asked: "sa.Select[tuple[str, int, datetime | None]]") -> dict[str, Load]:
    return {
        row.agent: Load(open_tickets=row.open_tickets, last_assigned_at=row.last_assigned_at)
        for row in tx.session.execute(asked)
    }


def take_on(tx: Transaction, *, agent: str) -> None:
    """One more ticket in an agent's hands, given now."""
    _change(tx, agent, open_tickets=_LOADS.c.open_tickets + 1, last_assigned_at=tx.now)


def put_down(tx: Transaction, *, agent: str) -> None:
    """One ticket less in an agent's hands."""
    _change(tx, agent, open_tickets=_LOADS.c.open_tickets - 1)


def _change(tx: Transaction, agent: str, **values: object) -> None:
    tx.session.execute(sa.update(_LOADS).where(_LOADS.c.agent == agent).values(**values))
