"""What became of articles: read, helpful or not."""

from chassis.database import Transaction
from contracts import kb as contract
from contracts.grammar import Nothing
from services.kb.store import articles
from services.kb.store import use as store


def record_reading(command: contract.RecordReading, *, tx: Transaction) -> Nothing:
    """Remember that an article was read.

    A reading of an article that is not there is dropped without a word: a refusal would tell a
    requester which keys internal articles have.
    """
    for version in articles.versions(tx.session, key=command.key):
        if version.language == command.language and version.is_published:
            store.keep_reading(
                tx.session,
                article_id=version.id,
                reader=command.reader,
                helpful=command.helpful,
                read_at=tx.now,
            )
    return Nothing()
