"""The gateway under its real server: limits, streams, measures and the stop."""

import json
import socket
import threading
import time
from typing import Any

import httpx
import pytest
from kombu import Connection

from tests.system.gateway.conftest import Served, wait_until

TICKETS = "/api/v1/tickets"


def _say(amqp_url: str, name: str, facts: dict[str, Any]) -> None:
    with Connection(amqp_url) as connection:
        producer = connection.Producer()
        producer.publish(
            json.dumps(facts),
            exchange="intake.events",
            routing_key=name,
            content_type="application/json",
            content_encoding="utf-8",
            message_id=facts["message_id"],
        )


def test_without_services_it_is_degraded_and_says_which(served: Served) -> None:
    with served.client() as client:
        report = client.get("/health/ready")

    assert report.status_code == 200
    assert report.json()["status"] == "degraded"
    assert report.json()["parts"]["broker"] == "up"
    assert report.json()["parts"]["intake"] == "down"


def test_a_service_that_does_not_answer_is_503_within_its_deadline(served: Served) -> None:
    began = time.monotonic()

    with served.client() as client:
        answer = client.get(f"{TICKETS}/INC-1-1")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert time.monotonic() - began < 8


def test_what_is_too_large_is_refused_and_the_next_request_is_served(served: Served) -> None:
    ten_megabytes = b"x" * (10 * 1024 * 1024)
    with served.client() as client:
        json_headers = {"Content-Type": "application/json"}
        body = client.post(TICKETS, content=ten_megabytes, headers=json_headers)
        chunked = client.post(
            TICKETS, content=(b"x" * 65_536 for _ in range(160)), headers=json_headers
        )
        header = client.get("/api/v1/me", headers={"X-Large": "x" * 20_000})
        many = client.get("/api/v1/me", headers={f"X-{n}": "x" for n in range(100)})
        line = client.get("/api/v1/me?q=" + "x" * 20_000)
        after = client.get("/api/v1/me")

    assert body.status_code == chunked.status_code == 413
    assert header.status_code in {400, 431}
    assert many.status_code in {400, 431}
    assert line.status_code in {400, 414}
    assert after.status_code == 200
    assert '"ERROR"' not in served.log.read_text()


def test_requests_that_are_no_http_do_no_harm(served: Served) -> None:
    for said in (b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9\r\n\r\n", b"\r\n\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", served.port), timeout=5) as line:
            line.sendall(said)
            line.shutdown(socket.SHUT_WR)
            line.recv(1000)

    with served.client() as client:
        assert client.get("/api/v1/me").status_code == 200
    assert '"ERROR"' not in served.log.read_text()


def _follow(served: Served, heard: list[str], ended: threading.Event) -> None:
    with served.client() as client, client.stream("GET", "/api/v1/stream") as answer:
        heard.append(str(answer.status_code))
        try:
            heard.extend(answer.iter_lines())
        except httpx.TransportError:
            heard.append("cut")
    ended.set()


def test_a_stream_hears_the_bus_and_ends_when_the_gateway_stops(
    served: Served, amqp_url: str
) -> None:
    heard: list[str] = []
    ended = threading.Event()
    threading.Thread(target=_follow, args=(served, heard, ended), daemon=True).start()
    wait_until(lambda: "event: resync" in heard)

    # A name that no service hears: their inboxes stay as they are.
    _say(amqp_url, "ticket.tested.v1", {"number": "INC-1-1", "message_id": "m-1"})
    wait_until(lambda: "id: m-1" in heard)
    began = time.monotonic()
    code = served.stop()

    assert code == 0
    assert time.monotonic() - began < 10
    assert ended.wait(5)
    assert heard[-1] != "cut"


def test_counts_are_added_up_over_the_worker_processes(served: Served) -> None:
    for _ in range(20):
        with served.client() as client:
            client.get("/api/v1/me")

    with served.client() as client:
        text = client.get("/metrics").text

    line = 'meja_http_requests_total{method="GET",route="/api/v1/me",status="200"} 20.0'
    assert line in text


@pytest.mark.parametrize("path", ["/docs", "/api/v1/openapi.json"])
def test_the_reference_is_served(served: Served, path: str) -> None:
    with served.client() as client:
        assert client.get(path).status_code == 200
