"""JSON lines in, one JSON line out for each, as they come; a bad one is named and skipped."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

from contracts.errors import Invalid
from services.sla.domain.errors import InvalidDefinition

Solve = Callable[[Mapping[str, Any]], object]


class Refusal(Exception):
    """A field of a line that cannot be used."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.message = message


def answer_lines(lines: Iterable[str], *, solve: Solve, out: TextIO, errors: TextIO) -> int:
    """Answer each line with `{"id": …, "result": …}`; how many could not be answered.

    A line that cannot be read gets `{"id": …, "error": …}`, and its number goes to `errors`.
    """
    refused = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer = _answer(line, solve=solve)
        if "error" in answer:
            refused += 1
            errors.write(f"line {number}: {answer['error']}\n")
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
    return refused


def _answer(line: str, *, solve: Solve) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except json.JSONDecodeError as broken:
        return {"id": None, "error": f"not JSON: {broken}"}
    if not isinstance(asked, dict):
        return {"id": None, "error": "must be an object"}
    name = asked.get("id")
    try:
        return {"id": name, "result": solve(asked)}
    except Refusal as refusal:
        return {"id": name, "error": str(refusal)}
    except Invalid as invalid:
        return {"id": name, "error": f"calendar.{invalid.detail}"}
    except InvalidDefinition as invalid:
        path, messages = next(iter(invalid.errors.items()))
        return {"id": name, "error": f"calendar.{path}: {messages[0]}"}
