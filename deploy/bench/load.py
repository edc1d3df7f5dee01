"""Load: requests from several threads, each over one kept connection, and what they took."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MILLISECONDS = 1000


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request."""

    method: str
    path: str
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a load came to; times in milliseconds, from the request's turn to its answer."""

    name: str
    requests: int
    failed: int
    seconds: float
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float


def percentile(times: list[float], percent: float) -> float:
    """The nearest-rank percentile of `times`; 0 when there are none."""
    if not times:
        return 0.0
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, round(percent / 100 * len(ordered) + 0.5) - 1))]


def summary(name: str, times: list[float], *, failed: int, seconds: float) -> Measured:
    """Rates and percentiles of times in seconds."""
    return Measured(
        name=name,
        requests=len(times),
        failed=failed,
        seconds=round(seconds, 3),
        per_second=round(len(times) / seconds, 1) if seconds else 0.0,
        p50_ms=round(percentile(times, 50) * MILLISECONDS, 2),
        p95_ms=round(percentile(times, 95) * MILLISECONDS, 2),
        p99_ms=round(percentile(times, 99) * MILLISECONDS, 2),
    )


class Connection:
    """One kept connection to the desk."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        parts = urlsplit(url)
        self._http = http.client.HTTPConnection(str(parts.hostname), parts.port or 80, timeout=30)
        self._headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"

    def send(self, ask: Ask) -> tuple[int, bytes]:
        """The status and the body of the answer; 0 when the connection was lost."""
        try:
            self._http.request(ask.method, ask.path, ask.body, self._headers | ask.headers)
            answer = self._http.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self._http.close()
            return 0, b""

    def close(self) -> None:
        """Give it back."""
        self._http.close()


def closed_loop(
    name: str,
    connect: Callable[[], Connection],
    ask: Callable[[int], Ask],
    *,
    clients: int,
    seconds: float,
    on_answer: Callable[[bytes], None] = lambda _body: None,
) -> Measured:
    """Each of `clients` asks again as soon as it is answered, for `seconds`."""
    return _run(name, connect, ask, clients=clients, seconds=seconds, on_answer=on_answer)


def steady(
    name: str,
    connect: Callable[[], Connection],
    ask: Callable[[int], Ask],
    *,
    rate: float,
    clients: int,
    seconds: float,
    on_answer: Callable[[bytes], None] = lambda _body: None,
) -> Measured:
    """`rate` requests a second, whatever the answers take; a late turn counts as time taken."""
    return _run(
        name, connect, ask, clients=clients, seconds=seconds, rate=rate, on_answer=on_answer
    )


def _run(
    name: str,
    connect: Callable[[], Connection],
    ask: Callable[[int], Ask],
    *,
    clients: int,
    seconds: float,
    on_answer: Callable[[bytes], None],
    rate: float | None = None,
) -> Measured:
    times: list[float] = []
    failed = [0]
    turns = iter(range(10**9))
    lock = threading.Lock()
    begin = time.perf_counter() + 0.05
    end = begin + seconds

    def work() -> None:
        connection = connect()
        while True:
            with lock:
                turn = next(turns)
            due = begin + turn / rate if rate else max(begin, time.perf_counter())
            if due >= end:
                break
            time.sleep(max(0.0, due - time.perf_counter()))
            status, body = connection.send(ask(turn))
            took = time.perf_counter() - due
            with lock:
                if 200 <= status < 300:  # noqa: PLR2004 – HTTP's successes
                    times.append(took)
                else:
                    failed[0] += 1
            if body:
                on_answer(body)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return summary(name, times, failed=failed[0], seconds=time.perf_counter() - begin)


def as_body(value: object) -> bytes:
    """JSON, encoded once."""
    return json.dumps(value).encode()
