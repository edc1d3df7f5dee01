"""Articles as they are written: their life, working copies and files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from marshmallow import validate

from contracts import intake, kb
from contracts.intake import Key, Language


@dataclass(frozen=True, kw_only=True)
class WritingsQuery:
    """Which articles, in any state."""

    status: tuple[kb.ArticleStatus, ...] = ()
    lang: Language | None = None
    owner: Annotated[str, validate.Length(max=254)] | None = None
    category: Key | None = None
    q: Annotated[str, validate.Length(max=200)] | None = None
    problem: kb.ProblemNumber | None = None
    review_due: bool = False
    working_copy: tuple[kb.OpenCopy, ...] = ()
    cursor: Annotated[str, validate.Length(max=400)] | None = None
    limit: Annotated[int, validate.Range(min=1, max=200)] = 50


@dataclass(frozen=True, kw_only=True)
class ProblemsQuery:
    """Words of the subject or number, and how many problems."""

    q: Annotated[str, validate.Length(max=200)] = ""
    limit: Annotated[int, validate.Range(min=1, max=200)] = 50


@dataclass(frozen=True, kw_only=True)
class ArticleTransitionBody:
    """Where the article goes; `publish_at` plans it for later."""

    to: kb.ArticleStatus
    note: kb.ArticleNote = ""
    publish_at: datetime | None = None
    review_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleAmendBody:
    """What to change; at least one.

    Attributes:
        still_right: you have read it again, and nothing needs to change.
    """

    owner: intake.Email | None = None
    review_at: datetime | None = None
    still_right: bool = False


@dataclass(frozen=True, kw_only=True)
class WorkingCopyBody:
    """The next version of a published article; `body` is Markdown.

    Attributes:
        based_on: the article's revision that you have seen; left out: as it was.
        note: what was changed, for its history.
    """

    title: Annotated[str, validate.Length(min=1, max=200)]
    body: intake.Body
    category: Key | None = None
    tags: Annotated[tuple[kb.Tag, ...], validate.Length(max=50)] = ()
    problem: kb.ProblemNumber | None = None
    note: kb.ArticleNote = ""
    based_on: Annotated[int, validate.Range(min=1)] | None = None


@dataclass(frozen=True, kw_only=True)
class WorkingCopyTransitionBody:
    """Where the working copy goes; `publish_at` plans its publication for later."""

    to: kb.WorkingCopyStatus
    note: kb.ArticleNote = ""
    publish_at: datetime | None = None
    review_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ComparisonQuery:
    """Which revisions: the older `from` and the newer `to`; left out, the two newest."""

    from_: Annotated[int, validate.Range(min=1)] | None = None
    to: Annotated[int, validate.Range(min=1)] | None = None


@dataclass(frozen=True, kw_only=True)
class StaleArticlesQuery:
    """How many articles."""

    limit: Annotated[int, validate.Range(min=1, max=500)] = 100


@dataclass(frozen=True, kw_only=True)
class ExportQuery:
    """Which articles; 1,000 and 14 MiB of their files at most."""

    status: tuple[kb.ArticleStatus, ...] = ()
    lang: Language | None = None
    category: Key | None = None


@dataclass(frozen=True, kw_only=True)
class ImportedArticle:
    """A Markdown file that was saved; the same as before leaves the revision as it was.

    Attributes:
        files: how many files beside it were added, replaced or taken away.
    """

    file: str
    key: str
    language: str
    revision: int
    files: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportAnswer:
    """All files that were saved."""

    items: tuple[ImportedArticle, ...]


@dataclass(frozen=True, kw_only=True)
class GapsQuery:
    """How many days back, and how many gaps."""

    days: Annotated[int, validate.Range(min=1, max=366)] = 90
    limit: Annotated[int, validate.Range(min=1, max=100)] = 20


@dataclass(frozen=True, kw_only=True)
class RestoreBody:
    """The revision that the article is to say again."""

    revision: Annotated[int, validate.Range(min=1)]


@dataclass(frozen=True, kw_only=True)
class ArticleBody:
    """An article in one language; `body` is Markdown. Agents write drafts, leads anything.

    Attributes:
        groups: with the audience `group`: whose agents it is for.
        problem: number of the problem whose known error this is.
        note: what was changed, for its history.
    """

    title: Annotated[str, validate.Length(min=1, max=200)]
    body: intake.Body
    status: kb.ArticleStatus = "published"
    audience: kb.Audience = "public"
    category: Key | None = None
    tags: Annotated[tuple[kb.Tag, ...], validate.Length(max=50)] = ()
    groups: kb.Groups = ()
    problem: kb.ProblemNumber | None = None
    owner: intake.Email | None = None
    review_at: datetime | None = None
    note: kb.ArticleNote = ""
