"""What a file would change at a desk, and changing it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from typing import Any, Final, Literal

from contracts.grammar import from_plain, to_plain
from deploy.api import Desk, Refused
from deploy.apply.sheet import PARTS, Sheet, SheetFault
from services.sla.domain.calendar import read_calendar
from services.sla.domain.errors import InvalidDefinition
from services.sla.domain.instants import micros_of
from services.sla.domain.policy import Book, refuse_unreachable
from services.sla.domain.timetable import Timetable

Kind = Literal["new", "changed", "same"]
LONGEST: Final = 60  # characters of a value that is shown
_INVALID: Final = 422


@dataclass(frozen=True, kw_only=True)
class Step:
    """One entry of the file, held against the desk.

    Attributes:
        changes: (path, what is there, what the file says), in words.
    """

    part: str
    key: str
    kind: Kind
    spec: Any
    changes: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be done, in order, and what the desk has that the file does not name."""

    steps: tuple[Step, ...]
    left: Mapping[str, tuple[str, ...]]

    @property
    def to_do(self) -> tuple[Step, ...]:
        """The steps that change something."""
        return tuple(step for step in self.steps if step.kind != "same")


def present(desk: Desk, part: str) -> dict[str, Any]:
    """What is set up at a desk, by key."""
    found = {}
    for item in desk.get(f"/{part}")["items"]:
        spec = from_plain(PARTS[part], item.get("spec", item))
        found[spec.key] = spec
    return found


def planned(sheet: Sheet, desk: Desk, *, now: datetime) -> Plan:
    """Hold a file against a desk.

    Raises:
        SheetFault: the file refers to what is neither in it nor at the desk, or a target can never
            be reached.
    """
    there = {part: present(desk, part) for part in PARTS}
    _refuse_strangers(sheet, there)
    _refuse_unreachable(sheet, there, now=now)
    steps = [
        _step(part, spec, there[part].get(spec.key))
        for part in PARTS
        for spec in _in_order(part, sheet.parts.get(part, {}))
    ]
    left = {
        part: tuple(sorted(there[part].keys() - sheet.parts[part].keys())) for part in sheet.parts
    }
    return Plan(steps=tuple(steps), left=left)


def carry_out(plan: Plan, desk: Desk, *, sheet: Sheet, on_step: Callable[[Step], None]) -> None:
    """Save what is new or changed.

    Raises:
        SheetFault: the desk refuses an entry; those before it are saved.
        Refused: for another reason than what the file says.
    """
    for step in plan.to_do:
        try:
            desk.put(f"/{step.part}/{step.key}", to_plain(step.spec))
        except Refused as refused:
            found = refused.problem.get("errors")
            if refused.status != _INVALID or not found:
                raise
            errors: dict[str, list[str]] = {}
            for one in found:
                errors.setdefault(one["field"], []).append(one["message"])
            raise sheet.fault(step.part, step.key, errors) from refused
        on_step(step)


def _in_order(part: str, specs: Mapping[str, Any]) -> Iterator[Any]:
    """A group names the one it escalates to, which must be there first."""
    if part == "groups":
        yield from sorted(specs.values(), key=lambda group: -group.tier)
    else:
        yield from specs.values()


def _step(part: str, spec: Any, there: Any) -> Step:
    if there is None:
        return Step(part=part, key=spec.key, kind="new", spec=spec)
    changes = tuple(_differences("", to_plain(there), to_plain(spec)))
    kind: Kind = "changed" if changes else "same"
    return Step(part=part, key=spec.key, kind=kind, spec=spec, changes=changes)


def _differences(path: str, was: Any, now: Any) -> Iterator[tuple[str, str, str]]:
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**was, **now}:
            yield from _differences(f"{path}.{key}".lstrip("."), was.get(key), now.get(key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (before, after) in enumerate(zip(was, now, strict=True)):
            yield from _differences(f"{path}.{index}", before, after)
    else:
        yield path, _brief(was), _brief(now)


def _brief(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return f"{len(value)} entries"
    said = str(value)
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def _refuse_strangers(sheet: Sheet, there: Mapping[str, Mapping[str, Any]]) -> None:
    known = {part: {*there[part], *sheet.parts.get(part, {})} for part in PARTS}
    faults = []
    for part, key, path, wanted in _references(sheet):
        aim, name = wanted
        if name not in known[aim]:
            place = f"{sheet.places[part, key]}.{path}"
            faults.append((sheet.line_of(place), place, f"There is no {name!r} among the {aim}."))
    if faults:
        raise SheetFault(faults)


def _references(sheet: Sheet) -> Iterator[tuple[str, str, str, tuple[str, str]]]:
    for part, entries in sheet.parts.items():
        for key, spec in entries.items():
            for path, aim, name in _REFERENCES[part](spec):
                if name:
                    yield part, key, path, (aim, name)


def _listed(path: str, aim: str, names: Iterable[str]) -> list[tuple[str, str, str | None]]:
    return [(path.format(place), aim, name) for place, name in enumerate(names)]


# Of an entry: (path, the part it leads to, the key there).
_REFERENCES: Final[Mapping[str, Callable[[Any], list[tuple[str, str, str | None]]]]] = {
    "groups": lambda group: [("next_group", "groups", group.next_group)],
    "agents": lambda agent: _listed("groups.{}", "groups", agent.groups),
    "rules": lambda rule: [("group", "groups", rule.group)],
    "calendars": lambda _calendar: [],
    "policies": lambda policy: _listed(
        "targets.{}.calendar", "calendars", (target.calendar for target in policy.targets)
    ),
}


def _refuse_unreachable(
    sheet: Sheet, there: Mapping[str, Mapping[str, Any]], *, now: datetime
) -> None:
    calendars = {**there["calendars"], **sheet.parts.get("calendars", {})}
    book = Book(
        edition=0,
        policies=(),
        timetables={
            key: Timetable(read_calendar(to_plain(spec), version=1))
            for key, spec in calendars.items()
        },
    )
    for key, policy in sheet.parts.get("policies", {}).items():
        try:
            refuse_unreachable(to_plain(policy), book=book, now=micros_of(now))
        except InvalidDefinition as refused:
            raise sheet.fault("policies", key, refused.errors) from None


def written_down(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """A desk's whole set-up as a file says it: what is as usual is left out."""
    return {
        part: [_unusual(spec) for spec in _as_tried(part, present(desk, part))] for part in PARTS
    }


def _as_tried(part: str, specs: Mapping[str, Any]) -> list[Any]:
    if part in {"rules", "policies"}:
        return sorted(specs.values(), key=lambda spec: (spec.position, spec.key))
    return sorted(specs.values(), key=lambda spec: str(spec.key))


def _unusual(spec: Any) -> dict[str, Any]:
    plain = to_plain(spec)
    bare = from_plain(type(spec), {name: plain[name] for name in _needed(type(spec))})
    usual = to_plain(bare)
    needed = _needed(type(spec)) | {"position"}
    return {name: value for name, value in plain.items() if name in needed or value != usual[name]}


def _needed(contract: type[Any]) -> set[str]:
    return {
        field.name
        for field in fields(contract)
        if field.default is MISSING and field.default_factory is MISSING
    }
