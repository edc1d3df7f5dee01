"""What every change of an article has in common: found, checked, kept, told, its timers set."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.database import Transaction
from contracts import kb as contract
from services.kb import schemas
from services.kb.domain.articles import Article, may_read
from services.kb.domain.readers import Reader
from services.kb.store import articles, problems


@dataclass(frozen=True, kw_only=True)
class Desk:
    """An article on the desk of somebody who writes; others who write wait meanwhile.

    Attributes:
        before: As it is; None when there is none in this language.
        number: The change number that the change will have.
        versions: The article in all its languages.
    """

    before: Article | None
    number: int
    versions: Sequence[Article]
    writer: Reader
    role: str
    tx: Transaction

    @property
    def article(self) -> Article:
        """The article, which must be there.

        Raises:
            NotFound: it is not.
        """
        if self.before is None:
            raise schemas.article_not_found(self.versions[0].key if self.versions else "")
        return self.before

    def answer(self, after: Article) -> contract.Article:
        """The article as it is now."""
        others = [each for each in self.versions if each.language != after.language]
        return answer_of(after, [*others, after], reader=self.writer, role=self.role, tx=self.tx)


Change = (
    contract.ArticleSpec
    | contract.ChangeArticleStatus
    | contract.AmendArticle
    | contract.PutAttachment
    | contract.RemoveAttachment
    | contract.RestoreRevision
    | contract.WorkingCopySpec
    | contract.ChangeWorkingCopyStatus
)


def open_desk(command: Change, *, tx: Transaction, may_be_new: bool = False) -> Desk:
    """Take an article to change it.

    Raises:
        NotFound: there is none that the writer may know of.
        Conflict: it is not as the writer saw it.
    """
    desk = take_desk(command, tx=tx, may_be_new=may_be_new)
    check_version(command, desk.before.change_number if desk.before else 0)
    return desk


def take_desk(command: Change, *, tx: Transaction, may_be_new: bool = False) -> Desk:
    """Take an article, whatever version of it the writer saw.

    Raises:
        NotFound: there is none that the writer may know of.
    """
    writer = schemas.writer_of(command)
    number = articles.take_change_number(tx.session)
    versions = articles.versions(tx.session, key=command.key)
    before = next((each for each in versions if each.language == command.language), None)
    hidden = [each for each in versions if not may_read(each, reader=writer)]
    if before in hidden or (versions and len(hidden) == len(versions)):
        raise schemas.article_not_found(command.key)
    if before is None and not may_be_new:
        raise schemas.article_not_found(command.key)
    return Desk(
        before=before,
        number=number,
        versions=versions,
        writer=writer,
        role=command.role,
        tx=tx,
    )


def check_version(command: Change, version: int) -> None:
    """Refuse a change of what is not as the writer saw it.

    Raises:
        Conflict: it was changed meanwhile.
    """
    if command.version not in (None, version):
        raise schemas.stale_version(version)


def keep_revision(
    after: Article,
    *,
    before: Article | None,
    author: str,
    note: str,
    tx: Transaction,
    reviewer: str | None = None,
) -> Article:
    """Keep what an article says now, and tell it when it can be read."""
    if after.is_published:
        after = dataclasses.replace(after, published_at=tx.now, publish_at=None)
    keep = articles.add if before is None else articles.change
    keep(tx.session, after, author=author, note=note, reviewer=reviewer)
    set_timers(after, before=before, by=author, tx=tx)
    if after.is_published:
        tx.announce(schemas.published_of(after, published_at=tx.now))
    return after


def set_timers(after: Article, *, before: Article | None, by: str, tx: Transaction) -> None:
    """Arm or disarm what falls due: a planned publication, and the next review."""
    if after.publish_at != (before.publish_at if before else None):
        _set(tx, f"publish:{after.id}", after.publish_at, {"by": by})
    review_at = after.review_at if after.is_published else None
    if review_at != (before.review_at if before and before.is_published else None):
        _set(tx, f"review:{after.id}", review_at, {"reminder": 1})


def _set(tx: Transaction, key: str, due_at: datetime | None, payload: Mapping[str, Any]) -> None:
    if due_at is None:
        tx.disarm(key=key)
    else:
        tx.arm(key=key, due_at=due_at, payload=payload)


def answer_of(
    shown: Article, versions: Sequence[Article], *, reader: Reader, role: str, tx: Transaction
) -> contract.Article:
    """An article as the reader may see it; of which problem it is a known error is for agents."""
    languages = sorted(each.language for each in versions if may_read(each, reader=reader))
    named = shown.content.problem if reader.works_here else None
    problem = problems.by_number(tx.session, named) if named else None
    return schemas.article_of(shown, languages=languages, reader=reader, role=role, problem=problem)
