"""Accounts and tokens, for administrators; and who one is."""

from falcon import HTTP_201, HTTP_204, Request, Response

from gateway.api.answers import answer, answer_reply
from gateway.house import House
from gateway.reading import body_of, key_of, principal_of
from gateway.schemas import (
    AccountBody,
    AccountChangeBody,
    AccountList,
    Me,
    TokenBody,
    TokenList,
)


class WhoAmI:
    """The asker."""

    def on_get(self, req: Request, resp: Response) -> None:
        """Who they are here."""
        principal = principal_of(req)
        me = Me(
            email=principal.email,
            name=principal.name,
            role=principal.role,
            language=principal.language,
            agent_key=principal.agent_key,
        )
        answer(resp, me)


class Accounts:
    """All accounts."""

    def __init__(self, house: House) -> None:
        self._accounts = house.accounts

    def on_get(self, _req: Request, resp: Response) -> None:
        """List them."""
        answer(resp, AccountList(items=self._accounts.list_accounts()))

    def on_post(self, req: Request, resp: Response) -> None:
        """Make one."""
        reply = self._accounts.create(body_of(req, AccountBody), key=key_of(req))
        answer_reply(resp, reply)
        resp.status = HTTP_201


class Account:
    """One account."""

    def __init__(self, house: House) -> None:
        self._accounts = house.accounts
        self._sign_in = house.sign_in

    def on_patch(self, req: Request, resp: Response, id: str) -> None:  # noqa: A002 – the address says so
        """Change it."""
        changed = self._accounts.change(id, body_of(req, AccountChangeBody))
        self._sign_in.forget()
        answer(resp, changed)


class Tokens:
    """All tokens."""

    def __init__(self, house: House) -> None:
        self._accounts = house.accounts

    def on_get(self, _req: Request, resp: Response) -> None:
        """List them."""
        answer(resp, TokenList(items=self._accounts.list_tokens()))

    def on_post(self, req: Request, resp: Response) -> None:
        """Make one."""
        answer(resp, self._accounts.create_token(body_of(req, TokenBody), key=key_of(req)))
        resp.status = HTTP_201


class Token:
    """One token."""

    def __init__(self, house: House) -> None:
        self._accounts = house.accounts
        self._sign_in = house.sign_in

    def on_delete(self, _req: Request, resp: Response, id: str) -> None:  # noqa: A002
        """Revoke it."""
        self._accounts.revoke_token(id)
        self._sign_in.forget()
        resp.status = HTTP_204
