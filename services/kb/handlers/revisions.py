"""An article's history: listed, compared, restored."""

import dataclasses

from chassis.database import Transaction
from contracts import kb as contract
from contracts.errors import NotFound
from services.kb import schemas
from services.kb.domain import life
from services.kb.domain.articles import Article, Content, Revision, preferred
from services.kb.domain.attachments import are_same
from services.kb.domain.revisions import changed_fields, compared_lines, with_files
from services.kb.handlers.writing import keep_revision, open_desk
from services.kb.store import articles, attachments
from services.kb.store import revisions as store

MOST_REVISIONS = 500
_LONGEST_NOTE = 500


def list_revisions(question: contract.ListRevisions, *, tx: Transaction) -> contract.Revisions:
    """Tell how an article came to be what it is."""
    article = _article(question, tx=tx)
    found = store.newest(tx.session, article_id=article.id, limit=MOST_REVISIONS)
    kept = attachments.kept_hashes(tx.session, article_id=article.id)
    return contract.Revisions(
        key=question.key,
        language=question.language,
        items=tuple(schemas.revision_of(each, kept=kept) for each in found),
    )


def compare_revisions(
    question: contract.CompareRevisions, *, tx: Transaction
) -> contract.Comparison:
    """Tell how two revisions differ; the first one differs from nothing."""
    article = _article(question, tx=tx)
    now = _revision(article, question.now or article.revision, tx=tx)
    number = question.was or now.number - 1
    was = _revision(article, number, tx=tx) if number else None
    before = was.content if was else _EMPTY
    fields = changed_fields(before, now.content)
    if now.files is not None and (was is None or was.files is not None):
        fields = with_files(fields, (was.files or ()) if was else (), now.files)
    return schemas.comparison_of(
        was,
        now,
        fields=fields,
        lines=compared_lines(before.body, now.content.body),
        kept=attachments.kept_hashes(tx.session, article_id=article.id),
    )


def restore_revision(command: contract.RestoreRevision, *, tx: Transaction) -> contract.Article:
    """Let an article say again what it said, with its files; that is its next revision.

    State, audience and groups stay, so that an old text is shown to nobody new. A file whose
    content is no longer there is named in the answer and in the history.
    """
    desk = open_desk(command, tx=tx)
    before = desk.article
    life.check_writing(status=before.content.status, role=command.role)
    old = _revision(before, command.revision, tx=tx)
    said = {name: getattr(old.content, name) for name in ("title", "body", "category", "tags")}
    content = dataclasses.replace(before.content, **said)
    standing = attachments.of_article(tx.session, article_id=before.id)
    wanted = standing if old.files is None else old.files
    if content == before.content and are_same(wanted, standing):
        return desk.answer(before)
    store.name_files(tx.session, before)
    missing = attachments.stand(tx.session, wanted, article_id=before.id)
    after = dataclasses.replace(
        before,
        content=content,
        revision=before.revision + 1,
        change_number=desk.number,
        updated_at=tx.now,
    )
    note = f"← {command.revision}" + "".join(f" - {name}" for name in missing)
    kept = keep_revision(
        after, before=before, author=command.actor.id, note=note[:_LONGEST_NOTE], tx=tx
    )
    return dataclasses.replace(desk.answer(kept), files_missing=missing)


_EMPTY = Content(title="", body="", status="", audience="", category=None, tags=())


def _article(
    question: contract.ListRevisions | contract.CompareRevisions, *, tx: Transaction
) -> Article:
    """The article whose history somebody may know: agents who may read what it says now.

    Raises:
        NotFound: there is none, or none that the asker may know the history of.
    """
    reader = schemas.reader_of(question)
    versions = articles.versions(tx.session, key=question.key) if reader.works_here else []
    found = preferred(versions, language=question.language, reader=reader, exactly=True)
    if found is None:
        raise schemas.article_not_found(question.key)
    return found


def _revision(article: Article, number: int, *, tx: Transaction) -> Revision:
    found = store.numbered(tx.session, article_id=article.id, number=number)
    if found is None:
        facts = {"key": article.key, "revision": number}
        raise NotFound("revision_not_found", f"There is no revision {number}.", facts)
    return found
