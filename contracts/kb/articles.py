"""Articles: written, read, told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import MAX_TEXT, Event, Nothing, Operation, says
from contracts.intake import Actor, Key, Language

ArticleStatus = Literal["draft", "review", "published", "archived"]
Audience = Literal["public", "internal"]
Tag = Annotated[str, validate.Length(min=1, max=64)]


@says("kb", "article.published")
@dataclass(frozen=True, kw_only=True)
class ArticlePublished(Event):
    """A revision of an article can be read now."""

    key: str
    language: Language
    revision: int
    title: str
    audience: Audience
    published_at: datetime


@dataclass(frozen=True, kw_only=True)
class ArticleSpec:
    """An article in one language; the same `key` in another language is its translation.

    Attributes:
        body: Markdown.
        audience: `internal` articles are for agents only.
    """

    key: Key
    language: Language
    title: Annotated[str, validate.Length(min=1, max=200)]
    body: Annotated[str, validate.Length(min=1, max=MAX_TEXT)]
    actor: Actor
    status: ArticleStatus = "published"
    audience: Audience = "public"
    category: Key | None = None
    tags: Annotated[tuple[Tag, ...], validate.Length(max=50)] = ()


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article as saved."""

    key: str
    language: Language
    title: str
    body: str
    status: ArticleStatus
    audience: Audience
    category: str | None
    tags: tuple[str, ...]
    revision: int
    owner: str
    updated_at: datetime
    languages: tuple[Language, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GetArticle:
    """Ask for an article; in another language when there is none in the wanted one."""

    key: Key
    language: Language = "id"
    audience: Audience = "public"


@dataclass(frozen=True, kw_only=True)
class RecordReading:
    """Remember that an article was read, and whether it was before a ticket on the same matter."""

    key: Key
    language: Language
    reader: Annotated[str, validate.Length(min=1, max=254)]
    helpful: bool | None = None


PUT_ARTICLE = Operation("kb", "put_article", ArticleSpec, Article, mutates=True)
GET_ARTICLE = Operation("kb", "get_article", GetArticle, Article)
RECORD_READING = Operation("kb", "record_reading", RecordReading, Nothing, mutates=True)

EVENTS = (ArticlePublished,)
OPERATIONS = (PUT_ARTICLE, GET_ARTICLE, RECORD_READING)
