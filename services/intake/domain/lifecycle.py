"""The life cycle of a ticket, as data: which moves there are, who may make them, what they need.

Statuses fall into five categories; clocks bind to categories. `closed`, `merged`, `duplicate`,
`cancelled` and `spam` are ends: no move leaves them. No move leads to `merged`: that is what
`merging` is for, and what undoes it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

CATEGORIES: Mapping[str, str] = {
    "new": "queued",
    "triaged": "queued",
    "assigned": "queued",
    "in_progress": "active",
    "verifying": "active",
    "resolved": "done",
    "closed": "done",
    "merged": "done",
    "duplicate": "done",
    "cancelled": "done",
    "spam": "done",
}
# Waiting on the requester is theirs; every other pause is somebody's whom they cannot hurry.
PENDING_CATEGORIES: Mapping[str, str] = {
    "requester": "waiting_requester",
    "vendor": "waiting_other",
    "change": "waiting_other",
    "visit": "waiting_other",
    "date": "waiting_other",
}
ENDS = frozenset({"closed", "merged", "duplicate", "cancelled", "spam"})

REQUESTER, AGENT, SYSTEM = "requester", "agent", "system"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One move of the life cycle.

    Attributes:
        roles: who may make it; `system` stands for the desk's own rules.
        needs: fields that must be given.
        takes: fields that may be given beside those and a `reason`, which every move takes.
        event: what is told; the effects follow from it: `resolved` stamps the solution, `reopened`
            removes it and counts, `closed` stamps the end.
    """

    was: str
    to: str
    roles: frozenset[str]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    event: str = "status_changed"


def _moves(
    was: str,
    to: str,
    roles: str,
    *,
    needs: tuple[str, ...] = (),
    takes: tuple[str, ...] = (),
    event: str = "status_changed",
) -> tuple[Transition, ...]:
    allowed = frozenset(roles.split())
    return tuple(
        Transition(was=one, to=to, roles=allowed, needs=needs, takes=takes, event=event)
        for one in was.split()
    )


_OPEN = "new triaged assigned in_progress pending verifying"
OPEN = frozenset(_OPEN.split())

TRANSITIONS: tuple[Transition, ...] = (
    *_moves("new", "triaged", "agent system"),
    # Nobody holds it any more: its assignee was taken away, or the awaited answer came too late.
    *_moves("assigned pending", "triaged", "system"),
    *_moves("new triaged", "assigned", "system"),
    *_moves("new triaged assigned pending", "in_progress", "agent system"),
    *_moves("verifying", "in_progress", "agent"),
    *_moves(_OPEN, "pending", "agent", needs=("pending_reason",), takes=("until",)),
    *_moves("in_progress pending", "verifying", "agent"),
    *_moves(_OPEN, "resolved", "agent", needs=("resolution",), event="resolved"),
    *_moves("resolved", "in_progress", "requester agent", event="reopened"),
    *_moves("resolved", "closed", "requester agent system", event="closed"),
    *_moves(_OPEN, "cancelled", "requester", event="closed"),
    *_moves(_OPEN, "cancelled", "agent", needs=("reason",), event="closed"),
    *_moves(_OPEN, "duplicate", "agent", needs=("reason",), event="closed"),
    *_moves(_OPEN, "spam", "agent", event="closed"),
)

_TABLE: Mapping[tuple[str, str, str], Transition] = {
    (move.was, move.to, role): move for move in TRANSITIONS for role in move.roles
}


class TransitionRefused(Exception):
    """The life cycle knows no such move for this role; `allowed` are those it knows."""

    def __init__(self, *, was: str, wanted: str, allowed: tuple[str, ...]) -> None:
        super().__init__(was, wanted, allowed)
        self.was = was
        self.wanted = wanted
        self.allowed = allowed


class FieldsRefused(Exception):
    """Fields are missing or out of place; `errors` holds messages by field."""

    def __init__(self, **errors: str) -> None:
        super().__init__(errors)
        self.errors = errors


def category_of(*, status: str, pending_reason: str | None) -> str:
    """The status category that clocks bind to."""
    if status == "pending":
        return PENDING_CATEGORIES[pending_reason or ""]
    return CATEGORIES[status]


def moves_allowed(*, was: str, role: str) -> tuple[str, ...]:
    """The statuses this role may move to, in the order of the table."""
    return tuple(
        dict.fromkeys(move.to for move in TRANSITIONS if move.was == was and role in move.roles)
    )


def transition(*, was: str, to: str, role: str, given: Collection[str] = ()) -> Transition:
    """The move that is wanted, with the fields it needs.

    Args:
        was: the present status.
        to: the wanted one.
        role: requester, agent or system.
        given: names of the fields that are given.

    Raises:
        TransitionRefused: there is no such move for this role.
        FieldsRefused: a field is missing, or given though the move does not take it.
    """
    move = _TABLE.get((was, to, role))
    if move is None:
        raise TransitionRefused(was=was, wanted=to, allowed=moves_allowed(was=was, role=role))
    missing = {name: f"Needed to move to {to}." for name in move.needs if name not in given}
    taken = {"reason", *move.needs, *move.takes}
    astray = {name: f"Has no meaning in a move to {to}." for name in given if name not in taken}
    if errors := missing | astray:
        raise FieldsRefused(**errors)
    return move
