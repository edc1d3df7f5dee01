"""A small client of the desk's own HTTP API, for the demonstration, the replay and the bench."""

import time
import uuid
from typing import Any

import httpx

TRIES = 8
RETRY_SECONDS = 0.25
FILE_SECONDS = 600


class Refused(Exception):
    """The desk said no.

    Attributes:
        status: HTTP status.
        problem: the RFC 9457 body, as far as there is one.
    """

    def __init__(self, method: str, path: str, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.problem = problem
        said = problem.get("detail") or problem.get("title") or "no detail"
        super().__init__(f"{method} {path}: {status} {said}")


class Desk:
    """The desk as one token sees it; safe to use from several threads."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout_seconds: float = 15,
        connections: httpx.Client | None = None,
    ) -> None:
        self._url = url
        self._token = token
        self._http = connections or httpx.Client(
            base_url=f"{url}/api/v1",
            timeout=timeout_seconds,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
        )

    def seen_by(self, token: str) -> "Desk":
        """The same desk as another token sees it, over the same connections."""
        return Desk(self._url, token, connections=self._http)

    def get(self, path: str, **params: Any) -> Any:
        """Read; the JSON that came.

        Raises:
            Refused: with the status and the problem.
        """
        return self._ask("GET", path, params=params)

    def post(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        """Do something once, however often it must be asked; the JSON that came.

        Args:
            path: below `/api/v1`.
            body: plain JSON values.
            key: idempotency key; a fresh one when it is left out.
            headers: more headers, such as `if_match`.
        """
        return self._ask("POST", path, json=body, headers=_headers(key, headers))

    def patch(self, path: str, body: Any, *, key: str | None = None, **headers: str) -> Any:
        """Change something, as `post` does."""
        return self._ask("PATCH", path, json=body, headers=_headers(key, headers))

    def put(self, path: str, body: Any) -> Any:
        """Make something be as `body` says."""
        return self._ask("PUT", path, json=body)

    def post_file(self, path: str, content: bytes, *, media_type: str) -> Any:
        """Hand in a file, once; the JSON that came. It may hold a thousand things to do."""
        headers = _headers(None, {"content_type": media_type})
        return self._ask("POST", path, content=content, headers=headers, timeout=FILE_SECONDS)

    def put_file(self, path: str, content: bytes, *, media_type: str) -> Any:
        """Keep a file, once."""
        headers = _headers(None, {"content_type": media_type})
        return self._ask("PUT", path, content=content, headers=headers)

    def delete(self, path: str) -> Any:
        """End something, once."""
        return self._ask("DELETE", path, headers=_headers(None, {}))

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self._token}"} | options.pop("headers", {})
        for left in reversed(range(TRIES)):
            try:
                answer = self._http.request(method, path, headers=headers, **options)
            except httpx.TransportError:
                if not left:
                    raise
            else:
                if answer.status_code < 400:  # noqa: PLR2004 – where HTTP's refusals begin
                    return answer.json() if answer.content else None
                if answer.status_code not in {429, 503, 504} or not left:
                    raise Refused(method, path, answer.status_code, _problem(answer))
            # Asked again with the same key, so it is done once.
            time.sleep(RETRY_SECONDS * (TRIES - left))
        raise AssertionError("unreachable")


def _headers(key: str | None, more: dict[str, str]) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return {"Idempotency-Key": key or uuid.uuid4().hex} | named


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {"detail": answer.text[:200]}
    return found if isinstance(found, dict) else {"detail": str(found)[:200]}
