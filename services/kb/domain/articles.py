"""What an article is, and which of its languages is shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.kb.domain.attachments import File
from services.kb.domain.life import PUBLISHED
from services.kb.domain.readers import Reader, label_of


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a revision keeps; two equal contents are one revision.

    Attributes:
        body: Markdown.
        audience: `public`, `internal` (agents only) or `group` (agents of `groups` only).
        problem: The number of the problem whose known error this is.
    """

    title: str
    body: str
    status: str
    audience: str
    category: str | None
    tags: tuple[str, ...]
    groups: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def label(self) -> str:
        """The label of the shelf it stands on."""
        return label_of(audience=self.audience, groups=self.groups)


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article in one language; the same `key` in another language is its translation.

    Attributes:
        change_number: Where its last change stands among all changes of the knowledge base.
        review_at: When somebody should read whether it is still true.
        publish_at: When it will be published by itself.
        published_at: When it was published last.
        ticket: The number of the ticket it was drafted from.
        reviewed_at: When somebody said last that it is still right.
        reviewed_by: Who said so.
    """

    id: str
    key: str
    language: str
    owner: str
    revision: int
    change_number: int
    updated_at: datetime
    content: Content
    review_at: datetime | None = None
    publish_at: datetime | None = None
    published_at: datetime | None = None
    ticket: str | None = None
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None

    @property
    def is_published(self) -> bool:
        """Whether it can be found at all."""
        return self.content.status == PUBLISHED


@dataclass(frozen=True, kw_only=True)
class Shown:
    """As much of an article as the answer to a question shows of it."""

    id: str
    key: str
    language: str
    title: str
    category: str | None
    tags: Sequence[str]
    body: str
    problem: str | None


@dataclass(frozen=True, kw_only=True)
class Changed:
    """As much of an article that changed as an index wants to know of it."""

    id: str
    key: str
    language: str
    change_number: int
    status: str
    audience: str
    groups: Sequence[str]
    title: str
    body: str
    tags: Sequence[str]
    category: str | None

    @property
    def is_published(self) -> bool:
        """Whether it can be found at all."""
        return self.status == PUBLISHED

    @property
    def label(self) -> str:
        """The label of the shelf it stands on."""
        return label_of(audience=self.audience, groups=self.groups)


@dataclass(frozen=True, kw_only=True)
class Revision:
    """An article as it once was: what it said, who wrote that and why.

    Attributes:
        reviewer: Who published what the author wrote, where it was a working copy.
        files: Those beside it then; None when that was not remembered yet.
    """

    number: int
    author: str
    written_at: datetime
    note: str
    content: Content = field(repr=False)
    reviewer: str | None = None
    files: tuple[File, ...] | None = None


class GroupsRefused(Exception):
    """Groups are named without the audience `group`, or missing with it."""


def tidy_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Trim tags and drop repeats and empty ones, keeping the order."""
    return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def tidy_groups(groups: tuple[str, ...], *, audience: str) -> tuple[str, ...]:
    """Sort groups and drop repeats.

    Raises:
        GroupsRefused: they do not fit the audience.
    """
    if bool(groups) != (audience == "group"):
        raise GroupsRefused
    return tuple(sorted(set(groups)))


def may_read(article: Article, *, reader: Reader) -> bool:
    """Whether a reader may know of the article; what is not published only agents see."""
    is_shown = reader.works_here or article.is_published
    return is_shown and article.content.label in reader


def preferred(
    versions: Collection[Article], *, language: str, reader: Reader, exactly: bool = False
) -> Article | None:
    """Choose the version to show: a published one first, then the wanted language.

    Args:
        versions: The article in all its languages.
        language: The wanted one.
        reader: Who wants it.
        exactly: Only the wanted language will do.
    """
    readable = [version for version in versions if may_read(version, reader=reader)]
    if exactly:
        return next((each for each in readable if each.language == language), None)
    return min(
        readable,
        key=lambda version: (not version.is_published, version.language != language),
        default=None,
    )
