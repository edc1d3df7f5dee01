"""The search engine: shelves by language and audience, asked together, answering in one order.

A shelf that an asker may not read is never opened: neither its articles, its words, its counts
nor its statistics reach the answer. Everything is plain computing in the calling thread; one lock
keeps questions and changes apart, and no call holds it for longer than one article or question.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from threading import Lock
from typing import NamedTuple

from services.kb.domain import ranking
from services.kb.domain.analysis import Analyzer, Lexicon, Word
from services.kb.domain.ranking import FIELDS
from services.kb.index.shelf import Document, Shelf, WeightedTerm, mean_lengths

_MOST_COMPLETIONS = 20
_MOST_MEANINGS = 3
_SHORTEST_PREFIX = 2
_DEAD_SHARE = 0.25
_DEAD_AT_LEAST = 1_000


class Hit(NamedTuple):
    """One found article."""

    id: str
    score: float


@dataclass(frozen=True)
class Found:
    """The answer to a question.

    Attributes:
        hits: Best first.
        total: How many articles match at all.
        stems: What was looked for, by language: snippets mark these.
        corrections: Mistyped word → the word that was looked for instead.
        rarities: How much each telling word of the question says, by language and stem; also of
            words that no article has.
    """

    hits: tuple[Hit, ...]
    total: int
    stems: Mapping[str, frozenset[str]]
    corrections: Mapping[str, str]
    rarities: Mapping[str, Mapping[str, float]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class _Question:
    """A question in one language: stem → how much it counts."""

    weights: Mapping[str, float]
    stop_words: frozenset[str]
    corrections: tuple[tuple[str, str], ...]
    mistyped: frozenset[str] = frozenset()

    @property
    def wanted(self) -> frozenset[str]:
        """The stems that a snippet marks."""
        return frozenset(self.weights) - self.stop_words


class _Opened:
    """The shelves of one language that an asker may read, for the length of a question."""

    def __init__(self) -> None:
        self.shelves: list[Shelf] = []
        self._reaches: dict[str, int] = {}
        self._rarities: dict[str, float] = {}

    @cached_property
    def articles(self) -> int:
        """How many live articles stand on them."""
        return sum(shelf.live for shelf in self.shelves)

    def reach(self, stem: str) -> int:
        """Count the articles with the stem in the field that has most: a lower bound."""
        known = self._reaches.get(stem)
        if known is None:
            by_shelf = [shelf.reaches(stem) for shelf in self.shelves]
            known = self._reaches[stem] = max(map(sum, zip(*by_shelf, strict=True)))
        return known

    def rarity(self, stem: str) -> float:
        """How much the stem says among them."""
        known = self._rarities.get(stem)
        if known is None:
            reach = self.reach(stem)
            known = ranking.rarity(articles_with_term=reach, articles=self.articles)
            self._rarities[stem] = known
        return known

    def stem_of(self, word: str) -> str:
        """The stem of a word that stands in one of them."""
        return next(
            shelf.vocabulary.stems[word] for shelf in self.shelves if word in shelf.vocabulary
        )


class SearchIndex:
    """All articles that can be found, in the memory of this process."""

    def __init__(self, lexicons: Mapping[str, Lexicon]) -> None:
        self._analyzers = {language: Analyzer(lex) for language, lex in lexicons.items()}
        self._shelves: dict[tuple[str, str], Shelf] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return sum(shelf.live for shelf in self._shelves.values())

    @property
    def is_worn(self) -> bool:
        """Whether so many articles were replaced that a rebuild would save room and time."""
        dead = sum(shelf.dead for shelf in self._shelves.values())
        return dead > max(_DEAD_AT_LEAST, _DEAD_SHARE * len(self))

    def analyzer(self, language: str) -> Analyzer:
        """Return the analyzer that index and questions of a language share."""
        return self._analyzers[language]

    def put(self, document: Document) -> None:
        """Add or replace an article, wherever it stood before."""
        with self._lock:
            self._remove(document.id)
            key = (document.language, document.audience)
            if key not in self._shelves:
                self._shelves[key] = Shelf(self._analyzers[document.language])
            self._shelves[key].add(document)

    def remove(self, document_id: str) -> None:
        """Take an article out; unknown ids are fine."""
        with self._lock:
            self._remove(document_id)

    def search(
        self,
        text: str,
        *,
        audiences: Container[str],
        languages: Collection[str],
        limit: int = 10,
        category: str | None = None,
        tag: str | None = None,
        is_typing: bool = False,
        must_be_named: bool = False,
        most_words: int = 64,
        most_corrections: int = 3,
    ) -> Found:
        """Find the articles that answer a text best.

        Args:
            text: The question; only its `most_words` rarest words are looked for.
            audiences: What the asker may read; nothing else is touched.
            languages: The languages of the wanted articles; the text is read in each of them.
            limit: How many hits at most.
            category: Only articles of this category.
            tag: Only articles with this tag.
            is_typing: The last word may be the beginning of one.
            must_be_named: Only articles with a telling word of the text in their title or tags.
            most_words: Bounds the work for a long text.
            most_corrections: How many unknown words are taken for typing mistakes.
        """
        with self._lock:
            opened = self._open(audiences=audiences, languages=languages)
            questions = {
                language: self._read(
                    text,
                    language,
                    opened,
                    is_typing=is_typing,
                    most_corrections=most_corrections,
                )
                for language in opened
            }
            rarities = {
                language: self._rarities(asked, opened[language])
                for language, asked in questions.items()
            }
            hits, total = [], 0
            for language, here in opened.items():
                plan = _plan(questions[language], here, most_words=most_words)
                averages = mean_lengths(here.shelves)
                for shelf in here.shelves:
                    named = shelf.named(plan) if must_be_named else None
                    scores = shelf.scores(plan, averages=averages, among=named)
                    matches, best = shelf.best(scores, limit=limit, category=category, tag=tag)
                    hits += [Hit(document_id, round(score, 4)) for score, document_id in best]
                    total += matches
        hits.sort(key=lambda hit: (-hit.score, hit.id))
        return Found(
            hits=tuple(hits[:limit]),
            total=total,
            stems={language: asked.wanted for language, asked in questions.items()},
            corrections={
                typed: meant for asked in questions.values() for typed, meant in asked.corrections
            },
            rarities=rarities,
        )

    @staticmethod
    def _rarities(question: _Question, here: _Opened) -> dict[str, float]:
        return {
            stem: weight * here.rarity(stem) * (1.0 if here.reach(stem) else ranking.UNKNOWN_WEIGHT)
            for stem, weight in question.weights.items()
            if stem not in question.stop_words and stem not in question.mistyped
        }

    def _open(self, *, audiences: Container[str], languages: Collection[str]) -> dict[str, _Opened]:
        """Return the shelves the asker may read, by language; empty ones are left out."""
        opened: dict[str, _Opened] = {}
        for (language, audience), shelf in sorted(self._shelves.items()):
            if language in languages and audience in audiences and shelf.live:
                opened.setdefault(language, _Opened()).shelves.append(shelf)
        return opened

    def _remove(self, document_id: str) -> None:
        for shelf in self._shelves.values():
            shelf.remove(document_id)

    def _read(
        self,
        text: str,
        language: str,
        opened: Mapping[str, _Opened],
        *,
        is_typing: bool,
        most_corrections: int,
    ) -> _Question:
        words = self._analyzers[language].words(text)
        weights = {
            word.stem: ranking.STOP_WORD_WEIGHT if word.is_stop_word else 1.0 for word in words
        }
        here = opened[language]
        complete = words
        if is_typing and words and text[-1].isalnum():
            completions = _completions(words[-1].surface, here)
            _weigh(weights, completions, ranking.PREFIX_WEIGHT)
            complete = words[:-1] if completions else words
        corrections = []
        for surface in islice(_mistyped(complete, here, opened), most_corrections):
            meant = _corrections(surface, here)
            corrections += [(surface, known) for known in meant[:1]]
            stems = [here.stem_of(known) for known in meant]
            _weigh(weights, stems, ranking.CORRECTION_WEIGHT)
        stop_words = frozenset(word.stem for word in words if word.is_stop_word)
        typed = {surface for surface, _ in corrections}
        mistyped = frozenset(word.stem for word in words if word.surface in typed)
        return _Question(weights, stop_words, tuple(corrections), mistyped)


def _mistyped(words: Sequence[Word], here: _Opened, opened: Mapping[str, _Opened]) -> Iterator[str]:
    """Return the written words that no opened shelf knows, in any language."""
    every = [shelf for each in opened.values() for shelf in each.shelves]
    for word in dict.fromkeys(words):
        is_known = here.reach(word.stem) or any(each.knows(word.surface) for each in every)
        if not word.is_stop_word and not is_known:
            yield word.surface


def _plan(question: _Question, here: _Opened, *, most_words: int) -> list[WeightedTerm]:
    weighed = [
        (weight * here.rarity(stem), stem)
        for stem, weight in question.weights.items()
        if here.reach(stem)
    ]
    rarest = sorted(weighed, reverse=True)[:most_words]
    return [
        WeightedTerm(stem, number, weight, field.names and stem not in question.stop_words)
        for weight, stem in rarest
        for number, field in enumerate(FIELDS)
        if field.keeps_stop_words or stem not in question.stop_words
    ]


def _weigh(weights: dict[str, float], stems: Iterable[str], weight: float) -> None:
    for stem in stems:
        weights[stem] = max(weights.get(stem, 0.0), weight)


def _completions(prefix: str, here: _Opened) -> list[str]:
    """Return the stems that most articles have among the words that begin so."""
    if len(prefix) < _SHORTEST_PREFIX:
        return []
    stems = {
        shelf.vocabulary.stems[word]
        for shelf in here.shelves
        for word in shelf.vocabulary.completions(prefix)
    }
    return sorted(stems, key=lambda stem: (-here.reach(stem), stem))[:_MOST_COMPLETIONS]


def _corrections(word: str, here: _Opened) -> list[str]:
    def is_worth(known: str) -> int:
        return here.reach(here.stem_of(known))

    found = {
        known: None
        for shelf in here.shelves
        for known in shelf.vocabulary.corrections(word, is_worth=is_worth)
    }
    return list(found)[:_MOST_MEANINGS]
