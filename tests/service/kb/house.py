"""Kb as its door drives it: one transaction a call, and a search index that follows."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from chassis.database import Database
from contracts import kb as contract
from contracts.grammar import from_plain, to_plain
from contracts.intake import Actor
from services.kb import handlers, lexicon
from services.kb.index.replica import Replica
from services.kb.settings import KbSettings

NOW = datetime(2026, 2, 28, 16, 59, 59, 999_999, tzinfo=UTC)  # 23:59 in Jakarta
LEXICONS = lexicon.load()
RINI = Actor(kind="agent", id="rini@example.com", name="Rini")
DEWI = Actor(kind="agent", id="dewi@example.com", name="Dewi")


class StoppedClock:
    """Time stands still."""

    def now(self) -> datetime:
        return NOW

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - NOW).total_seconds())


class House:
    """One process of kb."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.replica = Replica(LEXICONS)
        self.settings = KbSettings(database_url="", amqp_url="")

    def do(self, handler: Callable[..., Any], command: Any) -> Any:
        with self.database.write() as tx:
            return _sayable(handler(command, tx=tx))

    def put(self, key: str, title: str, body: str = "Isi.", **facts: Any) -> contract.Article:
        given = {"language": "en", "actor": RINI} | facts
        spec = contract.ArticleSpec(key=key, title=title, body=body, **given)
        return self.do(handlers.put_article, spec)

    def get(self, key: str, **facts: Any) -> contract.Article:
        with self.database.read() as tx:
            return handlers.get_article(contract.GetArticle(key=key, **facts), tx=tx)

    def search(self, q: str = "", **facts: Any) -> list[contract.Hit]:
        question = contract.SearchArticles(q=q, **facts)
        with self.database.read() as tx:
            found = handlers.search_articles(question, tx=tx, replica=self.replica)
        return list(_sayable(found).items)

    def suggest(self, text: str, **facts: Any) -> list[contract.Hit]:
        question = contract.Suggest(text=text, **facts)
        with self.database.read() as tx:
            found = handlers.suggest(question, tx=tx, replica=self.replica, settings=self.settings)
        return list(_sayable(found).items)

    def refresh(self, batch: int = 500) -> None:
        handlers.refresh_index(self.database, replica=self.replica, batch=batch)


def _sayable(answer: Any) -> Any:
    assert from_plain(type(answer), to_plain(answer), strict=True) == answer
    return answer


def keys(hits: list[contract.Hit]) -> list[str]:
    return [hit.key for hit in hits]
