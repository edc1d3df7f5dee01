"""Typing mistakes: how far words are apart, and which are forgiven."""

import pytest

from services.kb.domain import spelling
from services.kb.index.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [
        ("printer", "printer", 0),
        ("pritner", "printer", 1),
        ("pinter", "printer", 1),
        ("printter", "printer", 1),
        ("prenter", "printer", 1),
        ("pasword", "password", 1),
        ("pasowrd", "password", 2),
        ("vpn", "wifi", 3),
    ],
    ids=["same", "swapped", "dropped", "added", "changed", "doubled", "two", "other word"],
)
def test_distance_counts_mistakes_up_to_a_limit(one: str, other: str, mistakes: int) -> None:
    assert spelling.distance(one, other, limit=2) == mistakes


@pytest.mark.parametrize(
    ("word", "mistakes"), [("vpn", 0), ("wifi", 0), ("printer", 1), ("password", 2), ("err404x", 0)]
)
def test_short_words_and_codes_forgive_nothing(word: str, mistakes: int) -> None:
    assert spelling.allowed_mistakes(word) == mistakes


def test_the_first_letter_is_not_mistaken() -> None:
    assert vocabulary("internal").corrections("external", is_worth=lambda _: 1) == []


def vocabulary(*words: str) -> Vocabulary:
    known = Vocabulary()
    for word in words:
        known.add(word, stem=word)
    return known


def test_the_nearest_word_is_proposed_before_the_more_common_one() -> None:
    reach = {"printer": 1, "pinter": 50}

    found = vocabulary(*reach).corrections("printre", is_worth=reach.__getitem__)

    assert found == ["printer"]


def test_of_equally_near_words_the_one_with_more_articles_is_first() -> None:
    reach = {"kunci": 2, "kunti": 9}

    found = vocabulary(*reach).corrections("kunxi", is_worth=reach.__getitem__)

    assert found == ["kunti", "kunci"]


def test_a_word_that_leads_the_asker_nowhere_is_not_proposed() -> None:
    assert vocabulary("printer").corrections("printre", is_worth=lambda _: 0) == []


def test_completions_begin_with_what_was_typed() -> None:
    known = vocabulary("printer", "proyektor", "print", "vpn")

    assert list(known.completions("prin")) == ["print", "printer"]
    known.add("prints", stem="print")
    assert list(known.completions("prin")) == ["print", "printer", "prints"]
