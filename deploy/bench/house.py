"""The house that is measured: its own databases, its own broker where none is given."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from deploy.api import Desk as Api
from deploy.bench.machine import environment_of
from deploy.demo.desk import read_desk
from deploy.demo.furnishing import furnish
from deploy.local import opening
from deploy.local.detached import open_detached
from deploy.local.house import Wish
from deploy.local.places import Places
from deploy.local.tokens import create_token

# The rate limit guards a desk from one client; here one client is all there is.
SETTINGS = {"MEJA_RATE_PER_SECOND": "100000", "MEJA_RATE_BURST": "100000"}
# Agents take what comes, as long as it comes.
CAPACITY = 1000


@dataclass(frozen=True, kw_only=True)
class BenchHouse:
    """A standing house to measure.

    Attributes:
        pids: by process name, such as `intake-1`.
        health_ports: of the services' processes, by name.
    """

    url: str
    token: str
    amqp_url: str
    intake_url: str
    pids: dict[str, int]
    health_ports: dict[str, int]

    @property
    def is_postgresql(self) -> bool:
        """Whether its databases are PostgreSQL's."""
        return self.intake_url.startswith("postgresql")


@contextmanager
def standing_bench(
    *, places: Places, database: str, say: Callable[[str], None], replicas: int = 1
) -> Iterator[BenchHouse]:
    """Keep a furnished house up for the length of a `with` block."""
    own = replace(places, var=places.var / "bench")
    wish = Wish(database=database, replicas=replicas)
    standing = open_detached(wish=wish, places=own, say=say, settings=SETTINGS)
    try:
        token = create_token(role="admin", name="bench", standing=standing, places=own)
        url = str(standing.url)
        _furnish(Api(url, token))
        pids = {entry.name: entry.identity.pid for entry in standing.processes if entry.identity}
        yield BenchHouse(
            url=url,
            token=token,
            amqp_url=standing.environment["MEJA_AMQP_URL"],
            intake_url=environment_of(pids["intake-1"])["MEJA_DATABASE_URL"],
            pids=pids,
            health_ports=_health_ports(own),
        )
    finally:
        opening.close_house(places=own)


def _health_ports(places: Places) -> dict[str, int]:
    taken: dict[str, int] = json.loads(places.ports.read_text())
    marked = {name.partition("health ")[2]: port for name, port in taken.items()}
    return {name: port for name, port in marked.items() if name}


def _furnish(api: Api) -> None:
    desk = read_desk()
    roomy = tuple(replace(agent, capacity=CAPACITY) for agent in desk.agents)
    furnish(api, replace(desk, agents=roomy), articles=())
    api.close()
