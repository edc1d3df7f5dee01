"""The four ways a call can be refused, on the wire.

    WireError
    ├── NotFound      there is no such thing, or the caller may not know of it → 404
    ├── Invalid       what was sent breaks a rule of form → 422
    ├── Conflict      what was asked does not fit the present state → 409; a stale version → 412
    └── Unavailable   nothing was done, or the outcome is unknown; try again → 503

Arguments are positional and plain JSON, because the remote side rebuilds an error as `cls(*args)`.
"""

from collections.abc import Mapping
from typing import Any

Facts = Mapping[str, Any]


class WireError(Exception):
    """A refusal that crosses the bus: a code for programs, a sentence for people, facts."""

    def __init__(self, code: str, detail: str = "", facts: Facts | None = None) -> None:
        self.code = code
        self.detail = detail or code.replace("_", " ")
        self.facts: dict[str, Any] = dict(facts or {})
        super().__init__(code, self.detail, self.facts)

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"


class NotFound(WireError):
    """There is no such thing, or the caller may not know of it."""


class Invalid(WireError):
    """What was sent breaks a rule of form; `facts["errors"]` maps a field's path to messages."""

    @property
    def errors(self) -> dict[str, list[str]]:
        """Messages by field path, such as `{"requester.email": ["Not a valid address."]}`."""
        found: dict[str, list[str]] = self.facts.get("errors", {})
        return found


class Conflict(WireError):
    """What was asked does not fit the present state."""


class Unavailable(WireError):
    """Nobody could answer in time; the same call with the same key may be tried again."""


WIRE_ERRORS: dict[str, type[WireError]] = {
    error.__name__: error for error in (NotFound, Invalid, Conflict, Unavailable)
}


def invalid_field(path: str, message: str) -> Invalid:
    """An `Invalid` about one field."""
    return Invalid("invalid", f"{path}: {message}", {"errors": {path: [message]}})
