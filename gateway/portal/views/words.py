"""The organisation's own words as rows, and a sentence as it is read."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts import kb

SHOWN = 200
"""As many rows are on a page at most; others are searched for."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """Ways to write one thing.

    Attributes:
        place: where it stands among all rows.
    """

    place: str
    written: str
    variants: str


@dataclass(frozen=True, kw_only=True)
class Read:
    """A word of a sentence.

    Attributes:
        written: how it is respelt; empty when it is not.
        stems: what is looked for; empty when that is the word as it is written.
    """

    text: str
    written: str
    stems: str
    is_stop_word: bool


def rows(spellings: Sequence[kb.Spelling], *, q: str) -> list[Row]:
    """The rows with a text in them, in their order."""
    wanted = q.casefold()
    shown = [
        Row(place=str(place), written=each.written, variants=", ".join(each.variants))
        for place, each in enumerate(spellings)
    ]
    return [row for row in shown if wanted in f"{row.written}, {row.variants}".casefold()]


def read_words(found: kb.TextRead) -> tuple[Read, ...]:
    """A sentence as it is read."""
    return tuple(
        Read(
            text=each.text,
            written=each.written if each.is_respelt else "",
            stems=_unlike(" ".join(each.stems), each.written, each.text.lower()),
            is_stop_word=each.is_stop_word,
        )
        for each in found.items
    )


def _unlike(said: str, *others: str) -> str:
    return "" if said in others else said
