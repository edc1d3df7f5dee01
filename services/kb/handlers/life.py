"""An article's life: moved from state to state, planned, reminded of, looked after."""

import dataclasses
import logging
from datetime import datetime, timedelta

from chassis.database import Timer, Transaction
from contracts import kb as contract
from contracts.errors import invalid_field
from services.kb import schemas
from services.kb.domain import life
from services.kb.domain.articles import Article
from services.kb.handlers.copies import COPY_PLAN, publish_as_planned
from services.kb.handlers.writing import keep_revision, open_desk, set_timers
from services.kb.settings import KbSettings
from services.kb.store import articles as store

log = logging.getLogger(__name__)


def change_article_status(
    command: contract.ChangeArticleStatus, *, tx: Transaction, settings: KbSettings
) -> contract.Article:
    """Move an article to another state, now or, if it is to be published, at a planned instant."""
    desk = open_desk(command, tx=tx)
    before = desk.article
    given = {"category"} if before.content.category else set()
    given |= {"note"} if command.note.strip() else set()
    life.transition(was=before.content.status, to=command.to, role=command.role, given=given)
    if command.publish_at is not None:
        after = _planned(command, before, number=desk.number, tx=tx)
        store.amend(tx.session, after)
        set_timers(after, before=before, by=command.actor.id, tx=tx)
        return desk.answer(after)
    after = _moved(
        before,
        to=command.to,
        review_at=command.review_at,
        number=desk.number,
        tx=tx,
        settings=settings,
    )
    return desk.answer(
        keep_revision(after, before=before, author=command.actor.id, note=command.note, tx=tx)
    )


def amend_article(
    command: contract.AmendArticle, *, tx: Transaction, settings: KbSettings
) -> contract.Article:
    """Change who looks after an article, or its next review; leads may, and its owner.

    Who says that it is still right has answered the review, without a new version.
    """
    desk = open_desk(command, tx=tx)
    before = desk.article
    if command.actor.id != before.owner:
        life.check_writing(status=before.content.status, role=command.role)
    after = dataclasses.replace(
        before,
        owner=command.owner or before.owner,
        review_at=command.review_at or before.review_at,
        change_number=desk.number,
    )
    if command.still_right:
        after = dataclasses.replace(
            after,
            reviewed_at=tx.now,
            reviewed_by=command.actor.id,
            review_at=life.review_after(command.review_at, now=tx.now, days=settings.review_days),
        )
    store.amend(tx.session, after)
    set_timers(after, before=before, by=command.actor.id, tx=tx)
    return desk.answer(after)


def look_at_article(timer: Timer, *, tx: Transaction, settings: KbSettings) -> None:
    """Do what was planned for an article, unless it came otherwise meanwhile."""
    plan, _, article_id = timer.key.partition(":")
    number = store.take_change_number(tx.session)
    article = store.by_id(tx.session, article_id)
    if article is None:
        return
    if plan == "publish":
        _publish_as_planned(article, timer, number=number, tx=tx, settings=settings)
    elif plan == COPY_PLAN:
        publish_as_planned(article, timer, number=number, tx=tx, settings=settings)
    else:
        _remind(article, timer, tx=tx, settings=settings)


def _planned(
    command: contract.ChangeArticleStatus, before: Article, *, number: int, tx: Transaction
) -> Article:
    if command.to != life.PUBLISHED:
        raise invalid_field("publish_at", "Has no meaning in another move.")
    if command.publish_at is None or command.publish_at <= tx.now:
        raise invalid_field("publish_at", "Must be later than now.")
    return dataclasses.replace(
        before,
        publish_at=command.publish_at,
        review_at=command.review_at or before.review_at,
        change_number=number,
    )


def _moved(
    before: Article,
    *,
    to: str,
    review_at: datetime | None,
    number: int,
    tx: Transaction,
    settings: KbSettings,
) -> Article:
    planned = review_at or before.review_at
    if to == life.PUBLISHED:
        planned = life.review_after(planned, now=tx.now, days=settings.review_days)
    return dataclasses.replace(
        before,
        content=dataclasses.replace(before.content, status=to),
        revision=before.revision + 1,
        change_number=number,
        updated_at=tx.now,
        review_at=planned,
        publish_at=None,
    )


def _publish_as_planned(
    article: Article, timer: Timer, *, number: int, tx: Transaction, settings: KbSettings
) -> None:
    if article.publish_at is None or article.publish_at > tx.now:
        return
    try:
        life.transition(
            was=article.content.status,
            to=life.PUBLISHED,
            role=life.SYSTEM,
            given={"category"} if article.content.category else (),
        )
    except (life.TransitionRefused, life.FieldsMissing) as refused:
        log.info("planned publication dropped", extra={"key": article.key, "why": repr(refused)})
        store.amend(tx.session, dataclasses.replace(article, publish_at=None, change_number=number))
        return
    after = _moved(
        article, to=life.PUBLISHED, review_at=None, number=number, tx=tx, settings=settings
    )
    keep_revision(after, before=article, author=str(timer.payload["by"]), note="", tx=tx)


def _remind(article: Article, timer: Timer, *, tx: Transaction, settings: KbSettings) -> None:
    if not article.is_published or article.review_at is None or article.review_at > tx.now:
        return
    reminder = int(timer.payload["reminder"])
    tx.announce(schemas.review_due_of(article, review_at=article.review_at, reminder=reminder))
    tx.arm(
        key=timer.key,
        due_at=tx.now + timedelta(days=settings.review_reminder_days),
        payload={"reminder": reminder + 1},
    )
