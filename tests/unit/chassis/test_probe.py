"""What an image's health check says."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from chassis import probe


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/health/ready" else 503)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_process_that_is_ready_is_healthy(address: str) -> None:
    assert probe.main(f"{address}/health/ready") == 0


def test_a_process_that_is_not_ready_is_not_healthy(address: str) -> None:
    assert probe.main(f"{address}/health/other") == 1


def test_a_process_that_does_not_answer_is_not_healthy() -> None:
    assert probe.main("http://127.0.0.1:9/health/ready") == 1


def test_a_proxy_of_the_environment_is_not_asked(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    assert probe.main(f"{address}/health/ready") == 0
