"""Who gets a ticket: hard filters, then a score, then a tie-break; the same inputs, the same agent.

A `Contender` holds every fact the choice looks at and nothing else, so that a stored decision
record can be replayed to the same answer.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from services.routing.domain.directory import Agent

_NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Load:
    """What an agent has in hand, and when they were last given a ticket."""

    open_tickets: int = 0
    last_assigned_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a ticket asks of its agent.

    Attributes:
        skill: what the agent should know, `level` how well (1 to 3).
        language: what the requester speaks.
        excluded: agents who gave this ticket back.
    """

    language: str
    skill: str | None = None
    level: int = 1
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Weights:
    """How much each part of the score counts; the lowest score wins."""

    load: float = 1.0
    skill: float = 0.5
    language: float = 0.25


@dataclass(frozen=True, kw_only=True)
class Contender:
    """The facts about one agent of the group that the choice looks at."""

    agent: str
    active: bool
    away: bool
    open_tickets: int
    capacity: int
    skill_level: int
    speaks_language: bool
    last_assigned_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A contender as judged.

    Attributes:
        failed: the first filter that left them out.
        parts: the score by part and in `total`; empty for those left out.
    """

    contender: Contender
    failed: str | None
    parts: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The agent chosen, or nobody, with everyone who was looked at.

    Attributes:
        level: the skill level that was asked for in the end; 0 when any member would do.
    """

    assignee: str | None
    level: int
    candidates: tuple[Candidate, ...]


NO_CHOICE = Choice(assignee=None, level=0, candidates=())


def contender(agent: Agent, *, need: Need, load: Load) -> Contender:
    """An agent's facts as of now."""
    return Contender(
        agent=agent.key,
        active=agent.active,
        away=agent.away,
        open_tickets=load.open_tickets,
        capacity=agent.capacity,
        skill_level=agent.skills.get(need.skill, 0) if need.skill else 0,
        speaks_language=need.language in agent.languages,
        last_assigned_at=load.last_assigned_at,
    )


# Tried in this order; the first that holds is the one an explanation names.
HARD_FILTERS: tuple[tuple[str, Callable[[Contender], bool]], ...] = (
    ("inactive", lambda them: not them.active),
    ("away", lambda them: them.away),
    ("full", lambda them: them.open_tickets >= them.capacity),
)


def refusal(them: Contender) -> str | None:
    """Why an agent of the group may not get any ticket now, if so."""
    return next((name for name, fails in HARD_FILTERS if fails(them)), None)


def choose(contenders: Iterable[Contender], *, need: Need, weights: Weights) -> Choice:
    """The contender with the lowest score among those who pass every filter.

    Where nobody who may have the ticket knows enough, a lower skill level is accepted step by step,
    and in the end any member. Ties go to who waited longest since their last ticket, then by key.
    """
    them = tuple(contenders)
    level = _level_within_reach(them, need)
    candidates = tuple(_judged(each, need, weights, level) for each in them)
    fit = [each for each in candidates if each.failed is None]
    best = min(fit, key=_rank, default=None)
    return Choice(
        assignee=best.contender.agent if best else None, level=level, candidates=candidates
    )


def _level_within_reach(them: tuple[Contender, ...], need: Need) -> int:
    if need.skill is None:
        return 0
    free = [each.skill_level for each in them if _barred(each, need) is None]
    return min(need.level, max(free, default=need.level))


def _barred(them: Contender, need: Need) -> str | None:
    return refusal(them) or ("gave_back" if them.agent in need.excluded else None)


def _judged(them: Contender, need: Need, weights: Weights, level: int) -> Candidate:
    failed = _barred(them, need) or ("skill" if them.skill_level < level else None)
    parts = _score(them, need, weights) if failed is None else {}
    return Candidate(contender=them, failed=failed, parts=parts)


def _score(them: Contender, need: Need, weights: Weights) -> dict[str, float]:
    parts = {
        "load": weights.load * them.open_tickets / them.capacity,
        "skill": weights.skill * (1 - _skill_fit(them, need)),
        "language": -weights.language * them.speaks_language,
    }
    rounded = {name: round(value, 6) for name, value in parts.items()}
    return rounded | {"total": round(sum(rounded.values()), 6)}


def _skill_fit(them: Contender, need: Need) -> float:
    # Exactly the level asked for fits best: experts are kept free for what only they can do.
    if need.skill is None:
        return 1.0
    return min(them.skill_level, need.level) / max(them.skill_level, need.level)


def _rank(candidate: Candidate) -> tuple[float, datetime, str]:
    them = candidate.contender
    return candidate.parts["total"], them.last_assigned_at or _NEVER, them.agent


def explain(choice: Choice, *, need: Need, names: Mapping[str, str]) -> str:
    """Half a sentence for people: why this agent, or why nobody."""
    if not choice.candidates:
        return "the group has no agents, so the ticket waits in its queue"
    if choice.assignee is None:
        return f"nobody can take it now ({_left_out(choice)}), so it waits in the group’s queue"
    chosen = next(
        each.contender for each in choice.candidates if each.contender.agent == choice.assignee
    )
    fit = sum(each.failed is None for each in choice.candidates)
    others = f"has the best score of {fit}" if fit > 1 else "is the only one who can take it"
    facts = [f"{chosen.open_tickets} of {chosen.capacity} open tickets"]
    if need.skill:
        facts.append(f"{need.skill} level {chosen.skill_level}")
    if chosen.speaks_language:
        facts.append(f"speaks {need.language}")
    name = names.get(choice.assignee, choice.assignee)
    return f"{_widening(choice, need)}{name} {others} ({', '.join(facts)})"


def _widening(choice: Choice, need: Need) -> str:
    if need.skill is None or choice.level == need.level:
        return ""
    asked = f"nobody free knows {need.skill} at level {need.level}"
    if choice.level == 0:
        return f"{asked} or lower, so any member would do; "
    return f"{asked}, so level {choice.level} was accepted; "


def _left_out(choice: Choice) -> str:
    counted = Counter(each.failed for each in choice.candidates)
    return ", ".join(f"{counted[name]} {_IN_WORDS[name]}" for name in _IN_WORDS if counted[name])


_IN_WORDS = {
    "inactive": "no longer active",
    "away": "away",
    "full": "at capacity",
    "gave_back": "gave it back",
}
