"""The life of an article, as data: which moves there are, who may make them, what they need."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

DRAFT, REVIEW, PUBLISHED, ARCHIVED = "draft", "review", "published", "archived"
# All states an article can be in; only a published one can be found.
STATUSES = (DRAFT, REVIEW, PUBLISHED, ARCHIVED)

AGENT, LEAD, SYSTEM = "agent", "lead", "system"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One move.

    Attributes:
        roles: Who may make it; `system` stands for a publication that was planned.
        needs: What the article must have, or (`note`) what must be said with the move.
    """

    was: str
    to: str
    roles: frozenset[str]
    needs: tuple[str, ...] = ()


def a_move(was: str, to: str, roles: str, *, needs: tuple[str, ...] = ()) -> Transition:
    """One line of a table of moves; `roles` are parted by spaces."""
    return Transition(was=was, to=to, roles=frozenset(roles.split()), needs=needs)


TRANSITIONS: tuple[Transition, ...] = (
    a_move(DRAFT, REVIEW, "agent lead", needs=("category",)),
    a_move(DRAFT, PUBLISHED, "lead system", needs=("category",)),
    a_move(DRAFT, ARCHIVED, "agent lead"),
    # Sent back to its author, who should know why.
    a_move(REVIEW, DRAFT, "agent lead", needs=("note",)),
    a_move(REVIEW, PUBLISHED, "lead system", needs=("category",)),
    a_move(REVIEW, ARCHIVED, "lead", needs=("note",)),
    a_move(PUBLISHED, DRAFT, "lead", needs=("note",)),
    a_move(PUBLISHED, ARCHIVED, "lead", needs=("note",)),
    a_move(ARCHIVED, DRAFT, "agent lead"),
)

# In which states an article's words may be changed.
WRITES: Mapping[str, frozenset[str]] = {
    AGENT: frozenset({DRAFT, REVIEW}),
    LEAD: frozenset(STATUSES),
}


class TransitionRefused(Exception):
    """The life of articles knows no such move for this role; `allowed` are those it knows."""

    def __init__(self, *, was: str, wanted: str, allowed: tuple[str, ...]) -> None:
        super().__init__(was, wanted, allowed)
        self.was = was
        self.wanted = wanted
        self.allowed = allowed


class FieldsMissing(Exception):
    """A move needs fields that are not there."""

    def __init__(self, *, wanted: str, missing: tuple[str, ...]) -> None:
        super().__init__(wanted, missing)
        self.wanted = wanted
        self.missing = missing


class WritingRefused(Exception):
    """This role may not change the words of an article in this state."""

    def __init__(self, *, status: str) -> None:
        super().__init__(status)
        self.status = status


def moves_allowed(
    *, was: str, role: str, moves: Collection[Transition] = TRANSITIONS
) -> tuple[str, ...]:
    """The states this role may move an article to, in the order of the table."""
    return tuple(move.to for move in moves if move.was == was and role in move.roles)


def transition(
    *,
    was: str,
    to: str,
    role: str,
    given: Collection[str],
    moves: Collection[Transition] = TRANSITIONS,
) -> Transition:
    """The move that is wanted.

    Args:
        was: The present state.
        to: The wanted one.
        role: agent, lead or system.
        given: Names of the fields that are there.
        moves: The table of moves; that of articles when left out.

    Raises:
        TransitionRefused: there is no such move for this role.
        FieldsMissing: something it needs is not there.
    """
    fitting = (each for each in moves if (each.was, each.to) == (was, to) and role in each.roles)
    move = next(fitting, None)
    if move is None:
        allowed = moves_allowed(was=was, role=role, moves=moves)
        raise TransitionRefused(was=was, wanted=to, allowed=allowed)
    if missing := tuple(name for name in move.needs if name not in given):
        raise FieldsMissing(wanted=to, missing=missing)
    return move


def check_writing(*, status: str, role: str) -> None:
    """Refuse to let a role write in a state that is not its to write in.

    Raises:
        WritingRefused: it may not.
    """
    if status not in WRITES[role]:
        raise WritingRefused(status=status)


def review_after(planned: datetime | None, *, now: datetime, days: int) -> datetime:
    """When an article that is published now must be read again: as planned, or after some days."""
    return planned if planned and planned > now else now + timedelta(days=days)
