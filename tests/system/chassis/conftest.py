"""A bakery that runs as a process, or as two, on eventlet or on native threads."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from kombu import Connection

from chassis import topology
from chassis.rpc_client import RpcClient
from tests.system.chassis import bakery
from tests.system.conftest import POSTGRES

ROOT = Path(__file__).resolve().parents[3]
DELAYS = (0.2, 0.4)
STARTED = '"service started"'


class House:
    """Bakeries of one database and one bus."""

    def __init__(self, amqp_url: str, database_url: str, folder: Path) -> None:
        self.amqp_url = amqp_url
        self.database_url = database_url
        self.folder = folder
        self.client = RpcClient(amqp_url)
        self.running: list[subprocess.Popen[bytes]] = []
        self.environ = os.environ | {
            "MEJA_AMQP_URL": amqp_url,
            "MEJA_DATABASE_URL": database_url,
            "MEJA_RETRY_DELAYS_SECONDS": ",".join(map(str, DELAYS)),
            "MEJA_CLOCK_FILE": str(folder / "clock.json"),
            "PYTHONPATH": str(ROOT),
        }

    def open(self, **environ: str) -> subprocess.Popen[bytes]:
        """Start one more bakery and wait until it works."""
        log = self.folder / f"bakery-{len(self.running)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", *self.runner, "tests.system.chassis.bakery:BakeryService"],
                env=self.environ | environ,
                cwd=ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self.running.append(process)
        wait_until(lambda: STARTED in log.read_text() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        return process

    runner: tuple[str, ...] = ("chassis.runner",)

    def count(self) -> bakery.Count:
        return self.client.call(bakery.COUNT, bakery.Count())

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("bakery-*.log")))

    def waiting(self, queue: str) -> int:
        with Connection(self.amqp_url) as connection:
            return connection.default_channel.queue_declare(queue, passive=True).message_count

    def close(self) -> None:
        self.client.close()
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


def wait_until(is_so: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait for something that must come true."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def _empty_bus(amqp_url: str) -> None:
    names = [
        "rpc-bakery",
        topology.inbox_name("bakery"),
        topology.dead_name("bakery"),
        *(topology.wait_name("bakery", delay) for delay in DELAYS),
    ]
    with Connection(amqp_url) as connection:
        for name in names:
            connection.default_channel.queue_delete(name)


@pytest.fixture
def house(amqp_url: str, tmp_path: Path) -> Iterator[House]:
    """No bakery yet, on SQLite."""
    yield from make_house(amqp_url, f"sqlite:///{tmp_path / 'bakery.db'}", tmp_path)


@pytest.fixture
def postgres_house(amqp_url: str, tmp_path: Path) -> Iterator[House]:
    """No bakery yet, on PostgreSQL, so that there may be several."""
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"{POSTGRES} names no PostgreSQL server (./meja test starts one)")
    url = sa.make_url(server)
    name = f"bakery_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    own = url.set(database=name).render_as_string(hide_password=False)
    yield from make_house(amqp_url, own, tmp_path)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


def make_house(amqp_url: str, database_url: str, folder: Path) -> Iterator[House]:
    _empty_bus(amqp_url)
    engine = sa.create_engine(database_url)
    bakery.Base.metadata.create_all(engine)
    engine.dispose()
    house = House(amqp_url, database_url, folder)
    try:
        yield house
    finally:
        house.close()
