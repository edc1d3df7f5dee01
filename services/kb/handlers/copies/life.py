"""Working copies moved on: to review and back, on air now or as planned, away."""

import dataclasses
import logging

from chassis.database import Timer, Transaction
from contracts import kb as contract
from contracts.errors import invalid_field
from services.kb.domain import copies as rules
from services.kb.domain import life
from services.kb.domain.articles import Article
from services.kb.domain.copies import WorkingCopy
from services.kb.handlers.copies.desk import COPY_PLAN, answer_of_copy, base_of, open_copy, plan
from services.kb.handlers.writing import Desk, keep_revision
from services.kb.settings import KbSettings
from services.kb.store import articles, attachments
from services.kb.store import copies as store

log = logging.getLogger(__name__)


def change_working_copy_status(
    command: contract.ChangeWorkingCopyStatus, *, tx: Transaction, settings: KbSettings
) -> contract.WorkingCopy:
    """Ask for review of a working copy, send it back, publish it now or later, or discard it."""
    desk, copy = open_copy(command, tx=tx)
    given = {"category"} if copy.words.category else set()
    given |= {"note"} if command.note.strip() else set()
    life.transition(
        was=copy.status, to=command.to, role=command.role, given=given, moves=rules.TRANSITIONS
    )
    if command.to == life.PUBLISHED:
        return _publish_or_plan(command, copy, desk, tx=tx, settings=settings)
    if command.publish_at is not None:
        raise invalid_field("publish_at", "Has no meaning in another move.")
    moved = dataclasses.replace(copy, status=command.to, change_number=desk.number)
    if command.to == rules.DISCARDED:
        _close(copy, tx=tx)
        return answer_of_copy(moved, desk.article, role=command.role, tx=tx)
    is_returned = command.to == life.DRAFT
    moved = dataclasses.replace(
        moved,
        publish_at=None,
        note=copy.note if is_returned else command.note.strip() or copy.note,
        returned_by=command.actor.id if is_returned else None,
        returned_note=command.note if is_returned else "",
    )
    plan(moved, before=copy, by=command.actor.id, tx=tx)
    store.keep(tx.session, moved)
    return answer_of_copy(moved, desk.article, role=command.role, tx=tx)


def publish_as_planned(
    article: Article, timer: Timer, *, number: int, tx: Transaction, settings: KbSettings
) -> None:
    """Publish a working copy at its instant, unless it came otherwise meanwhile."""
    copy = store.of_article(tx.session, article_id=article.id)
    if copy is None or copy.publish_at is None or copy.publish_at > tx.now:
        return
    given = {"category"} if copy.words.category else set()
    try:
        life.transition(
            was=copy.status,
            to=life.PUBLISHED,
            role=life.SYSTEM,
            given=given,
            moves=rules.TRANSITIONS,
        )
        _check_publishing(copy, article, tx=tx)
    except (
        life.TransitionRefused,
        life.FieldsMissing,
        rules.CopyRefused,
        rules.CopyOutdated,
    ) as refused:
        log.info("planned publication dropped", extra={"key": article.key, "why": repr(refused)})
        store.keep(tx.session, dataclasses.replace(copy, publish_at=None, change_number=number))
        return
    by = str(timer.payload["by"])
    _publish(copy, article, number=number, by=by, note="", tx=tx, settings=settings)


def _publish_or_plan(
    command: contract.ChangeWorkingCopyStatus,
    copy: WorkingCopy,
    desk: Desk,
    *,
    tx: Transaction,
    settings: KbSettings,
) -> contract.WorkingCopy:
    article = desk.article
    _check_publishing(copy, article, tx=tx)
    if command.publish_at is not None:
        if command.publish_at <= tx.now:
            raise invalid_field("publish_at", "Must be later than now.")
        planned = dataclasses.replace(
            copy,
            publish_at=command.publish_at,
            note=command.note.strip() or copy.note,
            change_number=desk.number,
        )
        plan(planned, before=copy, by=command.actor.id, tx=tx)
        store.keep(tx.session, planned)
        return answer_of_copy(planned, article, role=command.role, tx=tx)
    if command.review_at is not None:
        article = dataclasses.replace(article, review_at=command.review_at)
    after = _publish(
        copy,
        article,
        number=desk.number,
        by=command.actor.id,
        note=command.note.strip(),
        tx=tx,
        settings=settings,
    )
    moved = dataclasses.replace(
        copy,
        status=life.PUBLISHED,
        based_on=after.revision,
        publish_at=None,
        change_number=desk.number,
    )
    return answer_of_copy(moved, after, role=command.role, tx=tx)


def _publish(
    copy: WorkingCopy,
    article: Article,
    *,
    number: int,
    by: str,
    note: str,
    tx: Transaction,
    settings: KbSettings,
) -> Article:
    """Let the article say what its working copy says: a revision with author and reviewer."""
    before = articles.by_id(tx.session, article.id)
    attachments.stand(tx.session, copy.files, article_id=article.id)
    after = keep_revision(
        dataclasses.replace(
            article,
            content=copy.words.over(article.content),
            revision=article.revision + 1,
            change_number=number,
            updated_at=tx.now,
            review_at=life.review_after(article.review_at, now=tx.now, days=settings.review_days),
        ),
        before=before,
        author=copy.written_by,
        reviewer=by,
        note=note or copy.note,
        tx=tx,
    )
    _close(copy, tx=tx)
    return after


def _close(copy: WorkingCopy, *, tx: Transaction) -> None:
    store.remove(tx.session, article_id=copy.article_id)
    attachments.sweep(tx.session, article_id=copy.article_id)
    if copy.publish_at is not None:
        tx.disarm(key=f"{COPY_PLAN}:{copy.article_id}")


def _check_publishing(copy: WorkingCopy, article: Article, *, tx: Transaction) -> None:
    standing = attachments.of_article(tx.session, article_id=article.id)
    base = base_of(copy, tx=tx)
    rules.check_publishing(copy, base=base, article=article, files=standing)
