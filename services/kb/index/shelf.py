"""One shelf: the inverted index of the articles of one language and one audience."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sys import intern
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.kb.domain.analysis import Analyzer
from services.kb.domain.ranking import FIELDS, Field
from services.kb.index.vocabulary import Vocabulary

# A posting is one unsigned 32-bit number: the article's place in the upper 24 bits, how often
# the word stands in the field (255 means "that or more") in the lower 8.
_COUNT_BITS = 8
_MOST_COUNTED = (1 << _COUNT_BITS) - 1
MOST_PLACES = 1 << (32 - _COUNT_BITS)

Scores = npt.NDArray[np.float32]
Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Document:
    """What the index is told of one article in one language."""

    id: str
    language: str
    audience: str
    title: str
    body: str
    tags: tuple[str, ...] = ()
    category: str = ""

    def text(self, field: str) -> str:
        """Return the text of a searched field."""
        return " ".join(self.tags) if field == "tags" else str(getattr(self, field))


class WeightedTerm(NamedTuple):
    """A term of a question with its weight in one field, rarity included."""

    stem: str
    field: int
    weight: float
    names: bool  # a telling word in a field that says what an article is about


class Shelf:
    """Inverted lists, one per field and stem. Not safe by itself: its owner holds a lock."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.analyzer = analyzer
        self.vocabulary = Vocabulary()
        self.live = 0
        self.words_in: list[int] = [0] * len(FIELDS)
        self._ids: list[str] = []
        self._categories: list[str] = []
        self._tags: list[tuple[str, ...]] = []
        self._place_of: dict[str, int] = {}
        self._is_live = bytearray()
        self._lengths = [array("H") for _ in FIELDS]
        self._postings: list[dict[str, array[int]]] = [{} for _ in FIELDS]

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._place_of

    @property
    def dead(self) -> int:
        """How many places still hold an article that was replaced or removed."""
        return len(self._ids) - self.live

    def add(self, document: Document) -> None:
        """Add an article; one with the same id is replaced."""
        self.remove(document.id)
        place = len(self._ids)
        for number, field in enumerate(FIELDS):
            self._add_field(number, field, document.text(field.name), place=place)
        self._ids.append(document.id)
        # Many articles share these; each comes from the database as a string of its own.
        self._categories.append(intern(document.category))
        self._tags.append(tuple(map(intern, document.tags)))
        self._place_of[document.id] = place
        self._is_live.append(1)
        self.live += 1

    def remove(self, document_id: str) -> None:
        """Take an article out; unknown ids are fine. Its place is only freed by a rebuild."""
        place = self._place_of.pop(document_id, None)
        if place is None:
            return
        self._is_live[place] = 0
        self.live -= 1
        for number, lengths in enumerate(self._lengths):
            self.words_in[number] -= lengths[place]

    def reaches(self, stem: str) -> list[int]:
        """Count the live articles that have the stem, in each field."""
        found = [postings.get(stem, ()) for postings in self._postings]
        return [self._live_in(postings) for postings in found] if self.dead else [*map(len, found)]

    def _live_in(self, postings: "array[int] | tuple[()]") -> int:
        if not postings:
            return 0
        places = np.frombuffer(postings, np.uint32) >> _COUNT_BITS
        return int(np.frombuffer(self._is_live, np.uint8)[places].sum())

    def knows(self, surface: str) -> bool:
        """Whether the written word stands in a live article of this shelf."""
        if surface not in self.vocabulary:
            return False
        return any(self.reaches(self.vocabulary.stems[surface]))

    def named(self, terms: Iterable[WeightedTerm]) -> Marks:
        """Mark every article that has one of the naming terms."""
        marks = np.zeros(len(self._ids), bool)
        for term in terms:
            if term.names and (postings := self._postings[term.field].get(term.stem)) is not None:
                marks[np.frombuffer(postings, np.uint32) >> _COUNT_BITS] = True
        return marks

    def scores(
        self,
        terms: Iterable[WeightedTerm],
        *,
        averages: Sequence[float],
        among: Marks | None = None,
    ) -> Scores:
        """Score every article against the terms; 0 where none of them stands.

        `averages` are the mean field lengths over all shelves asked together. Only articles that
        are marked in `among` are looked at, if it is given; others score 0.
        """
        scores = np.zeros(len(self._ids), np.float32)
        for term in terms:
            postings = self._postings[term.field].get(term.stem)
            if postings is not None:
                self._score(scores, postings, term, average=averages[term.field], among=among)
        return scores * np.frombuffer(self._is_live, np.uint8) if self.dead else scores

    def best(
        self, scores: Scores, *, limit: int, category: str | None = None, tag: str | None = None
    ) -> tuple[int, list[tuple[float, str]]]:
        """Return how many articles match, and the best as (score, id), best first.

        Equal scores are ordered by id, so that all replicas answer alike.
        """
        places = np.flatnonzero(scores)
        if category is not None:
            wanted = [self._categories[place] == category for place in places.tolist()]
            places = places[np.array(wanted, bool)]
        if tag is not None:
            tagged = [tag in self._tags[place] for place in places.tolist()]
            places = places[np.array(tagged, bool)]
        matches = len(places)
        if matches > limit:
            found = scores[places]
            floor = np.partition(found, matches - limit)[matches - limit]
            places = places[found >= floor]
        best = [(float(scores[place]), self._ids[place]) for place in places.tolist()]
        best.sort(key=lambda hit: (-hit[0], hit[1]))
        return matches, best[:limit]

    def _add_field(self, number: int, field: Field, text: str, *, place: int) -> None:
        length = 0
        known = self.vocabulary.stems
        lists = self._postings[number]
        shifted = place << _COUNT_BITS
        tally = self.analyzer.tally(text, with_stop_words=field.keeps_stop_words)
        for (stem, surface, _), count in tally:
            if surface not in known:
                self.vocabulary.add(surface, stem=stem)
            length += count
            posting = shifted | min(count, _MOST_COUNTED)
            postings = lists.get(stem)
            if postings is None:
                lists[stem] = array("I", (posting,))
            elif (last := postings[-1]) < shifted:
                postings.append(posting)
            else:  # another form of a word that this article has already
                postings[-1] = shifted | min((last & _MOST_COUNTED) + count, _MOST_COUNTED)
        length = min(length, 0xFFFF)
        self._lengths[number].append(length)
        self.words_in[number] += length

    def _score(
        self,
        scores: Scores,
        postings: "array[int]",
        term: WeightedTerm,
        *,
        average: float,
        among: Marks | None,
    ) -> None:
        field = FIELDS[term.field]
        packed = np.frombuffer(postings, np.uint32)
        places = packed >> _COUNT_BITS
        if among is not None:
            looked_at = among[places]
            packed, places = packed[looked_at], places[looked_at]
        counts = (packed & _MOST_COUNTED).astype(np.float32)
        lengths = np.frombuffer(self._lengths[term.field], np.uint16)[places]
        flat = np.float32(field.saturation * (1 - field.length_share))
        steep = np.float32(field.saturation * field.length_share / average)
        weight = np.float32(term.weight * field.weight * (field.saturation + 1))
        # A place stands once in a list, so the plain indexed addition loses nothing.
        scores[places] += weight * counts / (counts + flat + steep * lengths)


def mean_lengths(shelves: Sequence[Shelf]) -> list[float]:
    """Return the mean length of each field over the shelves, at least 1 word."""
    live = max(1, sum(shelf.live for shelf in shelves))
    return [
        max(1.0, sum(shelf.words_in[number] for shelf in shelves) / live)
        for number in range(len(FIELDS))
    ]
