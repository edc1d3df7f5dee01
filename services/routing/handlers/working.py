"""People give tickets to each other: assign and transfer."""

from chassis.database import Transaction
from contracts.errors import Conflict, invalid_field
from contracts.routing import Assign, Assignment, Transfer
from services.routing import schemas
from services.routing.domain.assignment import Choice, refusal
from services.routing.domain.directory import Agent, Directory, Group
from services.routing.domain.holding import Holding
from services.routing.handlers.asking import routed, view
from services.routing.handlers.deciding import (
    Pick,
    decided,
    named,
    nobody,
    pick,
    save_and_tell,
)
from services.routing.settings import RoutingSettings
from services.routing.store import directory as directory_store
from services.routing.store import loads, records


def assign(command: Assign, *, tx: Transaction) -> Assignment:
    """Give a ticket to an agent of its group, or back to the queue; the same agent again is fine.

    Raises:
        Invalid: there is no such agent.
        Conflict: not routed yet; or the agent is not in the group, not active, away or full.
    """
    before = routed(tx, number=command.number)
    directory = directory_store.current(tx)
    if command.assignee == before.assignee:
        return view(tx, before, directory=directory)
    group = directory.groups[before.group or ""]
    who = schemas.actor_name(command.actor)
    if command.assignee is None:
        picked, reason = nobody(""), f"{who} gave it back to the queue of {group.name}."
    else:
        agent = _agent(command.assignee, directory)
        picked = _named_by_hand(agent, before, group=group, tx=tx)
        reason = f"{who} gave it to {agent.name}."
    after, decision = decided(
        before,
        group=group,
        picked=picked,
        reason_code="manual",
        reason=reason,
        now=tx.now,
        decided_at=command.occurred_at,
        note=command.note,
        returned_by=before.assignee if command.assignee is None else None,
    )
    save_and_tell(
        tx,
        before=before,
        after=after,
        decision=decision,
        directory=directory,
        actor=command.actor,
    )
    return view(tx, after, directory=directory)


def _agent(key: str, directory: Directory) -> Agent:
    if key not in directory.agents:
        raise invalid_field("assignee", f"There is no agent {key!r}.")
    return directory.agents[key]


def _named_by_hand(agent: Agent, holding: Holding, *, group: Group, tx: Transaction) -> Pick:
    """The agent as picked by a person; the hard rules hold for people too."""
    if group.key not in agent.groups:
        raise _refused("not_in_group", f"{agent.name} is not in {group.name}.", agent)
    both = [agent.key, *([holding.bearer] if holding.bearer else [])]
    them = named(agent, holding=holding, found=loads.claim(tx, agents=both))
    failed = refusal(them)
    # A replayed ticket keeps what was: whoever had it then need not be free now.
    if failed == "inactive" or (failed is not None and not holding.is_replayed):
        raise _refused(f"agent_{failed}", _SAID[failed].format(them=them, name=agent.name), agent)
    return Pick(choice=Choice(assignee=agent.key, level=0, candidates=()), why="")


_SAID = {
    "inactive": "{name} is no longer active.",
    "away": "{name} is away.",
    "full": "{name} has {them.open_tickets} of {them.capacity} open tickets.",
}


def _refused(code: str, detail: str, agent: Agent) -> Conflict:
    return Conflict(code, detail, {"assignee": agent.key})


def transfer(command: Transfer, *, tx: Transaction, settings: RoutingSettings) -> Assignment:
    """Move a ticket to another group, where an agent is chosen.

    Raises:
        Invalid: there is no such group; or a group gets the ticket back without a note.
        Conflict: not routed yet, the group has it already, or it is not active.
    """
    before = routed(tx, number=command.number)
    directory = directory_store.current(tx)
    group = _next_group(command, before, directory=directory, tx=tx)
    had = directory.groups[before.group or ""]
    picked = pick(tx, group=group, holding=before, directory=directory, settings=settings)
    who = schemas.actor_name(command.actor)
    why = command.reason_code.replace("_", " ")
    after, decision = decided(
        before,
        group=group,
        picked=picked,
        reason_code=command.reason_code,
        reason=f"{who} moved it from {had.name} to {group.name} ({why}); {picked.why}.",
        now=tx.now,
        decided_at=command.occurred_at,
        note=command.note,
    )
    save_and_tell(
        tx,
        before=before,
        after=after,
        decision=decision,
        directory=directory,
        actor=command.actor,
    )
    return view(tx, after, directory=directory)


def _next_group(
    command: Transfer, before: Holding, *, directory: Directory, tx: Transaction
) -> Group:
    if command.group not in directory.groups:
        raise invalid_field("group", f"There is no group {command.group!r}.")
    group = directory.groups[command.group]
    if command.group == before.group:
        raise Conflict("same_group", f"{group.name} has it already.", {"group": group.key})
    if not group.active:
        raise Conflict("group_inactive", f"{group.name} is not active.", {"group": group.key})
    goes_back = not before.is_replayed and not command.note.strip()
    if goes_back and group.key in records.groups_before(tx, ticket_id=before.ticket_id):
        raise invalid_field("note", f"{group.name} had it before; say why it goes back.")
    return group
