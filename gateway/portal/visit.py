"""One request of one reader: who they are, how to speak to them, and what seals their forms."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from falcon import Request, Response

from chassis.timekeeper import Timekeeper
from gateway.access import AGENTS, SESSION_COOKIE, Principal
from gateway.accounts import csrf_token
from gateway.errors import Unauthenticated
from gateway.portal.speech import Speech, chosen_language

LANGUAGE_COOKIE = "meja_language"
FORM_COOKIE = "meja_form"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What a page needs to know of the request.

    Attributes:
        form_token: must come back with every form this visit shows.
        here: the address shown, to come back to.
    """

    reader: Principal | None
    speech: Speech
    now: datetime
    form_token: str
    here: str

    @property
    def principal(self) -> Principal:
        """Who is signed in.

        Raises:
            Unauthenticated: nobody.
        """
        if self.reader is None:
            raise Unauthenticated
        return self.reader

    @property
    def works_here(self) -> bool:
        """Whether they are shown the desk's side of a ticket."""
        return self.reader is not None and self.reader.role in AGENTS


class Visits:
    """Makes a visit of a request."""

    def __init__(self, *, timekeeper: Timekeeper, zone: ZoneInfo) -> None:
        self._timekeeper = timekeeper
        self._zone = zone

    def begin(self, req: Request, resp: Response) -> Visit:
        """The visit; a newcomer gets a cookie that their forms are sealed with."""
        # An error before the doorkeeper looked leaves nobody known.
        reader: Principal | None = getattr(req.context, "principal", None)
        language = chosen_language(
            cookie=one_cookie(req, LANGUAGE_COOKIE),
            account=reader.language if reader else None,
            accepted=req.get_header("Accept-Language"),
        )
        return Visit(
            reader=reader,
            speech=Speech(language=language, zone=self._zone),
            now=self._timekeeper.now(),
            form_token=csrf_token(_seed(req, resp, is_known=reader is not None)),
            here=req.relative_uri if req.method == "GET" else req.path,
        )


def one_cookie(req: Request, name: str) -> str | None:
    """A cookie's value when it was sent exactly once."""
    found = req.get_cookie_values(name) or []
    return found[0] if len(found) == 1 else None


def _seed(req: Request, resp: Response, *, is_known: bool) -> str:
    """The secret behind the form token: the session, or a random cookie before there is one."""
    if is_known and (session := one_cookie(req, SESSION_COOKIE)):
        return session
    if given := one_cookie(req, FORM_COOKIE):
        return given
    fresh = secrets.token_urlsafe(24)
    resp.set_cookie(FORM_COOKIE, fresh, path="/", http_only=True, same_site="Lax")
    return fresh
