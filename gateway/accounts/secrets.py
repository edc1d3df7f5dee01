"""Secrets: made at random, shown once, kept as digests."""

import hashlib
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

TOKEN_PREFIX = "meja_"  # noqa: S105 – lets secret scanners recognise a leaked token

# Argon2id as OWASP advises where memory is scarce: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Many sign-ins at once wait their turn instead of taking 19 MiB each.
_TURNS = threading.BoundedSemaphore(2)


def new_token() -> str:
    """A token of 256 random bits."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def new_session() -> str:
    """A session's secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a token or session; a random secret needs no slow hash."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def csrf_token(session_secret: str) -> str:
    """What a form of this session carries; who reads it cannot derive the cookie from it."""
    return hashlib.sha256(b"csrf:" + session_secret.encode(errors="replace")).hexdigest()


def hash_password(password: str) -> str:
    """What is kept of a password."""
    with _TURNS:
        return _HASHER.hash(password)


def password_fits(password: str, password_hash: str | None) -> bool:
    """Whether it is the password; no hash takes as long as a wrong password."""
    with _TURNS:
        try:
            _HASHER.verify(password_hash or _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
