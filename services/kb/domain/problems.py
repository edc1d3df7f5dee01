"""Problems, whose known errors articles are: what is heard of them, and what links an article."""

import re
from dataclasses import dataclass

PROBLEM = "problem"  # the kind of ticket
OPEN, SOLVED, DROPPED = "open", "solved", "dropped"

_NUMBER = re.compile(r"PRB-[1-9][0-9]{0,17}-[0-9]")


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A problem as it was last heard of; without a subject while only its end was."""

    number: str
    subject: str
    state: str


class NoProblem(Exception):
    """What an article is to be linked to is no problem."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number)
        self.number = number


class ProblemNotKnown(Exception):
    """Nobody has told of a problem with this number, or not yet."""

    def __init__(self, *, number: str) -> None:
        super().__init__(number)
        self.number = number


def tidy_number(text: str) -> str:
    """A number as it is written; case and surrounding blanks do not matter."""
    return text.strip().upper()


def check_link(number: str, *, is_known: bool, is_other_ticket: bool) -> None:
    """Let an article be linked to a problem that was heard of.

    One that was opened a moment ago may not have been heard of; so what could be its number is
    refused as not known yet, and what cannot be one as wrong.

    Raises:
        NoProblem: it is a ticket of another kind, or no number of a problem.
        ProblemNotKnown: it is not known, perhaps not yet.
    """
    if is_known:
        return
    if is_other_ticket or not _NUMBER.fullmatch(number):
        raise NoProblem(number=number)
    raise ProblemNotKnown(number=number)


def state_of_end(status: str) -> str:
    """The state of a problem whose ticket has ended: only what was resolved is closed."""
    return SOLVED if status == "closed" else DROPPED
