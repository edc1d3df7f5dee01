"""The page of settings, from the settings classes and their docstrings."""

import dataclasses
import typing
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from chassis.settings import PREFIX, ServiceSettings
from contracts.catalogue import SERVICES
from docs.pages import WARNING, payloads

_INTRO = f"""# Settings

Every process reads its settings from the environment once, at start, and names everything that is
missing or wrong at once. The name is `{PREFIX}` and the field in capitals. A list is separated by
commas; true and false may be written `1`/`0`, `true`/`false`, `yes`/`no`, `on`/`off`.

`OTEL_EXPORTER_OTLP_ENDPOINT` is OpenTelemetry's own: where spans go. Without it none are sent.
"""


def page() -> str:
    """The page as Markdown."""
    sections = [WARNING, _INTRO, "## Every service\n", _table(ServiceSettings, but=set())]
    common = {field.name for field in dataclasses.fields(ServiceSettings)}
    for service in SERVICES:
        sections.append(f"## {service}\n")
        own = _settings_of(f"services.{service}.settings")
        sections.append(_table(own, but=common) if own else "Nothing more.\n")
    gateway = _settings_of("gateway.settings")
    sections += ["## gateway\n", _table(gateway, but=set()) if gateway else "None.\n"]
    return "\n".join(sections)


def _settings_of(module: str) -> type[Any] | None:
    if find_spec(module) is None:
        return None
    found = [
        thing
        for thing in vars(import_module(module)).values()
        if isinstance(thing, type)
        and thing.__module__ == module
        and thing.__name__.endswith("Settings")
    ]
    if len(found) != 1:
        raise LookupError(f"{module} has {len(found)} settings classes; one is expected")
    return found[0]


def _table(kind: type[Any], *, but: set[str]) -> str:
    said = payloads.meanings(kind)
    hints = typing.get_type_hints(kind)
    rows = ["| Variable | Holds | Default | Meaning |", "|---|---|---|---|"]
    for field in dataclasses.fields(kind):
        if field.name in but:
            continue
        holds = payloads.holds(hints[field.name]).removesuffix(", or null")
        rows.append(
            f"| `{PREFIX}{field.name.upper()}` | {holds} | {_default(field)} "
            f"| {said.get(field.name, '')} |"
        )
    return "\n".join(rows) + "\n"


def _default(field: "dataclasses.Field[Any]") -> str:
    if field.default is dataclasses.MISSING:
        return "needed"
    if field.default is None:
        return "none"
    if isinstance(field.default, tuple):
        return f"`{','.join(f'{one:g}' for one in field.default)}`"
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`"
