"""What was ever said is understood for ever: contracts only grow."""

from collections.abc import Mapping
from typing import Any

import pytest

from contracts.catalogue import SUBSCRIPTIONS
from contracts.errors import Invalid
from contracts.grammar import Subscription, from_plain, to_plain
from tests.contract.examples import (
    FOLDER,
    Example,
    all_examples,
    expected_files,
    with_strangers,
)

EXAMPLES = all_examples()
KEPT = FOLDER / "kept.txt"


def says(subscription: Subscription) -> str:
    return f"{subscription.listener} hears {subscription.event.NAME}"


def test_every_event_and_call_has_examples_and_nothing_else_has() -> None:
    found = {path.stem for path in FOLDER.glob("*.json")}

    assert found == set(expected_files())


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_every_example_ever_stored_can_be_said(example: Example) -> None:
    # Strict: a field that was taken away, renamed or made required shows here.
    said = to_plain(from_plain(example.contract, example.plain, strict=True))

    assert _holds(said, example.plain)


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.is_newest], ids=str)
def test_the_newest_example_shows_every_field(example: Example) -> None:
    assert to_plain(from_plain(example.contract, example.plain)) == example.plain


@pytest.mark.parametrize("subscription", SUBSCRIPTIONS, ids=says)
def test_a_listener_understands_what_it_hears_though_it_is_newer(
    subscription: Subscription,
) -> None:
    heard = [one for one in EXAMPLES if one.file == subscription.event.NAME]

    assert heard
    for example in heard:
        _is_understood_though_newer(example)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_a_reader_ignores_what_it_does_not_know_at_any_depth(example: Example) -> None:
    _is_understood_though_newer(example)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_front_door_refuses_what_the_contract_does_not_name(example: Example) -> None:
    with pytest.raises(Invalid, match="a_field_of_a_later_version"):
        from_plain(example.contract, with_strangers(example.contract, example.plain), strict=True)


def test_stored_examples_are_never_changed_or_taken_away() -> None:
    stored = {f"{example.digest} {example}" for example in EXAMPLES}
    kept = set(KEPT.read_text().splitlines())

    assert not kept - stored, "changed or gone; append a new example instead"
    assert not stored - kept, f"append to {KEPT.name}: {sorted(stored - kept)}"


def _is_understood_though_newer(example: Example) -> None:
    newer = with_strangers(example.contract, example.plain)

    assert from_plain(example.contract, newer) == from_plain(example.contract, example.plain)


def _holds(said: Any, stored: Any) -> bool:
    """Whether everything stored is said again; fields that came later may be there too."""
    if isinstance(stored, Mapping):
        return all(key in said and _holds(said[key], value) for key, value in stored.items())
    if isinstance(stored, list):
        return len(said) == len(stored) and all(map(_holds, said, stored))
    return bool(said == stored)
