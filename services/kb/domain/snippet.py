"""The part of an article that shows why it was found, with the found words marked."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from services.kb.domain.analysis import Term

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
# What begins a line: a rule, or the line under a table's heading; a heading, quotation, list.
_LINE_MARKUP = re.compile(
    r"\n(?:[-|: \t]{3,}$|[ \t]*(?:#{1,6}|>|[-*+]|\d+[.)])[ \t]+)", re.MULTILINE
)
_CELLS_AND_CODE = "*`~|"
_BLANKS = "\n\t\r\v\f\x1c\x1d\x1e\x1f"  # those of ASCII, the blank itself aside
_UNDERSCORES = re.compile(r"(?<!\w)_+|_+(?!\w)")
_URL = re.compile(r"https?://\S+")


class Snippet(NamedTuple):
    """A short piece of plain text and the places in it to mark, as (start, end)."""

    text: str
    marks: tuple[tuple[int, int], ...]


def plain_text(markdown: str) -> str:
    """Return what a reader sees of Markdown: no markup, no link targets, one space for many."""
    text = _LINE_MARKUP.sub("\n", f"\n{without_targets(markdown)}")
    if "_" in text:
        text = _UNDERSCORES.sub("", text)
    # Much quicker than to translate and split: most texts have few of these.
    for mark in _CELLS_AND_CODE:
        text = text.replace(mark, "")
    if not text.isascii():
        return " ".join(text.split())
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip()


def without_targets(markdown: str) -> str:
    """Return Markdown without what links point to: all an index needs, and quicker."""
    text = _LINK.sub(r"\1", markdown) if "](" in markdown else markdown
    return _URL.sub(" ", text) if "://" in text else text


def snippet(text: str, *, hits: Sequence[Term], length: int = 200) -> Snippet:
    """Cut the stretch of plain text that has most different hits, about `length` long.

    With no hit in the text it is the beginning. Marks never overlap and are in order.
    """
    start = _best_start(hits, length=length) if hits else 0
    start, end = _whole_words(text, start=start, length=length)
    lead = "… " if start else ""
    tail = " …" if end < len(text) else ""
    shift = len(lead) - start
    marks = dict.fromkeys(
        (term.start + shift, term.end + shift)
        for term in hits
        if start <= term.start and term.end <= end
    )
    return Snippet(f"{lead}{text[start:end]}{tail}", tuple(marks))


def _best_start(hits: Sequence[Term], *, length: int) -> int:
    """Slide a window over the hits; return where the one with most different words begins."""
    inside: Counter[str] = Counter()
    best, best_start, first, different = 0, 0, 0, 0
    for hit in hits:
        inside[hit.word.stem] += 1
        different += inside[hit.word.stem] == 1
        while hit.end - hits[first].start > length and hits[first] is not hit:
            inside[hits[first].word.stem] -= 1
            different -= not inside[hits[first].word.stem]
            first += 1
        if different > best:
            best, best_start = different, hits[first].start
    return best_start


def _whole_words(text: str, *, start: int, length: int) -> tuple[int, int]:
    if start + length >= len(text):
        start = max(0, len(text) - length)
    # A little before the first found word, so that the sentence can be understood.
    start = max(0, start - length // 6)
    if start:
        start = text.find(" ", start) + 1
    end = min(len(text), start + length)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return start, end
