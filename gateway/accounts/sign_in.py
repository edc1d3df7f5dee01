"""Signing in, and recognising who shows a token or a session.

Limits: ten wrong passwords for an account from one address, or fifty from anywhere, in 15 minutes
close it for the rest of them. A token revoked or a session ended in another process may still be
let in here for `proof_cache_seconds`.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from chassis.database import Database
from contracts.intake import Language
from gateway import store
from gateway.access import Principal, Role, lesser
from gateway.accounts.secrets import digest, new_session, password_fits
from gateway.errors import TooMany, Unauthenticated
from gateway.models import Account, PortalSession, SignInFailure, Token
from gateway.settings import GatewaySettings

FAILURE_WINDOW = timedelta(minutes=15)
FAILURES_PER_ADDRESS = 10
FAILURES_PER_ACCOUNT = 50
SEEN_EVERY = timedelta(minutes=1)
MAX_REMEMBERED = 10_000


class SignIn:
    """Turns a password into a session, and a session or token into a principal."""

    def __init__(
        self,
        database: Database,
        *,
        settings: GatewaySettings,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._longest = timedelta(hours=settings.session_hours)
        self._cache_seconds = settings.proof_cache_seconds
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._remembered: dict[str, tuple[Principal, float]] = {}

    def sign_in(self, *, email: str, password: str, address: str) -> str:
        """The secret of a new session.

        An unknown account and a wrong password answer alike, and take alike long.

        Raises:
            Unauthenticated: they do not fit.
            TooMany: too many wrong passwords lately.
        """
        email = email.lower()[:254]
        with self._database.read() as tx:
            since = tx.now - FAILURE_WINDOW
            failures = store.failures_since(tx.session, since=since, email=email)
            account = store.account_by_email(tx.session, email)
            known = (account.id, account.password_hash) if account and account.active else None
        self._check_failures(failures, address)
        # Checked outside any transaction: it takes long, and as long for nobody's account.
        fits = password_fits(password, known[1] if known else None)
        if known is None or not fits:
            self._note_failure(email, address)
            raise Unauthenticated("E-mail and password do not fit.")
        return self._new_session(known[0], email)

    def _check_failures(self, addresses: list[str], address: str) -> None:
        if (
            addresses.count(address) >= FAILURES_PER_ADDRESS
            or len(addresses) >= FAILURES_PER_ACCOUNT
        ):
            raise TooMany(
                "Too many wrong passwords; wait a quarter of an hour.",
                retry_seconds=int(FAILURE_WINDOW.total_seconds()),
            )

    def _note_failure(self, email: str, address: str) -> None:
        with self._database.write() as tx:
            store.tidy(tx.session, now=tx.now, failures_before=tx.now - FAILURE_WINDOW)
            tx.session.add(SignInFailure(email=email, address=address[:64], failed_at=tx.now))

    def _new_session(self, account_id: str, email: str) -> str:
        secret = new_session()
        with self._database.write() as tx:
            store.forget_failures(tx.session, email=email)
            store.tidy(tx.session, now=tx.now, failures_before=tx.now - FAILURE_WINDOW)
            tx.session.add(
                PortalSession(
                    digest=digest(secret),
                    account_id=account_id,
                    created_at=tx.now,
                    seen_at=tx.now,
                    expires_at=tx.now + self._longest,
                )
            )
        return secret

    def sign_out(self, secret: str) -> None:
        """End a session."""
        with self._database.write() as tx:
            store.end_session(tx.session, digest(secret))
        self.forget()

    def by_token(self, secret: str) -> Principal | None:
        """Who shows this token; None when it does not hold."""
        return self._remembering(digest(secret), self._find_token)

    def by_session(self, secret: str) -> Principal | None:
        """Who shows this session; None when it ended."""
        return self._remembering(digest(secret), self._find_session)

    def forget(self) -> None:
        """Look every proof up anew."""
        with self._lock:
            self._remembered.clear()

    def _remembering(self, proof: str, find: Callable[[str], Principal | None]) -> Principal | None:
        now = self._monotonic()
        remembered = self._remembered.get(proof)
        if remembered is not None and remembered[1] > now:
            return remembered[0]
        found = find(proof)
        with self._lock:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            if found is not None:
                self._remembered[proof] = (found, now + self._cache_seconds)
            else:
                self._remembered.pop(proof, None)
        return found

    def _find_token(self, proof: str) -> Principal | None:
        with self._database.read() as tx:
            found = store.token_with_account(tx.session, proof)
            if found is None or not _token_holds(*found, now=tx.now):
                return None
            return _principal_of_token(*found)

    def _find_session(self, proof: str) -> Principal | None:
        with self._database.read() as tx:
            found = store.session_with_account(tx.session, proof)
            if found is None or not self._session_holds(*found, now=tx.now):
                return None
            session, account = found
            is_stale = tx.now - session.seen_at >= SEEN_EVERY
            principal = _principal_of(account, proof=proof)
        if is_stale:
            with self._database.write() as tx:
                store.touch_session(tx.session, proof, seen_at=tx.now)
        return principal

    def _session_holds(self, session: PortalSession, account: Account, *, now: datetime) -> bool:
        return account.active and now < session.expires_at and now < session.seen_at + self._idle


def _token_holds(token: Token, account: Account | None, *, now: datetime) -> bool:
    if token.revoked_at is not None or (account is not None and not account.active):
        return False
    return token.expires_at is None or now < token.expires_at


def _principal_of_token(token: Token, account: Account | None) -> Principal:
    role = cast("Role", token.role)
    if account is None:
        return Principal(
            id=token.id,
            email=token.email,
            name=token.name,
            role=role,
            language="id",
            proof=token.digest,
        )
    return Principal(
        id=account.id,
        email=account.email,
        name=account.name,
        role=lesser(role, cast("Role", account.role)),
        language=cast("Language", account.language),
        agent_key=account.agent_key,
        proof=token.digest,
    )


def _principal_of(account: Account, *, proof: str) -> Principal:
    return Principal(
        id=account.id,
        email=account.email,
        name=account.name,
        role=cast("Role", account.role),
        language=cast("Language", account.language),
        agent_key=account.agent_key,
        proof=proof,
        by_session=True,
    )
