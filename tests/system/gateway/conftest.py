"""The gateway as gunicorn serves it, on a real broker, with one small service behind it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from chassis import migrate, topology
from chassis.database import Database
from chassis.ids import new_id
from chassis.timekeeper import WallClock
from contracts import catalogue
from gateway.accounts import Accounts
from gateway.models import Base
from gateway.schemas import TokenBody

ROOT = Path(__file__).resolve().parents[3]


def wait_until(holds: Callable[[], object], *, seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


class Served:
    """A running gateway."""

    def __init__(self, amqp_url: str, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "gateway.log"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        database_url = f"sqlite:///{folder / 'gateway.db'}"
        migrate.upgrade("gateway", database_url)
        database = Database(database_url, Base.metadata, timekeeper=WallClock(), workers=1)
        body = TokenBody(name="test", role="admin")
        self.token = Accounts(database).create_token(body, key=new_id()).secret
        database.close()
        environ = os.environ | {
            "MEJA_AMQP_URL": amqp_url,
            "MEJA_DATABASE_URL": database_url,
            "MEJA_HTTP_PORT": str(self.port),
            "MEJA_STREAMS": "2",
            "PYTHONPATH": str(ROOT),
        }
        environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
        command = [sys.executable, "-m", "gunicorn", "-c", "gateway/gunicorn_conf.py"]
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [*command, "gateway.app:get_app()"],
                cwd=ROOT,
                env=environ,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        wait_until(self._answers)

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return httpx.get(f"{self.url}/health/live").status_code == 200
        except httpx.TransportError:
            return False

    def client(self) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=10)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(amqp_url: str, tmp_path: Path) -> Iterator[Served]:
    topology.declare(
        amqp_url,
        services=catalogue.SERVICES,
        subscriptions=catalogue.SUBSCRIPTIONS,
        delays_seconds=(1.0, 5.0, 30.0, 120.0),
    )
    found = Served(amqp_url, tmp_path)
    yield found
    if found.process.poll() is None:
        found.process.kill()
        found.process.wait()
