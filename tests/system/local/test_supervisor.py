"""The supervisor on real processes: the dead start again, and nothing outlives it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deploy.local import record
from deploy.local.children import Identity, identity
from deploy.local.ports import Ports
from deploy.local.record import Record

ROOT = Path(__file__).resolve().parents[3]
SUPERVISE = Path(__file__).with_name("supervise.py")
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []
    ports = Ports(tmp_path / "ports.json")

    def start(*manners: str) -> subprocess.Popen[bytes]:
        wishes = [f"{ports.take(str(n))}:{manner}" for n, manner in enumerate(manners)]
        supervisor = subprocess.Popen(
            [sys.executable, str(SUPERVISE), str(tmp_path), *wishes],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        started.append(supervisor)
        until(lambda: state(tmp_path) == "ready")
        return supervisor

    yield start
    for supervisor in started:
        supervisor.kill()
        supervisor.communicate()


def until(condition: Callable[[], object], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def state(folder: Path) -> str | None:
    found = record.read(folder / "house.json")
    return found.state if found else None


def house(folder: Path) -> Record:
    found = record.read(folder / "house.json")
    assert found is not None
    return found


def identities(folder: Path) -> list[Identity]:
    return [entry.identity for entry in house(folder).processes if entry.identity]


def grandchild(parent: Identity) -> Identity:
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text("ascii").split()
    found = identity(int(children[0]))
    assert found is not None
    return found


def test_a_process_that_dies_is_started_again(start: Start, tmp_path: Path):
    start("willing", "willing")
    first, other = identities(tmp_path)

    first.send(signal.SIGKILL)

    until(lambda: len(identities(tmp_path)) == 2 and first not in identities(tmp_path))
    assert other in identities(tmp_path)
    assert [entry.restarts for entry in house(tmp_path).processes] == [1, 0]


def test_everything_stops_with_the_supervisor_and_its_record_goes(start: Start, tmp_path: Path):
    supervisor = start("willing", "willing")
    running = identities(tmp_path)

    supervisor.terminate()

    assert supervisor.wait(timeout=10) == 0
    assert not any(process.is_alive() for process in running)
    assert record.read(tmp_path / "house.json") is None


def test_a_process_that_will_not_stop_is_killed_after_the_deadline(start: Start, tmp_path: Path):
    supervisor = start("stubborn")
    (stubborn,) = identities(tmp_path)

    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=10)

    assert b"did not stop in time and was killed" in said
    assert not stubborn.is_alive()


def test_a_second_ctrl_c_waits_for_nobody(start: Start, tmp_path: Path):
    supervisor = start(*["stubborn"] * 8)  # 2 s of patience for each
    running = identities(tmp_path)

    supervisor.send_signal(signal.SIGINT)
    time.sleep(1.2)
    supervisor.send_signal(signal.SIGINT)

    supervisor.wait(timeout=10)
    assert not any(process.is_alive() for process in running)


def test_nothing_outlives_a_supervisor_that_is_killed(start: Start, tmp_path: Path):
    supervisor = start("willing", "stubborn")
    running = identities(tmp_path)

    supervisor.kill()

    until(lambda: not any(process.is_alive() for process in running), seconds=5)


def test_what_a_process_left_behind_ends_with_it(start: Start, tmp_path: Path):
    start("parent")
    (parent,) = identities(tmp_path)
    left_behind = grandchild(parent)

    parent.send(signal.SIGKILL)

    until(lambda: not left_behind.is_alive(), seconds=5)


def test_an_answer_of_somebody_else_on_our_port_is_not_taken_for_ours(start: Start, tmp_path: Path):
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        answering = threading.Thread(target=stranger.serve_forever, daemon=True)
        answering.start()
        wish = f"{stranger.server_port}:willing"
        supervisor = subprocess.Popen(
            [sys.executable, str(SUPERVISE), str(tmp_path), wish],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )
        until(lambda: state(tmp_path) and any(one.restarts for one in house(tmp_path).processes))
        still = state(tmp_path)
        stranger.shutdown()
    try:
        assert still != "ready"
        until(lambda: state(tmp_path) == "ready")
    finally:
        supervisor.terminate()
        supervisor.communicate()
