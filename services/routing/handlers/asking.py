"""Who has a ticket, and why."""

from chassis.database import Transaction
from contracts.errors import Conflict
from contracts.routing import Assignment, GetAssignment
from services.routing import schemas
from services.routing.domain.directory import Directory
from services.routing.domain.holding import Holding
from services.routing.store import directory as directory_store
from services.routing.store import holdings, records


def get_assignment(query: GetAssignment, *, tx: Transaction) -> Assignment:
    """Who has the ticket, with every decision; all empty while routing has not heard of it."""
    holding = holdings.numbered(tx, number=query.number)
    if holding is None or not holding.is_routed:
        return Assignment(
            number=query.number,
            group=None,
            group_name=None,
            tier=None,
            assignee=None,
            assignee_name=None,
            decision=None,
        )
    return view(tx, holding, directory=directory_store.current(tx))


def routed(tx: Transaction, *, number: str) -> Holding:
    """A ticket to be worked on, ours alone until this transaction ends.

    Raises:
        Conflict: routing has not heard of it yet.
    """
    holding = holdings.claim_numbered(tx, number=number)
    if holding is None or not holding.is_routed:
        raise Conflict(
            "not_routed_yet", f"{number} has no group yet; try again.", {"number": number}
        )
    return holding


def view(tx: Transaction, holding: Holding, *, directory: Directory) -> Assignment:
    """A routed ticket as it is said."""
    history = tuple(
        schemas.decision(decision, actor=actor)
        for decision, actor in records.decisions(tx, ticket_id=holding.ticket_id)
    )
    last = history[-1]
    group = directory.groups.get(last.group)
    agent = directory.agents.get(last.assignee or "")
    climbs = records.climbs(tx, ticket_id=holding.ticket_id)
    return Assignment(
        number=holding.number,
        group=last.group,
        group_name=group.name if group else last.group,
        tier=last.tier,
        assignee=last.assignee,
        assignee_name=agent.name if agent else last.assignee,
        decision=last,
        history=history,
        escalations=tuple(schemas.climb(climb) for climb in climbs),
    )
