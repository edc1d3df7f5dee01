"""The editable words of each language: `stop_words_<language>.txt`, `spellings_<language>.txt`.

Stop words are separated by blanks. A spelling is a line `written: variant, variant`: each variant
is indexed and looked for as if it had been written like the left side; either side may be several
words. `#` begins a comment.
"""

from collections.abc import Iterator
from pathlib import Path

from services.kb.domain.analysis import LANGUAGES, Lexicon
from services.kb.domain.written import fold

PACKAGED = Path(__file__).parent


class LexiconLineUnreadable(Exception):
    """A line of a spellings file is not `written: variant, variant`."""

    def __init__(self, *, file: str, line: str) -> None:
        super().__init__(f"{file}: expected 'written: variant, variant', got {line!r}")
        self.file = file
        self.line = line


def load(folder: Path = PACKAGED) -> dict[str, Lexicon]:
    """Read the words of every language from a folder.

    Raises:
        LexiconLineUnreadable: a spellings file has a line without a colon or without variants.
    """
    return {
        language: Lexicon(
            language=language,
            stop_words=frozenset(_words(folder / f"stop_words_{language}.txt")),
            spellings=dict(_spellings(folder / f"spellings_{language}.txt")),
        )
        for language in LANGUAGES
    }


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        text = fold(line.split("#")[0]).strip()
        if text:
            yield text


def _words(path: Path) -> Iterator[str]:
    for line in _lines(path):
        yield from line.split()


def _spellings(path: Path) -> Iterator[tuple[str, str]]:
    for line in _lines(path):
        written, _, variants = line.partition(":")
        names = [name.strip() for name in variants.split(",") if name.strip()]
        if not written.strip() or not names:
            raise LexiconLineUnreadable(file=path.name, line=line)
        for name in names:
            yield name, written.strip()
