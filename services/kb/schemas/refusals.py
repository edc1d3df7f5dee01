"""What is answered when something cannot be had or done."""

from collections.abc import Callable, Mapping
from typing import Any

from chassis.files import FileRefused
from contracts.errors import Conflict, Invalid, NotFound, WireError, invalid_field
from services.kb.domain.articles import GroupsRefused
from services.kb.domain.copies import CopyOutdated, CopyRefused
from services.kb.domain.life import FieldsMissing, TransitionRefused, WritingRefused
from services.kb.domain.problems import NoProblem, ProblemNotKnown


def working_copy_not_found(key: str) -> NotFound:
    """The same answer whether there is no article, a hidden one, or one without a copy."""
    return NotFound("working_copy_not_found", f"{key} has no working copy.", {"key": key})


def article_not_found(key: str) -> NotFound:
    """The same answer for an article that does not exist and for one that is hidden."""
    return NotFound("article_not_found", f"There is no article {key}.", {"key": key})


def stale_version(version: int) -> Conflict:
    """Somebody changed the article since the writer saw it."""
    detail = f"The article was changed meanwhile; its version is {version}."
    return Conflict("stale_version", detail, {"version": version})


def _transition_refused(error: TransitionRefused) -> Conflict:
    detail = f"An article in state {error.was} cannot be moved to {error.wanted} by this role."
    facts = {"from": error.was, "to": error.wanted, "allowed": list(error.allowed)}
    return Conflict("article_transition_refused", detail, facts)


def _fields_missing(error: FieldsMissing) -> Invalid:
    errors = {name: [f"Needed to move to {error.wanted}."] for name in error.missing}
    return Invalid("invalid", f"{error.missing[0]}: needed", {"errors": errors})


def _writing_refused(error: WritingRefused) -> Conflict:
    detail = f"An article in state {error.status} is changed by leads only."
    return Conflict("article_writing_refused", detail, {"status": error.status})


def _copy_refused(error: CopyRefused) -> Conflict:
    detail = f"The article is {error.status}; only a published one has a working copy."
    return Conflict("working_copy_refused", detail, {"status": error.status})


def _copy_outdated(error: CopyOutdated) -> Conflict:
    detail = (
        f"The article says something else than revision {error.based_on}, which the working copy"
        f" was based on; compare them and write it again as based on {error.revision}."
    )
    facts = {"based_on": error.based_on, "revision": error.revision, "fields": [*error.fields]}
    return Conflict("working_copy_outdated", detail, facts)


def _groups_refused(_error: GroupsRefused) -> Invalid:
    return invalid_field("groups", "Needed with the audience group, and only with it.")


def _no_problem(error: NoProblem) -> Invalid:
    return invalid_field("problem", f"{error.number} is no problem of the desk.")


def _problem_not_known(error: ProblemNotKnown) -> Conflict:
    message = f"{error.number} is not known, or not yet; try again in a moment."
    facts = {"number": error.number, "errors": {"problem": [message]}}
    return Conflict("problem_not_known", f"problem: {message}", facts)


REFUSALS: Mapping[type[Exception], Callable[[Any], WireError]] = {
    TransitionRefused: _transition_refused,
    FieldsMissing: _fields_missing,
    WritingRefused: _writing_refused,
    GroupsRefused: _groups_refused,
    FileRefused: lambda error: invalid_field(error.field, error.why),
    CopyRefused: _copy_refused,
    CopyOutdated: _copy_outdated,
    NoProblem: _no_problem,
    ProblemNotKnown: _problem_not_known,
}
