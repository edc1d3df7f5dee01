"""Search and suggestions."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import validate

from contracts.grammar import MAX_TEXT, Operation
from contracts.intake import Key, Language
from contracts.kb.articles import Groups, ReaderAudience


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
    """Found articles, best first."""

    items: tuple[Hit, ...]


SEARCH_ARTICLES = Operation("kb", "search_articles", SearchArticles, Hits)
SUGGEST = Operation("kb", "suggest", Suggest, Hits, deadline_seconds=2)

OPERATIONS = (SEARCH_ARTICLES, SUGGEST)
