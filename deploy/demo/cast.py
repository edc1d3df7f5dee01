"""The people of the demo: their accounts, the tokens they speak with, and logins for the portal."""

import json
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from deploy.api import Desk as Api
from deploy.demo.desk import Desk
from deploy.demo.tickets import Day
from deploy.local.places import write_private

Role = Literal["requester", "agent", "lead", "admin"]
_PASSWORD_PARTS = 4


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who may come in."""

    email: str
    name: str
    role: Role
    language: str = "id"
    agent_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Login:
    """What a newcomer signs in to the portal with."""

    role: Role
    name: str
    email: str
    password: str


def accounts(desk: Desk, day: Day) -> tuple[Account, ...]:
    """Everybody in the story, the managers of the groups, and an administrator."""
    return (*_requesters(day), *_agents(desk), *_managers(desk), _administrator(desk))


def _requesters(day: Day) -> Iterator[Account]:
    for person in day.people.values():
        yield Account(
            email=person.email, name=person.name, role="requester", language=person.language
        )


def _agents(desk: Desk) -> Iterator[Account]:
    for agent in desk.agents:
        yield Account(email=agent.email, name=agent.name, role="agent", agent_key=agent.key)


def _managers(desk: Desk) -> Iterator[Account]:
    for email in dict.fromkeys(group.manager for group in desk.groups):
        yield Account(email=email, name=name_of(email), role="lead")


def name_of(email: str) -> str:
    """The name that a colleague's address is made from."""
    return email.partition("@")[0].replace(".", " ").title()


def _administrator(desk: Desk) -> Account:
    return Account(
        email=f"admin@{desk.organisation.email_domain}", name="Administrator", role="admin"
    )


def logins(desk: Desk, day: Day, *, file: Path) -> tuple[Login, ...]:
    """One login for each role; passwords are made at random once and kept in `file`."""
    writers = Counter(ticket.requester for ticket in day.tickets)
    busiest = writers.most_common(1)[0][0]
    chosen = (
        next(one for one in _requesters(day) if one.email == day.people[busiest].email),
        next(_agents(desk)),
        next(_managers(desk)),
        _administrator(desk),
    )
    passwords = _passwords([one.email for one in chosen], file=file)
    return tuple(
        Login(role=one.role, name=one.name, email=one.email, password=passwords[one.email])
        for one in chosen
    )


def _passwords(emails: list[str], *, file: Path) -> Mapping[str, str]:
    known: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    if fresh := [email for email in emails if email not in known]:
        known |= {email: _password() for email in fresh}
        write_private(file, json.dumps(known, indent=1))
    return known


def _password() -> str:
    # In groups, because a person types it.
    return "-".join(secrets.token_hex(2) for _ in range(_PASSWORD_PARTS))


class Cast:
    """Everybody's view of the desk, each through a token of their own made when first needed."""

    def __init__(self, admin: Api, *, until: datetime, roles: Mapping[str, Role]) -> None:
        """Make the cast.

        Args:
            admin: the desk as an administrator sees it.
            until: when the tokens expire.
            roles: of everybody, by e-mail.
        """
        self._admin = admin
        self._until = until
        self._roles = roles
        self._views: dict[str, Api] = {}

    def of(self, email: str) -> Api:
        """The desk as this person sees it."""
        if email not in self._views:
            body = {
                "name": "Demonstration",
                "role": self._roles[email],
                "email": email,
                "expires_at": self._until.isoformat(),
            }
            token: dict[str, Any] = self._admin.post("/tokens", body)
            self._views[email] = self._admin.seen_by(token["secret"])
        return self._views[email]
