"""Knowledge as it is read: search and its words, suggestions, chat."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from marshmallow import validate

from contracts import intake, kb
from contracts.intake import Key, Language


@dataclass(frozen=True, kw_only=True)
class ArticlesQuery:
    """Which articles; no `q` lists all."""

    q: Annotated[str, validate.Length(max=400)] = ""
    lang: Language | None = None
    category: Key | None = None
    tag: kb.Tag | None = None
    limit: Annotated[int, validate.Range(min=1, max=100)] = 20


@dataclass(frozen=True, kw_only=True)
class CompleteQuery:
    """A question that is being typed."""

    q: Annotated[str, validate.Length(min=1, max=200)]
    lang: Language | None = None
    limit: Annotated[int, validate.Range(min=1, max=20)] = 8


@dataclass(frozen=True, kw_only=True)
class WordsBody:
    """A language's own words, as a whole; `version` is the one that was changed."""

    spellings: Annotated[tuple[kb.Spelling, ...], validate.Length(max=2000)] = ()
    stop_words: Annotated[tuple[kb.Words, ...], validate.Length(max=500)] = ()
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReadTextQuery:
    """A sentence."""

    text: Annotated[str, validate.Length(min=1, max=400)]


@dataclass(frozen=True, kw_only=True)
class ArticleQuery:
    """In which language, if there is one."""

    lang: Language = "id"


@dataclass(frozen=True, kw_only=True)
class SuggestBody:
    """A text that somebody is typing."""

    text: intake.Body
    language: Language | None = None
    limit: Annotated[int, validate.Range(min=1, max=10)] = 3
    beside: intake.TicketNumber | None = None


@dataclass(frozen=True, kw_only=True)
class ReadingBody:
    """An article was read; did it help?"""

    language: Language
    helpful: bool | None = None
    reason: kb.FeedbackReason | None = None
    comment: Annotated[str, validate.Length(max=1000)] = ""


@dataclass(frozen=True, kw_only=True)
class ChatBody:
    """A new conversation with the hotline, and perhaps the first thing said in it."""

    text: kb.ChatText | None = None
    language: Language | None = None


@dataclass(frozen=True, kw_only=True)
class ChatMessageBody:
    """Something said in a conversation."""

    text: kb.ChatText


@dataclass(frozen=True, kw_only=True)
class DeflectionQuery:
    """Texts begun in `[from, to)`; the last 90 days when left out."""

    from_: datetime | None = None
    to: datetime | None = None
