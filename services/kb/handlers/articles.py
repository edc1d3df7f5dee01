"""Articles written, read and listed."""

import dataclasses

from chassis.database import Transaction
from chassis.ids import new_id
from contracts import kb as contract
from contracts.errors import invalid_field
from services.kb import schemas
from services.kb.domain import life
from services.kb.domain.articles import Article, Content, preferred
from services.kb.domain.life import review_after
from services.kb.handlers.problems import linked
from services.kb.handlers.writing import Desk, answer_of, keep_revision, open_desk, set_timers
from services.kb.settings import KbSettings
from services.kb.store import articles as store
from services.kb.store import copies


def put_article(
    command: contract.ArticleSpec, *, tx: Transaction, settings: KbSettings
) -> contract.Article:
    """Write an article or its next revision; content that does not differ changes nothing."""
    content = schemas.content_of(command)
    desk = open_desk(command, tx=tx, may_be_new=True)
    problem = desk.before.content.problem if desk.before else None
    content = dataclasses.replace(content, problem=linked(content.problem, before=problem, tx=tx))
    _check(command, content, before=desk.before)
    after = _next_revision(command, content, desk, tx=tx, settings=settings)
    before = desk.before
    if before is None or before.content != content:
        author, note = command.actor.id, command.note
        return desk.answer(keep_revision(after, before=before, author=author, note=note, tx=tx))
    if (after.owner, after.review_at) == (before.owner, before.review_at):
        return desk.answer(before)
    amended = dataclasses.replace(
        before, owner=after.owner, review_at=after.review_at, change_number=desk.number
    )
    store.amend(tx.session, amended)
    set_timers(amended, before=before, by=command.actor.id, tx=tx)
    return desk.answer(amended)


def get_article(question: contract.GetArticle, *, tx: Transaction) -> contract.Article:
    """Show an article in the wanted language, or in another one when there is none.

    Raises:
        NotFound: there is none, or none that the asker may know of.
    """
    reader = schemas.reader_of(question)
    versions = store.versions(tx.session, key=question.key)
    shown = preferred(versions, language=question.language, reader=reader, exactly=question.exactly)
    if shown is None:
        raise schemas.article_not_found(question.key)
    return answer_of(shown, versions, reader=reader, role=question.role, tx=tx)


def list_articles(question: contract.ListArticles, *, tx: Transaction) -> contract.ArticlePage:
    """List articles in any state, for those who write them."""
    reader = schemas.reader_of(question)
    if not reader.works_here:
        raise invalid_field("audience", "Lists of drafts are for agents.")
    wanted = store.Wanted(
        statuses=question.status,
        language=question.language,
        owner=question.owner,
        category=question.category,
        q=question.q,
        problem=question.problem,
        review_due=question.review_due,
        copies=question.working_copy,
    )
    found = store.page(
        tx.session,
        wanted=wanted,
        reader=reader,
        now=tx.now,
        before=_place(question.cursor),
        limit=question.limit + 1,
    )
    shown = found[: question.limit]
    states = copies.states(tx.session, ids=[each.id for each in shown])
    return contract.ArticlePage(
        items=tuple(schemas.line_of(each, copy=states.get(each.id)) for each in shown),
        counts=store.counts(tx.session, wanted=wanted, reader=reader, now=tx.now),
        review_due=store.count_review_due(tx.session, wanted=wanted, reader=reader, now=tx.now),
        working_copies=store.count_copies(tx.session, wanted=wanted, reader=reader, now=tx.now),
        next_cursor=str(shown[-1].change_number) if len(found) > len(shown) else None,
    )


def _place(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= len(str(2**62))):
        raise invalid_field("cursor", "Is no cursor of this list.")
    return int(cursor)


def _check(command: contract.ArticleSpec, content: Content, *, before: Article | None) -> None:
    """Refuse what this role may not write, and a move that the life of articles does not know."""
    was = before.content.status if before else content.status
    life.check_writing(status=was, role=command.role)
    life.check_writing(status=content.status, role=command.role)
    if was != content.status:
        given = {name for name in ("category", "note") if getattr(command, name)}
        life.transition(was=was, to=content.status, role=command.role, given=given)


def _next_revision(
    command: contract.ArticleSpec,
    content: Content,
    desk: Desk,
    *,
    tx: Transaction,
    settings: KbSettings,
) -> Article:
    before = desk.before
    review_at = command.review_at or (before.review_at if before else None)
    if content.status == life.PUBLISHED and not (before and before.is_published):
        review_at = review_after(review_at, now=tx.now, days=settings.review_days)
    # Words that a lead has planned to publish are not changed behind their back.
    keeps_plan = before is not None and command.role == life.LEAD
    return Article(
        id=before.id if before else new_id(),
        key=command.key,
        language=command.language,
        owner=command.owner or (before.owner if before else command.actor.id),
        revision=before.revision + 1 if before else 1,
        change_number=desk.number,
        updated_at=tx.now,
        content=content,
        review_at=review_at,
        publish_at=before.publish_at if before and keeps_plan else None,
        published_at=before.published_at if before else None,
        ticket=before.ticket if before else None,
        reviewed_at=before.reviewed_at if before else None,
        reviewed_by=before.reviewed_by if before else None,
    )
