"""Knowledge as people meet it: through the gateway, with all articles in the database."""

import json
import time
from collections.abc import Callable, Mapping
from itertools import islice
from urllib.parse import quote

import sqlalchemy as sa

from deploy.bench import machine
from deploy.bench.house import BenchHouse
from deploy.bench.knowledge import corpus
from deploy.bench.knowledge.corpus import Source
from deploy.bench.knowledge.inside import measure_inside
from deploy.bench.load import MILLISECONDS, Ask, Connection, Measured, as_body, steady

RATE = 50.0
CLIENTS = 16  # connections, so that a slow answer holds up no later turn of this rate
_PROCESSES = {"gateway", "kb", "rabbitmq", "postgresql"}
_BRIEF_SECONDS = 5.0
_BATCH = 1_000
_PATIENCE_SECONDS = 600
_LAST_WORD = "zzyzxbench"

_COUNT = "SELECT count(*) FROM articles WHERE owner = 'bench@example.com'"
_INSERT = """
INSERT INTO articles (id, key, language, status, audience, category, owner, revision,
    change_number, updated_at, title, tags, body)
VALUES (:id, :id, :language, 'published', :audience, :category, 'bench@example.com', 1,
    :number, now(), :title, :tags, :body)
"""


class ServedBench:
    """One run over a standing house."""

    def __init__(
        self, house: BenchHouse, *, of: Mapping[str, Source], say: Callable[[str], None]
    ) -> None:
        self._house = house
        self._of = of
        self._say = say
        self._kb = house.pids["kb-1"]
        self._processor: dict[str, float] = {}

    def run(self, *, articles: int, seconds: float) -> tuple[dict[str, float], list[Measured]]:
        """Fill the database under the standing service, wait until all can be found, then ask."""
        began = time.perf_counter()
        self._fill(articles)
        filled = time.perf_counter()
        self._say(f"{articles:,} articles written to the database in {filled - began:.0f} s")
        self._wait_until_found()
        # It reads along while they are written, so this is the slower of the two.
        took = time.perf_counter() - began
        rows = [*self._floor(), self._search(seconds), self._suggest(seconds)]
        inside, alone = measure_inside(self._database_url, of=self._of, say=self._say)
        rows += alone
        figures = (
            self._processor
            | inside
            | {
                "articles indexed a second, writing them included": round(articles / took, 0),
                "memory of the service, MB": round(machine.resident_megabytes(self._kb)),
            }
        )
        return figures, rows

    @property
    def _database_url(self) -> str:
        return machine.environment_of(self._kb)["MEJA_DATABASE_URL"]

    def _fill(self, articles: int) -> None:
        engine = sa.create_engine(self._database_url)
        # The house's database outlives a run; what an earlier one left is not written again.
        with engine.connect() as connection:
            done = connection.scalar(sa.text(_COUNT)) or 0
        made = islice(corpus.articles(articles, of=self._of), done, None)
        while rows := list(islice(made, _BATCH)):
            with engine.begin() as connection:
                # As the service does: numbers become visible in order.
                first = connection.scalar(
                    sa.text("UPDATE change_counter SET number = number + :n RETURNING number - :n"),
                    {"n": len(rows)},
                )
                connection.execute(
                    sa.text(_INSERT),
                    [
                        {
                            "id": row.id,
                            "language": row.language,
                            "audience": row.audience,
                            "category": row.category,
                            "number": int(first or 0) + place,
                            "title": row.title if done + place < articles else _LAST_WORD,
                            "tags": json.dumps(row.tags),
                            "body": row.body,
                        }
                        for place, row in enumerate(rows, 1)
                    ],
                )
            done += len(rows)
        engine.dispose()

    def _wait_until_found(self) -> None:
        ask = Ask(method="GET", path=f"/api/v1/kb/articles?q={_LAST_WORD}&limit=1")
        connection = self._connect()
        deadline = time.perf_counter() + _PATIENCE_SECONDS
        while _LAST_WORD.encode() not in connection.send(ask)[1]:
            if time.perf_counter() > deadline:
                raise TimeoutError("the articles cannot be found")
            time.sleep(0.2)
        connection.close()

    def _floor(self) -> list[Measured]:
        """What the same way costs when nothing is looked for."""
        hello = Ask(method="GET", path="/health/live")
        name = f"gateway hello at {RATE:g}/s"
        return [
            machine.broker_round_trip(self._house.amqp_url, seconds=_BRIEF_SECONDS),
            self._steadily(name, [hello], seconds=_BRIEF_SECONDS),
        ]

    def _search(self, seconds: float) -> Measured:
        asks = [
            Ask(method="GET", path=f"/api/v1/kb/articles?lang={language}&q={quote(text[:400])}")
            for text, language in corpus.questions(400, of=self._of)
        ]
        return self._steadily(f"search through the gateway at {RATE:g}/s", asks, seconds)

    def _suggest(self, seconds: float) -> Measured:
        asks = [
            Ask(method="POST", path="/api/v1/kb/suggestions", body=as_body({"text": text}))
            for text in corpus.letters(200, of=self._of, length=2_000)
        ]
        return self._steadily(f"suggest through the gateway at {RATE:g}/s", asks, seconds)

    def _steadily(self, name: str, asks: list[Ask], seconds: float) -> Measured:
        def asked(turn: int) -> Ask:
            return asks[turn % len(asks)]

        steady("warm", self._connect, asked, rate=RATE / 2, clients=4, seconds=2)
        before = self._used()
        row = steady(name, self._connect, asked, rate=RATE, clients=CLIENTS, seconds=seconds)
        # Beside the times, which other work on the machine makes longer, what an answer takes.
        self._processor |= {
            f"{name}, {process}, processor ms": round(
                (used - before[process]) * MILLISECONDS / max(1, row.requests + row.failed), 2
            )
            for process, used in self._used().items()
        }
        return row

    def _used(self) -> dict[str, float]:
        return {
            name: machine.processor_seconds(pid)
            for name, pid in sorted(self._house.pids.items())
            if name.partition("-")[0] in _PROCESSES
        }

    def _connect(self) -> Connection:
        return Connection(self._house.url, token=self._house.token)
