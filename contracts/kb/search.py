"""Search and suggestions."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import validate

from contracts.grammar import MAX_TEXT, Operation
from contracts.intake import Key, Language
from contracts.kb.articles import Groups, ReaderAudience, Tag


@dataclass(frozen=True, kw_only=True)
class SearchArticles:
    """Search published articles; no `q` lists all.

    Attributes:
        audience: `internal` also finds internal articles, and those of `groups`; `all` finds all.
        groups: the support groups of the reader.
    """

    q: Annotated[str, validate.Length(max=400)] = ""
    language: Language | None = None
    audience: ReaderAudience = "public"
    groups: Groups = ()
    category: Key | None = None
    tag: Tag | None = None
    limit: Annotated[int, validate.Range(min=1, max=100)] = 20


@dataclass(frozen=True, kw_only=True)
class Suggest:
    """Ask which articles may already answer a text that somebody is typing."""

    text: Annotated[str, validate.Length(min=1, max=MAX_TEXT)]
    language: Language | None = None
    audience: ReaderAudience = "public"
    groups: Groups = ()
    limit: Annotated[int, validate.Range(min=1, max=10)] = 3


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A found article. `snippet` is safe HTML: text escaped, hits in <mark>."""

    key: str
    language: Language
    title: str
    category: str | None
    snippet: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Hits:
    """Found articles, best first.

    Attributes:
        total: how many there are, those beyond the limit included.
        did_you_mean: the question without its typing mistakes, when it had some.
    """

    items: tuple[Hit, ...]
    total: int = 0
    did_you_mean: str | None = None


@dataclass(frozen=True, kw_only=True)
class Complete:
    """Ask how a question that is being typed may go on."""

    q: Annotated[str, validate.Length(min=1, max=200)]
    language: Language | None = None
    audience: ReaderAudience = "public"
    groups: Groups = ()
    limit: Annotated[int, validate.Range(min=1, max=20)] = 8


@dataclass(frozen=True, kw_only=True)
class NamedArticle:
    """An article by its title."""

    key: str
    language: Language
    title: str


@dataclass(frozen=True, kw_only=True)
class Completions:
    """How a question may go on: with these words, or straight to these articles."""

    words: tuple[str, ...]
    articles: tuple[NamedArticle, ...]


SEARCH_ARTICLES = Operation("kb", "search_articles", SearchArticles, Hits)
SUGGEST = Operation("kb", "suggest", Suggest, Hits, deadline_seconds=2)
COMPLETE = Operation("kb", "complete", Complete, Completions, deadline_seconds=2)

OPERATIONS = (SEARCH_ARTICLES, SUGGEST, COMPLETE)
