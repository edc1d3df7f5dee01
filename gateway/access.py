"""Who may do what: roles, the person or program that asks, and what each role is let through to."""

from dataclasses import dataclass
from typing import Literal

from contracts.intake import Actor, Language

Role = Literal["requester", "agent", "lead", "admin"]
Roles = frozenset[Role]

SESSION_COOKIE = "meja_session"

RANKS: tuple[Role, ...] = ("requester", "agent", "lead", "admin")

OPEN: Roles = frozenset()  # no sign-in needed
EVERYBODY: Roles = frozenset(RANKS)
AGENTS: Roles = frozenset(RANKS[1:])
LEADS: Roles = frozenset(RANKS[2:])
ADMINS: Roles = frozenset(RANKS[3:])

AccessTable = dict[tuple[str, str], Roles]
"""Roles by (route template, method); what is not in it is refused."""

LimitTable = dict[tuple[str, str], int]
"""The longest body in bytes by (route template, method), where it is longer than elsewhere."""


def lesser(one: Role, other: Role) -> Role:
    """The role that may do less."""
    return min(one, other, key=RANKS.index)


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who asks, once known.

    Attributes:
        id: the account, or the token when it belongs to no account; idempotency keys are theirs.
        email: the identity on tickets.
        agent_key: the routing agent this account works as.
        proof: the token or session that was shown; the rate limit counts by it.
        by_session: signed in by the portal's cookie rather than by a token.
    """

    id: str
    email: str
    name: str
    role: Role
    language: Language
    proof: str
    agent_key: str | None = None
    by_session: bool = False

    @property
    def is_requester(self) -> bool:
        """Whether they see their own tickets only."""
        return self.role == "requester"

    @property
    def names(self) -> frozenset[str]:
        """Under which they are given notices: their address, and the agent they work as."""
        return frozenset(filter(None, (self.email.lower(), self.agent_key)))

    @property
    def viewer(self) -> str | None:
        """Whose tickets they are limited to; None for all."""
        return self.email if self.is_requester else None

    @property
    def actor(self) -> Actor:
        """How the ticket's log names them."""
        kind: Literal["requester", "agent"] = "requester" if self.is_requester else "agent"
        return Actor(kind=kind, id=self.email, name=self.name)
