"""Problems as knowledge knows them: a known error is an article linked to one."""

from dataclasses import dataclass
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import Operation

ProblemNumber = Annotated[str, validate.Length(min=1, max=32)]
ProblemState = Literal["open", "solved", "dropped"]


@dataclass(frozen=True, kw_only=True)
class KnownProblem:
    """A problem of the desk, for agents.

    Attributes:
        subject: empty while only its end was heard of.
        state: `dropped` ended without being solved.
    """

    number: str
    subject: str
    state: ProblemState


@dataclass(frozen=True, kw_only=True)
class ListProblems:
    """Ask for problems that an article can be linked to; open ones first, the newest first.

    Attributes:
        q: words that the subject or number must contain.
    """

    q: Annotated[str, validate.Length(max=200)] = ""
    limit: Annotated[int, validate.Range(min=1, max=200)] = 50


@dataclass(frozen=True, kw_only=True)
class KnownProblems:
    """Problems."""

    items: tuple[KnownProblem, ...]


LIST_PROBLEMS = Operation("kb", "list_problems", ListProblems, KnownProblems)

OPERATIONS = (LIST_PROBLEMS,)
