"""The desk's own words: how people write things, and words that say little."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from marshmallow import validate

from contracts.grammar import Operation
from contracts.intake import Actor, Language

Words = Annotated[str, validate.Length(min=1, max=80)]


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """Ways to write one thing: each variant is found and looked for as if `written`.

    A variant that is its own `written` takes a packaged one back.
    """

    written: Words
    variants: Annotated[tuple[Words, ...], validate.Length(min=1, max=50)]


@dataclass(frozen=True, kw_only=True)
class WordsSpec:
    """A language's own words, as a whole; they go before the packaged ones.

    Attributes:
        stop_words: words that say little by themselves, such as "please".
        version: the version that was changed; None when the last one is to be replaced unseen.
    """

    language: Language
    actor: Actor
    spellings: Annotated[tuple[Spelling, ...], validate.Length(max=2000)] = ()
    stop_words: Annotated[tuple[Words, ...], validate.Length(max=500)] = ()
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class OwnWords:
    """A language's words as saved, and those that come with the desk.

    Attributes:
        version: 0 when none were ever saved.
    """

    language: Language
    version: int
    spellings: tuple[Spelling, ...]
    stop_words: tuple[str, ...]
    updated_at: datetime | None
    updated_by: str | None
    packaged_spellings: tuple[Spelling, ...] = ()
    packaged_stop_words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GetWords:
    """Ask for the words of a language."""

    language: Language


@dataclass(frozen=True, kw_only=True)
class ReadText:
    """Ask how a sentence is read, with the words that are saved now."""

    text: Annotated[str, validate.Length(min=1, max=400)]
    language: Language


@dataclass(frozen=True, kw_only=True)
class WordRead:
    """A word of a sentence, or a phrase that is read as one thing.

    Attributes:
        text: as it stands in the sentence.
        written: as the index writes it: folded, and respelt where `is_respelt`.
        stems: what is looked for.
        is_stop_word: it says little by itself.
    """

    text: str
    written: str
    stems: tuple[str, ...]
    is_respelt: bool
    is_stop_word: bool


@dataclass(frozen=True, kw_only=True)
class TextRead:
    """The words of a sentence in their order."""

    language: Language
    items: tuple[WordRead, ...]


GET_WORDS = Operation("kb", "get_words", GetWords, OwnWords)
PUT_WORDS = Operation("kb", "put_words", WordsSpec, OwnWords, mutates=True)
READ_TEXT = Operation("kb", "read_text", ReadText, TextRead, deadline_seconds=2)

OPERATIONS = (GET_WORDS, PUT_WORDS, READ_TEXT)
