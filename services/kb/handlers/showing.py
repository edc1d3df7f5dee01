"""Hits as they are shown: read once more from the database, an article's best language only."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from chassis.database import Transaction
from contracts import kb as contract
from services.kb import schemas
from services.kb.domain.articles import Changed, Shown
from services.kb.domain.readers import Reader
from services.kb.domain.snippet import Snippet, plain_text, snippet
from services.kb.domain.written import without_mistakes
from services.kb.index.engine import Found, Hit
from services.kb.index.replica import Replica
from services.kb.store import articles as store

# A question takes in a few changes, so that who publishes finds at once; a large backlog is left to
# the rounds.
CHANGES_BEFORE_A_QUESTION = 20


def changes_of(tx: Transaction, after: int, limit: int) -> Sequence[Changed]:
    """What changed after a change number, as the replica asks for it."""
    return store.changes_after(tx.connection, after, limit=limit)


def ask(
    search: Callable[[], Found], reader: Reader, *, tx: Transaction, replica: Replica
) -> tuple[Found, Mapping[str, Shown]]:
    """Ask the index, and read what it found: once more where it turns out to be behind.

    What was hidden or withdrawn a moment ago is not among what was read.
    """
    seen = replica.seen
    found = search()
    newest, articles = _read(found, reader, tx=tx)
    if newest > seen:
        replica.catch_up(partial(changes_of, tx), limit=CHANGES_BEFORE_A_QUESTION)
    if replica.seen > seen:  # also when somebody else brought it forward meanwhile
        found = search()
        newest, articles = _read(found, reader, tx=tx)
    return found, articles


def _read(found: Found, reader: Reader, *, tx: Transaction) -> tuple[int, dict[str, Shown]]:
    return store.shown(tx.connection, ids=[hit.id for hit in found.hits], reader=reader)


def hits_of(
    found: Found, articles: Mapping[str, Shown], reader: Reader, *, limit: int, replica: Replica
) -> contract.Hits:
    """Show the hits, an article's best language only."""
    best = best_of(found, articles, limit=limit)
    items = show(best, found, reader, replica=replica)
    return contract.Hits(items=items, total=total_of(found, best))


def total_of(found: Found, shown: Sequence[object]) -> int:
    """How many match: exact where all are shown; beyond, a translation counts as one more."""
    return len(shown) if found.total <= len(found.hits) else found.total


def best_of(found: Found, articles: Mapping[str, Shown], *, limit: int) -> list[tuple[Hit, Shown]]:
    """Return the hits that may be shown, best first, an article's best language only."""
    best: dict[str, tuple[Hit, Shown]] = {}
    for hit in found.hits:
        article = articles.get(hit.id)
        if article is not None and article.key not in best:
            best[article.key] = hit, article
            if len(best) == limit:
                break
    return list(best.values())


def show(
    hits: Sequence[tuple[Hit, Shown]], found: Found, reader: Reader, *, replica: Replica
) -> tuple[contract.Hit, ...]:
    """Show hits with the passages for which they were found."""
    snippets = _snippets([article for _, article in hits], found, replica=replica)
    return tuple(
        schemas.hit_of(article, reader, snippet=snippets[article.id], score=hit.score)
        for hit, article in hits
    )


def _snippets(articles: Iterable[Shown], found: Found, *, replica: Replica) -> dict[str, Snippet]:
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for article in articles:
        texts[article.language][article.id] = plain_text(article.body)
    snippets = {}
    for language, plain in texts.items():
        stems = found.stems.get(language, frozenset())
        marks = replica.index.analyzer(language).places_in(list(plain.values()), stems=stems)
        for (article_id, text), hits in zip(plain.items(), marks, strict=True):
            snippets[article_id] = snippet(text, hits=hits)
    return snippets


def meant_by(
    asked: str, found: Found, articles: Iterable[Shown], *, replica: Replica
) -> str | None:
    """Put a mistyped question right, by words of articles that were read just now.

    The index's vocabulary may still know a word of a withdrawn article; nobody is told of it.
    """
    if not found.corrections:
        return None
    words = {
        word.surface
        for article in articles
        for text in (article.title, " ".join(article.tags), article.body)
        for word, _ in replica.index.analyzer(article.language).tally(text, with_stop_words=True)
    }
    corrections = {typed: meant for typed, meant in found.corrections.items() if meant in words}
    return without_mistakes(asked, corrections=corrections) if corrections else None
