"""Search and suggestions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from marshmallow import validate

from contracts.grammar import MAX_TEXT, Operation
from contracts.intake import Key, Language, TicketNumber
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
    """Ask which articles may already answer a text that somebody is typing.

    Attributes:
        asker: whose text it is; what was shown to them and what followed is remembered.
        beside: the number of the ticket beside which an agent is shown them.
    """

    text: Annotated[str, validate.Length(min=1, max=MAX_TEXT)]
    language: Language | None = None
    audience: ReaderAudience = "public"
    groups: Groups = ()
    limit: Annotated[int, validate.Range(min=1, max=10)] = 3
    asker: Annotated[str, validate.Length(min=1, max=254)] | None = None
    beside: TicketNumber | None = None


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A found article. `snippet` is safe HTML: text escaped, hits in <mark>.

    Attributes:
        solved: how many tickets like the text were resolved with it; only suggestions say so.
        problem: number of the problem whose known error it is; agents only.
    """

    key: str
    language: Language
    title: str
    category: str | None
    snippet: str
    score: float
    solved: int = 0
    problem: str | None = None


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


@dataclass(frozen=True, kw_only=True)
class ReportDeflection:
    """Ask what suggestions spared, for texts begun in `[since, until)`; the last 90 days."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DeflectionGroup:
    """What became of the texts of one group.

    Attributes:
        asks: texts that articles fit and whose days have passed.
        read: where a shown article was read before any ticket.
        deflected: where it was read and no ticket followed within the days.
        without_ticket: all that no ticket followed.
        share_without_ticket: of the asks, 0 to 1.
    """

    asks: int
    read: int
    deflected: int
    without_ticket: int
    share_without_ticket: float | None


@dataclass(frozen=True, kw_only=True)
class DeflectionReport:
    """What suggestions spared, against requesters who were shown none.

    Attributes:
        days: within which a ticket counts as having followed.
        hold_out_percent: the share of requesters who are shown none.
        undecided: texts whose days have not passed yet; they are counted nowhere else.
        effect: how much larger the share without a ticket is where articles are shown.
        effect_low, effect_high: its 95 % interval. An effect is only shown when 0 is outside.
    """

    since: datetime
    until: datetime
    days: int
    hold_out_percent: float
    shown: DeflectionGroup
    held_out: DeflectionGroup
    undecided: int
    effect: float | None = None
    effect_low: float | None = None
    effect_high: float | None = None


SEARCH_ARTICLES = Operation("kb", "search_articles", SearchArticles, Hits)
SUGGEST = Operation("kb", "suggest", Suggest, Hits, deadline_seconds=2)
COMPLETE = Operation("kb", "complete", Complete, Completions, deadline_seconds=2)

REPORT_DEFLECTION = Operation("kb", "report_deflection", ReportDeflection, DeflectionReport)

OPERATIONS = (SEARCH_ARTICLES, SUGGEST, COMPLETE, REPORT_DEFLECTION)
