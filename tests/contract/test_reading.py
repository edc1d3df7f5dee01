"""The straight way of reading and marshmallow's never disagree."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import marshmallow
import pytest

from contracts import grammar, reading
from tests.contract.examples import Example, all_examples

EXAMPLES = all_examples()
ODD = (
    None, True, False, 0, 1, -1, 2**63, 1.0, 1.5, float("nan"), float("inf"), "", " ", "7", "true",
    "P1", "id", "a\x00b", "\ud800", "é", "x" * 70_000, [], {}, [None], ["a"], {"a": 1}, {"": None},
    "2026-01-05T01:00:00Z", "2026-01-05T01:00:00.250000Z", "2026-01-05T01:00:00", "2026-01-05",
    "2026-01-05T01:00:00+07:00", "2026-13-05T01:00:00Z", "2026-01-05 01:00:00Z", "20260105T010000Z",
    "2026-01-05T24:00:00Z", "2026-W01-1T01:00:00Z", "2026-01-05T01:00:00,250000Z",
    "0001-01-01T00:00:00+14:00", "2026-01-05t01:00:00z", "2026-02-29T00:00:00Z",
)  # fmt: skip
TRIES = 40  # odd values put into each example
GONE = object()


def read_straight(contract: type[Any], data: Any, *, strict: bool = False) -> Any:
    straight, _ = grammar._reader(contract, "raise" if strict else "exclude")
    return straight(copy.deepcopy(data))


def judged(contract: type[Any], data: Any, *, strict: bool) -> Any:
    _, schema = grammar._reader(contract, "raise" if strict else "exclude")
    return schema.load(copy.deepcopy(data))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inside = enumerate(value)
    for key, inner in inside:
        yield from places(inner, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copied = copy.copy(value)
    if len(path) == 1 and new is GONE:
        del copied[path[0]]
    else:
        copied[path[0]] = changed(value[path[0]], path[1:], new)
    return copied


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_what_was_ever_said_is_read_the_straight_way(example: Example) -> None:
    found = read_straight(example.contract, example.plain)

    assert repr(found) == repr(judged(example.contract, example.plain, strict=False))


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_what_is_odd_is_read_as_marshmallow_reads_it_or_left_to_it(example: Example) -> None:
    chance = random.Random(str(example))
    where = [place for place in places(dict(example.plain)) if place]
    for _ in range(TRIES if where else 0):
        new = chance.choice((*ODD, GONE))
        odd = changed(dict(example.plain), chance.choice(where), new)
        strict = chance.random() < 0.5
        try:
            found = read_straight(example.contract, odd, strict=strict)
        except reading.Crooked:
            continue
        try:
            wanted = judged(example.contract, odd, strict=strict)
        except marshmallow.ValidationError as refused:
            pytest.fail(f"taken, and refused by marshmallow: {odd} {refused}")
        assert repr(found) == repr(wanted)  # 1, 1.0 and true are equal, and not the same
