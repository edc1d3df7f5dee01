"""Signing in and out, the start page, and the language."""

import falcon
from falcon import Request, Response

from gateway.access import SESSION_COOKIE
from gateway.errors import TooMany, Unauthenticated
from gateway.house import House
from gateway.portal.forms import fields_of
from gateway.portal.rendering import Press
from gateway.portal.speech import LANGUAGES
from gateway.portal.visit import FORM_COOKIE, LANGUAGE_COOKIE, one_cookie
from gateway.schemas import AccountChangeBody

YEAR_SECONDS = 31_536_000


def local_address(text: str) -> str:
    """An address on this site to go to, the start page for anything else."""
    is_local = text.startswith("/") and not text.startswith("//")
    return text if is_local and text.isprintable() and "\\" not in text else "/"


class Start:
    """Leads everybody to where their work begins."""

    def __init__(self, press: Press) -> None:
        self._press = press

    def on_get(self, req: Request, resp: Response) -> None:
        """Agents to the queue, requesters to the form."""
        visit = self._press.visit(req, resp)
        raise falcon.HTTPFound("/queue" if visit.works_here else "/ask")


class SignInPage:
    """Where a session begins."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """The form; who is signed in already goes on."""
        visit = self._press.visit(req, resp)
        wanted = local_address(req.get_param("next") or "/")
        if visit.reader is not None:
            raise falcon.HTTPFound(wanted)
        self._press.page(req, resp, visit, "sign_in.html", next=wanted, email="", refused="")

    def on_post(self, req: Request, resp: Response) -> None:
        """Sign in, or say that the two do not fit."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        email, wanted = fields.get("email", ""), local_address(fields.get("next", "/"))
        try:
            secret = self._house.sign_in.sign_in(
                email=email, password=fields.get("password", ""), address=req.remote_addr
            )
        except (Unauthenticated, TooMany) as error:
            resp.status = error.status
            refused = (
                visit.speech.text("Too many wrong passwords. Wait a quarter of an hour.")
                if isinstance(error, TooMany)
                else visit.speech.text("E-mail address and password do not fit together.")
            )
            self._press.page(
                req, resp, visit, "sign_in.html", next=wanted, email=email, refused=refused
            )
            return
        resp.set_cookie(SESSION_COOKIE, secret, path="/", http_only=True, same_site="Lax")
        resp.unset_cookie(FORM_COOKIE, path="/")
        resp.status = falcon.HTTP_303
        resp.location = wanted


class SignOut:
    """Where a session ends."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_post(self, req: Request, resp: Response) -> None:
        """End it."""
        fields_of(req, self._press.visit(req, resp))
        if secret := one_cookie(req, SESSION_COOKIE):
            self._house.sign_in.sign_out(secret)
        resp.unset_cookie(SESSION_COOKIE, path="/")
        resp.status = falcon.HTTP_303
        resp.location = "/sign-in"


class LanguageSwitch:
    """Indonesian or English."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_post(self, req: Request, resp: Response) -> None:
        """Remember the language on this browser, and with the account that is signed in."""
        visit = self._press.visit(req, resp)
        fields = fields_of(req, visit)
        wanted = next((code for code in LANGUAGES if code == fields.get("language")), None)
        if wanted is not None:
            resp.set_cookie(
                LANGUAGE_COOKIE, wanted, path="/", max_age=YEAR_SECONDS, same_site="Lax"
            )
            if visit.reader is not None and visit.reader.by_session:
                self._house.accounts.change(visit.reader.id, AccountChangeBody(language=wanted))
                self._house.sign_in.forget()
        resp.status = falcon.HTTP_303
        resp.location = local_address(fields.get("back", "/"))
