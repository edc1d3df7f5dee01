"""What goes wrong at the front door, and how it is said: RFC 9457 problem documents.

    Refusal                  the gateway's own
    ├── Unreadable           400: not JSON, not UTF-8, too deep, a broken header
    ├── Unauthenticated      401: no proof of who asks, or one that does not hold
    ├── Forbidden            403: known, but not allowed
    ├── TooLarge             413
    ├── NotJson              415
    ├── TooMany              429
    └── Busy                 503: this worker has no room; try again

The services' four wire errors, Falcon's own and unexpected ones are turned into the same form here.
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import falcon
import sqlalchemy.exc
from falcon import Request, Response

from chassis import context
from chassis.rpc_client import RemoteFault
from contracts.errors import Conflict, Invalid, NotFound, Unavailable, WireError

log = logging.getLogger(__name__)

RETRY_SECONDS = 2
"""What `Retry-After` says when a part of the house is away."""

WIRE_STATUS: dict[type[WireError], int] = {
    NotFound: 404,
    Invalid: 422,
    Conflict: 409,
    Unavailable: 503,
}
DATABASE_AWAY: tuple[type[Exception], ...] = (
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,
)
CODE_STATUS: dict[str, int] = {
    "stale_version": 412,
    "idempotency_key_reused": 422,
}
TITLES: dict[str, str] = {
    "stale_version": "The ticket changed since you read it",
    "idempotency_key_reused": "This idempotency key was used for something else",
    "merge_refused": "These tickets cannot be merged, or not be parted",
    "other_requester": "The tickets have different requesters",
    "transition_refused": "The ticket cannot go there from here",
}
STATUS_TITLES: dict[int, str] = {
    400: "The request cannot be read",
    401: "Sign in first",
    403: "Not allowed",
    404: "There is no such thing",
    405: "This method is not known here",
    409: "It does not fit the present state",
    412: "It changed since you read it",
    413: "The request is too large",
    415: "Only JSON is understood here",
    422: "What was sent breaks a rule",
    429: "Too many requests",
    500: "Something went wrong on our side",
    502: "A part of the desk failed",
    503: "A part of the desk cannot be reached",
}


class Refusal(Exception):
    """The gateway itself says no."""

    status = 400
    code = "bad_request"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = dict(errors or {})
        self.headers = dict(headers or {})


class Unreadable(Refusal):
    """The bytes or headers that arrived cannot be read."""

    code = "unreadable"


class Unauthenticated(Refusal):
    """Nobody known asks."""

    status = 401
    code = "unauthenticated"

    def __init__(self, detail: str = "Send a token, or sign in.") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="meja"'})


class Forbidden(Refusal):
    """Somebody known asks for what they may not."""

    status = 403
    code = "forbidden"


class TooLarge(Refusal):
    """More bytes than are read here."""

    status = 413
    code = "too_large"


class NotJson(Refusal):
    """A body of another media type."""

    status = 415
    code = "not_json"


class TooMany(Refusal):
    """A limit of requests in a time was passed."""

    status = 429
    code = "too_many_requests"

    def __init__(self, detail: str, *, retry_seconds: int) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_seconds)})


class Busy(Refusal):
    """No room in this worker just now."""

    status = 503
    code = "busy"

    def __init__(self, detail: str, *, retry_seconds: int = RETRY_SECONDS) -> None:
        super().__init__(detail, headers={"Retry-After": str(retry_seconds)})


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field of what was sent."""

    field: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Problem:
    """An RFC 9457 problem document.

    Attributes:
        type: a stable name of this kind of problem.
        errors: what is wrong with which field.
        facts: what a program needs to go on, such as the moves `allowed`.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    correlation_id: str
    errors: tuple[FieldProblem, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


PageForProblem = Callable[[Request, Response, Problem], None]


class ProblemWriter:
    """Answers every error; people's pages get a page when there is one to draw it."""

    MACHINE_PATHS = ("/api/", "/health/", "/metrics")

    def __init__(self, page: PageForProblem | None = None) -> None:
        self._page = page

    def install(self, app: "falcon.App[Request, Response]") -> None:
        """Take over every error of `app`."""
        app.add_error_handler(Exception, self._unexpected)
        for away in DATABASE_AWAY:
            app.add_error_handler(away, self._database_away)
        app.add_error_handler(falcon.HTTPError, self._falcon)
        app.add_error_handler(Refusal, self._refusal)
        app.add_error_handler(WireError, self._wire)
        app.add_error_handler(RemoteFault, self._remote)

    def _wire(self, req: Request, resp: Response, error: WireError, _params: Any) -> None:
        status = CODE_STATUS.get(error.code) or WIRE_STATUS[type(error)]
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            resp.set_header("Retry-After", str(RETRY_SECONDS))
        facts = {name: value for name, value in error.facts.items() if name != "errors"}
        errors = error.facts.get("errors", {})
        self._answer(
            req,
            resp,
            _problem(status, error.code, error.detail, errors=errors, facts=facts),
        )

    def _refusal(self, req: Request, resp: Response, error: Refusal, _params: Any) -> None:
        resp.set_headers(error.headers)
        self._answer(
            req, resp, _problem(error.status, error.code, error.detail, errors=error.errors)
        )

    def _falcon(self, req: Request, resp: Response, error: falcon.HTTPError, _params: Any) -> None:
        resp.set_headers(error.headers or {})
        status = error.status_code
        code = HTTPStatus(status).phrase.lower().replace(" ", "_")
        self._answer(req, resp, _problem(status, code, error.description or ""))

    def _remote(self, req: Request, resp: Response, fault: RemoteFault, _params: Any) -> None:
        # The service has logged it as an error with all that is known; once is enough.
        log.warning("a service failed", extra={"path": req.path, "fault": str(fault)})
        self._answer(req, resp, _problem(502, "service_failed", "The failure was logged."))

    def _database_away(self, req: Request, resp: Response, error: Exception, _params: Any) -> None:
        log.error("the gateway's database cannot be reached", extra={"cause": str(error)})
        resp.set_header("Retry-After", str(RETRY_SECONDS))
        self._answer(req, resp, _problem(503, "database_away", ""))

    def _unexpected(self, req: Request, resp: Response, error: Exception, _params: Any) -> None:
        log.error("request failed", exc_info=error, extra={"path": req.path})
        self._answer(req, resp, _problem(500, "internal", "The failure was logged."))

    def _answer(self, req: Request, resp: Response, problem: Problem) -> None:
        req.context.problem = problem
        resp.status = problem.status
        if self._page is not None and not req.path.startswith(self.MACHINE_PATHS):
            self._page(req, resp, problem)
            return
        resp.text = json.dumps(_document(problem), ensure_ascii=False)
        resp.content_type = "application/problem+json"


def _problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Mapping[str, list[str]] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Problem:
    return Problem(
        type=f"urn:meja:problem:{code.replace('_', '-')}",
        title=TITLES.get(code) or STATUS_TITLES.get(status) or HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        correlation_id=context.current().correlation_id,
        errors=tuple(
            FieldProblem(field=path, message=message)
            for path, messages in (errors or {}).items()
            for message in messages
        ),
        facts=dict(facts or {}),
    )


def _document(problem: Problem) -> dict[str, Any]:
    plain = dict(vars(problem))
    plain["errors"] = [vars(error) for error in problem.errors]
    return {name: value for name, value in plain.items() if value not in ([], {}, "")}
