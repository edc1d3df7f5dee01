"""Opening a house: in order, on a private broker, and closed without a trace.

The checkout is a stand-in whose chassis and gateway are dummies, so these tests are about the
launcher alone.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import broker, opening, postgres
from deploy.local.children import Identity
from deploy.local.places import Places
from deploy.local.ports import Ports
from deploy.local.postgres import PrivateCluster
from deploy.local.record import Record

pytestmark = pytest.mark.skipif(
    not (broker.is_installed() and postgres.is_installed()),
    reason="RabbitMQ or PostgreSQL is not installed",
)

ROOT = Path(__file__).resolve().parents[3]
OPEN = Path(__file__).with_name("open_dummies.py")
SERVER = """
import os, signal, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
HTTPServer(("127.0.0.1", int(os.environ["MEJA_HEALTH_PORT"])), Answer).serve_forever()
"""
GATEWAY = """
def get_app():
    def app(environ, start_response):
        start_response("200 OK", [])
        return [b""]
    return app
"""
CONFIGURATION = """
import os
bind = f"{os.environ['MEJA_HTTP_HOST']}:{os.environ['MEJA_HTTP_PORT']}"
"""
MIGRATE = "import os, sys; print(sys.argv[1], os.environ['MEJA_DATABASE_URL'].partition(':')[0])"


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    for name, text in {
        "chassis/migrate.py": MIGRATE,
        "chassis/topology.py": "",
        "chassis/runner.py": SERVER,
        "gateway/app.py": GATEWAY,
        "gateway/gunicorn_conf.py": CONFIGURATION,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    places = Places(root=tmp_path, var=tmp_path / "var")
    yield places
    opening.close_house(places=places)
    if places.postgresql.exists():
        PrivateCluster.at(places.postgresql, ports=Ports(places.ports)).drop()


def start(places: Places, *, database: str = "sqlite") -> subprocess.Popen[bytes]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    env.pop("MEJA_AMQP_URL", None)
    return subprocess.Popen(
        [sys.executable, str(OPEN), str(places.root), database],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def until_ready(places: Places, *, seconds: float = 60) -> Record:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        standing = opening.standing(places)
        if standing and standing.state == "ready":
            return standing
        time.sleep(0.1)
    pytest.fail(f"not ready: {opening.standing(places)}")


def identities(standing: Record) -> list[Identity]:
    return [entry.identity for entry in standing.processes if entry.identity]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_house_opens_and_closes_without_a_trace(places: Places, database: str):
    supervisor = start(places, database=database)
    standing = until_ready(places)
    running = identities(standing)

    names = [entry.name for entry in standing.processes]
    assert names[-5:] == ["intake-1", "routing-1", "sla-1", "kb-1", "gateway"]
    assert (places.logs / "migrate-kb.log").read_text("utf-8").startswith(f"services.kb {database}")

    assert opening.close_house(places=places)

    assert supervisor.wait(timeout=10) == 0
    assert not any(process.is_alive() for process in running)
    assert not opening.close_house(places=places)
    supervisor.communicate()


def test_a_house_whose_supervisor_was_killed_leaves_nothing_and_opens_again(places: Places):
    first = start(places)
    standing = until_ready(places)

    first.kill()
    first.communicate()
    time.sleep(3)  # the gateway's workers look for their parent once a second

    assert not any(process.is_alive() for process in identities(standing))
    assert opening.standing(places) is None
    second = start(places)
    until_ready(places)
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=90)
    assert second.returncode == 0


def test_a_second_house_in_the_same_place_is_refused(places: Places):
    first = start(places)
    until_ready(places)

    second = start(places)
    said, _ = second.communicate(timeout=90)

    assert second.returncode == 1
    assert b"a house stands here already" in said
    assert opening.standing(places) is not None
    first.terminate()
    first.communicate(timeout=90)


def test_a_migration_that_fails_keeps_the_house_closed_and_says_why(places: Places):
    (places.root / "chassis" / "migrate.py").write_text(
        "raise SystemExit('no such table')", "utf-8"
    )

    supervisor = start(places)
    said, _ = supervisor.communicate(timeout=60)

    assert supervisor.returncode == 1
    assert b"no such table" in said
    assert opening.standing(places) is None
