"""Escalations: by thresholds that clocks cross, and by hand."""

import logging
from dataclasses import replace
from datetime import timedelta

from chassis.database import Transaction
from contracts.errors import Conflict
from contracts.intake import Actor
from contracts.routing import Assignment, Escalate, EscalationRaised
from contracts.sla import TargetAtRisk, TargetBreached
from services.routing import schemas
from services.routing.domain import escalation, notices
from services.routing.domain.directory import Directory
from services.routing.domain.escalation import Climb, Trigger
from services.routing.domain.holding import Holding
from services.routing.domain.notices import Notice
from services.routing.handlers import noticing
from services.routing.handlers.asking import routed, view
from services.routing.handlers.deciding import decided, pick, save_and_tell
from services.routing.settings import RoutingSettings
from services.routing.store import directory as directory_store
from services.routing.store import holdings, records
from services.routing.store import notices as notice_store

log = logging.getLogger(__name__)


def on_target_crossed(
    event: TargetAtRisk | TargetBreached, *, tx: Transaction, settings: RoutingSettings
) -> None:
    """Let the ticket climb where a rule says so, and tell people.

    Each threshold of a clock version acts once, and is told once.
    """
    trigger = schemas.trigger(event)
    has_rule = escalation.rule_for(trigger) is not None
    # Whoever asked for minutes before due wants to be told, at whatever percent they lie.
    is_asked_for = event.minutes is not None
    is_told = is_asked_for or trigger.threshold >= settings.notice_from_percent
    if not (has_rule or is_told):
        return
    holding = holdings.claim(tx, ticket_id=event.ticket_id, number=event.number)
    if holding.priority is None:
        holding = replace(holding, priority=event.priority)
    is_new = has_rule and records.note_trigger(tx, trigger, ticket_id=event.ticket_id)
    if not holding.is_routed:  # all is held until the ticket's opening is heard
        if is_told:
            noticing.hold(notices.crossed(trigger, holding), tx=tx)
        return
    directory = directory_store.current(tx)
    told: tuple[Notice, ...] = ()
    if is_new:
        holding, told = _act(trigger, holding, tx=tx, directory=directory, settings=settings)
    if is_told:
        told = (*told, notices.crossed(trigger, holding))
    noticing.tell(told, holding, tx=tx, directory=directory, settings=settings)


def act_on_held(
    holding: Holding, *, tx: Transaction, directory: Directory, settings: RoutingSettings
) -> None:
    """Act on the thresholds that were heard of before the ticket's opening."""
    for trigger in records.held_triggers(tx, ticket_id=holding.ticket_id):
        holding, told = _act(trigger, holding, tx=tx, directory=directory, settings=settings)
        for notice in told:
            noticing.hold(notice, tx=tx)
    noticing.file_soon(holding, tx=tx)


def _act(
    trigger: Trigger,
    holding: Holding,
    *,
    tx: Transaction,
    directory: Directory,
    settings: RoutingSettings,
) -> tuple[Holding, tuple[Notice, ...]]:
    verdict = escalation.judge(
        trigger,
        holding=holding,
        past=records.climbs(tx, ticket_id=holding.ticket_id),
        directory=directory,
        now=tx.now,
        cooldown=timedelta(minutes=settings.escalation_cooldown_minutes),
        is_acknowledged=notice_store.is_acknowledged(
            tx, ticket_id=holding.ticket_id, clock=trigger.clock
        ),
    )
    outcome = verdict.refused or "acted"
    records.settle_trigger(tx, trigger, ticket_id=holding.ticket_id, outcome=outcome)
    for climb in verdict.climbs:
        holding = _climb(climb, holding, tx=tx, directory=directory, settings=settings)
    return holding, notices.climbed(verdict.climbs, holding, trigger=trigger)


def escalate(command: Escalate, *, tx: Transaction, settings: RoutingSettings) -> Assignment:
    """Raise a ticket by hand.

    A functional escalation with no group above tells the manager instead, and says so.

    Raises:
        Conflict: not routed yet, done, replayed, or it climbed as often as a ticket may.
    """
    holding = routed(tx, number=command.number)
    refused = escalation.refusal(holding)
    if refused is not None:
        raise Conflict(*refused, {"number": command.number})
    directory = directory_store.current(tx)
    climbs = escalation.climbs(
        (command.kind,),
        rule=escalation.MANUAL,
        trigger=escalation.MANUAL,
        said=f"{schemas.actor_name(command.actor)} escalated: {command.reason.rstrip('. ')}",
        holding=holding,
        directory=directory,
        now=tx.now,
    )
    for climb in climbs:
        holding = _climb(
            climb,
            holding,
            tx=tx,
            directory=directory,
            settings=settings,
            actor=command.actor,
        )
    told = notices.climbed(climbs, holding, trigger=None)
    noticing.tell(told, holding, tx=tx, directory=directory, settings=settings)
    return view(tx, holding, directory=directory)


def _climb(
    climb: Climb,
    holding: Holding,
    *,
    tx: Transaction,
    directory: Directory,
    settings: RoutingSettings,
    actor: Actor = schemas.SYSTEM,
) -> Holding:
    before = replace(holding, escalation_level=climb.level)
    records.add_climb(tx, climb, ticket_id=holding.ticket_id)
    tx.announce(
        EscalationRaised(
            ticket_id=holding.ticket_id,
            number=holding.number,
            kind=climb.kind,
            level=climb.level,
            trigger=climb.trigger,
            reason=climb.reason,
            from_group=climb.from_group,
            raised_at=climb.raised_at,
            actor=actor,
            to_group=climb.to_group,
            told=climb.told,
        )
    )
    if climb.to_group is None:
        holdings.save(tx, before)
        return before
    return _hand_over(climb, before, tx=tx, directory=directory, settings=settings, actor=actor)


def _hand_over(
    climb: Climb,
    before: Holding,
    *,
    tx: Transaction,
    directory: Directory,
    settings: RoutingSettings,
    actor: Actor,
) -> Holding:
    group = directory.groups[climb.to_group or ""]
    picked = pick(tx, group=group, holding=before, directory=directory, settings=settings)
    after, decision = decided(
        before,
        group=group,
        picked=picked,
        reason_code="escalation",
        reason=f"{climb.reason.rstrip('.')}; {picked.why}.",
        now=tx.now,
    )
    if after.assignee is None:
        # An escalation that reaches nobody is itself an alert.
        facts = {"ticket": after.number, "group": group.key, "trigger": climb.trigger}
        log.warning("escalated to a group where nobody is free", extra=facts)
    save_and_tell(
        tx, before=before, after=after, decision=decision, directory=directory, actor=actor
    )
    return after
