"""Decisions, escalations and the thresholds that were heard of: written once, never changed."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.database import Transaction
from contracts.grammar import in_iso
from services.routing.domain.assignment import Candidate, Contender, Need, Weights
from services.routing.domain.decision import Decision
from services.routing.domain.escalation import Climb, Trigger
from services.routing.models import ClimbRow, DecisionRow, TriggerRow
from services.routing.store.rows import fields, table

_DECISIONS = table(DecisionRow)
_CLIMBS = table(ClimbRow)
_TRIGGERS = table(TriggerRow)

HELD = "held"
_ADD_DECISION = sa.insert(_DECISIONS).inline()  # built once: it runs for every ticket


def add_decision(
    tx: Transaction, decision: Decision, *, ticket_id: str, actor: Mapping[str, str]
) -> None:
    """Keep a decision; the same revision twice is an error of ours and refused."""
    values = {name: getattr(decision, name) for name in _PLAIN_PARTS}
    record = _record(decision)
    row = {"ticket_id": ticket_id, "actor": dict(actor), "record": record, **values}
    tx.send(_ADD_DECISION, row)


_PLAIN_PARTS = (
    "revision",
    "decided_at",
    "group",
    "tier",
    "assignee",
    "reason_code",
    "reason",
    "note",
)


def _record(decision: Decision) -> dict[str, Any]:
    return {
        "rule": decision.rule,
        "matched": list(decision.matched),
        "need": _need(decision.need),
        "weights": asdict(decision.weights) if decision.weights else None,
        "candidates": [
            {
                "contender": _facts(candidate.contender),
                "failed": candidate.failed,
                "parts": dict(candidate.parts),
            }
            for candidate in decision.candidates
        ],
    }


def _need(need: Need | None) -> dict[str, Any] | None:
    return None if need is None else asdict(need) | {"excluded": list(need.excluded)}


def _facts(contender: Contender) -> dict[str, Any]:
    at = contender.last_assigned_at
    return vars(contender) | {"last_assigned_at": in_iso(at) if at else None}


def decisions(tx: Transaction, *, ticket_id: str) -> list[tuple[Decision, Mapping[str, str]]]:
    """All decisions on a ticket with who made each, oldest first."""
    asked = (
        sa.select(*fields(_DECISIONS))
        .where(_DECISIONS.c.ticket_id == ticket_id)
        .order_by(_DECISIONS.c.revision)
    )
    return [(_decision(row), row.actor) for row in tx.connection.execute(asked)]


def _decision(row: Any) -> Decision:
    record = row.record
    need, weights = record["need"], record["weights"]
    return Decision(
        **{name: getattr(row, name) for name in _PLAIN_PARTS},
        rule=record["rule"],
        matched=tuple(record["matched"]),
        need=Need(**need | {"excluded": tuple(need["excluded"])}) if need else None,
        weights=Weights(**weights) if weights else None,
        candidates=tuple(_candidate(each) for each in record["candidates"]),
    )


def _candidate(said: Mapping[str, Any]) -> Candidate:
    facts = dict(said["contender"])
    at = facts.pop("last_assigned_at")
    contender = Contender(**facts, last_assigned_at=datetime.fromisoformat(at) if at else None)
    return Candidate(contender=contender, failed=said["failed"], parts=said["parts"])


def groups_before(tx: Transaction, *, ticket_id: str) -> set[str]:
    """Every group that has or had a ticket."""
    asked = sa.select(_DECISIONS.c.group).where(_DECISIONS.c.ticket_id == ticket_id)
    return set(tx.connection.scalars(asked))


def add_climb(tx: Transaction, climb: Climb, *, ticket_id: str) -> None:
    """Keep an escalation; the same level twice is an error of ours and refused."""
    tx.connection.execute(sa.insert(_CLIMBS).values(ticket_id=ticket_id, **vars(climb)))


def climbs(tx: Transaction, *, ticket_id: str) -> tuple[Climb, ...]:
    """All escalations of a ticket, oldest first."""
    asked = (
        sa.select(*[column for column in fields(_CLIMBS) if column.name != "ticket_id"])
        .where(_CLIMBS.c.ticket_id == ticket_id)
        .order_by(_CLIMBS.c.level)
    )
    return tuple(Climb(**row._asdict()) for row in tx.connection.execute(asked))


def note_trigger(tx: Transaction, trigger: Trigger, *, ticket_id: str) -> bool:
    """Keep that a threshold was heard of; False when it was before."""
    # Rules are for clocks of which a ticket has one; no need to tell instances apart.
    values = {name: value for name, value in vars(trigger).items() if name != "instance"}
    return tx.insert_if_absent(
        _TRIGGERS, ticket_id=ticket_id, outcome=HELD, heard_at=tx.now, **values
    )


def held_triggers(tx: Transaction, *, ticket_id: str) -> list[Trigger]:
    """Thresholds that came before the ticket's opening, in the order they were heard."""
    asked = (
        sa.select(_TRIGGERS)
        .where(_TRIGGERS.c.ticket_id == ticket_id, _TRIGGERS.c.outcome == HELD)
        .order_by(_TRIGGERS.c.heard_at, _TRIGGERS.c.clock, _TRIGGERS.c.threshold)
    )
    return [
        Trigger(
            crossing=row.crossing,
            clock=row.clock,
            clock_version=row.clock_version,
            threshold=row.threshold,
        )
        for row in tx.connection.execute(asked)
    ]


def settle_trigger(tx: Transaction, trigger: Trigger, *, ticket_id: str, outcome: str) -> None:
    """Keep what came of a threshold."""
    tx.connection.execute(
        sa.update(_TRIGGERS)
        .where(
            _TRIGGERS.c.ticket_id == ticket_id,
            _TRIGGERS.c.clock == trigger.clock,
            _TRIGGERS.c.clock_version == trigger.clock_version,
            _TRIGGERS.c.threshold == trigger.threshold,
        )
        .values(outcome=outcome)
    )
