"""How well an article answers: BM25 per field, summed; and the measures that judge a ranking."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """One searched part of an article.

    Attributes:
        name: `title`, `tags` or `body`.
        weight: How much a match here counts.
        saturation: BM25 k1: how much a second mention of a word adds.
        length_share: BM25 b: how much a longer text is held against a match.
        keeps_stop_words: In a title "how" or "apa" tells articles apart; in a body it does not.
        names: Its words say what the article is about.
    """

    name: str
    weight: float
    saturation: float
    length_share: float
    keeps_stop_words: bool
    names: bool


# Tuned on one half of four public question sets and reported on the other half (ADR-0013).
# Each field is scored by itself and the scores are summed: adding up weighted counts first
# (BM25F) lost 0.06 to 0.10 nDCG on articles with question-like titles.
FIELDS = (
    Field(
        "title",
        weight=3.0,
        saturation=1.2,
        length_share=0.75,
        keeps_stop_words=True,
        names=True,
    ),
    Field(
        "tags",
        weight=2.0,
        saturation=0.5,
        length_share=0.5,
        keeps_stop_words=False,
        names=True,
    ),
    Field(
        "body",
        weight=1.0,
        saturation=0.5,
        length_share=0.5,
        keeps_stop_words=False,
        names=False,
    ),
)
STOP_WORD_WEIGHT = 0.5
PREFIX_WEIGHT = 0.6
CORRECTION_WEIGHT = 0.7
_MOST_BONUS = 0.5
LEAST_ALIKE = 0.5
# People say much that no article needs to say; it is not held against an article in full.
UNKNOWN_WEIGHT = 0.5


def rarity(*, articles_with_term: int, articles: int) -> float:
    """Return the inverse document frequency of a term: rare words say more (never negative)."""
    return math.log1p((articles - articles_with_term + 0.5) / (articles_with_term + 0.5))


def solved_bonus(stems: frozenset[str], tickets: Iterable[Collection[str]]) -> float:
    """How much an article gains by the tickets it solved, from 0 towards 0.5.

    A ticket counts by the square of the share of its words that the text has too: one that only
    shares a word counts next to nothing.
    """
    likeness = sum((len(stems.intersection(words)) / len(words)) ** 2 for words in tickets if words)
    return _MOST_BONUS * likeness / (1 + likeness)


def solved_alike(stems: frozenset[str], tickets: Iterable[Collection[str]]) -> int:
    """How many of the tickets an article solved share at least half of their words with a text."""
    return sum(
        len(stems.intersection(words)) >= LEAST_ALIKE * len(words) for words in tickets if words
    )


def ndcg(ranked: Sequence[str], *, relevance: Mapping[str, int], depth: int) -> float:
    """Return the normalised discounted cumulative gain of a ranking, 0 to 1."""
    best = _gain(sorted(relevance.values(), reverse=True)[:depth])
    return _gain([relevance.get(document, 0) for document in ranked[:depth]]) / best


def reciprocal_rank(ranked: Sequence[str], *, relevance: Mapping[str, int], depth: int) -> float:
    """Return one over the rank of the first relevant document, 0 if none is in `depth`."""
    ranks = (rank for rank, doc in enumerate(ranked[:depth], 1) if relevance.get(doc, 0) > 0)
    return 1 / next(ranks, math.inf)


def recall(ranked: Sequence[str], *, relevance: Mapping[str, int], depth: int) -> float:
    """Return the share of the relevant documents that are in the first `depth`."""
    relevant = {document for document, grade in relevance.items() if grade > 0}
    return len(relevant.intersection(ranked[:depth])) / len(relevant)


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))
