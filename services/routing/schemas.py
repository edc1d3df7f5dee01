"""The tongue of routing: contracts into domain values and back."""

from collections.abc import Mapping
from typing import Any

from contracts import routing as said
from contracts.intake import Actor, TicketOpened
from contracts.sla import TargetAtRisk, TargetBreached
from services.routing.domain.assignment import Candidate
from services.routing.domain.decision import Decision
from services.routing.domain.directory import Agent, Group, Rule
from services.routing.domain.escalation import Climb, Trigger
from services.routing.domain.rules import Facts

SYSTEM = Actor(kind="system", id="routing", name="Routing")


def facts(event: TicketOpened) -> Facts:
    """What the rules may look at."""
    return Facts(
        kind=event.kind,
        subject=event.subject,
        body=event.body,
        impact=event.impact,
        category=event.category,
        service=event.service,
        queue=event.group,
    )


def trigger(event: TargetAtRisk | TargetBreached) -> Trigger:
    """The crossing that an event tells of."""
    return Trigger(
        crossing="at_risk" if isinstance(event, TargetAtRisk) else "breached",
        clock=event.clock,
        clock_version=event.clock_version,
        threshold=event.threshold,
    )


def actor_facts(actor: Actor) -> dict[str, str]:
    """Who did it, as it is stored."""
    return dict(vars(actor))


def actor_name(actor: Actor) -> str:
    """Who did it, for people."""
    return actor.name or actor.id


# A spec and its domain value have the same fields; the walls ask for two classes, not two shapes.


def group(spec: said.GroupSpec) -> Group:
    """A support group."""
    return Group(**vars(spec))


def group_spec(value: Group) -> said.GroupSpec:
    """A support group, as it is said."""
    return said.GroupSpec(**_fields(value))


def agent(spec: said.AgentSpec) -> Agent:
    """An agent; a group named twice counts once."""
    return Agent(**vars(spec) | {"groups": tuple(dict.fromkeys(spec.groups))})


def agent_spec(value: Agent) -> said.AgentSpec:
    """An agent, as it is said."""
    return said.AgentSpec(**_fields(value))


def rule(spec: said.RuleSpec) -> Rule:
    """A routing rule."""
    return Rule(**vars(spec))


def rule_spec(value: Rule) -> said.RuleSpec:
    """A routing rule, as it is said."""
    return said.RuleSpec(**_fields(value))


def decision(value: Decision, *, actor: Mapping[str, Any]) -> said.Decision:
    """A decision with its candidates, as it is said."""
    return said.Decision(
        revision=value.revision,
        decided_at=value.decided_at,
        group=value.group,
        tier=value.tier,
        assignee=value.assignee,
        reason_code=value.reason_code,
        reason=value.reason,
        actor=Actor(**actor),
        rule=value.rule,
        matched=value.matched,
        candidates=tuple(_candidate(each) for each in value.candidates),
        note=value.note,
    )


def _candidate(value: Candidate) -> said.Candidate:
    facts = _fields(value.contender)
    return said.Candidate(
        agent=facts.pop("agent"),
        eligible=value.failed is None,
        failed=value.failed,
        score={**value.parts, **facts},
    )


def climb(value: Climb) -> said.Escalation:
    """An escalation, as it is said."""
    return said.Escalation(**{name: part for name, part in vars(value).items() if name != "rule"})


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
