"""What was asked of the search and what was suggested, kept for those who look for gaps.

A search changes nothing, so it does not wait for the log: questions are noted in memory and written
by the next round, twice a second. A process that is killed loses the last of them.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from chassis.database import Database
from contracts import kb as contract
from services.kb.domain.analysis import guess_language
from services.kb.index.engine import Found
from services.kb.index.replica import Replica
from services.kb.store import searches as store
from services.kb.store.asks import keep_ask

_MOST_WAITING = 5_000
_LONGEST = 400


@dataclass(frozen=True)
class AskedLog:
    """Questions that wait to be written; safe to use from many threads."""

    _waiting: deque[Mapping[str, Any]] = field(default_factory=lambda: deque(maxlen=_MOST_WAITING))
    _asks: deque[Mapping[str, Any]] = field(default_factory=lambda: deque(maxlen=_MOST_WAITING))

    def note(
        self,
        question: contract.SearchArticles,
        *,
        found: Found,
        hits: int,
        replica: Replica,
    ) -> None:
        """Remember a question and how much it found; who asked is not remembered."""
        text = question.q.strip()
        guessed = guess_language(text, lexicons=replica.lexicons, default="")
        language = question.language or guessed or None
        stems = found.stems.get(language or "") or frozenset().union(*found.stems.values())
        self._waiting.append(
            {
                "text": text,
                "language": language,
                "words": " ".join(sorted(stems))[:_LONGEST],
                "hits": hits,
                "audience": question.audience,
            }
        )

    def note_ask(
        self, *, asker: str, beside: str | None, is_held_out: bool, shown: Sequence[str]
    ) -> None:
        """Remember what was suggested to somebody."""
        facts = {"asker": asker, "beside": beside, "is_held_out": is_held_out, "shown": shown}
        self._asks.append(facts)

    def write(self, database: Database) -> int:
        """Write what waits; return how much that was."""
        rows, asks = _emptied(self._waiting), _emptied(self._asks)
        if rows or asks:
            with database.write() as tx:
                if rows:
                    store.keep_searches(tx, [{**row, "asked_at": tx.now} for row in rows])
                for ask in asks:
                    keep_ask(tx, **ask, now=tx.now)
        return len(rows) + len(asks)


def _emptied(waiting: deque[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [waiting.popleft() for _ in range(len(waiting))]


def forget_searches(database: Database, *, days: int) -> int:
    """Take out what was asked longer ago; return how many questions that were."""
    with database.write() as tx:
        return store.drop_searches(tx, before=tx.now - timedelta(days=days))


@cache
def asked_here() -> AskedLog:
    """Return this process's log."""
    return AskedLog()
