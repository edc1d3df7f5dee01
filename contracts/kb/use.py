"""What became of articles: read, helpful or not, and which of them nobody should trust any more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import Nothing, Operation
from contracts.intake import Key, Language
from contracts.kb.articles import Groups, ReaderAudience

FeedbackReason = Literal["outdated", "unclear", "wrong", "not_my_problem", "other"]
StaleReason = Literal["review_due", "problem_solved", "not_helpful", "outdated", "old", "unread"]


@dataclass(frozen=True, kw_only=True)
class RecordReading:
    """Remember that an article was read, and perhaps whether it helped.

    A reading of an article that the reader may not read is dropped. Whoever says again whether it
    helped changes what they said.

    Attributes:
        reason: why it did not help.
        comment: what is missing, in the reader's words.
    """

    key: Key
    language: Language
    reader: Annotated[str, validate.Length(min=1, max=254)]
    helpful: bool | None = None
    reason: FeedbackReason | None = None
    comment: Annotated[str, validate.Length(max=1000)] = ""
    audience: ReaderAudience = "public"
    groups: Groups = ()


@dataclass(frozen=True, kw_only=True)
class GetArticleUse:
    """Ask what became of an article; for those who write."""

    key: Key
    language: Language
    audience: ReaderAudience
    groups: Groups = ()


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What a reader said of an article; who they are is not told."""

    at: datetime
    helpful: bool
    reason: FeedbackReason | None
    comment: str


@dataclass(frozen=True, kw_only=True)
class ArticleUse:
    """What became of an article.

    Attributes:
        popularity: readings, each counting half as much after every half-life.
        feedback: with a reason or a comment, newest first, 50 at most.
    """

    key: str
    language: Language
    reads: int
    helpful: int
    unhelpful: int
    popularity: float
    last_read_at: datetime | None
    feedback: tuple[Feedback, ...]


@dataclass(frozen=True, kw_only=True)
class ReportStaleArticles:
    """Ask which published articles somebody should look at."""

    audience: ReaderAudience
    groups: Groups = ()
    limit: Annotated[int, validate.Range(min=1, max=500)] = 100


@dataclass(frozen=True, kw_only=True)
class StaleArticle:
    """A published article that somebody should look at, and why.

    Attributes:
        reasons: its review is due; the problem whose known error it is was solved; fewer than half
            of those who said so were helped; a reader said that it is outdated or wrong; it was not
            changed for long; nobody read it for long.
    """

    key: str
    language: Language
    title: str
    owner: str
    reasons: tuple[StaleReason, ...]
    updated_at: datetime
    review_at: datetime | None
    last_read_at: datetime | None
    reads: int
    helpful: int
    unhelpful: int
    popularity: float


@dataclass(frozen=True, kw_only=True)
class StaleArticles:
    """Published articles that somebody should look at, the most popular first."""

    items: tuple[StaleArticle, ...]


RECORD_READING = Operation("kb", "record_reading", RecordReading, Nothing, mutates=True)
GET_ARTICLE_USE = Operation("kb", "get_article_use", GetArticleUse, ArticleUse)
REPORT_STALE_ARTICLES = Operation("kb", "report_stale_articles", ReportStaleArticles, StaleArticles)

OPERATIONS = (RECORD_READING, GET_ARTICLE_USE, REPORT_STALE_ARTICLES)
