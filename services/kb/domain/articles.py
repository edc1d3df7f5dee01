"""What an article is, who may read it, and when a change makes a new revision."""

from dataclasses import dataclass
from datetime import datetime

# All states an article can be in; only a published one can be found.
STATUSES = ("draft", "review", "published", "archived")
PUBLISHED = "published"

# Who asks → whose articles they may read.
READABLE = {
    "public": frozenset({"public"}),
    "internal": frozenset({"public", "internal"}),
}


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a revision keeps; two equal contents are one revision.

    Attributes:
        body: Markdown.
        audience: `internal` is for agents only.
    """

    title: str
    body: str
    status: str
    audience: str
    category: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article in one language; the same `key` in another language is its translation.

    Attributes:
        change_number: Where its last change stands among all changes of the knowledge base.
    """

    id: str
    key: str
    language: str
    owner: str
    revision: int
    change_number: int
    updated_at: datetime
    content: Content

    @property
    def is_published(self) -> bool:
        """Whether it can be found at all."""
        return self.content.status == PUBLISHED


def tidy_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Trim tags and drop repeats and empty ones, keeping the order."""
    return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def may_read(article: Article, *, audience: str) -> bool:
    """Whether an asker may know of the article: agents of all, others of published public ones."""
    if audience == "internal":
        return True
    return article.is_published and article.content.audience in READABLE[audience]


def preferred(versions: list[Article], *, language: str, audience: str) -> Article | None:
    """Choose the version to show: a published one first, then the wanted language."""
    readable = [version for version in versions if may_read(version, audience=audience)]
    return min(
        readable,
        key=lambda version: (not version.is_published, version.language != language),
        default=None,
    )
