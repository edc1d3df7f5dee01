"""Knowledge inside the service: what its handlers take, over a database that has all articles."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

from chassis.database import Database
from chassis.timekeeper import WallClock
from contracts import kb
from contracts.intake import Language
from deploy.bench.knowledge import corpus
from deploy.bench.knowledge.corpus import Source
from deploy.bench.load import Measured, summary
from services.kb import handlers
from services.kb.index.replica import Replica, replica_of
from services.kb.models import Base
from services.kb.settings import KbSettings

LETTER = 2_000
_QUESTIONS = 400
_LETTERS = 200
_LONGEST = 400
_PAGE = 20  # as many hits as a page of the portal and of the API shows
_BATCH = 200
Q = TypeVar("Q")


def measure_inside(
    url: str, *, of: Mapping[str, Source], say: Callable[[str], None]
) -> tuple[dict[str, float], list[Measured]]:
    """Read all articles into an index of this process, then ask the handlers one by one.

    Args:
        url: the database of a standing kb.
        of: what the articles were made of.
        say: is told how it goes.
    """
    settings = KbSettings(database_url=url, amqp_url="")
    database = Database(url, Base.metadata, timekeeper=WallClock())
    replica = replica_of(None)
    asked = handlers.AskedLog()
    began, cpu = time.perf_counter(), time.process_time()
    _read_all(database, replica)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    say(f"{replica.seen:,} changes read into an index in {took:.0f} s")

    def search(question: kb.SearchArticles) -> None:
        with database.read() as tx:
            handlers.search_articles(question, tx=tx, replica=replica, asked=asked)

    def suggest(question: kb.Suggest) -> None:
        with database.read() as tx:
            handlers.suggest(question, tx=tx, replica=replica, settings=settings, asked=asked)

    searches = [
        kb.SearchArticles(q=text[:_LONGEST], language=cast("Language", language), limit=_PAGE)
        for text, language in corpus.questions(_QUESTIONS, of=of)
    ]
    letters = [kb.Suggest(text=text) for text in corpus.letters(_LETTERS, of=of, length=LETTER)]
    rows = [
        _timed(f"search in the service, {_PAGE} hits with their passages marked", search, searches),
        _timed(f"suggestion in the service for {LETTER:,} characters", suggest, letters),
    ]
    database.close()
    return {
        "articles read from the database and indexed, a second": round(replica.seen / took),
        "articles read from the database and indexed, a processor second": round(
            replica.seen / used
        ),
    }, rows


def _read_all(database: Database, replica: Replica) -> None:
    before = -1
    while replica.seen > before:
        before = replica.seen
        handlers.refresh_index(database, replica=replica, batch=_BATCH)


def _timed(name: str, ask: Callable[[Q], None], questions: Sequence[Q]) -> Measured:
    """Ask all of them, as a service does that has answered for a while."""
    for question in questions:
        ask(question)
    times = []
    began = time.perf_counter()
    for question in questions:
        start = time.perf_counter()
        ask(question)
        times.append(time.perf_counter() - start)
    return summary(name, times, failed=0, seconds=time.perf_counter() - began)
