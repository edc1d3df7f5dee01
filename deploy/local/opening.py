"""Opening the house: in which order a desk is put up, and how a standing one is closed."""

import fcntl
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from deploy.local import broker, environment, house, postgres, record
from deploy.local.broker import Broker
from deploy.local.house import Addresses, Wish
from deploy.local.places import Places
from deploy.local.ports import Ports, http_port
from deploy.local.postgres import PrivateCluster
from deploy.local.problems import Problem
from deploy.local.record import Record
from deploy.local.supervisor import Stopped, Supervisor

USUAL_HTTP_PORT = 8080
_BOOT_SECONDS = 90
_MARGIN_SECONDS = 5


class AlreadyOpen(Problem):
    """A house stands already in this `var`."""

    def __init__(self) -> None:
        super().__init__("a house stands here already; ./meja down stops it")


class NotOpen(Problem):
    """A command needs a standing house and there is none."""

    def __init__(self) -> None:
        super().__init__("no house stands here; ./meja up starts one")


def drain_seconds() -> float:
    """Give how long a service may take to finish its work before it is killed."""
    return float(environment.read("MEJA_DRAIN_SECONDS") or 20) + _MARGIN_SECONDS


def ensure_installed(*, wish: Wish, say: Callable[[str], None]) -> None:
    """Install the servers this wish needs and this machine lacks.

    Raises:
        CannotInstall: something is missing and may not be installed; says what to do.
    """
    broker.ensure_available(say=say)
    if wish.database == "postgresql":
        postgres.ensure_installed(say=say)


def open_house(*, wish: Wish, places: Places, say: Callable[[str], None]) -> None:
    """Put the house up and keep it standing until asked to stop.

    Raises:
        AlreadyOpen: another one stands here.
        PortBusy: the HTTP port asked for is taken.
        JobFailed: a migration or the topology failed.
        NotStanding: something was not ready in time.
    """
    began = time.monotonic()
    with _only_house(places):
        _sweep(places)
        supervisor = Supervisor(
            record_file=places.record,
            logs_folder=places.logs,
            patience_seconds=drain_seconds(),
            say=say,
        )
        try:
            with supervisor:
                url = _put_up(supervisor, wish=wish, places=places, say=say)
                say(f"ready: {url} ({time.monotonic() - began:.1f} s)")
                supervisor.note(state="ready")  # last: who waits for it, stops listening then
                supervisor.watch()
                say("stopping")
        except Stopped:
            say("stopped before it was ready")


def close_house(*, places: Places) -> bool:
    """Stop the house that stands here, or what is left of one; tell whether there was one."""
    known = record.read(places.record)
    if known is None:
        return False
    known.supervisor.send(signal.SIGTERM)
    # The gateway, the services, then broker and database: each may use its whole patience.
    deadline = time.monotonic() + 3 * drain_seconds() + _MARGIN_SECONDS
    while known.is_current() and time.monotonic() < deadline:
        time.sleep(0.1)
    known.supervisor.send(signal.SIGKILL)
    _sweep(places)
    return True


def standing(places: Places) -> Record | None:
    """Give the record of the house that stands here now."""
    known = record.read(places.record)
    return known if known and known.is_current() else None


def _put_up(
    supervisor: Supervisor, *, wish: Wish, places: Places, say: Callable[[str], None]
) -> str:
    ports = Ports(places.ports)
    port = http_port(asked=wish.port, preferred=USUAL_HTTP_PORT, host=wish.host)
    chosen = broker.choose(home=places.rabbitmq, ports=ports)
    say(f"broker: {chosen.whose}")
    say(f"databases: {wish.database}")
    database_urls = _start_servers(supervisor, wish=wish, chosen=chosen, places=places, ports=ports)
    names = [
        name
        for service in house.SERVICES
        for name in house.replica_names(service, replicas=wish.replicas)
    ]
    addresses = Addresses(
        amqp_url=chosen.url,
        database_urls=database_urls,
        health_ports={name: ports.take(f"health {name}") for name in names},
        http_port=port,
    )
    say("migrations and topology")
    supervisor.run_jobs(house.jobs(root=places.root, addresses=addresses))
    # Once more: another house may have begun to use the port that was free some seconds ago.
    port = http_port(asked=wish.port, preferred=USUAL_HTTP_PORT, host=wish.host)
    addresses = replace(addresses, http_port=port)
    url = house.http_url(wish.host, port)
    gateway_environment = house.gateway_environment(wish=wish, addresses=addresses)
    supervisor.note(url=url, wish=wish.as_dict(), environment=gateway_environment)
    say(f"services: {', '.join(names)}, gateway")
    supervisor.keep(*house.services(root=places.root, wish=wish, addresses=addresses))
    supervisor.keep(house.gateway(root=places.root, wish=wish, addresses=addresses))
    supervisor.wait_until_ready(timeout_seconds=_BOOT_SECONDS)
    return url


def _start_servers(
    supervisor: Supervisor, *, wish: Wish, chosen: Broker, places: Places, ports: Ports
) -> dict[str, str]:
    """Start broker and database, as far as they are ours, and give the databases' addresses."""
    for process in chosen.processes:
        supervisor.keep(process)
        if process is not chosen.processes[-1]:
            supervisor.wait_until_ready(timeout_seconds=_BOOT_SECONDS)
    cluster = None
    if wish.database == "postgresql":
        cluster = PrivateCluster.at(places.postgresql, ports=ports)
        supervisor.keep(*cluster.processes())
    supervisor.wait_until_ready(timeout_seconds=_BOOT_SECONDS)
    if cluster is None:
        places.databases.mkdir(parents=True, exist_ok=True)
        return house.sqlite_urls(places.databases)
    names = {owner: house.database_name(owner) for owner in house.OWNERS}
    urls = cluster.create_databases(names.values())
    return {owner: urls[name] for owner, name in names.items()}


def _sweep(places: Places) -> None:
    """End whatever a supervisor that was killed may have left, and forget its record."""
    known = record.read(places.record)
    if known is None:
        return
    for entry in known.processes:
        if entry.identity:
            entry.identity.send(signal.SIGKILL)
    places.record.unlink(missing_ok=True)


@contextmanager
def _only_house(places: Places) -> Iterator[None]:
    """Hold the lock of this house; the kernel lets go of it however this process ends."""
    places.house_lock.parent.mkdir(parents=True, exist_ok=True)
    with places.house_lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise AlreadyOpen from held
        yield
