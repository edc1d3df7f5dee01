"""The tongue of routing: contracts into domain values and back."""

from collections.abc import Mapping
from typing import Any

from contracts import routing as said
from contracts.intake import Actor, TicketOpened
from contracts.kb import ArticleReviewDue
from contracts.sla import Opening, TargetAtRisk, TargetBreached
from services.routing.domain import notices
from services.routing.domain.assignment import Candidate
from services.routing.domain.decision import Decision
from services.routing.domain.directory import Agent, Group, Rule
from services.routing.domain.escalation import Climb, Trigger
from services.routing.domain.hours import Shift, WorkingHours
from services.routing.domain.notices import Notice
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
    """The crossing that an event tells of; one in minutes counts by the percent it lies at."""
    return Trigger(
        crossing="at_risk" if isinstance(event, TargetAtRisk) else "breached",
        clock=event.clock,
        clock_version=event.clock_version,
        threshold=event.threshold,
        instance=event.instance,
        minutes=event.minutes,
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
    groups = tuple(dict.fromkeys(spec.groups))
    return Agent(**vars(spec) | {"groups": groups, "hours": _hours(spec.hours)})


def _hours(spec: said.WorkingHours | None) -> WorkingHours | None:
    if spec is None:
        return None
    week: dict[str, tuple[Shift, ...]] = {
        day: tuple(Shift(start=each.start, end=each.end) for each in shifts)
        for day, shifts in spec.week.items()
    }
    return WorkingHours(zone=spec.zone, week=week)


def agent_spec(value: Agent) -> said.AgentSpec:
    """An agent, as it is said."""
    return said.AgentSpec(**_fields(value) | {"hours": _hours_spec(value.hours)})


def _hours_spec(value: WorkingHours | None) -> said.WorkingHours | None:
    if value is None:
        return None
    week: Any = {
        day: tuple(Opening(start=each.start, end=each.end) for each in shifts)
        for day, shifts in value.week.items()
    }
    return said.WorkingHours(zone=value.zone, week=week)


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


def review(event: ArticleReviewDue) -> Notice:
    """The notice of an article that is to be read again."""
    return notices.article_is_due(**vars(event))


_SAID_OF_NOTICES = tuple(
    name for name in said.Notice.__dataclass_fields__ if name != "acknowledged_by"
)


def notice(value: Notice) -> said.Notice:
    """A notice that was given, as it is said."""
    by: Any = value.acknowledged_by
    return said.Notice(
        **{name: getattr(value, name) for name in _SAID_OF_NOTICES},
        acknowledged_by=Actor(**by) if by else None,
    )


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
