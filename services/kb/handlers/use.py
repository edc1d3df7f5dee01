"""What became of articles: read, helpful or not, stale."""

import dataclasses
from typing import cast

from chassis.database import Transaction
from contracts import kb as contract
from contracts.errors import invalid_field
from contracts.grammar import Nothing
from contracts.intake import Language
from services.kb import schemas
from services.kb.domain.articles import Article, may_read, preferred
from services.kb.domain.use import Use, heat_after, popularity, stale_reasons
from services.kb.store import articles, problems
from services.kb.store import use as store


def record_reading(command: contract.RecordReading, *, tx: Transaction) -> Nothing:
    """Remember that an article was read, and whether it helped.

    A reading of an article that is not there, or not for this reader, is dropped without a word: a
    refusal would tell a requester which keys internal articles have.
    """
    reader = schemas.reader_of(command)
    for version in articles.versions(tx.session, key=command.key):
        is_meant = version.language == command.language and version.is_published
        if is_meant and may_read(version, reader=reader):
            count_reading(
                version,
                reader=command.reader,
                tx=tx,
                helpful=command.helpful,
                reason=command.reason,
                comment=command.comment,
            )
    return Nothing()


def get_article_use(question: contract.GetArticleUse, *, tx: Transaction) -> contract.ArticleUse:
    """Tell what became of an article, and what readers said of it."""
    reader = schemas.reader_of(question)
    versions = articles.versions(tx.session, key=question.key) if reader.works_here else []
    article = preferred(versions, language=question.language, reader=reader, exactly=True)
    if article is None:
        raise schemas.article_not_found(question.key)
    use = store.use_of(tx.session, article_id=article.id)
    said = store.feedback(tx.session, article_id=article.id)
    return contract.ArticleUse(
        key=article.key,
        language=cast("Language", article.language),
        reads=use.reads,
        helpful=use.helpful,
        unhelpful=use.unhelpful,
        popularity=popularity(use.heat, now=tx.now),
        last_read_at=use.last_read_at,
        feedback=tuple(
            contract.Feedback(
                at=each.at,
                helpful=each.helpful,
                reason=cast("contract.FeedbackReason | None", each.reason),
                comment=each.comment,
            )
            for each in said
        ),
    )


def report_stale_articles(
    question: contract.ReportStaleArticles, *, tx: Transaction
) -> contract.StaleArticles:
    """List the published articles that somebody should look at, the most popular first."""
    reader = schemas.reader_of(question)
    if not reader.works_here:
        raise invalid_field("audience", "Reports are for agents.")
    doubted = store.doubts(tx.session)
    found = []
    published = articles.used(tx.session, reader=reader)
    named = {article.content.problem for article, _ in published if article.content.problem}
    solved = problems.solved_among(tx.session, named)
    for article, use in published:
        judged = dataclasses.replace(use, doubts=doubted.get(article.id, 0))
        reasons = stale_reasons(
            judged,
            now=tx.now,
            updated_at=article.updated_at,
            published_at=article.published_at,
            reviewed_at=article.reviewed_at,
            review_at=article.review_at,
            is_problem_solved=article.content.problem in solved,
        )
        if reasons:
            found.append((article, judged, reasons))
    found.sort(key=lambda each: (-popularity(each[1].heat, now=tx.now), each[0].updated_at))
    shown = found[: question.limit]
    return contract.StaleArticles(
        items=tuple(
            schemas.stale_of(article, use, reasons=reasons, now=tx.now)
            for article, use, reasons in shown
        )
    )


def count_reading(
    article: Article,
    *,
    reader: str,
    tx: Transaction,
    helpful: bool | None = None,
    reason: str | None = None,
    comment: str = "",
) -> None:
    """Count that somebody read an article, and what they said of it, if they did."""
    before = store.locked_use(tx, article_id=article.id)
    verdict = store.last_verdict(tx.session, article_id=article.id, reader=reader)
    is_new = helpful is None or not store.was_read(
        tx.session, article_id=article.id, reader=reader, since=tx.now - store.SAME_VISIT
    )
    store.keep_reading(
        tx.session,
        article_id=article.id,
        reader=reader,
        helpful=helpful,
        reason=reason,
        comment=comment,
        read_at=tx.now,
    )
    after = _with_verdict(before, was=verdict, now=helpful)
    if is_new:
        heat = heat_after(before.heat, read_at=tx.now)
        after = dataclasses.replace(after, reads=before.reads + 1, heat=heat, last_read_at=tx.now)
    store.keep_use(tx.session, after, article_id=article.id)


def _with_verdict(use: Use, *, was: bool | None, now: bool | None) -> Use:
    """One reader has one verdict, the last."""
    if now is None or was == now:
        return use
    helpful, unhelpful = use.helpful, use.unhelpful
    if was is not None:
        helpful, unhelpful = helpful - was, unhelpful - (not was)
    return dataclasses.replace(use, helpful=helpful + now, unhelpful=unhelpful + (not now))
