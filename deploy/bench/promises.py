"""Sla by itself on PostgreSQL: its processes, its database, and the bus it speaks on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from kombu import Connection

from chassis.migrate import upgrade
from chassis.topology import declare, inbox_name
from contracts.catalogue import SERVICES, SUBSCRIPTIONS
from deploy.local import broker, children, house
from deploy.local.children import Child, Process
from deploy.local.house import Addresses, Wish
from deploy.local.places import Places
from deploy.local.ports import Ports
from deploy.local.postgres import PrivateCluster

DATABASE = "meja_bench_sla"


@dataclass(frozen=True, kw_only=True)
class Promises:
    """Sla's surroundings; its processes come and go."""

    amqp_url: str
    database_url: str
    processes: Sequence[Process]
    logs: Path

    @contextmanager
    def running(self) -> Iterator[dict[str, Child]]:
        """Keep sla's processes up for the length of a `with` block, by name."""
        with children.standing(self.processes, logs=self.logs) as started:
            yield {child.process.name: child for child in started}

    def start(self) -> list[Child]:
        """Start sla's processes and wait for nothing."""
        return [Child(one, log=self.logs / f"{one.name}.log") for one in self.processes]


@contextmanager
def standing_promises(
    *, places: Places, replicas: int, say: Callable[[str], None]
) -> Iterator[Promises]:
    """Keep broker and database up for the length of a `with` block; the database is a new one."""
    own = replace(places, var=places.var / "bench-sla")
    ports = Ports(own.ports)
    chosen = broker.choose(home=own.rabbitmq, ports=ports)
    cluster = PrivateCluster.at(own.postgresql, ports=ports)
    servers = (*chosen.processes, *cluster.processes())
    with children.standing(servers, logs=own.logs):
        _drop(cluster.url)
        url = cluster.create_databases([DATABASE])[DATABASE]
        upgrade("services.sla", url)
        declare(chosen.url, services=SERVICES, subscriptions=SUBSCRIPTIONS, delays_seconds=())
        say("broker and database stand")
        wish = Wish(replicas=replicas, database="postgresql")
        yield Promises(
            amqp_url=chosen.url,
            database_url=url,
            processes=_sla_of(own, wish, ports, amqp_url=chosen.url, database_url=url),
            logs=own.logs,
        )
        _forget_what_nobody_heard(chosen.url)


def _sla_of(
    places: Places, wish: Wish, ports: Ports, *, amqp_url: str, database_url: str
) -> list[Process]:
    names = [
        name
        for service in house.SERVICES
        for name in house.replica_names(service, replicas=wish.replicas)
    ]
    addresses = Addresses(
        amqp_url=amqp_url,
        database_urls=dict.fromkeys(house.SERVICES, database_url),
        health_ports={name: ports.take(f"health {name}") for name in names},
        http_port=0,
    )
    found = house.services(root=places.root, wish=wish, addresses=addresses)
    return [process for process in found if process.name.startswith("sla-")]


def _drop(url: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"))
    engine.dispose()


def _forget_what_nobody_heard(amqp_url: str) -> None:
    """Empty the inboxes of services that are not up here, for whoever uses this broker next."""
    with Connection(amqp_url) as connection:
        for service in SERVICES:
            connection.default_channel.queue_purge(inbox_name(service))
