"""What the desk is set up with: groups, agents, rules, calendars, policies.

All five are shelves of the same make: they are listed, one is read, one is saved under its key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from falcon import Request, Response

from contracts import routing, sla
from contracts.errors import NotFound
from gateway.api.answers import answer, answer_reply
from gateway.clients import Clients, Reply
from gateway.house import House
from gateway.reading import body_of, key_of


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One kind of set-up thing.

    Attributes:
        one: its name, for messages.
        contract: what is saved.
        list_all: the answer whose `items` are on the shelf.
        save: how one is put there.
    """

    one: str
    contract: type[Any]
    list_all: Callable[[], Any]
    save: Callable[..., Reply[Any]]


def shelves(clients: Clients) -> dict[str, Shelf]:
    """Every shelf, by its place in the address."""
    return {
        "groups": Shelf(
            one="group",
            contract=routing.GroupSpec,
            list_all=clients.groups,
            save=clients.put_group,
        ),
        "agents": Shelf(
            one="agent",
            contract=routing.AgentSpec,
            list_all=clients.agents,
            save=clients.put_agent,
        ),
        "rules": Shelf(
            one="rule",
            contract=routing.RuleSpec,
            list_all=clients.rules,
            save=clients.put_rule,
        ),
        "calendars": Shelf(
            one="calendar",
            contract=sla.CalendarSpec,
            list_all=clients.calendars,
            save=clients.put_calendar,
        ),
        "policies": Shelf(
            one="policy",
            contract=sla.PolicySpec,
            list_all=clients.policies,
            save=clients.put_policy,
        ),
    }


def resources(house: House) -> dict[str, object]:
    """Two resources a shelf, by address."""
    found: dict[str, object] = {}
    for noun, shelf in shelves(house.clients).items():
        found[f"/{noun}"] = Everything(shelf)
        found[f"/{noun}/{{key}}"] = One(shelf)
    return found


class Everything:
    """All that is on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def on_get(self, _req: Request, resp: Response) -> None:
        """List it."""
        answer(resp, self._shelf.list_all())


class One:
    """One thing on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def on_get(self, _req: Request, resp: Response, key: str) -> None:
        """Read it."""
        for item in self._shelf.list_all().items:
            if getattr(item, "spec", item).key == key:
                answer(resp, item)
                return
        one = self._shelf.one
        raise NotFound(f"{one}_unknown", f"There is no {one} {key}.")

    def on_put(self, req: Request, resp: Response, key: str) -> None:
        """Save it under the key of its address."""
        spec = body_of(req, self._shelf.contract, key=key)
        answer_reply(resp, self._shelf.save(spec, key=key_of(req)))
