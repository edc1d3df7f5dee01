"""Hits as they are shown: read once more from the database, an article's best language only."""

from collections.abc import Iterable, Sequence

from chassis.database import Transaction
from contracts import kb as contract
from services.kb import schemas
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
    found: Found, reader: Reader, *, limit: int, tx: Transaction, replica: Replica
) -> contract.Hits:
    """Read the found articles. What was hidden or withdrawn a moment ago is not among them."""
    ids = [hit.id for hit in found.hits]
    articles = store.published(tx.session, ids=ids, reader=reader)
    return hits_of(found, articles.values(), limit=limit, replica=replica)


def hits_of(
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
