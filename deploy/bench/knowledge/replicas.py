"""`./meja bench replicas`: how soon every process of kb knows what was published."""

import http.client
import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from deploy.api import Desk
from deploy.bench import machine
from deploy.bench.house import BenchHouse, standing_bench
from deploy.bench.load import Measured, summary
from deploy.local.places import here

_KNOWN = re.compile(rb"^meja_kb_index_change_number ([0-9.e+]+)$", re.MULTILINE)
_BODY = "Restart the agent, then sign in again. Repeat it after ten minutes when nothing changes."
_PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.01
_ASKS = 8  # in a row, so that each of two processes that share a queue most likely answers one
_PAUSE_SECONDS = 0.037  # keeps the changes out of step with the rounds of half a second


@dataclass(frozen=True, kw_only=True)
class Convergence:
    """What came of it.

    Attributes:
        rows: the floor, the changes, and the time until all know.
        longest_ms: the worst of the last row.
        asked: searches right after all knew, and how many of them were wrong.
        wrong: as said.
    """

    processes: int
    rows: Sequence[Measured]
    longest_ms: float
    asked: int
    wrong: int


@click.command(short_help="How soon every process of kb knows what was published.")
@click.option("--changes", default=200, show_default=True, help="Articles published, withdrawn.")
@click.option("--replicas", "processes", default=2, show_default=True, help="Processes of kb.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures here.")
def replicas(*, changes: int, processes: int, file: Path | None) -> None:
    """Publish and withdraw articles in a house of its own, and look when every process knows.

    Which process answers a search is the broker's choice, so each is asked at its own door for the
    last change number that its index has. A look changes nothing: it makes nobody catch up.
    """
    console = Console()
    with standing_bench(
        places=here(), database="postgresql", say=console.log, replicas=processes
    ) as house:
        found = Bench(house).run(changes=changes)
    table = Table("what", "times", "p50 ms", "p95 ms", "p99 ms", "failed")
    for row in found.rows:
        times = (row.p50_ms, row.p95_ms, row.p99_ms)
        table.add_row(row.name, str(row.requests), *(f"{one:g}" for one in times), str(row.failed))
    console.print(table)
    console.print(
        f"longest until all {found.processes} knew: {found.longest_ms:g} ms; "
        f"{found.wrong} of {found.asked} searches afterwards were wrong"
    )
    if file:
        file.write_text(json.dumps(asdict(found), indent=1) + "\n")


class Bench:
    """One run over a standing house."""

    def __init__(self, house: BenchHouse) -> None:
        self._house = house
        self._doors = [
            port for name, port in sorted(house.health_ports.items()) if name.startswith("kb-")
        ]
        self._api = Desk(house.url, house.token)

    def run(self, *, changes: int) -> Convergence:
        """Publish an article and withdraw it, `changes` times in all."""
        told: list[float] = []
        known: list[float] = []
        asked = wrong = 0
        began = time.perf_counter()
        for turn in range(changes):
            key, is_shown = f"bench-{turn // 2}", turn % 2 == 0
            start = time.perf_counter()
            version = self._change(key, is_shown=is_shown)
            answered = time.perf_counter()
            self._wait_until_known(version, since=answered)
            told.append(answered - start)
            known.append(time.perf_counter() - answered)
            found = [self._finds(key) for _ in range(_ASKS)]
            asked, wrong = asked + len(found), wrong + sum(one != is_shown for one in found)
            time.sleep(_PAUSE_SECONDS)
        took = time.perf_counter() - began
        self._api.close()
        return Convergence(
            processes=len(self._doors),
            rows=(
                *self._floor(),
                summary("a change through the API", told, failed=0, seconds=took),
                summary("until every process knows it", known, failed=0, seconds=took),
            ),
            longest_ms=round(max(known) * 1000, 1),
            asked=asked,
            wrong=wrong,
        )

    def _change(self, key: str, *, is_shown: bool) -> int:
        """Publish or withdraw an article; its change number."""
        article = {
            "title": f"Sign in with {key}",
            "body": _BODY,
            "category": "bench",
            "status": "published" if is_shown else "draft",
            "note": "" if is_shown else "Withdrawn.",
        }
        saved = self._api.put(f"/kb/articles/{key}/en", article)
        return int(saved["version"])

    def _wait_until_known(self, version: int, *, since: float) -> None:
        waited_for = set(self._doors)
        while waited_for:
            waited_for -= {door for door in waited_for if known_at(door) >= version}
            if time.perf_counter() > since + _PATIENCE_SECONDS:
                raise TimeoutError(f"change {version} is not known at {sorted(waited_for)}")
            time.sleep(_LOOK_SECONDS if waited_for else 0)

    def _finds(self, key: str) -> bool:
        found = self._api.get("/kb/articles", q=f"Sign in with {key}", limit=10)
        return any(hit["key"] == key for hit in found["items"])

    def _floor(self) -> tuple[Measured, ...]:
        """What the machine itself takes: to look at every process, and to commit a row."""
        began = time.perf_counter()
        looks = []
        for _ in range(100):
            start = time.perf_counter()
            for door in self._doors:
                known_at(door)
            looks.append(time.perf_counter() - start)
        look = summary(
            "a look at every process", looks, failed=0, seconds=time.perf_counter() - began
        )
        url = machine.environment_of(self._house.pids["kb-1"])["MEJA_DATABASE_URL"]
        return look, machine.single_row_commit(url, seconds=2)


def known_at(door: int) -> int:
    """The last change number that the index of the process behind a health port has."""
    http_door = http.client.HTTPConnection("127.0.0.1", door, timeout=5)
    try:
        http_door.request("GET", "/metrics")
        found = _KNOWN.search(http_door.getresponse().read())
    except OSError:
        return 0  # it is being started
    finally:
        http_door.close()
    return int(float(found[1])) if found else 0
