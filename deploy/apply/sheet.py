"""The file that a desk is set up from: YAML, in which every fault is named with its line.

Times and dates need no quotes, `on` is a word, and a key that stands twice is refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from contracts.errors import Invalid
from contracts.grammar import from_plain
from contracts.routing import AgentSpec, GroupSpec, RuleSpec
from contracts.sla import CalendarSpec, PolicySpec
from services.sla.domain.calendar import read_calendar
from services.sla.domain.errors import InvalidDefinition
from services.sla.domain.policy import read_policy

PARTS: Final[Mapping[str, type[Any]]] = {
    "groups": GroupSpec,
    "agents": AgentSpec,
    "rules": RuleSpec,
    "calendars": CalendarSpec,
    "policies": PolicySpec,
}
ORDERED: Final = ("rules", "policies")  # tried in the order in which they stand
POSITION_STEP: Final = 10
_TAG: Final = "tag:yaml.org,2002:"

Entry = dict[str, Any]


class SheetFault(Exception):
    """The file cannot be meant; `faults` are (line, path, what is wrong)."""

    def __init__(self, faults: list[tuple[int, str, str]]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(f"line {line}: {at}: {text}" for line, at, text in self.faults))


@dataclass(frozen=True)
class Sheet:
    """What a file says, part by part, and the line of everything in it.

    Attributes:
        parts: payloads by part and key, in the order of the file; parts it does not name are not
            there.
        lines: line numbers by path, such as `policies.0.targets.2`.
        places: an entry's path by part and key.
    """

    parts: Mapping[str, Mapping[str, Any]]
    lines: Mapping[str, int]
    places: Mapping[tuple[str, str], str]

    def line_of(self, path: str) -> int:
        """The line of a path, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return self.lines.get(path, 1)

    def fault(self, part: str, key: str, errors: Mapping[str, list[str]]) -> SheetFault:
        """What somebody else found wrong with an entry, with its lines."""
        place = self.places[part, key]
        return SheetFault(
            [
                (self.line_of(f"{place}.{path}"), f"{place}.{path}", message)
                for path, messages in errors.items()
                for message in messages
            ]
        )


def read_sheet(text: str) -> Sheet:
    """A desk's set-up.

    Raises:
        SheetFault: with every fault of form and every one a calendar or policy has by itself.
    """
    lines: dict[str, int] = {}
    said = _plain(text, lines)
    faults = [
        (lines.get(part, 1), part, f"Not one of: {', '.join(PARTS)}.")
        for part in said
        if part not in PARTS
    ]
    parts: dict[str, dict[str, Any]] = {}
    places: dict[tuple[str, str], str] = {}
    draft = Sheet(parts, lines, places)
    for part in PARTS:
        if part in said:
            parts[part] = {}
            for place, spec, errors in _entries(part, said[part]):
                faults += [(draft.line_of(path), path, message) for path, message in errors]
                if spec is not None and (part, spec.key) in places:
                    faults.append((draft.line_of(f"{place}.key"), place, f"A second {spec.key}."))
                elif spec is not None:
                    parts[part][spec.key] = spec
                    places[part, spec.key] = place
    if faults:
        raise SheetFault(faults)
    return draft


def _entries(part: str, said: Any) -> Iterator[tuple[str, Any, list[tuple[str, str]]]]:
    if not isinstance(said, list):
        yield part, None, [(part, "Must be a list.")]
        return
    for index, entry in enumerate(said):
        place = f"{part}.{index}"
        is_placed = part in ORDERED and isinstance(entry, dict)
        plain = {"position": (index + 1) * POSITION_STEP, **entry} if is_placed else entry
        try:
            spec = from_plain(PARTS[part], plain, strict=True)
            _check(part, plain)
        except (Invalid, InvalidDefinition) as refused:
            errors = [
                (f"{place}.{path}", message)
                for path, messages in refused.errors.items()
                for message in messages
            ]
            yield place, None, errors
        else:
            yield place, spec, []


def _check(part: str, plain: Entry) -> None:
    """Ask the rulebook what the shape does not show."""
    if part == "calendars":
        read_calendar(plain, version=1)
    elif part == "policies":
        read_policy(plain, version=1)


class _Loader(yaml.SafeLoader):
    """YAML without its surprises: 17:00 is no number, 2026-01-01 no date object, `on` no truth."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in {f"{_TAG}timestamp", f"{_TAG}bool", f"{_TAG}int", f"{_TAG}float"}
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(f"{_TAG}bool", re.compile(r"(?:true|false)\Z"), list("tf"))
_Loader.add_implicit_resolver(f"{_TAG}int", re.compile(r"-?[0-9]+\Z"), list("-0123456789"))


def _plain(text: str, lines: dict[str, int]) -> dict[str, Any]:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        _note_lines(node, "", lines)
        found = loader.construct_document(node) if node is not None else {}
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else 1
        raise SheetFault([(line, "yaml", broken.problem or "Not YAML.")]) from None
    finally:
        loader.dispose()
    if not isinstance(found, dict):
        raise SheetFault([(1, "yaml", "Not a mapping.")])
    return found


def _note_lines(node: yaml.Node | None, path: str, lines: dict[str, int]) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            below = f"{path}.{key.value}".lstrip(".")
            if below in lines:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} stands here twice", problem_mark=key.start_mark
                )
            lines[below] = key.start_mark.line + 1
            _note_lines(value, below, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[f"{path}.{index}"] = value.start_mark.line + 1
            _note_lines(value, f"{path}.{index}", lines)
