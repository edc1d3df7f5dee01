"""Working copies: the next version of a published article, which stays as it is meanwhile."""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.kb.domain.articles import Article, Content, Revision
from services.kb.domain.attachments import File, are_same
from services.kb.domain.life import DRAFT, PUBLISHED, REVIEW, Transition, a_move

DISCARDED = "discarded"
# The states a working copy can be in; published or discarded it is there no longer.
OPEN = (DRAFT, REVIEW)

TRANSITIONS: tuple[Transition, ...] = (
    a_move(DRAFT, REVIEW, "agent lead", needs=("category",)),
    a_move(DRAFT, PUBLISHED, "lead system", needs=("category",)),
    a_move(DRAFT, DISCARDED, "agent lead"),
    # Sent back to its author, who should know why.
    a_move(REVIEW, DRAFT, "agent lead", needs=("note",)),
    a_move(REVIEW, PUBLISHED, "lead system", needs=("category",)),
    a_move(REVIEW, DISCARDED, "lead", needs=("note",)),
)

# Whom an article is for is decided on the article itself, so no copy shows it to anybody new.
WORDS = ("title", "body", "category", "tags", "problem")


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a working copy says."""

    title: str
    body: str
    category: str | None
    tags: tuple[str, ...]
    problem: str | None = None

    def over(self, content: Content) -> Content:
        """The content that says this instead."""
        return dataclasses.replace(content, **vars(self))


@dataclass(frozen=True, kw_only=True)
class WorkingCopy:
    """The next version of an article in one language; there is one at most.

    Attributes:
        change_number: Its version.
        based_on: The revision whose words its writer has seen.
        author: Who opened it.
        written_by: Who changed it last.
        note: What its writers say of their changes.
        returned_by: Who sent it back, `returned_note` why.
        publish_at: When it will be published by itself.
    """

    article_id: str
    status: str
    change_number: int
    based_on: int
    author: str
    opened_at: datetime
    written_by: str
    updated_at: datetime
    words: Words
    files: tuple[File, ...] = ()
    note: str = ""
    returned_by: str | None = None
    returned_note: str = ""
    publish_at: datetime | None = None


class CopyRefused(Exception):
    """An article that is not published has no next version: it is written itself."""

    def __init__(self, *, status: str) -> None:
        super().__init__(status)
        self.status = status


class CopyOutdated(Exception):
    """The article says something else than its writer saw; nothing is overwritten silently."""

    def __init__(self, *, based_on: int, revision: int, fields: Collection[str]) -> None:
        super().__init__(based_on, revision, tuple(fields))
        self.based_on = based_on
        self.revision = revision
        self.fields = tuple(fields)


def words_of(content: Content) -> Words:
    """What a content says, its state and its readers aside."""
    return Words(**{name: getattr(content, name) for name in WORDS})


def changed_since(base: Revision, article: Article, *, files: Collection[File]) -> tuple[str, ...]:
    """The names of what the article says otherwise than the revision a copy was based on.

    A move or another audience is no other text. `files` stand beside the article now.
    """
    was, now = words_of(base.content), words_of(article.content)
    names = [name for name in WORDS if getattr(was, name) != getattr(now, name)]
    if base.files is not None and not are_same(base.files, files):
        names.append("files")
    return tuple(names)


def check_publishing(
    copy: WorkingCopy, *, base: Revision, article: Article, files: Collection[File]
) -> None:
    """Refuse to publish a copy whose article is not on air, or changed since.

    Raises:
        CopyRefused: the article is not published.
        CopyOutdated: it says something else than the copy was based on.
    """
    if not article.is_published:
        raise CopyRefused(status=article.content.status)
    if names := changed_since(base, article, files=files):
        raise CopyOutdated(based_on=copy.based_on, revision=article.revision, fields=names)
