"""What every change of a working copy has in common: found, checked, planned, answered."""

from chassis.database import Transaction
from contracts import kb as contract
from contracts.errors import invalid_field
from services.kb import schemas
from services.kb.domain import copies as rules
from services.kb.domain.articles import Article, Revision, preferred
from services.kb.domain.copies import WorkingCopy
from services.kb.handlers.writing import Change, Desk, check_version, take_desk
from services.kb.store import articles, attachments, revisions
from services.kb.store import copies as store

COPY_PLAN = "copy"


def open_copy(command: Change, *, tx: Transaction) -> tuple[Desk, WorkingCopy]:
    """Take an article with its working copy, to change the copy.

    Raises:
        NotFound: there is no working copy that the writer may know of.
        Conflict: it is not as the writer saw it.
    """
    desk = take_desk(command, tx=tx)
    copy = store.of_article(tx.session, article_id=desk.article.id)
    if copy is None:
        raise schemas.working_copy_not_found(command.key)
    check_version(command, copy.change_number)
    return desk, copy


def copy_for(
    question: contract.GetWorkingCopy | contract.ListAttachments | contract.GetAttachment,
    *,
    tx: Transaction,
) -> tuple[Article, WorkingCopy]:
    """The article and its working copy, for agents who may read the article.

    Raises:
        NotFound: there is none, or none that the asker may know of.
    """
    reader = schemas.reader_of(question)
    versions = articles.versions(tx.session, key=question.key) if reader.works_here else []
    article = preferred(versions, language=question.language, reader=reader, exactly=True)
    copy = store.of_article(tx.session, article_id=article.id) if article else None
    if article is None or copy is None:
        raise schemas.working_copy_not_found(question.key)
    return article, copy


def answer_of_copy(
    copy: WorkingCopy, article: Article, *, role: str, tx: Transaction
) -> contract.WorkingCopy:
    """The working copy as it is now, with what changed on air meanwhile."""
    standing = attachments.of_article(tx.session, article_id=article.id)
    outdated = rules.changed_since(base_of(copy, tx=tx), article, files=standing)
    return schemas.working_copy_of(copy, article, outdated=outdated, role=role)


def base_of(copy: WorkingCopy, *, tx: Transaction) -> Revision:
    """The revision whose words the copy's writer has seen.

    Raises:
        Invalid: there is none of that number.
    """
    found = revisions.numbered(tx.session, article_id=copy.article_id, number=copy.based_on)
    if found is None:
        raise invalid_field("based_on", f"There is no revision {copy.based_on}.")
    return found


def plan(after: WorkingCopy, *, before: WorkingCopy, by: str, tx: Transaction) -> None:
    """Arm or disarm the timer of a planned publication."""
    if after.publish_at == before.publish_at:
        return
    key = f"{COPY_PLAN}:{after.article_id}"
    if after.publish_at is None:
        tx.disarm(key=key)
    else:
        tx.arm(key=key, due_at=after.publish_at, payload={"by": by})
