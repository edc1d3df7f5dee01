"""Working copies written, shown, compared."""

import dataclasses

from chassis.database import Transaction
from contracts import kb as contract
from contracts.errors import invalid_field
from services.kb import schemas
from services.kb.domain import copies as rules
from services.kb.domain import life
from services.kb.domain.articles import Article, tidy_tags
from services.kb.domain.copies import WorkingCopy
from services.kb.domain.revisions import changed_fields, compared_lines, with_files
from services.kb.handlers.copies.desk import answer_of_copy, base_of, copy_for, plan
from services.kb.handlers.problems import linked
from services.kb.handlers.writing import Desk, check_version, take_desk
from services.kb.store import attachments, revisions
from services.kb.store import copies as store


def put_working_copy(command: contract.WorkingCopySpec, *, tx: Transaction) -> contract.WorkingCopy:
    """Write the next version of a published article; the first writing opens it."""
    desk = take_desk(command, tx=tx)
    article = desk.article
    before = store.of_article(tx.session, article_id=article.id)
    check_version(command, before.change_number if before else 0)
    seen = before or _opened(command, desk, tx=tx)
    after = dataclasses.replace(
        seen,
        words=rules.Words(
            title=command.title.strip(),
            body=command.body,
            category=command.category,
            tags=tidy_tags(command.tags),
            problem=linked(command.problem, before=seen.words.problem, tx=tx),
        ),
        based_on=_based_on(command, seen, article),
        note=command.note.strip() or seen.note,
    )
    if after != before:
        after = changed_copy(after, before=before, command=command, number=desk.number, tx=tx)
    return answer_of_copy(after, article, role=command.role, tx=tx)


def get_working_copy(question: contract.GetWorkingCopy, *, tx: Transaction) -> contract.WorkingCopy:
    """Show the next version of an article to those who write."""
    article, copy = copy_for(question, tx=tx)
    return answer_of_copy(copy, article, role=question.role, tx=tx)


def compare_working_copy(
    question: contract.GetWorkingCopy, *, tx: Transaction
) -> contract.WorkingCopyComparison:
    """Tell how a working copy differs from what is on air, and what changed there meanwhile."""
    article, copy = copy_for(question, tx=tx)
    base = base_of(copy, tx=tx)
    standing = attachments.of_article(tx.session, article_id=article.id)
    content = copy.words.over(article.content)
    was = rules.words_of(base.content).over(article.content)
    meanwhile = changed_fields(was, article.content)
    if base.files is not None:
        meanwhile = with_files(meanwhile, base.files, standing)
    return contract.WorkingCopyComparison(
        copy=answer_of_copy(copy, article, role=question.role, tx=tx),
        fields=schemas.diff_fields(
            with_files(changed_fields(article.content, content), standing, copy.files)
        ),
        lines=schemas.diff_lines(compared_lines(article.content.body, content.body)),
        meanwhile_fields=schemas.diff_fields(meanwhile),
        meanwhile_lines=schemas.diff_lines(compared_lines(was.body, article.content.body)),
    )


def changed_copy(
    after: WorkingCopy,
    *,
    before: WorkingCopy | None,
    command: contract.WorkingCopySpec | contract.PutAttachment | contract.RemoveAttachment,
    number: int,
    tx: Transaction,
) -> WorkingCopy:
    """Keep what was written in a working copy.

    Words that a lead has planned to publish are not changed behind their back.
    """
    after = dataclasses.replace(
        after,
        change_number=number,
        written_by=command.actor.id,
        updated_at=tx.now,
        publish_at=after.publish_at if command.role == life.LEAD else None,
    )
    if before is not None:
        plan(after, before=before, by=command.actor.id, tx=tx)
    store.keep(tx.session, after, is_new=before is None)
    return after


def _opened(command: contract.WorkingCopySpec, desk: Desk, *, tx: Transaction) -> WorkingCopy:
    article = desk.article
    if not article.is_published:
        raise rules.CopyRefused(status=article.content.status)
    revisions.name_files(tx.session, article)
    return WorkingCopy(
        article_id=article.id,
        status=life.DRAFT,
        change_number=desk.number,
        based_on=article.revision,
        author=command.actor.id,
        opened_at=tx.now,
        written_by=command.actor.id,
        updated_at=tx.now,
        words=rules.words_of(article.content),
        files=tuple(attachments.of_article(tx.session, article_id=article.id)),
    )


def _based_on(command: contract.WorkingCopySpec, seen: WorkingCopy, article: Article) -> int:
    """The revision that the writer has seen; nobody unsees one, or sees one to come."""
    if command.based_on is None:
        return seen.based_on
    if command.based_on > article.revision:
        raise invalid_field("based_on", f"There is no revision {command.based_on}.")
    return command.based_on
