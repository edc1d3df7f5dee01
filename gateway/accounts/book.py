"""The book of accounts and tokens: making, changing, listing and revoking them."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from chassis.database import Database, Transaction
from chassis.ids import new_id
from contracts.errors import Conflict, NotFound, invalid_field
from contracts.grammar import to_plain
from gateway import store
from gateway.accounts.once import once
from gateway.accounts.secrets import digest, hash_password, new_token
from gateway.clients import Reply
from gateway.models import Account, Token
from gateway.schemas import (
    AccountAnswer,
    AccountBody,
    AccountChangeBody,
    NewTokenAnswer,
    TokenAnswer,
    TokenBody,
)

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")


class Accounts:
    """Who may come in. What is changed here is seen by `SignIn` within its cache's seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, body: AccountBody, *, key: str) -> Reply[AccountAnswer]:
        """Make an account.

        Raises:
            Conflict: there is one with this e-mail.
        """
        # Hashing takes long; no transaction waits for it.
        password_hash = hash_password(body.password) if body.password else None

        def make(tx: Transaction) -> AccountAnswer:
            if store.account_by_email(tx.session, body.email):
                raise Conflict("account_exists", f"There is an account for {body.email}.")
            account = _account(body, password_hash=password_hash, now=tx.now)
            tx.session.add(account)
            return account_answer(account)

        return once(
            self._database,
            key=key,
            operation="create_account",
            question=to_plain(body) | {"password": None},
            answer=AccountAnswer,
            do=make,
        )

    def change(self, account_id: str, body: AccountChangeBody) -> AccountAnswer:
        """Change what is given; a new password or a closed account ends all its sessions.

        Raises:
            NotFound: no such account.
        """
        password_hash = hash_password(body.password) if body.password else None
        with self._database.write() as tx:
            account = store.account(tx.session, account_id)
            if account is None:
                raise NotFound("account_unknown", "There is no such account.")
            for name in ("name", "role", "language", "agent_key", "active"):
                if (value := getattr(body, name)) is not None:
                    setattr(account, name, value)
            if password_hash:
                account.password_hash = password_hash
            if password_hash or not account.active:
                store.end_sessions_of(tx.session, account.id)
            return account_answer(account)

    def list_accounts(self) -> tuple[AccountAnswer, ...]:
        """All accounts, by e-mail."""
        with self._database.read() as tx:
            return tuple(account_answer(account) for account in store.accounts(tx.session))

    def create_token(self, body: TokenBody, *, key: str) -> NewTokenAnswer:
        """Make a token; its secret is in this answer and nowhere else.

        A token of no account stands for itself: its identity on tickets is its name when that is
        an e-mail address, else an address made from its id.

        Raises:
            Invalid: no account has that e-mail, or it expires in the past.
            Conflict: the key made a token before; its secret is not kept, so it is not told again.
        """
        secret = new_token()

        def make(tx: Transaction) -> TokenAnswer:
            if body.expires_at is not None and body.expires_at <= tx.now:
                raise invalid_field("expires_at", "Lies in the past.")
            account = _account_for(tx.session, body)
            token = _token(body, account=account, secret=secret, now=tx.now)
            tx.session.add(token)
            return token_answer(token)

        reply = once(
            self._database,
            key=key,
            operation="create_token",
            question=to_plain(body),
            answer=TokenAnswer,
            do=make,
        )
        if reply.replayed:
            raise Conflict(
                "token_was_shown",
                "The token was made, and its secret shown, when this key was first used.",
                {"id": reply.answer.id},
            )
        return NewTokenAnswer(**vars(reply.answer), secret=secret)

    def revoke_token(self, token_id: str) -> None:
        """Let nobody in with it any more; harmless when that was done before.

        Raises:
            NotFound: no such token.
        """
        with self._database.write() as tx:
            token = store.token(tx.session, token_id)
            if token is None:
                raise NotFound("token_unknown", "There is no such token.")
            token.revoked_at = token.revoked_at or tx.now

    def list_tokens(self) -> tuple[TokenAnswer, ...]:
        """All tokens, newest first."""
        with self._database.read() as tx:
            return tuple(token_answer(token) for token in store.tokens(tx.session))

    def check(self) -> None:
        """Answer, or raise what the database driver raises."""
        self._database.check()


def _account(body: AccountBody, *, password_hash: str | None, now: datetime) -> Account:
    return Account(
        id=new_id(),
        email=body.email.lower(),
        name=body.name,
        role=body.role,
        language=body.language,
        agent_key=body.agent_key,
        password_hash=password_hash,
        active=True,
        created_at=now,
    )


def _account_for(session: Session, body: TokenBody) -> Account | None:
    if body.email is None:
        return None
    found = store.account_by_email(session, body.email)
    if found is None:
        raise invalid_field("email", "No account has this address.")
    return found


def _token(body: TokenBody, *, account: Account | None, secret: str, now: datetime) -> Token:
    token_id = new_id()
    stands_for_itself = body.name if _EMAIL.match(body.name) else f"token-{token_id}@meja.invalid"
    return Token(
        id=token_id,
        digest=digest(secret),
        name=body.name,
        role=body.role,
        email=account.email if account else stands_for_itself.lower(),
        account_id=account.id if account else None,
        created_at=now,
        expires_at=body.expires_at,
        revoked_at=None,
    )


def account_answer(account: Account) -> AccountAnswer:
    """An account as it is shown; never its password."""
    return AccountAnswer(
        id=account.id,
        email=account.email,
        name=account.name,
        role=account.role,
        language=account.language,
        agent_key=account.agent_key,
        active=account.active,
        has_password=account.password_hash is not None,
        created_at=account.created_at,
    )


def token_answer(token: Token) -> TokenAnswer:
    """A token as it is shown; never its secret."""
    return TokenAnswer(
        id=token.id,
        name=token.name,
        role=token.role,
        email=token.email,
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
    )
