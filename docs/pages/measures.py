"""The page of metrics, read off the places where they are made."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docs.pages import WARNING

ROOT = Path(__file__).resolve().parents[2]
_KINDS = {"Counter": "counter", "Gauge": "gauge", "Histogram": "histogram"}
_INTRO = """# Metrics

Services serve them at `/metrics` of their health port (`MEJA_HEALTH_PORT`), the gateway at
`/metrics` of its own, in Prometheus' text form. Lengths of time are in seconds.
"""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A metric as it is declared."""

    name: str
    kind: str
    labels: tuple[str, ...]
    meaning: str


def page() -> str:
    """The page as Markdown."""
    sections = [WARNING, _INTRO]
    for title, folders in (("Every service", ("chassis", "services")), ("gateway", ("gateway",))):
        rows = ["| Metric | Kind | Labels | Meaning |", "|---|---|---|---|"]
        for one in _measures(*folders):
            labels = ", ".join(f"`{label}`" for label in one.labels)
            rows.append(f"| `{one.name}` | {one.kind} | {labels} | {one.meaning} |")
        sections += [f"## {title}\n", "\n".join(rows) + "\n"]
    return "\n".join(sections)


def _measures(*folders: str) -> Iterator[Measure]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and (found := _measure(node)):
                    yield found


def _measure(call: ast.Call) -> Measure | None:
    kind = _KINDS.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if kind is None:
        return None
    said = [_value(argument) for argument in call.args]
    match said:
        case [str(name), str(meaning), *rest]:
            labels = next((tuple(one) for one in rest if isinstance(one, list | tuple)), ())
            return Measure(name=name, kind=kind, labels=labels, meaning=meaning)
        case _:
            return None


def _value(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None
