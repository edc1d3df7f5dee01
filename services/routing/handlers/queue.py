"""Which queues are to be served: asked for here, done when the timer falls due.

Serving is a transaction of its own, after the one that freed an agent: it sees every ticket that
came in the meantime, and it locks in the one order that all others keep (tickets before loads).
"""

from collections.abc import Iterable

from chassis.database import Transaction
from chassis.ids import new_id
from services.routing.domain.directory import LEAST_LOADED, Directory
from services.routing.store import holdings


def serve_for(tx: Transaction, *, agent: str, directory: Directory) -> None:
    """Have the queues served that wait for an agent who has room again."""
    known = directory.agents.get(agent)
    if known is not None and known.active and not known.away:
        serve(tx, groups=known.groups, directory=directory)


def serve(tx: Transaction, *, groups: Iterable[str], directory: Directory) -> None:
    """Have those of the groups' queues served that wait for an agent."""
    giving = [key for key in groups if gives(key, directory)]
    for key in holdings.queues_that_wait(tx, groups=giving) if giving else ():
        serve_soon(tx, group=key)


def gives(group: str, directory: Directory) -> bool:
    """Whether a group hands out its tickets; the agents of others pull them."""
    return directory.is_open(group) and directory.groups[group].mode == LEAST_LOADED


def serve_soon(tx: Transaction, *, group: str) -> None:
    """Have a group's queue served as soon as this transaction is over."""
    # Each asking is a timer of its own: one that is being served may already have looked past us.
    tx.arm(key=f"queue:{group}:{new_id()}", due_at=tx.now, payload={"group": group})


def route_soon(tx: Transaction) -> None:
    """Have the tickets routed that came before there was any group."""
    tx.arm(key=f"unrouted:{new_id()}", due_at=tx.now, payload={})
