"""Ports: remembered, never given twice, and named with their owner when busy."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import ports
from deploy.local.ports import PRIVATE, PortBusy, Ports, http_port


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_is_the_same_at_the_next_start(tmp_path: Path):
    first = Ports(tmp_path / "ports.json").take("rabbitmq")

    assert Ports(tmp_path / "ports.json").take("rabbitmq") == first


def test_a_port_taken_by_somebody_else_meanwhile_is_replaced_for_good(tmp_path: Path):
    first = Ports(tmp_path / "ports.json").take("rabbitmq")

    second = Ports(tmp_path / "ports.json", is_free=lambda port: port != first).take("rabbitmq")

    assert second != first
    assert Ports(tmp_path / "ports.json").take("rabbitmq") == second


def test_two_names_never_share_a_port(tmp_path: Path):
    chosen = Ports(tmp_path / "ports.json", is_free=lambda _port: True)

    taken = [chosen.take(f"health {number}") for number in range(200)]

    assert len(set(taken)) == 200


def test_ports_lie_below_those_linux_gives_to_outgoing_connections():
    assert PRIVATE.stop <= 32_768


def test_a_port_asked_for_by_number_and_busy_is_refused_with_its_owner(busy_port: int):
    with pytest.raises(PortBusy, match=rf"port {busy_port} is in use by .*pid {os.getpid()}"):
        http_port(asked=busy_port, preferred=8080, host="127.0.0.1")


def test_the_usual_port_busy_gives_the_next_free_one(busy_port: int):
    chosen = http_port(asked=None, preferred=busy_port, host="127.0.0.1")

    assert busy_port < chosen < busy_port + 100


def test_nobody_owns_a_port_nobody_listens_on(busy_port: int):
    free = next(port for port in range(busy_port + 1, 65_535) if ports.is_free(port))

    assert ports.owner(free) is None
