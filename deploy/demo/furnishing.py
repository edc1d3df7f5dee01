"""Furnishing the desk before its first ticket: what it is set up with, and who may come in.

Everything is saved under its own key, so that doing it twice changes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from contracts.grammar import to_plain
from deploy.api import Desk as Api
from deploy.demo.articles import DemoArticle
from deploy.demo.cast import Account
from deploy.demo.desk import Desk

_SIDE_BY_SIDE = 6


def furnish(api: Api, desk: Desk, *, articles: Iterable[DemoArticle]) -> None:
    """Save groups, agents, rules, calendars, policies and articles."""
    # A group names the one it escalates to, which must be there first.
    for group in sorted(desk.groups, key=lambda group: -group.tier):
        _put(api, "groups", group)
    for noun in ("agents", "rules", "calendars", "policies"):
        for spec in getattr(desk, noun):
            _put(api, noun, spec)

    # Whoever leads the service desk looks after its articles.
    owner = min(desk.groups, key=lambda group: group.tier).manager

    def publish(article: DemoArticle) -> None:
        api.put(f"/kb/articles/{article.key}/{article.lang}", article.content | {"owner": owner})

    _side_by_side(publish, articles)


def _put(api: Api, noun: str, spec: Any) -> None:
    api.put(f"/{noun}/{spec.key}", to_plain(spec))


def let_in(api: Api, people: Iterable[Account], *, passwords: Mapping[str, str]) -> None:
    """Make the accounts that are not there yet; those in `passwords` can sign in to the portal."""
    there = {account["email"] for account in api.get("/accounts")["items"]}

    def make(account: Account) -> None:
        password = passwords.get(account.email)
        api.post("/accounts", to_plain(account) | {"password": password})

    _side_by_side(make, [one for one in people if one.email not in there])


def _side_by_side(do: Callable[[Any], None], things: Iterable[Any]) -> None:
    with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
        for _ in pool.map(do, things):
            pass
