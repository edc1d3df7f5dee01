"""Local accounts, tokens, and who asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts import intake
from contracts.intake import Key, Language, Name


@dataclass(frozen=True, kw_only=True)
class AccountBody:
    """A new local account."""

    email: intake.Email
    name: Name
    role: Literal["requester", "agent", "lead", "admin"]
    password: Annotated[str, validate.Length(min=12, max=200)] | None = None
    language: Language = "id"
    agent_key: Key | None = None


@dataclass(frozen=True, kw_only=True)
class AccountChangeBody:
    """What to change of an account; null or left out stays as it is."""

    name: Name | None = None
    role: Literal["requester", "agent", "lead", "admin"] | None = None
    password: Annotated[str, validate.Length(min=12, max=200)] | None = None
    language: Language | None = None
    agent_key: Key | None = None
    active: bool | None = None


@dataclass(frozen=True, kw_only=True)
class AccountAnswer:
    """A local account."""

    id: str
    email: str
    name: str
    role: str
    language: str
    agent_key: str | None
    active: bool
    has_password: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccountList:
    """All accounts, by e-mail."""

    items: tuple[AccountAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class TokenBody:
    """A new API token: for the account with that e-mail, or standing for itself."""

    name: Name
    role: Literal["requester", "agent", "lead", "admin"]
    email: intake.Email | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TokenAnswer:
    """An API token; its secret is not kept."""

    id: str
    name: str
    role: str
    email: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewTokenAnswer(TokenAnswer):
    """A token just made; `secret` is shown this once."""

    secret: str


@dataclass(frozen=True, kw_only=True)
class TokenList:
    """All tokens, newest first."""

    items: tuple[TokenAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class Me:
    """Who asks."""

    email: str
    name: str
    role: str
    language: str
    agent_key: str | None
