"""Who asks, and whether they may: proof, role, origin, and how often."""

import re
import urllib.parse
from typing import Any

from falcon import HTTPMethodNotAllowed, Request, Response

from contracts.errors import NotFound
from gateway.access import OPEN, AccessTable, LimitTable, Principal, Roles
from gateway.accounts import SignIn
from gateway.errors import Forbidden, TooLarge, TooMany, Unauthenticated, Unreadable
from gateway.middleware.buckets import Buckets

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z")


class Limits:
    """Turns away what is too large or unreadable before anything is done with it.

    Args:
        body_bytes: the longest body that is read.
        larger: where more is read, and how much.
    """

    def __init__(self, *, body_bytes: int, larger: LimitTable) -> None:
        self._body_bytes = body_bytes
        self._larger = larger

    def process_request(self, req: Request, _resp: Response) -> None:
        """Set the table for the request; look at its address.

        Raises:
            Unreadable: an address that is not UTF-8.
        """
        req.context.principal = None
        req.context.problem = None
        try:
            # WSGI hands over the bytes of the path as Latin-1 text.
            req.env["PATH_INFO"].encode("latin-1").decode()
        except UnicodeError:
            raise Unreadable("The address is not valid UTF-8.") from None

    def process_resource(
        self, req: Request, _resp: Response, _resource: object, _params: dict[str, Any]
    ) -> None:
        """Look at its length, before anybody asks who sends it.

        Raises:
            TooLarge: by its own Content-Length; nothing of it was read.
        """
        limit = self._larger.get((req.uri_template or "", req.method), self._body_bytes)
        req.context.body_bytes = limit
        if (req.content_length or 0) > limit:
            raise TooLarge(f"At most {limit} bytes are read here.")


class Doorkeeper:
    """Lets through who may come in by the access table; what is not in it stays shut."""

    def __init__(
        self,
        *,
        sign_in: SignIn,
        access: AccessTable,
        cookie: str,
        rate_per_second: float,
        rate_burst: int,
    ) -> None:
        self._sign_in = sign_in
        self._access = access
        self._cookie = cookie
        self._requests = Buckets(per_second=rate_per_second, burst=rate_burst)
        # Guessing proofs is slow work: each address gets a handful, then one a second.
        self._failures = Buckets(per_second=1, burst=20)

    def process_resource(
        self, req: Request, _resp: Response, _resource: object, params: dict[str, Any]
    ) -> None:
        """Let through, or refuse.

        Raises:
            Unauthenticated: no proof, or one that does not hold.
            Forbidden: the role may not, or a form was sent from another site.
            TooMany: too often.
            NotFound: an address that no thing can have.
            HTTPMethodNotAllowed: no rule says who may do this here, so nobody may.
        """
        if req.method == "OPTIONS":
            return
        roles = self._access.get((req.uri_template or "", req.method))
        if roles is None:
            raise HTTPMethodNotAllowed(self._methods(req.uri_template))
        self._admit(req, roles)
        if not all(_ID.match(value) for value in params.values()):
            raise NotFound("not_found", "There is no such thing.")

    def _methods(self, template: str | None) -> list[str]:
        return [method for path, method in self._access if path == template]

    def _admit(self, req: Request, roles: Roles) -> None:
        principal = self._principal(req, is_open=roles == OPEN)
        req.context.principal = principal
        if roles == OPEN:
            return
        if principal is None:
            raise Unauthenticated
        if not self._requests.take(principal.proof):
            raise TooMany("Too many requests with this token.", retry_seconds=1)
        if principal.by_session and req.method in UNSAFE_METHODS:
            check_same_site(req)
        if principal.role not in roles:
            raise Forbidden(f"This is not for the role {principal.role}.")

    def _principal(self, req: Request, *, is_open: bool) -> Principal | None:
        header = req.get_header("Authorization")
        if header is None or is_open:
            secrets = req.get_cookie_values(self._cookie) or []
            return self._sign_in.by_session(secrets[0]) if len(secrets) == 1 else None
        scheme, _, secret = header.partition(" ")
        found = self._sign_in.by_token(secret.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            self._count_failure(req)
            raise Unauthenticated("The token is unknown, expired or revoked.")
        return found

    def _count_failure(self, req: Request) -> None:
        if not self._failures.take(req.remote_addr):
            raise TooMany("Too many tokens that do not hold.", retry_seconds=5)


def check_same_site(req: Request) -> None:
    """Refuse a change that a page of another site sends with the portal's cookie.

    Raises:
        Forbidden: it came from elsewhere.
    """
    site = req.get_header("Sec-Fetch-Site")
    origin = req.get_header("Origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise Forbidden("Sent from another site.", code="cross_site")
    if origin is not None and urllib.parse.urlsplit(origin).netloc != req.netloc:
        raise Forbidden("Sent from another site.", code="cross_site")
