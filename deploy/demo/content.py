"""Reading demo content from YAML: form by the contracts, faults by file and field."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from contracts.errors import Invalid
from contracts.grammar import from_plain

T = TypeVar("T")
Faults = Iterator[tuple[str, str]]  # (path of the field, what is wrong with it)

HERE = Path(__file__).parent


class ContentFault(Exception):
    """A content file breaks a rule; `errors` maps each field's path to what is wrong with it."""

    def __init__(self, *, file: str, errors: Mapping[str, list[str]]) -> None:
        self.file = file
        self.errors = {path: list(messages) for path, messages in errors.items()}
        lines = [f"  {path}: {text}" for path, texts in self.errors.items() for text in texts]
        super().__init__("\n".join([f"{file}:", *lines]))


class _OnceOnlyLoader(yaml.SafeLoader):
    """Plain YAML that refuses a key given twice, which YAML would otherwise drop in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key.value!r} stands here twice",
                    problem_mark=key.start_mark,
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def parse(text: str, *, file: str) -> dict[str, Any]:
    """The mapping a YAML text holds.

    Raises:
        ContentFault: not YAML, or not a mapping.
    """
    try:
        found = yaml.load(text, Loader=_OnceOnlyLoader)  # noqa: S506 – a SafeLoader
    except yaml.YAMLError as broken:
        raise ContentFault(file=file, errors={"yaml": [str(broken)]}) from None
    if not isinstance(found, dict):
        raise ContentFault(file=file, errors={"yaml": ["Not a mapping."]})
    return found


def shaped(contract: type[T], plain: Any, *, file: str) -> T:
    """Plain values as a payload; a field the contract does not name is refused.

    Raises:
        ContentFault: with every fault of form, by path.
    """
    try:
        return from_plain(contract, plain, strict=True)
    except Invalid as refused:
        raise ContentFault(file=file, errors=refused.errors) from None


def settle(faults: Faults, *, file: str) -> None:
    """Pass when there is no fault.

    Raises:
        ContentFault: with all of them.
    """
    errors: dict[str, list[str]] = {}
    for path, message in faults:
        errors.setdefault(path, []).append(message)
    if errors:
        raise ContentFault(file=file, errors=errors)


def repeated(part: str, keys: Iterable[str]) -> Faults:
    """A fault for every key that stands in a list for the second time."""
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key in seen:
            yield f"{part}.{index}.key", f"{key!r} stands here twice."
        seen.add(key)


def unknown(path: str, key: str | None, known: Iterable[str]) -> Faults:
    """A fault when `key` is given and is none of the known ones."""
    if key is not None and key not in known:
        yield path, f"{key!r} is not known here."
