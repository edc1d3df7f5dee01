"""The description of the API in OpenAPI 3.1, made from the route table and the schemas."""

import functools
import re
from collections.abc import Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from contracts.grammar import schema_of
from gateway.access import OPEN, RANKS
from gateway.api.routes import ROUTES, Route
from gateway.errors import Problem

VERSION = "1"

_INTRODUCTION = """\
The JSON API of Meja, an IT service desk.

Show a token as `Authorization: Bearer …`. Errors are `application/problem+json` (RFC 9457); their
`code` is for programs. Every POST and PATCH may carry an `Idempotency-Key`: asked again with the
same key and body it answers as it did the first time, with `Idempotent-Replayed: true`; a key is
kept for 24 hours and belongs to the account. Changes of a ticket heed `If-Match` with its `ETag`;
412 says that it changed meanwhile. Lists are paged by `next_cursor`. Times are ISO 8601 with an
offset, answered in UTC. Unknown fields and parameters are refused by name.
"""

_PATH_PARAMETER = re.compile(r"{(\w+)}")


@functools.cache
def describe() -> dict[str, Any]:
    """The document."""
    spec = APISpec(
        title="Meja",
        version=VERSION,
        openapi_version="3.1.0",
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
        info={"description": _INTRODUCTION, "license": {"name": "Apache-2.0"}},
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", schema=schema_of(Problem))
    for route in ROUTES:
        spec.path(path=route.path, operations={route.method.lower(): _operation(route)})
    document: dict[str, Any] = spec.to_dict()
    for node in _nodes(document):
        _mend(node)
    return document


def _name(schema: Any) -> str:
    found: str = (schema if isinstance(schema, type) else type(schema)).__name__
    return f"{found}Body" if isinstance(schema, Schema) and schema.partial else found


def _operation(route: Route) -> dict[str, Any]:
    roles = [role for role in RANKS if role in route.roles]
    described: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.tag],
        "description": f"Roles: {', '.join(roles) or 'no sign-in needed'}.",
        "security": [] if route.roles == OPEN else [{"token": []}],
        "parameters": _parameters(route),
        "responses": {
            str(route.status): _success(route),
            "default": {
                "description": "What went wrong.",
                "content": {"application/problem+json": {"schema": "Problem"}},
            },
        },
    }
    if route.body is not None:
        schema = schema_of(route.body)(partial=route.from_path or None)
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    return described


def _success(route: Route) -> dict[str, Any]:
    content: dict[str, Any] = {
        media: {"schema": {"type": "object" if media.endswith("json") else "string"}}
        for media in route.media
    }
    if route.answer is not None:
        content["application/json"] = {"schema": schema_of(route.answer)}
    described: dict[str, Any] = {"description": route.summary}
    return described | ({"content": content} if content else {})


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}
        for name in _PATH_PARAMETER.findall(route.path)
    ]
    if route.query is not None:
        found.append({"in": "query", "schema": schema_of(route.query)})
    if route.method in {"POST", "PATCH"}:
        found.append(_header("Idempotency-Key", "Makes asking again safe."))
    if route.versioned:
        found.append(_header("If-Match", "The ETag of the ticket as you saw it."))
    return found


def _header(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string", "maxLength": 128}
    return {"in": "header", "name": name, "description": description, "schema": schema}


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def _mend(node: dict[str, Any]) -> None:
    """Say in JSON Schema's words what marshmallow says in Python's."""
    if isinstance(pattern := node.get("pattern"), str):
        # Python anchors the start by itself and writes the end as \Z.
        node["pattern"] = "^(?:" + pattern.replace(r"\Z", "") + ")$"
    if node.get("in") == "query":
        node["name"] = node["name"].rstrip("_")
