"""Whether this process lives, can do its work, and what it measured."""

import os
import threading
import time
from collections.abc import Callable

from falcon import HTTP_503, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
    multiprocess,
)
from sqlalchemy.exc import SQLAlchemyError

from gateway.access import OPEN, AccessTable
from gateway.clients import lives
from gateway.house import House

ACCESS: AccessTable = {
    ("/health/live", "GET"): OPEN,
    ("/health/ready", "GET"): OPEN,
    ("/metrics", "GET"): OPEN,
}

PROBE_SECONDS = 1.0
LOOK_EVERY_SECONDS = 2.0


class Live:
    """Alive: this answer itself is the proof."""

    def on_get(self, _req: Request, resp: Response) -> None:
        """Yes."""
        resp.media = {"status": "live"}


class Ready:
    """Ready when the broker and the gateway's own database answer; services may be away."""

    def __init__(self, house: House, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._house = house
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._parts: dict[str, bool] = {}

    def on_get(self, _req: Request, resp: Response) -> None:
        """Each part, and what follows; looked at anew every two seconds at most."""
        with self._lock:
            if self._monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
                self._parts = self._look()
                self._looked_at = self._monotonic()
            parts = dict(self._parts)
        is_ready = parts["broker"] and parts["database"]
        status = ("ready" if all(parts.values()) else "degraded") if is_ready else "not ready"
        resp.media = {
            "status": status,
            "parts": {name: "up" if is_up else "down" for name, is_up in parts.items()},
        }
        if not is_ready:
            resp.status = HTTP_503

    def _look(self) -> dict[str, bool]:
        clients = self._house.clients
        parts = {"broker": clients.is_connected(), "database": self._database_answers()}
        if not parts["broker"]:
            return parts
        probes = clients.start_probes(timeout_seconds=PROBE_SECONDS)
        return parts | {name: lives(probe) for name, probe in probes.items()}

    def _database_answers(self) -> bool:
        try:
            self._house.accounts.check()
        except SQLAlchemyError:
            return False
        return True


class Metrics:
    """What Prometheus reads: of all worker processes when there are several."""

    def on_get(self, _req: Request, resp: Response) -> None:
        """The measurements."""
        registry = REGISTRY
        if "PROMETHEUS_MULTIPROC_DIR" in os.environ:  # noqa: TID251 – prometheus_client's own switch
            registry = CollectorRegistry()
            multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        resp.data = generate_latest(registry)
        resp.content_type = CONTENT_TYPE_LATEST
