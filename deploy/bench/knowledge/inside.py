"""Knowledge inside the service: what its handlers take, over a database that has all articles."""

import time
from collections.abc import Callable, Mapping
from typing import cast

from chassis.database import Database
from chassis.timekeeper import WallClock
from contracts import kb
from contracts.intake import Language
from deploy.bench.knowledge import corpus
from deploy.bench.knowledge.corpus import Source
from deploy.bench.knowledge.figures import LETTER, timed
from deploy.bench.load import Measured
from services.kb import handlers
from services.kb.index.replica import Replica, replica_of
from services.kb.models import Base
from services.kb.settings import KbSettings

_QUESTIONS = 400
_LETTERS = 200
_LONGEST = 400
_PAGE = 20  # as many hits as a page of the portal and of the API shows


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
    _read_all(database, replica, batch=settings.index_batch)
    took, used = time.perf_counter() - began, time.process_time() - cpu
    say(f"{replica.seen:,} changes read into an index in {took:.0f} s")

    searches = [
        kb.SearchArticles(q=text[:_LONGEST], language=cast("Language", language), limit=_PAGE)
        for text, language in corpus.questions(_QUESTIONS, of=of)
    ]
    letters = [kb.Suggest(text=text) for text in corpus.letters(_LETTERS, of=of, length=LETTER)]

    def search(turn: int) -> None:
        with database.read() as tx:
            handlers.search_articles(searches[turn], tx=tx, replica=replica, asked=asked)

    def suggest(turn: int) -> None:
        with database.read() as tx:
            handlers.suggest(letters[turn], tx=tx, replica=replica, settings=settings, asked=asked)

    rows = []
    for name, ask, count in (
        (f"search in the service, {_PAGE} hits with their passages marked", search, _QUESTIONS),
        (f"suggestion in the service for {LETTER:,} characters", suggest, _LETTERS),
    ):
        timed("warm", ask, count)  # as a service that has answered for a while
        rows.append(timed(name, ask, count))
    database.close()
    return {
        "articles read from the database and indexed, a second": round(replica.seen / took),
        "articles read from the database and indexed, a processor second": round(
            replica.seen / used
        ),
    }, rows


def _read_all(database: Database, replica: Replica, *, batch: int) -> None:
    before = -1
    while replica.seen > before:
        before = replica.seen
        handlers.refresh_index(database, replica=replica, batch=batch)
