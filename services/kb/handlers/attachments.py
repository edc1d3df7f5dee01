"""Files beside articles; who may read an article may read its files."""

from chassis.database import Transaction
from chassis.files import check_file, from_base64, in_base64
from contracts import kb as contract
from contracts.errors import NotFound, invalid_field
from contracts.grammar import Nothing
from services.kb import schemas
from services.kb.domain import life
from services.kb.domain.articles import Article, preferred
from services.kb.domain.attachments import MOST_BYTES, MOST_FILES
from services.kb.handlers.writing import open_desk
from services.kb.store import articles
from services.kb.store import attachments as store


def put_attachment(command: contract.PutAttachment, *, tx: Transaction) -> contract.Attachment:
    """Keep a file beside an article.

    Raises:
        Invalid: the file is not kept: too large, too many, or of a kind that is not.
    """
    article = open_desk(command, tx=tx).article
    life.check_writing(status=article.content.status, role=command.role)
    content = from_base64(command.content)
    check_file(content, media_type=command.media_type, most_bytes=MOST_BYTES)
    kept = {each.name for each in store.of_article(tx.session, article_id=article.id)}
    if command.name not in kept and len(kept) >= MOST_FILES:
        raise invalid_field("name", f"An article has {MOST_FILES} files at most.")
    file = store.File(
        name=command.name,
        media_type=command.media_type,
        bytes=len(content),
        added_by=command.actor.id,
        added_at=tx.now,
    )
    store.replace(tx.session, file, article_id=article.id, content=content)
    return _shown(file)


def remove_attachment(command: contract.RemoveAttachment, *, tx: Transaction) -> Nothing:
    """Take a file away from an article."""
    article = open_desk(command, tx=tx).article
    life.check_writing(status=article.content.status, role=command.role)
    store.remove(tx.session, article_id=article.id, name=command.name)
    return Nothing()


def list_attachments(
    question: contract.ListAttachments, *, tx: Transaction
) -> contract.Attachments:
    """Tell which files stand beside an article."""
    article = _article(question, tx=tx)
    found = store.of_article(tx.session, article_id=article.id)
    return contract.Attachments(items=tuple(map(_shown, found)))


def get_attachment(
    question: contract.GetAttachment, *, tx: Transaction
) -> contract.AttachmentContent:
    """Give a file of an article."""
    article = _article(question, tx=tx)
    found = store.content_of(tx.session, article_id=article.id, name=question.name)
    if found is None:
        facts = {"key": question.key, "name": question.name}
        raise NotFound("attachment_not_found", f"There is no file {question.name}.", facts)
    media_type, content = found
    return contract.AttachmentContent(
        name=question.name, media_type=media_type, content=in_base64(content)
    )


def _article(
    question: contract.ListAttachments | contract.GetAttachment, *, tx: Transaction
) -> Article:
    reader = schemas.reader_of(question)
    versions = articles.versions(tx.session, key=question.key)
    found = preferred(versions, language=question.language, reader=reader, exactly=True)
    if found is None:
        raise schemas.article_not_found(question.key)
    return found


def _shown(file: store.File) -> contract.Attachment:
    return contract.Attachment(**vars(file))
