"""How a sentence is read: each of its words as it is written, stemmed, and whether it counts."""

from dataclasses import dataclass
from itertools import groupby

from services.kb.domain.analysis import Analyzer
from services.kb.domain.written import split_words


@dataclass(frozen=True, kw_only=True)
class WordRead:
    """A word of a sentence, or a phrase that is read as one thing.

    Attributes:
        text: As it stands in the sentence.
        written: As the index writes it.
        stems: What is looked for.
        is_respelt: It is written in another way than it stands there.
        is_stop_word: It says little by itself.
    """

    text: str
    written: str
    stems: tuple[str, ...]
    is_respelt: bool
    is_stop_word: bool


def read_words(text: str, *, analyzer: Analyzer) -> list[WordRead]:
    """Read a sentence as articles and questions are read, word by word."""
    found = []
    for (start, end), terms in groupby(analyzer.terms(text), key=lambda term: term[1:]):
        words = [term.word for term in terms]
        raw = text[start:end]
        written = " ".join(word.surface for word in words)
        folded = " ".join(part for word in raw.split() for part in split_words(word))
        found.append(
            WordRead(
                text=raw,
                written=written,
                stems=tuple(word.stem for word in words),
                is_respelt=written != folded,
                is_stop_word=all(word.is_stop_word for word in words),
            )
        )
    return found
