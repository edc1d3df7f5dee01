"""The house on one machine, described: which processes, started how. Nothing here does anything."""

import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from deploy.local.children import Process
from deploy.local.problems import Problem

SERVICES = {
    "intake": "IntakeService",
    "routing": "RoutingService",
    "sla": "SlaService",
    "kb": "KbService",
}
GATEWAY = "gateway"
OWNERS = (*SERVICES, GATEWAY)  # whoever owns a database
LOOPBACK = "127.0.0.1"


class NeedsPostgresql(Problem):
    """Several replicas were asked for on SQLite, which serves one process per service."""

    def __init__(self) -> None:
        super().__init__("several replicas need PostgreSQL: add --database postgresql")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the caller of `up` asked for. `port` None: the usual one, or the next that is free."""

    replicas: int = 1
    database: str = "sqlite"
    host: str = LOOPBACK
    port: int | None = None

    def __post_init__(self) -> None:
        if self.replicas > 1 and self.database != "postgresql":
            raise NeedsPostgresql

    def as_dict(self) -> dict[str, object]:
        """Give the wish as plain values."""
        return asdict(self)

    def is_met_by(self, other: Mapping[str, object]) -> bool:
        """Tell whether a house put up for another wish is what this one asks for."""
        mine = self.as_dict()
        if self.port is None:  # any port will do
            mine["port"] = other.get("port")
        return mine == dict(other)


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where everything answers: what the wish becomes on this machine today."""

    amqp_url: str
    database_urls: Mapping[str, str]
    health_ports: Mapping[str, int]
    http_port: int


def database_name(owner: str) -> str:
    """Give the name of an owner's database, and of that database's user."""
    return f"meja_{owner}"


def sqlite_urls(folder: Path) -> dict[str, str]:
    """Give one SQLite file per owner of a database."""
    return {owner: f"sqlite:///{folder / owner}.db" for owner in OWNERS}


def replica_names(service: str, *, replicas: int) -> list[str]:
    """Name a service's processes: `intake-1`, `intake-2` and so on."""
    return [f"{service}-{number}" for number in range(1, replicas + 1)]


def jobs(*, root: Path, addresses: Addresses) -> tuple[Process, ...]:
    """Describe what runs once, side by side, before the services start."""
    migrations = [
        _python(
            f"migrate-{owner}",
            "chassis.migrate",
            GATEWAY if owner == GATEWAY else f"services.{owner}",
            root=root,
            env={"MEJA_DATABASE_URL": addresses.database_urls[owner]},
        )
        for owner in OWNERS
    ]
    topology = _python(
        "topology",
        "chassis.topology",
        "contracts.catalogue",
        root=root,
        env={"MEJA_AMQP_URL": addresses.amqp_url},
    )
    return (*migrations, topology)


def services(*, root: Path, wish: Wish, addresses: Addresses) -> tuple[Process, ...]:
    """Describe every replica of every service, each with a health port of its own."""
    return tuple(
        _python(
            name,
            "chassis.runner",
            f"services.{service}.service:{class_name}",
            root=root,
            env={
                "MEJA_AMQP_URL": addresses.amqp_url,
                "MEJA_DATABASE_URL": addresses.database_urls[service],
                "MEJA_HEALTH_HOST": LOOPBACK,
                "MEJA_HEALTH_PORT": str(addresses.health_ports[name]),
            },
            ready_url=f"http://{LOOPBACK}:{addresses.health_ports[name]}/health/ready",
        )
        for service, class_name in SERVICES.items()
        for name in replica_names(service, replicas=wish.replicas)
    )


def gateway(*, root: Path, wish: Wish, addresses: Addresses) -> Process:
    """Describe the front door."""
    words = ("gunicorn", "-c", "gateway/gunicorn_conf.py", "gateway.app:get_app()")
    url = http_url(wish.host, addresses.http_port)
    return _python(
        GATEWAY,
        *words,
        root=root,
        env=gateway_environment(wish=wish, addresses=addresses),
        ready_url=f"{url}/health/ready",
    )


def gateway_environment(*, wish: Wish, addresses: Addresses) -> dict[str, str]:
    """Give the gateway's settings; its command line (`gateway.accounts`) takes the same."""
    return {
        "MEJA_AMQP_URL": addresses.amqp_url,
        "MEJA_DATABASE_URL": addresses.database_urls[GATEWAY],
        "MEJA_HTTP_HOST": wish.host,
        "MEJA_HTTP_PORT": str(addresses.http_port),
    }


def http_url(host: str, port: int) -> str:
    """Give the address a person on this machine opens; one that listens everywhere is loopback."""
    return f"http://{LOOPBACK if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared, not bound


def _python(
    name: str,
    module: str,
    *words: str,
    root: Path,
    env: Mapping[str, str],
    ready_url: str | None = None,
) -> Process:
    """Describe a Python module of ours, run from the checkout by the workbench's Python."""
    return Process(
        name=name,
        argv=(sys.executable, "-P", "-m", module, *words),
        cwd=root,
        env={"PYTHONPATH": str(root), "PYTHONUNBUFFERED": "1", **env},
        ready_url=ready_url,
    )
