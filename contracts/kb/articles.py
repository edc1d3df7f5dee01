"""Articles: written, read, told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import MAX_TEXT, Event, Operation, says
from contracts.intake import Actor, Email, Key, Language
from contracts.kb.problems import KnownProblem, ProblemNumber

ArticleStatus = Literal["draft", "review", "published", "archived"]
# The states a working copy can be in while it is one.
OpenCopy = Literal["draft", "review"]
Audience = Literal["public", "internal", "group"]
ReaderAudience = Literal["public", "internal", "all"]
WriterRole = Literal["agent", "lead"]
Tag = Annotated[str, validate.Length(min=1, max=64)]
Title = Annotated[str, validate.Length(min=1, max=200)]
Markdown = Annotated[str, validate.Length(min=1, max=MAX_TEXT)]
Groups = Annotated[tuple[Key, ...], validate.Length(max=20)]
ArticleNote = Annotated[str, validate.Length(max=500)]


@says("kb", "article.published")
@dataclass(frozen=True, kw_only=True)
class ArticlePublished(Event):
    """A revision of an article can be read now.

    Attributes:
        groups: whom it is for, when the audience is `group`.
    """

    key: str
    language: Language
    revision: int
    title: str
    audience: Audience
    published_at: datetime
    groups: tuple[str, ...] = ()


@says("kb", "article.review_due")
@dataclass(frozen=True, kw_only=True)
class ArticleReviewDue(Event):
    """Somebody should read whether a published article is still true; told again until done.

    Attributes:
        owner: whom to remind.
        reminder: 1 for the first time.
    """

    key: str
    language: Language
    title: str
    owner: str
    review_at: datetime
    reminder: int = 1


@dataclass(frozen=True, kw_only=True)
class ArticleSpec:
    """An article in one language; the same `key` in another language is its translation.

    Attributes:
        body: Markdown.
        audience: `internal` articles are for agents only, `group` ones for agents of `groups`.
        groups: support groups; with the audience `group` only.
        problem: number of the problem whose known error this is; one that is not known, perhaps
            not yet, is refused with `problem_not_known`.
        owner: who looks after it; left out: as it was, the first author at first.
        review_at: when it must be read again; left out: as it was.
        note: what was changed, for its history.
        role: what the writer may do; agents write drafts.
        version: the version the writer saw; a stale one is refused with `stale_version`.
    """

    key: Key
    language: Language
    title: Title
    body: Markdown
    actor: Actor
    status: ArticleStatus = "published"
    audience: Audience = "public"
    category: Key | None = None
    tags: Annotated[tuple[Tag, ...], validate.Length(max=50)] = ()
    groups: Groups = ()
    problem: ProblemNumber | None = None
    owner: Email | None = None
    review_at: datetime | None = None
    note: ArticleNote = ""
    role: WriterRole = "lead"
    version: int | None = None
    reader_groups: Groups = ()


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article as saved.

    Attributes:
        languages: those the reader may read it in.
        version: changes with every change; send it back as the expected one.
        publish_at: when it will be published by itself.
        problem: number of the problem whose known error this is; agents only.
        ticket: the ticket it was drafted from; agents only.
        transitions: states the writer may move it to.
        reviewed_at: when somebody said last that it is still right; agents only, as `reviewed_by`.
        files_missing: files of a restored revision whose content is no longer there.
        known_error_of: what is known of that problem; null when it was never heard of.
    """

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
    version: int = 0
    groups: tuple[str, ...] = ()
    problem: str | None = None
    review_at: datetime | None = None
    publish_at: datetime | None = None
    published_at: datetime | None = None
    ticket: str | None = None
    transitions: tuple[ArticleStatus, ...] = ()
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None
    files_missing: tuple[str, ...] = ()
    known_error_of: KnownProblem | None = None


@dataclass(frozen=True, kw_only=True)
class GetArticle:
    """Ask for an article; in another language when there is none in the wanted one.

    Attributes:
        audience: `internal` also reads internal articles, and those of `groups`; `all` reads all.
        groups: the support groups of the reader.
        exactly: only the wanted language will do.
        role: whose moves are told.
    """

    key: Key
    language: Language = "id"
    audience: ReaderAudience = "public"
    groups: Groups = ()
    exactly: bool = False
    role: WriterRole = "agent"


@dataclass(frozen=True, kw_only=True)
class ChangeArticleStatus:
    """Move an article through its life; what each move needs stands in the transition table.

    Attributes:
        note: why; needed to send it back, to withdraw and to archive it.
        publish_at: publish later, at this instant; with `to` published only.
        review_at: when it must be read again.
        version: the version the writer saw; a stale one is refused with `stale_version`.
        reader_groups: the support groups of the writer.
    """

    key: Key
    language: Language
    to: ArticleStatus
    actor: Actor
    role: WriterRole
    note: ArticleNote = ""
    publish_at: datetime | None = None
    review_at: datetime | None = None
    version: int | None = None
    reader_groups: Groups = ()


@dataclass(frozen=True, kw_only=True)
class AmendArticle:
    """Change who looks after an article, or when it must be read again; no new revision.

    Attributes:
        still_right: the writer has read it again and nothing needs to change; it is read again
            at `review_at`, or after the usual time.
    """

    key: Key
    language: Language
    actor: Actor
    role: WriterRole
    owner: Email | None = None
    review_at: datetime | None = None
    version: int | None = None
    reader_groups: Groups = ()
    still_right: bool = False


@dataclass(frozen=True, kw_only=True)
class ListArticles:
    """Ask for articles in any state, the last changed first; for those who write them.

    Attributes:
        q: words that the title must contain.
        problem: only known errors of the problem with this number.
        review_due: only published ones whose review is due.
        cursor: where the page before ended.
        working_copy: only those with a working copy in one of these states.
    """

    audience: ReaderAudience
    groups: Groups = ()
    status: tuple[ArticleStatus, ...] = ()
    language: Language | None = None
    owner: Annotated[str, validate.Length(max=254)] | None = None
    category: Key | None = None
    q: Annotated[str, validate.Length(max=200)] | None = None
    problem: ProblemNumber | None = None
    review_due: bool = False
    cursor: Annotated[str, validate.Length(max=400)] | None = None
    limit: Annotated[int, validate.Range(min=1, max=200)] = 50
    working_copy: tuple[OpenCopy, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ArticleLine:
    """An article in a list.

    Attributes:
        working_copy: the state of its working copy, if there is one.
    """

    key: str
    language: Language
    title: str
    status: ArticleStatus
    audience: Audience
    groups: tuple[str, ...]
    category: str | None
    problem: str | None
    owner: str
    revision: int
    version: int
    updated_at: datetime
    review_at: datetime | None
    publish_at: datetime | None
    working_copy: OpenCopy | None = None


@dataclass(frozen=True, kw_only=True)
class ArticlePage:
    """Some articles, how many there are in each state, and where the next page starts.

    Attributes:
        working_copies: how many have a working copy.
    """

    items: tuple[ArticleLine, ...]
    counts: Mapping[str, int]
    review_due: int
    next_cursor: str | None = None
    working_copies: int = 0


@dataclass(frozen=True, kw_only=True)
class ListRevisions:
    """Ask how an article came to be what it is."""

    key: Key
    language: Language
    audience: ReaderAudience
    groups: Groups = ()


@dataclass(frozen=True, kw_only=True)
class RevisionFile:
    """A file that stood beside an article.

    Attributes:
        is_kept: whether its content is still there.
    """

    name: str
    media_type: str
    bytes: int
    sha256: str
    is_kept: bool


@dataclass(frozen=True, kw_only=True)
class RevisionLine:
    """One revision in the history of an article.

    Attributes:
        reviewer: who published what the author wrote, where it was a working copy.
        files: those beside it then; null when that was not remembered yet.
    """

    revision: int
    author: str
    written_at: datetime
    status: ArticleStatus
    title: str
    note: str
    reviewer: str | None = None
    files: tuple[RevisionFile, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Revisions:
    """The history of an article, newest first; the 500 newest at most."""

    key: str
    language: Language
    items: tuple[RevisionLine, ...]


@dataclass(frozen=True, kw_only=True)
class CompareRevisions:
    """Ask how two revisions differ.

    Attributes:
        was: the older one; left out: the one before `now`.
        now: the newer one; left out: the present one.
    """

    key: Key
    language: Language
    audience: ReaderAudience
    groups: Groups = ()
    was: Annotated[int, validate.Range(min=1)] | None = None
    now: Annotated[int, validate.Range(min=1)] | None = None


@dataclass(frozen=True, kw_only=True)
class DiffLine:
    """A line of a comparison; `gap` stands for equal lines that are left out."""

    kind: Literal["same", "removed", "added", "gap"]
    text: str
    was: int | None
    now: int | None


@dataclass(frozen=True, kw_only=True)
class DiffField:
    """A field beside the body that differs."""

    field: str
    was: str
    now: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two revisions beside each other.

    Attributes:
        was: the older revision; null when there is none before.
        body: the newer one's whole text, Markdown.
    """

    was: RevisionLine | None
    now: RevisionLine
    fields: tuple[DiffField, ...]
    lines: tuple[DiffLine, ...]
    body: str


@dataclass(frozen=True, kw_only=True)
class RestoreRevision:
    """Let an article say again what it said, with its files; state and audience stay."""

    key: Key
    language: Language
    revision: Annotated[int, validate.Range(min=1)]
    actor: Actor
    role: WriterRole
    version: int | None = None
    reader_groups: Groups = ()


PUT_ARTICLE = Operation("kb", "put_article", ArticleSpec, Article, mutates=True)
GET_ARTICLE = Operation("kb", "get_article", GetArticle, Article)
CHANGE_ARTICLE_STATUS = Operation(
    "kb", "change_article_status", ChangeArticleStatus, Article, mutates=True
)
AMEND_ARTICLE = Operation("kb", "amend_article", AmendArticle, Article, mutates=True)
LIST_ARTICLES = Operation("kb", "list_articles", ListArticles, ArticlePage)
LIST_REVISIONS = Operation("kb", "list_revisions", ListRevisions, Revisions)
COMPARE_REVISIONS = Operation("kb", "compare_revisions", CompareRevisions, Comparison)
RESTORE_REVISION = Operation("kb", "restore_revision", RestoreRevision, Article, mutates=True)

EVENTS = (ArticlePublished, ArticleReviewDue)
OPERATIONS = (
    PUT_ARTICLE,
    GET_ARTICLE,
    CHANGE_ARTICLE_STATUS,
    AMEND_ARTICLE,
    LIST_ARTICLES,
    LIST_REVISIONS,
    COMPARE_REVISIONS,
    RESTORE_REVISION,
)
