"""Stored examples: what was ever said on the bus must be understood for ever.

`contracts/examples/<event>.json` holds a list of `{"about", "body"}`, `<service>.<call>.json` a
list of `{"about", "request", "answer"}`; the newest stands last and shows every field.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marshmallow import fields

from contracts.catalogue import EVENTS, OPERATIONS
from contracts.grammar import schema_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "contracts" / "examples"


@dataclass(frozen=True, kw_only=True)
class Example:
    """One payload as it travels."""

    file: str
    part: str
    number: int
    is_newest: bool
    contract: type[Any]
    plain: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.file}[{self.number}].{self.part}"

    @property
    def digest(self) -> str:
        """Changes when anything in the payload does."""
        said = json.dumps(self.plain, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def expected_files() -> dict[str, dict[str, type[Any]]]:
    """The payload classes by part, by the name of the file that must show them."""
    events = {event.NAME: {"body": event} for event in EVENTS}
    calls = {
        f"{call.service}.{call.name}": {"request": call.request, "answer": call.answer}
        for call in OPERATIONS
    }
    return {**events, **calls}


def all_examples() -> list[Example]:
    """Every stored payload."""
    return [example for file, parts in expected_files().items() for example in _of(file, parts)]


def _of(file: str, parts: Mapping[str, type[Any]]) -> Iterator[Example]:
    path = FOLDER / f"{file}.json"
    stored = json.loads(path.read_text()) if path.is_file() else []
    for number, shown in enumerate(stored):
        for part, contract in parts.items():
            yield Example(
                file=file,
                part=part,
                number=number,
                is_newest=number == len(stored) - 1,
                contract=contract,
                plain=shown[part],
            )


def with_strangers(contract: type[Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    """The payload with a field nobody knows in it and in every payload inside it."""
    inner = schema_of(contract)().fields
    known = {name: _estranged(inner[name], value) for name, value in plain.items()}
    return known | {"a_field_of_a_later_version": {"seen": True}}


def _estranged(field: "fields.Field[Any] | None", value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, fields.List):
        return [_estranged(field.inner, item) for item in value]
    if isinstance(field, fields.Dict):
        return {key: _estranged(field.value_field, item) for key, item in value.items()}
    if isinstance(field, fields.Nested):
        return {
            name: _estranged(field.schema.fields[name], item) for name, item in value.items()
        } | {"a_field_of_a_later_version": [1]}
    return value
