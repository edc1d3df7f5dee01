"""What a log's people, groups and categories are called at the desk."""

import hashlib
import re
import unicodedata

from contracts.intake import Person
from deploy.replay.servicenow import NOT_RECORDED

DOMAIN = "replay.invalid"  # addresses that nobody can have
_MAX_KEY = 64
_DIGEST_LENGTH = 8
_MAX_EMAIL_NAME = 64


def key_of(name: str) -> str:
    """A name as a key of the desk; two names that look alike as keys are told apart.

    `Group 56` becomes `group-56`.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    # What a key cannot say, and what it cannot hold, is kept apart by a digest of the whole name.
    if key.replace("-", " ") == name.lower() and len(key) <= _MAX_KEY:
        return key
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGEST_LENGTH]
    return f"{key[: _MAX_KEY - _DIGEST_LENGTH - 1]}-{digest}".strip("-")


def email_of(name: str) -> str:
    """An address to know somebody by."""
    return f"{key_of(name)[:_MAX_EMAIL_NAME]}@{DOMAIN}"


def requester(name: str | None) -> Person:
    """The requester of a log."""
    name = name or NOT_RECORDED
    return Person(name=name, email=email_of(name), language="en")
