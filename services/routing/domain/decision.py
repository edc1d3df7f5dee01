"""A decision on a ticket, with all that it was made from."""

from dataclasses import dataclass
from datetime import datetime

from services.routing.domain.assignment import NO_CHOICE, Candidate, Choice, Need, Weights, choose


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Where a ticket went and why.

    Attributes:
        need: what the ticket asked of its agent; None when nobody was chosen among.
        candidates: every agent who was looked at.
    """

    revision: int
    decided_at: datetime
    group: str
    tier: int
    assignee: str | None
    reason_code: str
    reason: str
    note: str = ""
    rule: str | None = None
    matched: tuple[str, ...] = ()
    need: Need | None = None
    weights: Weights | None = None
    candidates: tuple[Candidate, ...] = ()


def chosen_again(decision: Decision) -> Choice:
    """The choice that the recorded inputs lead to."""
    if decision.need is None or decision.weights is None:
        return NO_CHOICE
    them = [candidate.contender for candidate in decision.candidates]
    return choose(them, need=decision.need, weights=decision.weights)
