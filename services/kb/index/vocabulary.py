"""The words that stand in indexed articles: completed while typing, corrected when mistyped."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator

import numpy as np

from services.kb.domain import spelling

_LAST = "\U0010ffff"


class Vocabulary:
    """Every written word seen.

    Attributes:
        stems: The stem under which each is indexed.
    """

    def __init__(self) -> None:
        self.stems: dict[str, str] = {}
        self._words: list[str] = []
        self._letters = array("I")
        self._lengths = array("B")
        self._sorted: list[str] = []

    def __contains__(self, surface: str) -> bool:
        return surface in self.stems

    def add(self, surface: str, *, stem: str) -> None:
        """Remember a written word; the second time changes nothing."""
        if surface in self.stems:
            return
        self.stems[surface] = stem
        self._words.append(surface)
        self._letters.append(spelling.letter_set(surface))
        self._lengths.append(min(len(surface), 255))

    def completions(self, prefix: str) -> Iterator[str]:
        """Return the known words that begin so, in alphabetical order."""
        if len(self._sorted) != len(self._words):
            # Two ordered runs are merged, which is much quicker than to sort all words anew.
            self._sorted += sorted(self._words[len(self._sorted) :])
            self._sorted.sort()
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + _LAST)
        return iter(self._sorted[start:end])

    def corrections(self, word: str, *, is_worth: Callable[[str], int]) -> list[str]:
        """Return the known words that were probably meant, best first.

        Nearest first, then by `is_worth`: how many articles the asker would reach with the word;
        a word worth 0 is never proposed, so that no hidden article can be guessed from it.
        """
        limit = spelling.allowed_mistakes(word)
        if not limit or not self._words:
            return []
        found = []
        for number in self._similar(word, limit=limit):
            known = self._words[number]
            mistakes = spelling.distance(word, known, limit=limit)
            if mistakes <= limit and (worth := is_worth(known)):
                found.append((mistakes, -worth, known))
        return [known for *_, known in sorted(found)]

    def _similar(self, word: str, *, limit: int) -> Iterator[int]:
        letters = np.frombuffer(self._letters, np.uint32)
        lengths = np.frombuffer(self._lengths, np.uint8)
        changed = np.bitwise_count(letters ^ np.uint32(spelling.letter_set(word)))
        longer = np.abs(lengths.astype(np.int16) - len(word))
        near = np.flatnonzero((changed <= 2 * limit) & (longer <= limit))
        # People seldom miss the first letter, and "external" is not "internal".
        return (number for number in near.tolist() if self._words[number][0] == word[0])
