"""One line in the log and one count in the metrics for every request; headers for every answer."""

import logging
import time

import falcon
from falcon import Request, Response
from opentelemetry import trace
from prometheus_client import Counter, Histogram

from chassis import context

log = logging.getLogger("gateway.requests")

REQUESTS = Counter("meja_http_requests_total", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "meja_http_request_seconds",
    "Seconds until a request was answered; a live stream counts until it began.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

UNROUTED = "(none)"
QUIET = ("/health/", "/metrics")

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
HSTS = "max-age=31536000; includeSubDomains"


class RequestRecord:
    """Measures a request and writes it down, without secrets: no query string, no header."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure

    def process_request(self, req: Request, _resp: Response) -> None:
        """Note when it came."""
        req.context.began = time.perf_counter()

    def process_response(
        self,
        req: Request,
        resp: Response,
        _resource: object,
        _succeeded: bool,  # noqa: FBT001
    ) -> None:
        """Add the headers, count it, log it."""
        self._add_headers(req, resp)
        method = req.method if req.method in falcon.HTTP_METHODS else "other"
        route = req.uri_template or UNROUTED
        seconds = time.perf_counter() - req.context.began
        REQUESTS.labels(method, route, str(resp.status_code)).inc()
        SECONDS.labels(method, route).observe(seconds)
        level = logging.DEBUG if req.path.startswith(QUIET) else logging.INFO
        trace.get_current_span().update_name(f"{method} {route}")
        principal = req.context.principal
        log.log(
            level,
            "request",
            extra={
                "method": method,
                "route": route,
                "path": req.path[:200],
                "status": resp.status_code,
                "milliseconds": round(seconds * 1000, 1),
                "account": principal and principal.id,
                "problem": req.context.problem and req.context.problem.code,
            },
        )

    def _add_headers(self, req: Request, resp: Response) -> None:
        resp.set_header("X-Request-ID", context.current().correlation_id)
        for name, value in SAFE_HEADERS.items():
            resp.set_header(name, value)
        if self._secure:
            resp.set_header("Strict-Transport-Security", HSTS)
        if resp.get_header("Content-Security-Policy") is None:
            resp.set_header("Content-Security-Policy", API_POLICY)
        if resp.get_header("Cache-Control") is None and not req.path.startswith("/static/"):
            resp.set_header("Cache-Control", "no-store")
