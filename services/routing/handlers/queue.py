"""Which queues are to be served: asked for here, done when the timer falls due.

Serving is a transaction of its own, after the one that freed an agent: it sees every ticket that
came in the meantime, and it locks in the one order that all others keep (tickets before loads).
"""

from collections.abc import Iterable

from chassis.database import Transaction
from services.routing.domain.directory import LEAST_LOADED, Directory
from services.routing.store import holdings


def serve_for(tx: Transaction, *, agent: str, directory: Directory) -> None:
    """Have the queues served that wait for an agent who has room again."""
    known = directory.agents.get(agent)
    if known is not None and known.active and not known.away:
        serve(tx, groups=known.groups, directory=directory)


def serve(tx: Transaction, *, groups: Iterable[str], directory: Directory) -> None:
    """Have those of the groups' queues served that wait for an agent."""
    giving = [key for key in groups if _gives(key, directory)]
    for key in holdings.queues_that_wait(tx, groups=giving) if giving else ():
        serve_soon(tx, group=key)


def _gives(group: str, directory: Directory) -> bool:
    return directory.is_open(group) and directory.groups[group].mode == LEAST_LOADED


def serve_soon(tx: Transaction, *, group: str) -> None:
    """Have a group's queue served as soon as this transaction is over."""
    tx.arm(key=f"queue:{group}", due_at=tx.now, payload={"group": group})


def route_soon(tx: Transaction) -> None:
    """Have the tickets routed that came before there was any group."""
    tx.arm(key="unrouted", due_at=tx.now, payload={})
