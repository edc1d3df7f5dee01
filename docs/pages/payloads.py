"""Payload classes in words: their fields, limits and meaning."""

import dataclasses
import inspect
import json
import re
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from marshmallow import validate

EXAMPLES = Path(__file__).resolve().parents[2] / "contracts" / "examples"
_SCALARS = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "number",
    datetime: "instant",
    Any: "any JSON",
}


def heading(payload: type[Any]) -> str:
    """What a class's docstring says before its attributes."""
    text = inspect.cleandoc(payload.__doc__ or "")
    return text.split("\nAttributes:")[0].strip()


def meanings(payload: type[Any]) -> dict[str, str]:
    """What the docstrings of a class and its bases say of each attribute."""
    found: dict[str, str] = {}
    for base in reversed(payload.__mro__):
        text = inspect.cleandoc(base.__doc__ or "") if base is not object else ""
        _, _, listed = text.partition("Attributes:\n")
        for name, said in re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", listed, re.MULTILINE):
            found[name] = " ".join(said.split())
    return found


def table(payload: type[Any]) -> str:
    """The fields of a payload as a Markdown table."""
    fields = dataclasses.fields(payload)
    if not fields:
        return "Nothing.\n"
    hints = typing.get_type_hints(payload, include_extras=True)
    said = meanings(payload)
    rows = ["| Field | Holds | Needed | Meaning |", "|---|---|---|---|"]
    rows.extend(
        f"| `{field.name}` | {holds(hints[field.name])} | {_need(field)} "
        f"| {said.get(field.name, '')} |"
        for field in fields
    )
    return "\n".join(rows) + "\n"


def _need(field: "dataclasses.Field[Any]") -> str:
    if field.default is not dataclasses.MISSING:
        return "" if field.default in {None, "", ()} else f"else `{_plain(field.default)}`"
    return "" if field.default_factory is not dataclasses.MISSING else "yes"


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value


def holds(hint: Any) -> str:
    """A type in words, with its limits."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        limits = [said for limit in args[1:] if (said := _limit(limit))]
        return ", ".join([holds(args[0]), *limits])
    if origin in {typing.Union, types.UnionType}:
        return f"{holds(next(arm for arm in args if arm is not types.NoneType))}, or null"
    if origin is Literal:
        return _choices(args)
    if origin is tuple:
        return f"list of {holds(args[0])}"
    if origin in {dict, Mapping, typing.get_origin(Mapping[str, Any])}:
        return f"mapping of {holds(args[1])}"
    if dataclasses.is_dataclass(hint):
        name = typing.cast("type[Any]", hint).__name__
        return f"[{name}](#{name.lower()})"
    return _SCALARS[hint]


def _choices(values: tuple[Any, ...]) -> str:
    return " · ".join(f"`{value}`" for value in values)


def _limit(limit: Any) -> str:
    if isinstance(limit, validate.Length):
        return _span(limit.min, limit.max, "long")
    if isinstance(limit, validate.Range):
        return _span(limit.min, limit.max, "")
    if isinstance(limit, validate.OneOf):
        return f"one of {_choices(tuple(limit.choices))}"
    if isinstance(limit, validate.Email):
        return "an e-mail address"
    if isinstance(limit, validate.Regexp):
        pattern = str(limit.regex.pattern).removesuffix(r"\Z").replace("|", r"\|")
        return f"like `{pattern}`"
    return ""


def _span(low: Any, high: Any, what: str) -> str:
    if low is None:
        said = f"at most {high}"
    else:
        said = f"at least {low}" if high is None else f"{low} to {high}"
    return f"{said} {what}".strip()


def parts(payloads: typing.Iterable[type[Any]]) -> Iterator[type[Any]]:
    """The payloads inside payloads, each once, in the order they are met."""
    seen: dict[type[Any], None] = {}
    for payload in payloads:
        hints = typing.get_type_hints(payload)
        for field in dataclasses.fields(payload):
            for inner in _dataclasses_in(hints[field.name]):
                if inner not in seen:
                    seen[inner] = None
                    seen.update(dict.fromkeys(parts([inner])))
    yield from seen


def _dataclasses_in(hint: Any) -> Iterator[type[Any]]:
    if dataclasses.is_dataclass(hint):
        yield typing.cast("type[Any]", hint)
    for arm in typing.get_args(hint):
        yield from _dataclasses_in(arm)


def newest_example(file: str) -> dict[str, Any]:
    """The example stored last, which shows every field."""
    shown: list[dict[str, Any]] = json.loads((EXAMPLES / f"{file}.json").read_text())
    return shown[-1]


def in_json(value: Any) -> str:
    """A JSON block."""
    return f"```json\n{json.dumps(value, indent=2, ensure_ascii=False)}\n```\n"


def folded(title: str, body: str) -> str:
    """Text that a reader opens when they want it."""
    return f"<details><summary>{title}</summary>\n\n{body}\n</details>\n"


def described(payload: type[Any], *, level: str = "###") -> str:
    """A payload with its heading, its meaning and its fields."""
    return f"{level} {payload.__name__}\n\n{heading(payload)}\n\n{table(payload)}"
