"""Kb as its door drives it: one transaction a call, and a search index that follows."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from chassis.bus.alarms import fire
from chassis.database import Database, Timer, Transaction
from contracts import kb as contract
from contracts.errors import WireError
from contracts.grammar import from_plain, to_plain
from contracts.intake import Actor
from services.kb import handlers, lexicon
from services.kb.index.replica import Replica
from services.kb.schemas import REFUSALS
from services.kb.settings import KbSettings

NOW = datetime(2026, 2, 28, 16, 59, 59, 999_999, tzinfo=UTC)  # 23:59 in Jakarta
LEXICONS = lexicon.load()
RINI = Actor(kind="agent", id="rini@example.com", name="Rini")
DEWI = Actor(kind="agent", id="dewi@example.com", name="Dewi")


class StoppedClock:
    """Time stands still, unless it is moved."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self.at).total_seconds())


class House:
    """One process of kb."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.replica = Replica(LEXICONS)
        self.asked = handlers.AskedLog()
        self.settings = KbSettings(database_url="", amqp_url="")

    def do(self, handler: Callable[..., Any], command: Any) -> Any:
        with self.database.write() as tx:
            return _sayable(handler(command, tx=tx))

    def put(self, key: str, title: str, body: str = "Isi.", **facts: Any) -> contract.Article:
        given = {"language": "en", "actor": RINI} | facts
        spec = contract.ArticleSpec(key=key, title=title, body=body, **given)
        return self.do(partial(handlers.put_article, settings=self.settings), spec)

    def move(self, key: str, to: str, **facts: Any) -> contract.Article:
        given = {"language": "en", "actor": RINI, "role": "lead"} | facts
        command = contract.ChangeArticleStatus(key=key, to=to, **given)
        return self.do(partial(handlers.change_article_status, settings=self.settings), command)

    def amend(self, key: str, **facts: Any) -> contract.Article:
        given = {"language": "en", "actor": DEWI, "role": "agent"} | facts
        command = contract.AmendArticle(key=key, **given)
        return self.do(partial(handlers.amend_article, settings=self.settings), command)

    def ask(self, handler: Callable[..., Any], question: Any) -> Any:
        with self.database.read() as tx:
            return _sayable(handler(question, tx=tx))

    def pass_by(self, **length: float) -> None:
        """Let time pass, and what falls due meanwhile happen."""
        clock = self.database.timekeeper
        end = clock.at + timedelta(**length)
        while due := self._next_due(end):
            key, clock.at = due[0], max(clock.at, due[1])
            fire(self.database, key, due[1], self._look)
        clock.at = end

    def _look(self, timers: Sequence[Timer], tx: Transaction) -> None:
        for timer in timers:
            handlers.look_at_article(timer, tx=tx, settings=self.settings)

    def _next_due(self, end: datetime) -> Any:
        timers = self.database.tables.timers
        with self.database.read() as tx:
            first = sa.select(timers.c.key, timers.c.due_at).where(timers.c.due_at <= end)
            return tx.session.execute(first.order_by(timers.c.due_at).limit(1)).first()

    def told(self, name: str) -> list[dict[str, Any]]:
        """The events of a name, as they were announced."""
        outbox = self.database.tables.outbox
        with self.database.read() as tx:
            rows = tx.session.execute(sa.select(outbox).order_by(outbox.c.seq)).all()
        return [json.loads(row.body) for row in rows if row.name == name]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.database.read() as tx:
            counted = sa.select(sa.func.count()).select_from(sa.table(table))
            return tx.session.execute(counted).scalar_one()

    def get(self, key: str, **facts: Any) -> contract.Article:
        with self.database.read() as tx:
            return handlers.get_article(contract.GetArticle(key=key, **facts), tx=tx)

    def search(self, q: str = "", **facts: Any) -> list[contract.Hit]:
        return list(self.find(q, **facts).items)

    def find(self, q: str = "", **facts: Any) -> contract.Hits:
        question = contract.SearchArticles(q=q, **facts)
        with self.database.read() as tx:
            found = handlers.search_articles(
                question, tx=tx, replica=self.replica, asked=self.asked
            )
        return _sayable(found)

    def complete(self, q: str, **facts: Any) -> contract.Completions:
        question = contract.Complete(q=q, **facts)
        with self.database.read() as tx:
            return _sayable(handlers.complete(question, tx=tx, replica=self.replica))

    def chat(self, *said: str, **facts: Any) -> contract.Chat:
        chat = self.do(handlers.open_chat, contract.OpenChat(requester="ani@example.com"))
        say = partial(handlers.say_in_chat, replica=self.replica)
        for text in said:
            command = contract.SayInChat(
                chat=chat.id, requester="ani@example.com", text=text, **facts
            )
            chat = self.do(say, command)
        return chat

    def put_words(self, language: str = "id", **facts: Any) -> contract.OwnWords:
        spec = contract.WordsSpec(language=language, actor=RINI, **facts)
        return self.do(partial(handlers.put_words, replica=self.replica), spec)

    def suggest(self, text: str, **facts: Any) -> list[contract.Hit]:
        question = contract.Suggest(text=text, **facts)
        with self.database.read() as tx:
            found = handlers.suggest(
                question,
                tx=tx,
                replica=self.replica,
                settings=self.settings,
                asked=self.asked,
            )
        return list(_sayable(found).items)

    def refresh(self, batch: int = 500) -> None:
        handlers.refresh_index(self.database, replica=self.replica, batch=batch)


def _sayable(answer: Any) -> Any:
    assert from_plain(type(answer), to_plain(answer), strict=True) == answer
    return answer


def refusal(act: Callable[..., Any], *given: Any, **facts: Any) -> WireError:
    """What the door would answer."""
    try:
        act(*given, **facts)
    except WireError as error:
        return error
    except tuple(REFUSALS) as error:
        return REFUSALS[type(error)](error)
    raise AssertionError("it was not refused")


def keys(hits: list[contract.Hit]) -> list[str]:
    return [hit.key for hit in hits]
