"""The house of docker-compose.yml, for real, where there is an engine.

Without one these tests skip and say so; COMPOSE_REQUIRED=1 makes that a failure.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.api import Desk

ROOT = Path(__file__).resolve().parents[3]
UP_SECONDS = 1500  # the first time all images are built
SERVICES = ("intake", "routing", "sla", "kb", "gateway")
LASTING = {"rabbitmq", "postgres", *SERVICES}
JOBS = {"topology", *(f"migrate-{name}" for name in SERVICES)}


class House:
    """One project of compose, with a name and a port of its own."""

    def __init__(self) -> None:
        name = f"meja-test-{uuid.uuid4().hex[:8]}"
        self.port = _free_port()
        self._environ = os.environ | {
            "COMPOSE_PROJECT_NAME": name,
            "MEJA_TAG": "test",
            "MEJA_PORT": str(self.port),
        }
        self._environ.pop("MEJA_ENV", None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def compose(self, *words: str, check: bool = True) -> str:
        """What a compose command printed."""
        done = subprocess.run(
            ["docker", "compose", *words],
            cwd=ROOT,
            env=self._environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=UP_SECONDS,
        )
        if check and done.returncode:
            logs = self.compose("logs", "--tail", "8", check=False)
            said = f"{done.stdout}{done.stderr}"[-2000:]
            pytest.fail(f"docker compose {' '.join(words)}: {said}\n{logs}", pytrace=False)
        return done.stdout

    def inside(self, service: str, *words: str, check: bool = True) -> str:
        """What a program printed in a container of a service."""
        return self.compose("exec", "-T", service, *words, check=check).strip()

    def containers(self) -> list[dict[str, Any]]:
        """Every container, ended ones too."""
        said = self.compose("ps", "--all", "--format", "json").strip()
        if said.startswith("["):
            return list(json.loads(said))
        return [json.loads(line) for line in said.splitlines()]

    def unhealthy(self) -> set[str]:
        """Who should be healthy and is not."""
        return {
            one["Service"]
            for one in self.containers()
            if one["Service"] in LASTING and one["Health"] != "healthy"
        }


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """Everything up and healthy; gone afterwards, volumes and all."""
    _need_an_engine()
    house = House()
    try:
        house.compose("up", "--detach", "--build", "--wait", "--wait-timeout", "300")
        yield house
    finally:
        house.compose("down", "--volumes", "--timeout", "30", check=False)


@pytest.fixture(scope="session")
def desk(house: House) -> Iterator[Desk]:
    """The desk with one group, one rule and one promise."""
    token = house.inside(
        "gateway", "python", "-m", "gateway.accounts",
        "token", "create", "--role", "admin", "--name", "compose test",
    )  # fmt: skip
    desk = Desk(house.url, token)
    day = [{"start": "00:00", "end": "24:00"}]
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), day)
    desk.put("/groups/network", {"name": "Network", "tier": 2, "manager": "lead@desk.example"})
    desk.put(
        "/agents/agus",
        {"name": "Agus", "email": "agus@desk.example", "groups": ["network"], "capacity": 100},
    )
    desk.put(
        "/rules/vpn",
        {"position": 1, "group": "network", "name": "VPN", "words": ["vpn"], "category": "vpn"},
    )
    desk.put("/calendars/always", {"name": "Always", "zone": "Asia/Jakarta", "week": week})
    targets = [
        {"clock": clock, "priority": f"P{priority}", "minutes": 60, "calendar": "always"}
        for clock in ("first_response", "resolution")
        for priority in range(1, 6)
    ]
    desk.put("/policies/standard", {"name": "Standard", "targets": targets})
    yield desk
    desk.close()


def eventually(
    look: Callable[[], Any], is_so: Callable[[Any], bool], *, seconds: float = 60
) -> Any:
    """What is seen once it is as it must become."""
    deadline = time.monotonic() + seconds
    while not is_so(seen := look()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {seen}"
        time.sleep(0.2)
    return seen


def _need_an_engine() -> None:
    missing = _missing()
    if missing and os.environ.get("COMPOSE_REQUIRED") == "1":
        pytest.fail(f"COMPOSE_REQUIRED=1, but {missing}")
    if missing:
        pytest.skip(f"{missing} (COMPOSE_REQUIRED=1 makes this a failure)")


def _missing() -> str | None:
    if shutil.which("docker") is None:
        return "there is no docker here"
    for words, lack in (
        (["docker", "info"], "no container engine answers"),
        (["docker", "compose", "version"], "docker has no compose here"),
    ):
        done = subprocess.run(words, capture_output=True, check=False, timeout=30)
        if done.returncode:
            return lack
    return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
