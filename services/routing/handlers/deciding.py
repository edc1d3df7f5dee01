"""How every decision is made, kept and told, whatever led to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.database import Transaction
from contracts.intake import Actor
from contracts.routing import AssignmentMade
from services.routing import schemas
from services.routing.domain.assignment import (
    NO_CHOICE,
    Choice,
    Contender,
    Load,
    Need,
    Weights,
    choose,
    contender,
    explain,
)
from services.routing.domain.decision import Decision
from services.routing.domain.directory import LEAST_LOADED, Agent, Directory, Group
from services.routing.domain.holding import Holding
from services.routing.handlers import queue
from services.routing.settings import RoutingSettings
from services.routing.store import holdings, loads, records


@dataclass(frozen=True, kw_only=True)
class Pick:
    """An agent, or nobody, with what was looked at and half a sentence why."""

    choice: Choice
    why: str
    need: Need | None = None
    weights: Weights | None = None


def nobody(why: str) -> Pick:
    """A pick that looked at nobody."""
    return Pick(choice=NO_CHOICE, why=why)


def pick(
    tx: Transaction,
    *,
    group: Group,
    holding: Holding,
    directory: Directory,
    settings: RoutingSettings,
) -> Pick:
    """Choose an agent of the group; the loads of all who are looked at are ours from here on."""
    if holding.is_replayed:
        return nobody("a replayed ticket gets no agent by itself")
    if holding.is_done:
        return nobody("the ticket is done, so it needs no agent")
    if group.mode != LEAST_LOADED:
        return nobody("its agents pull tickets from the queue themselves")
    members = {agent.key for agent in directory.members(group.key)}
    bearer = {holding.bearer} if holding.bearer else set()
    found = loads.claim(tx, agents=members | bearer)
    return pick_among(found, group=group, holding=holding, directory=directory, settings=settings)


def pick_among(
    found: Mapping[str, Load],
    *,
    group: Group,
    holding: Holding,
    directory: Directory,
    settings: RoutingSettings,
) -> Pick:
    """Choose an agent of the group whose loads are known and ours."""
    need = _need(holding)
    weights = Weights(
        load=settings.score_load, skill=settings.score_skill, language=settings.score_language
    )
    members = directory.members(group.key)
    choice = choose(
        [
            contender(agent, need=need, load=_without(holding, agent.key, found))
            for agent in members
        ],
        need=need,
        weights=weights,
    )
    names = {agent.key: agent.name for agent in members}
    why = explain(choice, need=need, names=names)
    return Pick(choice=choice, why=why, need=need, weights=weights)


def _need(holding: Holding) -> Need:
    return Need(
        language=holding.language,
        skill=holding.skill,
        level=holding.skill_level,
        excluded=(holding.returned_by,) if holding.returned_by else (),
    )


def _without(holding: Holding, agent: str, found: Mapping[str, Load]) -> Load:
    """An agent's load as if they did not have this ticket."""
    load = found.get(agent, Load())
    if agent != holding.bearer:
        return load
    return Load(open_tickets=load.open_tickets - 1, last_assigned_at=load.last_assigned_at)


def named(agent: Agent, *, holding: Holding, found: Mapping[str, Load]) -> Contender:
    """The facts about an agent whom somebody named."""
    return contender(agent, need=_need(holding), load=_without(holding, agent.key, found))


def decided(
    before: Holding,
    *,
    group: Group,
    picked: Pick,
    reason_code: str,
    reason: str,
    now: datetime,
    decided_at: datetime | None = None,
    note: str = "",
    rule: str | None = None,
    matched: tuple[str, ...] = (),
    returned_by: str | None = None,
) -> tuple[Holding, Decision]:
    """The next decision on a ticket, and the ticket after it; nothing is kept yet."""
    assignee = picked.choice.assignee
    after = before.given(group=group.key, assignee=assignee, now=now, returned_by=returned_by)
    decision = Decision(
        revision=after.revision,
        decided_at=decided_at or now,
        group=group.key,
        tier=group.tier,
        assignee=assignee,
        reason_code=reason_code,
        reason=reason,
        note=note,
        rule=rule,
        matched=matched,
        need=picked.need,
        weights=picked.weights,
        candidates=picked.choice.candidates,
    )
    return after, decision


def tell(
    tx: Transaction,
    *,
    before: Holding,
    after: Holding,
    decision: Decision,
    directory: Directory,
    actor: Actor = schemas.SYSTEM,
    category: str | None = None,
) -> None:
    """Move the load, keep the decision's record and announce it; `after` is saved by the caller."""
    shift_load(tx, before=before, after=after, directory=directory)
    records.add_decision(tx, decision, ticket_id=after.ticket_id, actor=schemas.actor_facts(actor))
    tx.announce(
        AssignmentMade(
            ticket_id=after.ticket_id,
            number=after.number,
            revision=decision.revision,
            decided_at=decision.decided_at,
            group=decision.group,
            tier=decision.tier,
            reason_code=decision.reason_code,
            reason=decision.reason,
            actor=actor,
            assignee=decision.assignee,
            category=category,
            origin="replay" if after.is_replayed else "live",
        )
    )


def shift_load(tx: Transaction, *, before: Holding, after: Holding, directory: Directory) -> None:
    """Let the ticket weigh on whoever bears it now, and on nobody else."""
    if before.bearer == after.bearer:
        return
    if after.bearer is not None:
        loads.take_on(tx, agent=after.bearer)
    if before.bearer is not None:
        loads.put_down(tx, agent=before.bearer)
        queue.serve_for(tx, agent=before.bearer, directory=directory)


def save_and_tell(
    tx: Transaction,
    *,
    before: Holding,
    after: Holding,
    decision: Decision,
    directory: Directory,
    actor: Actor = schemas.SYSTEM,
) -> None:
    """Keep and announce a decision on a ticket that is known."""
    holdings.save(tx, after)
    tell(tx, before=before, after=after, decision=decision, directory=directory, actor=actor)
