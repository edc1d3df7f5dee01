"""A whole house to break: two replicas of every service, a private broker and PostgreSQL.

Time is steered: under load an hour of the desk's passes in three minutes, so that promises are at
risk and broken while a fault lasts; it stands still while what came of it is counted.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa

from chassis import timekeeper
from contracts.grammar import to_plain
from deploy.api import Desk
from deploy.demo.desk import read_desk
from deploy.local import house as plan
from deploy.local import opening
from deploy.local.broker import PrivateNode
from deploy.local.children import Identity
from deploy.local.detached import open_detached
from deploy.local.house import Wish
from deploy.local.places import Places
from deploy.local.ports import Ports
from deploy.local.postgres import PrivateCluster
from deploy.local.record import Entry

ROOT = Path(__file__).resolve().parents[3]
MONDAY_MORNING = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # 08:30 in Jakarta, a working day
FAST = 20.0  # desk time beside real time
RETRY_DELAYS_SECONDS = (0.5, 1.0, 2.0)
HEALING_SECONDS = 90


class House:
    """A standing house, its servers and its databases."""

    def __init__(self, folder: Path) -> None:
        self.places = Places(root=ROOT, var=folder / "var")
        self.clock_file = folder / "clock.json"
        self.said: list[str] = []
        port = Ports(folder / "ports.json").take("gateway")
        self._wish = Wish(database="postgresql", replicas=2, port=port)

    def open(self) -> None:
        """Put the house up and furnish it."""
        timekeeper.steer(self.clock_file, at=MONDAY_MORNING)
        self.record = open_detached(
            wish=self._wish,
            places=self.places,
            say=self.said.append,
            settings={
                "MEJA_AMQP_URL": "",  # whatever broker the caller has: this house breaks its own
                "MEJA_CLOCK_FILE": str(self.clock_file),
                "MEJA_RETRY_DELAYS_SECONDS": ",".join(map(str, RETRY_DELAYS_SECONDS)),
            },
        )
        self.url = self.record.url or ""
        self.broker = PrivateNode.at(self.places.rabbitmq, ports=self._ports)
        names = {owner: plan.database_name(owner) for owner in plan.OWNERS}
        urls = self._cluster.urls(names.values())
        self.engines = {
            owner: sa.create_engine(urls[name], poolclass=sa.NullPool)
            for owner, name in names.items()
        }
        self.token = self._token()
        self._furnish()

    @property
    def _ports(self) -> Ports:
        # The house stands on its ports already, so they are not free.
        return Ports(self.places.ports, is_free=lambda _port: True)

    @property
    def _cluster(self) -> PrivateCluster:
        return PrivateCluster.at(self.places.postgresql, ports=self._ports)

    def _token(self) -> str:
        words = ("token", "create", "--role", "admin", "--name", "faults")
        done = subprocess.run(
            (sys.executable, "-P", "-m", "gateway.accounts", *words),
            cwd=ROOT,
            env=os.environ | dict(self.record.environment) | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def _furnish(self) -> None:
        """Put the demo desk's organisation in, before the first ticket."""
        organisation = read_desk()
        desk = Desk(self.url, self.token)
        # A group must be there before it is named as the next one up.
        groups = sorted(organisation.groups, key=lambda group: -group.tier)
        shelves: dict[str, Iterable[Any]] = {
            "groups": groups,
            "agents": organisation.agents,
            "rules": organisation.rules,
            "calendars": organisation.calendars,
            "policies": organisation.policies,
        }
        for noun, specs in shelves.items():
            for spec in specs:
                desk.put(f"/{noun}/{spec.key}", to_plain(spec))
        desk.close()

    def close(self) -> None:
        """Leave nothing behind."""
        opening.close_house(places=self.places)
        self._cluster.drop()

    # its processes

    def entry(self, name: str) -> Entry:
        known = opening.standing(self.places)
        assert known is not None, self.said
        return next(entry for entry in known.processes if entry.name == name)

    def identity(self, name: str) -> Identity:
        """A process that runs; waits for one that is being started again."""
        wait_until(lambda: self.entry(name).identity is not None)
        found = self.entry(name).identity
        assert found is not None
        return found

    def kill(self, *names: str) -> None:
        """`kill -9` processes, all at the same moment."""
        for doomed in [self.identity(name) for name in names]:
            doomed.send(signal.SIGKILL)

    def restarts(self, *names: str) -> int:
        return sum(self.entry(name).restarts for name in names)

    def ill(self) -> list[str]:
        """Who does not do its work, or is not reached by the gateway."""
        states = {
            name: _status(f"http://127.0.0.1:{self.health_port(name)}/health/ready")
            for name in self._services()
        }
        states["gateway"] = _status(f"{self.url}/health/ready")
        return [f"{name} is {state}" for name, state in states.items() if state != "ready"]

    def health_port(self, name: str) -> int:
        """Where a process answers how it is."""
        ports: dict[str, int] = json.loads(self.places.ports.read_text())
        return ports[f"health {name}"]

    def wait_until_healthy(self) -> None:
        deadline = time.monotonic() + HEALING_SECONDS
        while ill := self.ill():
            assert time.monotonic() < deadline, ill
            time.sleep(0.5)

    def _services(self) -> list[str]:
        return [name for each in plan.SERVICES for name in plan.replica_names(each, replicas=2)]

    def environ(self, name: str) -> dict[str, str]:
        """The environment of a running process."""
        raw = Path(f"/proc/{self.identity(name).pid}/environ").read_bytes()
        pairs = (line.partition("=") for line in raw.decode().split("\0") if line)
        return {key: value for key, _, value in pairs}

    @contextlib.contextmanager
    def nobody_starts_anything(self) -> Iterator[None]:
        """Let the dead lie for the length of a `with` block: an outage as long as we like."""
        supervisor = self.record.supervisor
        supervisor.send(signal.SIGSTOP)
        try:
            yield
        finally:
            supervisor.send(signal.SIGCONT)

    # its time

    def now(self) -> datetime:
        """The instant by the house's clock."""
        return timekeeper.timekeeper(str(self.clock_file)).now()

    @contextlib.contextmanager
    def time_flies(self) -> Iterator[None]:
        """Let time run for the length of a `with` block."""
        timekeeper.steer(self.clock_file, at=self.now(), rate=FAST)
        try:
            yield
        finally:
            timekeeper.steer(self.clock_file, at=self.now())


def wait_until(is_so: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something that must come true."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)


def _status(url: str) -> str:
    try:
        return str(httpx.get(url, timeout=5).json()["status"])
    except (httpx.HTTPError, ValueError):
        return "away"
