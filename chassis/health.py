"""Health of a process over HTTP: live, ready, degraded; and its metrics.

/health/live   200 while the process answers
/health/ready  200 when it can do its work, else 503; `degraded` names what is not as it should be
/metrics       Prometheus text
"""

import json
import logging
import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

log = logging.getLogger(__name__)

Check = Callable[[], str | None]


class Health:
    """What is looked at when somebody asks how this process is.

    A check answers None, or says in a few words what is wrong.
    """

    def __init__(self) -> None:
        self._needed: dict[str, Check] = {}
        self._wanted: dict[str, Check] = {}

    def needs(self, name: str, check: Check) -> None:
        """Without this the process cannot work."""
        self._needed[name] = check

    def wants(self, name: str, check: Check) -> None:
        """Without this the process works, but not as it should."""
        self._wanted[name] = check

    def report(self) -> dict[str, Any]:
        """`{"status": ready|degraded|unready, "problems": {name: words}}`."""
        missing = _problems(self._needed)
        degraded = _problems(self._wanted)
        status = "unready" if missing else "degraded" if degraded else "ready"
        return {"status": status, "problems": missing | degraded}


def _problems(checks: dict[str, Check]) -> dict[str, str]:
    return {name: words for name, check in list(checks.items()) if (words := _ask(check))}


def _ask(check: Check) -> str | None:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 – a check that fails is an answer
        return repr(error)[:200]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Probes come every few seconds; they are not worth a line."""


def serve(health: Health, *, host: str, port: int) -> None:
    """Answer health and metrics requests in a thread of their own."""
    metrics = make_wsgi_app()

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            return metrics(environ, start_response)  # type: ignore[no-any-return]
        if path == "/health/live":
            return _json(start_response, "200 OK", {"status": "live"})
        if path == "/health/ready":
            report = health.report()
            status = "503 Service Unavailable" if report["status"] == "unready" else "200 OK"
            return _json(start_response, status, report)
        return _json(start_response, "404 Not Found", {"status": "unknown path"})

    server = make_server(host, port, app, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    log.info("health served", extra={"host": host, "port": port})


def _json(start_response: Any, status: str, body: dict[str, Any]) -> list[bytes]:
    data = json.dumps(body).encode()
    start_response(
        status, [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
    )
    return [data]
