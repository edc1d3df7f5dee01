"""A timer fell due: waiting tickets are given out, and waiting notices."""

from chassis.database import Timer, Transaction
from contracts.grammar import from_plain
from contracts.intake import TicketOpened
from services.routing.domain.assignment import Load
from services.routing.domain.directory import Directory, Group
from services.routing.domain.holding import Holding
from services.routing.handlers import delivering, noticing, opening, queue
from services.routing.handlers.deciding import decided, pick_among, save_and_tell
from services.routing.settings import RoutingSettings
from services.routing.store import directory as directory_store
from services.routing.store import holdings, loads


def on_timer(timer: Timer, *, tx: Transaction, settings: RoutingSettings) -> None:
    """Serve the queue or give the notices that the timer names, or route what was kept."""
    match timer.payload:
        case {"group": str(group)}:
            _serve_queue(group, tx=tx, settings=settings)
        case {"recipient": str(recipient)}:
            delivering.deliver(recipient, tx=tx, settings=settings)
        case {"ticket": str(ticket_id), "number": str(number)}:
            noticing.file_held(ticket_id, number, tx=tx, settings=settings)
        case _:
            _route_kept(tx=tx, settings=settings)


def _route_kept(*, tx: Transaction, settings: RoutingSettings) -> None:
    kept = holdings.take_unrouted(tx, limit=settings.queue_batch)
    for told in kept:
        opening.on_ticket_opened(from_plain(TicketOpened, told), tx=tx, settings=settings)
    if len(kept) == settings.queue_batch:
        queue.route_soon(tx)


def _serve_queue(key: str, *, tx: Transaction, settings: RoutingSettings) -> None:
    directory = directory_store.current(tx)
    if not queue.gives(key, directory):
        return
    waiting = holdings.claim_waiting(tx, group=key, limit=settings.queue_batch)
    if not waiting:
        return
    group = directory.groups[key]
    found = loads.claim(tx, agents=[agent.key for agent in directory.members(key)])
    given = 0
    for holding in waiting:
        taker = _give(
            holding, group=group, found=found, tx=tx, directory=directory, settings=settings
        )
        if taker is not None:
            given += 1
            more = found[taker].open_tickets + 1
            found[taker] = Load(open_tickets=more, last_assigned_at=tx.now)
    if given == settings.queue_batch:
        queue.serve_soon(tx, group=key)


def _give(
    before: Holding,
    *,
    group: Group,
    found: dict[str, Load],
    tx: Transaction,
    directory: Directory,
    settings: RoutingSettings,
) -> str | None:
    """Give one waiting ticket to an agent; nothing is decided while nobody can take it."""
    picked = pick_among(found, group=group, holding=before, directory=directory, settings=settings)
    if picked.choice.assignee is None:
        return None
    after, decision = decided(
        before,
        group=group,
        picked=picked,
        reason_code="rule",
        reason=f"Waited in the queue of {group.name}; {picked.why}.",
        now=tx.now,
    )
    save_and_tell(tx, before=before, after=after, decision=decision, directory=directory)
    return picked.choice.assignee
