"""This process's copy of the search index, kept equal to the database by change number."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock

from prometheus_client import Gauge

from services.kb import lexicon
from services.kb.domain.analysis import Lexicon
from services.kb.domain.articles import Changed
from services.kb.domain.snippet import without_targets
from services.kb.index.engine import SearchIndex
from services.kb.index.shelf import Document

# (after this change number, at most so many) → articles in the order of their last change.
Changes = Callable[[int, int], Sequence[Changed]]

_ARTICLES_A_TURN = 8
SEEN = Gauge("meja_kb_index_change_number", "Last change number that this process's index has.")


@dataclass
class _Copy:
    index: SearchIndex
    seen: int = 0


@dataclass
class Replica:
    """An index that follows the database; any thread may ask it or bring it forward."""

    packaged: Mapping[str, Lexicon]
    lexicons: Mapping[str, Lexicon] = field(init=False)
    words_version: tuple[int, ...] = ()
    _copy: _Copy = field(init=False)
    _spare: _Copy | None = field(init=False, default=None)
    _turn: Lock = field(init=False, default_factory=Lock)

    def __post_init__(self) -> None:
        self.lexicons = self.packaged
        self._copy = self._empty()

    @property
    def index(self) -> SearchIndex:
        """The index to ask; it is replaced as a whole after a rebuild."""
        return self._copy.index

    @property
    def seen(self) -> int:
        """The last change number that the index has."""
        return self._copy.seen

    def catch_up(self, changes: Changes, *, limit: int) -> int:
        """Take in at most `limit` changes; return how many there were.

        While somebody else is at it, nothing is done.
        """
        if not self._turn.acquire(blocking=False):
            return 0
        try:
            taken = _feed(self._copy, changes, limit=limit)
            SEEN.set(self.seen)
            return taken
        finally:
            self._turn.release()

    def learn(self, lexicons: Mapping[str, Lexicon], *, version: tuple[int, ...]) -> None:
        """Go over to other words: a rebuild begins, and until it is done the old ones hold."""
        self.lexicons, self.words_version = lexicons, version
        if self.seen:
            self.rebuild()
        else:
            self._copy = self._empty()

    def rebuild(self) -> None:
        """Begin an empty index beside the present one, which answers until the new one is equal."""
        self._spare = self._empty()

    def rebuild_further(self, changes: Changes, *, limit: int) -> int:
        """Bring a rebuild forward, if one goes on or the index is worn; return its changes.

        When nothing is left to take in, the new index replaces the old one.
        """
        if self._spare is None and self.index.is_worn:
            self.rebuild()
        if self._spare is None:
            return 0
        taken = _feed(self._spare, changes, limit=limit)
        if taken < limit and self._spare.seen >= self._copy.seen:
            self._copy, self._spare = self._spare, None
        return taken

    def _empty(self) -> _Copy:
        return _Copy(SearchIndex(self.lexicons))


def _feed(copy: _Copy, changes: Changes, *, limit: int) -> int:
    found = changes(copy.seen, limit)
    for number, article in enumerate(found, 1):
        if article.is_published:
            copy.index.put(_document(article))
        else:
            copy.index.remove(article.id)
        copy.seen = article.change_number
        if number % _ARTICLES_A_TURN == 0:
            time.sleep(0)  # lets the calls that wait have their turn
    return len(found)


def _document(article: Changed) -> Document:
    return Document(
        id=article.id,
        language=article.language,
        audience=article.label,
        title=article.title,
        body=without_targets(article.body),
        tags=tuple(article.tags),
        category=article.category or "",
    )


@cache
def replica_of(lexicon_folder: str | None) -> Replica:
    """Return this process's replica; the words of the packaged lexicon when no folder is named."""
    folder = Path(lexicon_folder) if lexicon_folder else lexicon.PACKAGED
    return Replica(lexicon.load(folder))
