"""Files beside articles; who may read an article may read its files.

Every change of them is a revision of the article. Files of a working copy wait with it.
"""

import dataclasses
from collections.abc import Sequence

from chassis.database import Transaction
from chassis.files import check_file, from_base64, in_base64
from contracts import kb as contract
from contracts.errors import NotFound, invalid_field
from contracts.grammar import Nothing
from services.kb import schemas
from services.kb.domain import life
from services.kb.domain.articles import Article, preferred
from services.kb.domain.attachments import File, hash_of, with_file, without
from services.kb.handlers.copies import changed_copy, copy_for, open_copy
from services.kb.handlers.writing import Desk, keep_revision, open_desk
from services.kb.store import articles, revisions
from services.kb.store import attachments as store


def put_attachment(command: contract.PutAttachment, *, tx: Transaction) -> contract.Attachment:
    """Keep a file beside an article or its working copy; the same file again changes nothing.

    Raises:
        Invalid: the file is not kept: too large, too many, or of a kind that is not.
    """
    content = from_base64(command.content)
    check_file(content, media_type=command.media_type, most_bytes=contract.kinds.MOST_BYTES)
    file = File(
        name=command.name,
        media_type=command.media_type,
        bytes=len(content),
        sha256=hash_of(content),
        added_by=command.actor.id,
        added_at=tx.now,
    )
    if command.working_copy:
        return _put_into_copy(command, file, content, tx=tx)
    desk = _open(command, tx=tx)
    article = desk.article
    standing = store.of_article(tx.session, article_id=article.id)
    if (same := _same(file, standing)) is not None:
        return schemas.attachment_of(same)
    _check_number(with_file(standing, file))
    revisions.name_files(tx.session, article)
    store.replace(tx.session, file, article_id=article.id, content=content)
    _keep_change(command, desk, note=f"+ {file.name}", tx=tx)
    return schemas.attachment_of(file)


def remove_attachment(command: contract.RemoveAttachment, *, tx: Transaction) -> Nothing:
    """Take a file away from an article or its working copy."""
    if command.working_copy:
        desk, copy = open_copy(command, tx=tx)
        after = dataclasses.replace(copy, files=without(copy.files, command.name))
        if after != copy:
            changed_copy(after, before=copy, command=command, number=desk.number, tx=tx)
        return Nothing()
    desk = _open(command, tx=tx)
    article = desk.article
    standing = store.of_article(tx.session, article_id=article.id)
    if len(without(standing, command.name)) < len(standing):
        revisions.name_files(tx.session, article)
        store.remove(tx.session, article_id=article.id, name=command.name)
        _keep_change(command, desk, note=f"- {command.name}", tx=tx)
    return Nothing()


def list_attachments(
    question: contract.ListAttachments, *, tx: Transaction
) -> contract.Attachments:
    """Tell which files stand beside an article or its working copy."""
    found: Sequence[File]
    if question.working_copy:
        _, copy = copy_for(question, tx=tx)
        found = copy.files
    else:
        found = store.of_article(tx.session, article_id=_article(question, tx=tx).id)
    return contract.Attachments(items=tuple(map(schemas.attachment_of, found)))


def get_attachment(
    question: contract.GetAttachment, *, tx: Transaction
) -> contract.AttachmentContent:
    """Give a file of an article or its working copy."""
    held = _of_copy(question, tx=tx) if question.working_copy else _of_article(question, tx=tx)
    if held is None:
        facts = {"key": question.key, "name": question.name}
        raise NotFound("attachment_not_found", f"There is no file {question.name}.", facts)
    media_type, content = held
    return contract.AttachmentContent(
        name=question.name, media_type=media_type, content=in_base64(content)
    )


def _put_into_copy(
    command: contract.PutAttachment, file: File, content: bytes, *, tx: Transaction
) -> contract.Attachment:
    desk, copy = open_copy(command, tx=tx)
    if (same := _same(file, copy.files)) is not None:
        return schemas.attachment_of(same)
    after = dataclasses.replace(copy, files=with_file(copy.files, file))
    _check_number(after.files)
    store.keep_content(tx.session, content, article_id=copy.article_id, sha256=file.sha256)
    changed_copy(after, before=copy, command=command, number=desk.number, tx=tx)
    return schemas.attachment_of(file)


def _same(file: File, files: Sequence[File]) -> File | None:
    return next((each for each in files if each.says == file.says), None)


def _check_number(files: Sequence[File]) -> None:
    most = contract.kinds.MOST_FILES
    if len(files) > most:
        raise invalid_field("name", f"An article has {most} files at most.")


def _open(command: contract.PutAttachment | contract.RemoveAttachment, *, tx: Transaction) -> Desk:
    desk = open_desk(command, tx=tx)
    life.check_writing(status=desk.article.content.status, role=command.role)
    return desk


def _keep_change(
    command: contract.PutAttachment | contract.RemoveAttachment,
    desk: Desk,
    *,
    note: str,
    tx: Transaction,
) -> None:
    before = desk.article
    after = dataclasses.replace(
        before,
        revision=before.revision + 1,
        change_number=desk.number,
        updated_at=tx.now,
        # What a lead has planned to publish is not changed behind their back.
        publish_at=before.publish_at if command.role == life.LEAD else None,
    )
    keep_revision(after, before=before, author=command.actor.id, note=note, tx=tx)


def _of_copy(question: contract.GetAttachment, *, tx: Transaction) -> tuple[str, bytes] | None:
    _, copy = copy_for(question, tx=tx)
    file = next((each for each in copy.files if each.name == question.name), None)
    if file is None:
        return None
    content = store.bytes_of(tx.session, article_id=copy.article_id, sha256=file.sha256)
    return None if content is None else (file.media_type, content)


def _of_article(question: contract.GetAttachment, *, tx: Transaction) -> tuple[str, bytes] | None:
    article = _article(question, tx=tx)
    return store.content_of(tx.session, article_id=article.id, name=question.name)


def _article(
    question: contract.ListAttachments | contract.GetAttachment, *, tx: Transaction
) -> Article:
    reader = schemas.reader_of(question)
    versions = articles.versions(tx.session, key=question.key)
    found = preferred(versions, language=question.language, reader=reader, exactly=True)
    if found is None:
        raise schemas.article_not_found(question.key)
    return found
