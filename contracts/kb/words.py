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


GET_WORDS = Operation("kb", "get_words", GetWords, OwnWords)
PUT_WORDS = Operation("kb", "put_words", WordsSpec, OwnWords, mutates=True)

OPERATIONS = (GET_WORDS, PUT_WORDS)
