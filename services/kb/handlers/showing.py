"""Hits as they are shown: read once more from the database, an article's best language only."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence

from chassis.database import Transaction
from contracts import kb as contract
from services.kb import schemas
from services.kb.domain.analysis import without_mistakes
from services.kb.domain.articles import Article
from services.kb.domain.readers import Reader
from services.kb.domain.snippet import plain_text, snippet
from services.kb.index.engine import Found
from services.kb.index.replica import Replica
from services.kb.store import articles as store

# A question first takes in a few changes, so that who publishes finds at once; a large backlog is
# left to the rounds.
CHANGES_BEFORE_A_QUESTION = 20


def changes_of(tx: Transaction, after: int, limit: int) -> Sequence[Article]:
    """What changed after a change number, as the replica asks for it."""
    return store.changes_after(tx.session, after, limit=limit)


def read(
    found: Found,
    reader: Reader,
    *,
    limit: int,
    tx: Transaction,
    replica: Replica,
    asked: str = "",
) -> contract.Hits:
    """Read the found articles. What was hidden or withdrawn a moment ago is not among them."""
    ids = [hit.id for hit in found.hits]
    articles = store.published(tx.session, ids=ids, reader=reader)
    hits = hits_of(found, articles.values(), limit=limit, replica=replica)
    corrections = _confirmed(found, articles.values(), replica=replica) if asked else {}
    meant = without_mistakes(asked, corrections=corrections) if corrections else None
    return dataclasses.replace(hits, did_you_mean=meant)


def hits_of(
    found: Found, articles: Iterable[Article], *, limit: int, replica: Replica
) -> contract.Hits:
    """Show the hits, an article's best language only."""
    by_id = {article.id: article for article in articles}
    shown: dict[str, contract.Hit] = {}
    known: dict[str, dict[str, bool]] = defaultdict(dict)
    for hit in found.hits:
        article = by_id.get(hit.id)
        if article is None or article.key in shown:
            continue
        text = plain_text(article.content.body)
        stems = found.stems.get(article.language, frozenset())
        marks = replica.index.analyzer(article.language).places(
            text, stems=stems, known=known[article.language]
        )
        cut = snippet(text, hits=marks)
        shown[article.key] = schemas.hit_of(article, snippet=cut, score=hit.score)
        if len(shown) == limit:
            break
    # Where all are shown the total is exact; beyond, a translation counts as one more.
    total = len(shown) if found.total <= len(found.hits) else found.total
    return contract.Hits(items=tuple(shown.values()), total=total)


def _confirmed(found: Found, articles: Iterable[Article], *, replica: Replica) -> dict[str, str]:
    """Keep the corrections to words that stand in an article which was read just now.

    The index's vocabulary may still know a word of a withdrawn article; nobody is told of it.
    """
    if not found.corrections:
        return {}
    words = {
        word.surface
        for article in articles
        for text in (article.content.title, " ".join(article.content.tags), article.content.body)
        for word in replica.index.analyzer(article.language).words(text)
    }
    return {typed: meant for typed, meant in found.corrections.items() if meant in words}
