"""One call of the API."""

from dataclasses import dataclass
from typing import Any, Literal

from gateway.access import Roles

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


BASE = "/api/v1"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One call.

    Attributes:
        name: its name in the reference, an imperative.
        roles: who may.
        body, query, answer: payload dataclasses; None where there is none.
        from_path: fields of the body that the path decides.
        versioned: it heeds `If-Match`.
        media: other forms of the answer than JSON.
        most_bytes: the longest body, where it is longer than elsewhere.
    """

    method: Method
    path: str
    name: str
    summary: str
    tag: str
    roles: Roles
    answer: type[Any] | None = None
    body: type[Any] | None = None
    query: type[Any] | None = None
    status: int = 200
    from_path: tuple[str, ...] = ()
    versioned: bool = False
    media: tuple[str, ...] = ()
    most_bytes: int | None = None
