"""Articles found by a question, and the index that finds them kept near the database."""

import dataclasses
import gc
import logging
import time
from functools import partial

from chassis.database import Database, Transaction
from contracts import kb as contract
from services.kb import schemas
from services.kb.domain.analysis import LANGUAGES
from services.kb.handlers.asked import AskedLog
from services.kb.handlers.showing import ask, changes_of, hits_of, meant_by
from services.kb.handlers.words import learn_words
from services.kb.index.engine import Found, Hit
from services.kb.index.replica import Replica
from services.kb.store import articles as store

log = logging.getLogger(__name__)

# As long as there is a backlog a round goes on; calls have their turn after a few articles.
ROUND_SECONDS = 5.0


def search_articles(
    question: contract.SearchArticles, *, tx: Transaction, replica: Replica, asked: AskedLog
) -> contract.Hits:
    """Search published articles; without a question list the last changed ones."""
    languages = (question.language,) if question.language else LANGUAGES
    reader = schemas.reader_of(question)
    if not question.q.strip():
        listed = store.latest(
            tx.session,
            reader=reader,
            languages=languages,
            category=question.category,
            tag=question.tag,
            limit=question.limit * len(languages),
        )
        hits = [Hit(article.id, 0.0) for article in listed]
        nothing = Found(hits=tuple(hits), total=len(hits), stems={}, corrections={})
        read = {article.id: article for article in listed}
        return hits_of(nothing, read, reader, limit=question.limit, replica=replica)
    found, articles = ask(
        partial(
            replica.index.search,
            question.q,
            audiences=reader,
            languages=languages,
            limit=question.limit * len(languages),
            category=question.category,
            tag=question.tag,
            is_typing=True,
        ),
        reader,
        tx=tx,
        replica=replica,
    )
    answer = dataclasses.replace(
        hits_of(found, articles, reader, limit=question.limit, replica=replica),
        did_you_mean=meant_by(question.q, found, articles.values(), replica=replica),
    )
    asked.note(question, found=found, hits=answer.total, replica=replica)
    return answer


def refresh_index(database: Database, *, replica: Replica, batch: int) -> None:
    """Bring this process's index nearer to the database; what is left is for the next round."""
    end = time.monotonic() + ROUND_SECONDS
    taken, total = batch, 0
    while taken == batch and (not total or time.monotonic() < end):
        with database.read() as tx:
            learn_words(tx, replica=replica)
            changes = partial(changes_of, tx)
            taken = max(
                replica.catch_up(changes, limit=batch),
                replica.rebuild_further(changes, limit=batch),
            )
        total += taken
        if taken == batch:
            # What an index keeps has no circles. To look through all of it for some would stop
            # every answer for half a second, again and again (seen with 100,000 articles).
            gc.freeze()
    if total:
        log.info("articles indexed", extra={"changes": total, "change_number": replica.seen})
