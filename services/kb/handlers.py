"""The desk: one function for each call and event. Load, decide, save, announce; one transaction."""

import dataclasses
import logging
import time
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from chassis.database import Database, Transaction
from chassis.ids import new_id
from contracts import kb as contract
from contracts.errors import NotFound
from contracts.grammar import Nothing
from contracts.intake import TicketResolved
from services.kb import schemas, store
from services.kb.domain.analysis import LANGUAGES, guess_language
from services.kb.domain.articles import READABLE, Article, Content, may_read, preferred
from services.kb.domain.snippet import plain_text, snippet
from services.kb.index.engine import Found, Hit
from services.kb.index.replica import Replica
from services.kb.settings import KbSettings

log = logging.getLogger(__name__)

# A question first takes in a few changes, so that who publishes finds at once; a large backlog is
# left to the rounds.
CHANGES_BEFORE_A_QUESTION = 20
ROUND_SECONDS = 1.0


def put_article(command: contract.ArticleSpec, *, tx: Transaction) -> contract.Article:
    """Write an article or its next revision; content that does not differ changes nothing."""
    content = schemas.content_of(command)
    number = store.take_change_number(tx.session)
    versions = store.versions(tx.session, key=command.key)
    before = next((each for each in versions if each.language == command.language), None)
    if before is not None and before.content == content:
        return _answer(before, versions, audience="internal")
    after = _next_revision(command, content, before, number=number, tx=tx)
    keep = store.add if before is None else store.change
    keep(tx.session, after, author=command.actor.id)
    if after.is_published:
        tx.announce(schemas.published_of(after, published_at=tx.now))
    others = [each for each in versions if each.language != command.language]
    return _answer(after, [*others, after], audience="internal")


def get_article(question: contract.GetArticle, *, tx: Transaction) -> contract.Article:
    """Show an article in the wanted language, or in another one when there is none.

    Raises:
        NotFound: there is none, or none that the asker may know of.
    """
    versions = store.versions(tx.session, key=question.key)
    shown = preferred(versions, language=question.language, audience=question.audience)
    if shown is None:
        raise NotFound(
            "article_not_found", f"There is no article {question.key}.", {"key": question.key}
        )
    return _answer(shown, versions, audience=question.audience)


def search_articles(
    question: contract.SearchArticles, *, tx: Transaction, replica: Replica
) -> contract.Hits:
    """Search published articles; without a question list the last changed ones."""
    languages = (question.language,) if question.language else LANGUAGES
    audiences = READABLE[question.audience]
    if not question.q.strip():
        listed = store.latest(
            tx.session,
            audiences=audiences,
            languages=languages,
            category=question.category,
            limit=question.limit * len(languages),
        )
        hits = [Hit(article.id, 0.0) for article in listed]
        nothing = Found(hits=tuple(hits), total=len(hits), stems={}, corrections={})
        return _hits(nothing, listed, limit=question.limit, replica=replica)
    replica.catch_up(partial(_changes, tx), limit=CHANGES_BEFORE_A_QUESTION)
    found = replica.index.search(
        question.q,
        audiences=audiences,
        languages=languages,
        limit=question.limit * len(languages),
        category=question.category,
        is_typing=True,
    )
    return _read(found, audiences, limit=question.limit, tx=tx, replica=replica)


def suggest(
    question: contract.Suggest, *, tx: Transaction, replica: Replica, settings: KbSettings
) -> contract.Hits:
    """Find articles that may already answer a text; its language is guessed when not said.

    Where that language has none, articles in the other languages are better than nothing.
    """
    text = question.text[: settings.suggest_characters]
    language = question.language or guess_language(text, lexicons=replica.lexicons, default="")
    audiences = READABLE[question.audience]
    replica.catch_up(partial(_changes, tx), limit=CHANGES_BEFORE_A_QUESTION)
    for languages in ((language,), LANGUAGES):
        found = replica.index.search(
            text,
            audiences=audiences,
            languages=languages,
            limit=question.limit * len(languages),
            must_be_named=True,
            most_corrections=0,
        )
        if found.hits:
            break
    near = _near_the_best(found, share=settings.suggest_share_of_best)
    return _read(near, audiences, limit=question.limit, tx=tx, replica=replica)


def record_reading(command: contract.RecordReading, *, tx: Transaction) -> Nothing:
    """Remember that an article was read.

    A reading of an article that is not there is dropped without a word: a refusal would tell a
    requester which keys internal articles have.
    """
    for version in store.versions(tx.session, key=command.key):
        if version.language == command.language and version.is_published:
            store.keep_reading(
                tx.session,
                article_id=version.id,
                reader=command.reader,
                helpful=command.helpful,
                read_at=tx.now,
            )
    return Nothing()


def keep_resolution(event: TicketResolved, *, tx: Transaction) -> None:
    """Remember with which article a ticket was resolved, or that there was none."""
    store.keep_resolution(
        tx,
        ticket_id=event.ticket_id,
        number=event.number,
        seq=event.seq,
        resolved_at=event.occurred_at,
        article_key=event.resolution.article,
    )


def refresh_index(database: Database, *, replica: Replica, batch: int) -> None:
    """Bring this process's index nearer to the database; what is left is for the next round."""
    end = time.monotonic() + ROUND_SECONDS
    taken, total = batch, 0
    while taken == batch and time.monotonic() < end:
        with database.read() as tx:
            changes = partial(_changes, tx)
            taken = max(
                replica.catch_up(changes, limit=batch),
                replica.rebuild_further(changes, limit=batch),
            )
        total += taken
    if total:
        log.info("articles indexed", extra={"changes": total, "change_number": replica.seen})


def _near_the_best(found: Found, *, share: float) -> Found:
    floor = found.hits[0].score * share if found.hits else 0.0
    near = tuple(hit for hit in found.hits if hit.score >= floor)
    return dataclasses.replace(found, hits=near)


def _next_revision(
    command: contract.ArticleSpec,
    content: Content,
    before: Article | None,
    *,
    number: int,
    tx: Transaction,
) -> Article:
    return Article(
        id=before.id if before else new_id(),
        key=command.key,
        language=command.language,
        owner=before.owner if before else command.actor.id,
        revision=before.revision + 1 if before else 1,
        change_number=number,
        updated_at=tx.now,
        content=content,
    )


def _answer(shown: Article, versions: Iterable[Article], *, audience: str) -> contract.Article:
    languages = sorted(
        version.language for version in versions if may_read(version, audience=audience)
    )
    return schemas.article_of(shown, languages=languages)


def _changes(tx: Transaction, after: int, limit: int) -> Sequence[Article]:
    return store.changes_after(tx.session, after, limit=limit)


def _read(
    found: Found, audiences: Collection[str], *, limit: int, tx: Transaction, replica: Replica
) -> contract.Hits:
    """Read the found articles. What was hidden or withdrawn a moment ago is not among them."""
    ids = [hit.id for hit in found.hits]
    articles = store.published(tx.session, ids=ids, audiences=audiences)
    return _hits(found, articles.values(), limit=limit, replica=replica)


def _hits(
    found: Found, articles: Iterable[Article], *, limit: int, replica: Replica
) -> contract.Hits:
    """Show the hits, an article's best language only."""
    by_id = {article.id: article for article in articles}
    shown: dict[str, contract.Hit] = {}
    for hit in found.hits:
        article = by_id.get(hit.id)
        if article is None or article.key in shown:
            continue
        text = plain_text(article.content.body)
        stems = found.stems.get(article.language, frozenset())
        marks = replica.index.analyzer(article.language).places(text, stems=stems)
        cut = snippet(text, hits=marks)
        shown[article.key] = schemas.hit_of(article, snippet=cut, score=hit.score)
        if len(shown) == limit:
            break
    return contract.Hits(items=tuple(shown.values()))
