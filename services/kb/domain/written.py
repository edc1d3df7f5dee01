"""Text as it was written: which words stand in it, and where."""

import re
import unicodedata
from collections.abc import Iterator, Mapping

# Phones write the curly apostrophe (U+2019) in "jum'at" and "can't".
WORD = re.compile("[^\\W_]+(?:['\u2019-][^\\W_]+)*")
_JOINTS = "'\u2019-"
EDGE = "  "  # stands around a text that is searched; two, for a joint at a word is looked past
# Most texts are ASCII but for what writers' programs make of their quotes, dashes and dots.
_MARKS = "\u2018\u201c\u201d\u2013\u2014\u2026\xa0"
_TYPOGRAPHY = (("\u2019", "'"), *((mark, " ") for mark in _MARKS))
_APART = {
    code: chr(code).lower() if chr(code).isalnum() or chr(code) in _JOINTS else " "
    for code in range(128)
}
_APOSTROPHES = re.compile("['\u2019]")
_PREFIX_LENGTH = 2


def fold(text: str) -> str:
    """Lower the case and drop accents: `Café` and `cafe` are one word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def split_words(word: str) -> list[str]:
    """Split one written word at its hyphens, folded.

    `wi-fi`, `e-mail` and `di-restart` are one word, `laki-laki` is `laki`, `covid-19` is two.
    """
    if word.isascii() and word.isalnum():
        return [word.lower()]
    folded = _APOSTROPHES.sub("", fold(word))
    parts = folded.split("-")
    if len(parts) == 1:
        return parts
    if len(set(parts)) == 1:
        return parts[:1]
    if min(map(len, parts)) <= _PREFIX_LENGTH and folded.replace("-", "").isalpha():
        return ["".join(parts)]
    return parts


def written_words(text: str) -> list[str]:
    """Return the words of a text as somebody wrote them, folded."""
    return WORD.findall(fold(text))


def without_mistakes(text: str, *, corrections: Mapping[str, str]) -> str:
    """Put what was meant in the place of each mistyped word, and leave the rest as it is."""

    def meant(match: re.Match[str]) -> str:
        return corrections.get(fold(match.group()), match.group())

    return WORD.sub(meant, text)


def simplified(text: str) -> str:
    """Return a text as good as ASCII in lower case, with the same words in the same places.

    Any other text is returned as it is: some letters get longer in lower case.
    """
    if not text.isascii():
        simple = text
        for mark, plain in _TYPOGRAPHY:
            simple = simple.replace(mark, plain)
        if not simple.isascii():
            return text
        text = simple
    return text.lower()


def pieces_of(searched: str) -> list[str]:
    """Split a simplified text into its words; a piece with joints may be several, or none.

    In ASCII that takes half the time of looking for the words themselves.
    """
    return searched.translate(_APART).split() if searched.isascii() else WORD.findall(searched)


def starts_of(word: str, text: str) -> Iterator[int]:
    """Return where a word stands by itself in a text with an `EDGE` at both ends."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        before, after = text[start - 1], text[end]
        goes_on = (
            before.isalnum()
            or after.isalnum()
            or (before in _JOINTS and text[start - 2].isalnum())
            or (after in _JOINTS and text[end + 1].isalnum())
        )
        if not goes_on:
            yield start
        start = text.find(word, end)
