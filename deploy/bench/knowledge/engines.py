"""The engines that are compared: ours as the service uses it, and three that anybody could take."""

import math
import re
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Protocol

import sqlalchemy as sa

from services.kb import lexicon
from services.kb.domain.analysis import guess_language
from services.kb.index.engine import SearchIndex
from services.kb.index.shelf import Document

DEPTH = 10
_WORD = re.compile(r"\w+")
_CONFIGURATIONS = {"id": "indonesian", "en": "english"}
_BATCH = 2_000
_TAKE_IN = """
INSERT INTO found SELECT id, language, setweight(to_tsvector(words::regconfig, title), 'A')
    || setweight(to_tsvector(words::regconfig, tags), 'B')
    || setweight(to_tsvector(words::regconfig, body), 'D')
FROM unnest(%s, %s, %s, %s, %s, %s) AS given (id, language, words, title, tags, body)
"""


class Engine(Protocol):
    """Takes articles in once, then answers."""

    name: str

    def take_in(self, documents: Iterable[Document]) -> None:
        """Index articles."""

    def ask(self, text: str, *, language: str) -> list[str]:
        """The ids of the ten best articles in a language, best first."""


class Ours:
    """The index of the service."""

    name = "ours"

    def __init__(self) -> None:
        self._lexicons = lexicon.load()
        self.index = SearchIndex(self._lexicons)

    def take_in(self, documents: Iterable[Document]) -> None:
        """Index articles."""
        for document in documents:
            self.index.put(document)

    def ask(self, text: str, *, language: str) -> list[str]:
        """The ids of the ten best."""
        found = self.index.search(
            text, audiences={"public", "internal"}, languages={language}, limit=DEPTH
        )
        return [hit.id for hit in found.hits]

    def suggest(self, text: str) -> list[str]:
        """The ids that may answer a long text, as the service asks for them."""
        language = guess_language(text, lexicons=self._lexicons, default="id")
        found = self.index.search(
            text,
            audiences={"public"},
            languages={language},
            limit=DEPTH,
            must_be_named=True,
            most_corrections=0,
        )
        return [hit.id for hit in found.hits]


class PlainBm25:
    """BM25 as in the textbook: k1 1.2, b 0.75, no stemming, title and text as one."""

    name = "plain BM25"

    def __init__(self, *, k1: float = 1.2, b: float = 0.75) -> None:
        self._k1, self._b = k1, b
        self._ids: dict[str, list[str]] = {}
        self._lengths: dict[str, array[int]] = {}
        self._postings: dict[str, dict[str, array[int]]] = {}

    def take_in(self, documents: Iterable[Document]) -> None:
        """Index articles."""
        for document in documents:
            language = document.language
            ids = self._ids.setdefault(language, [])
            postings = self._postings.setdefault(language, {})
            words = _words(document)
            for word, count in Counter(words).items():
                postings.setdefault(word, array("I")).extend((len(ids), count))
            self._lengths.setdefault(language, array("I")).append(len(words))
            ids.append(document.id)

    def ask(self, text: str, *, language: str) -> list[str]:
        """The ids of the ten best."""
        ids, lengths = self._ids[language], self._lengths[language]
        average = sum(lengths) / len(lengths)
        scores: dict[int, float] = {}
        for word in _WORD.findall(text.lower()):
            postings = self._postings[language].get(word, array("I"))
            reach = len(postings) // 2
            rarity = math.log(1 + (len(ids) - reach + 0.5) / (reach + 0.5))
            for place, count in zip(postings[::2], postings[1::2], strict=True):
                long = 1 - self._b + self._b * lengths[place] / average
                gain = rarity * count * (self._k1 + 1) / (count + self._k1 * long)
                scores[place] = scores.get(place, 0.0) + gain
        best = sorted(scores, key=lambda place: (-scores[place], ids[place]))[:DEPTH]
        return [ids[place] for place in best]


class Fts5:
    """SQLite FTS5 with the fields weighed as ours are, any of the words wanted."""

    name = "SQLite FTS5"

    def __init__(self) -> None:
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute(
            "CREATE VIRTUAL TABLE found USING fts5(title, tags, body, id UNINDEXED, "
            "language UNINDEXED)"
        )

    def take_in(self, documents: Iterable[Document]) -> None:
        """Index articles."""
        rows = ((d.title, " ".join(d.tags), d.body, d.id, d.language) for d in documents)
        with self._connection:
            self._connection.executemany("INSERT INTO found VALUES (?, ?, ?, ?, ?)", rows)

    def ask(self, text: str, *, language: str) -> list[str]:
        """The ids of the ten best."""
        wanted = " OR ".join(f'"{word}"' for word in _WORD.findall(text))
        if not wanted:
            return []
        rows = self._connection.execute(
            "SELECT id FROM found WHERE found MATCH ? AND language = ? "
            "ORDER BY bm25(found, 3.0, 2.0, 1.0), id LIMIT ?",
            (wanted, language, DEPTH),
        )
        return [row[0] for row in rows]


class TsRankCd:
    """PostgreSQL full text in each article's language, `ts_rank_cd`, any of the words wanted."""

    name = "PostgreSQL ts_rank_cd"

    def __init__(self, url: str) -> None:
        self._connection = sa.create_engine(url).raw_connection()
        self._cursor = self._connection.cursor()
        self._cursor.execute(
            "CREATE TEMPORARY TABLE found (id text, language text, words tsvector)"
        )

    def take_in(self, documents: Iterable[Document]) -> None:
        """Index articles, and then build what finds them."""
        coming = iter(documents)
        while batch := list(islice(coming, _BATCH)):
            rows = [
                (d.id, d.language, _CONFIGURATIONS[d.language], d.title, " ".join(d.tags), d.body)
                for d in batch
            ]
            self._cursor.execute(_TAKE_IN, [list(column) for column in zip(*rows, strict=True)])
        self._cursor.execute("CREATE INDEX ON found USING gin (words)")
        self._cursor.execute("ANALYZE found")

    def ask(self, text: str, *, language: str) -> list[str]:
        """The ids of the ten best."""
        # Words are joined by OR after PostgreSQL has stemmed them: "and" finds next to nothing.
        self._cursor.execute(
            "WITH asked AS (SELECT replace(plainto_tsquery(%s, %s)::text, '&', '|')::tsquery AS q) "
            "SELECT id FROM found, asked WHERE words @@ q AND language = %s "
            "ORDER BY ts_rank_cd(words, q) DESC, id LIMIT %s",
            (_CONFIGURATIONS[language], text, language, DEPTH),
        )
        return [row[0] for row in self._cursor.fetchall()]


def _words(document: Document) -> list[str]:
    return _WORD.findall(f"{document.title} {document.body}".lower())
