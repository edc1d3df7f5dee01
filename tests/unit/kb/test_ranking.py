"""What counts for a match, and how a ranking is judged."""

import pytest

from services.kb.domain import ranking


def test_a_rare_word_says_more_than_a_common_one_and_none_says_less_than_nothing() -> None:
    rare = ranking.rarity(articles_with_term=1, articles=100)
    common = ranking.rarity(articles_with_term=100, articles=100)

    assert rare > common >= 0


def test_title_weighs_more_than_tags_and_tags_more_than_body() -> None:
    weights = {field.name: field.weight for field in ranking.FIELDS}

    assert weights["title"] > weights["tags"] > weights["body"]


def test_measures_of_a_ranking_with_the_one_right_answer_second() -> None:
    ranked, right = ["b", "a", "c"], {"a": 1}

    assert ranking.ndcg(ranked, relevance=right, depth=10) == pytest.approx(0.6309, abs=1e-4)
    assert ranking.reciprocal_rank(ranked, relevance=right, depth=10) == 0.5
    assert ranking.recall(ranked, relevance=right, depth=10) == 1
    assert ranking.reciprocal_rank(ranked, relevance=right, depth=1) == 0


def test_two_right_answers_first_and_third() -> None:
    ranked, right = ["a", "x", "b"], {"a": 1, "b": 1, "y": 0}

    assert ranking.ndcg(ranked, relevance=right, depth=10) == pytest.approx(0.9197, abs=1e-4)
    assert ranking.recall(ranked, relevance=right, depth=2) == 0.5


def test_an_empty_ranking_is_worth_nothing() -> None:
    assert ranking.ndcg([], relevance={"a": 1}, depth=10) == 0
    assert ranking.reciprocal_rank([], relevance={"a": 1}, depth=10) == 0
