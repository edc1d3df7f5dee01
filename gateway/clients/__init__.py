"""The only room that asks the services: one typed method a call, side by side where it helps."""

from collections.abc import Callable

# By name, since the services' modules here would hide those of the contracts.
from contracts.intake import GET_TICKET, GetTicket
from contracts.kb import GET_ARTICLE, GetArticle
from contracts.routing import GET_ASSIGNMENT, GetAssignment
from contracts.sla import GET_CLOCKS, GetClocks
from gateway.clients.calls import A, Caller, Pending, Reply, lives
from gateway.clients.intake import IntakeClient
from gateway.clients.kb import KbClient
from gateway.clients.routing import RoutingClient
from gateway.clients.sla import SlaClient


class Clients(IntakeClient, RoutingClient, SlaClient, KbClient):
    """The four services, as the front door asks them."""

    def is_connected(self) -> bool:
        """Whether the broker can be reached just now."""
        return self._caller.is_connected

    def start_probes(self, *, timeout_seconds: float) -> dict[str, Pending[object]]:
        """Ask each service something small, without waiting; any answer shows that it lives."""
        nobody = "probe"
        questions: dict[str, Callable[[], Pending[object]]] = {
            "intake": lambda: self._start(GET_TICKET, GetTicket(number=nobody), timeout_seconds),
            "routing": lambda: self._start(
                GET_ASSIGNMENT, GetAssignment(number=nobody), timeout_seconds
            ),
            "sla": lambda: self._start(GET_CLOCKS, GetClocks(number=nobody), timeout_seconds),
            "kb": lambda: self._start(GET_ARTICLE, GetArticle(key=nobody), timeout_seconds),
        }
        return {service: ask() for service, ask in questions.items()}


__all__ = ["A", "Caller", "Clients", "Pending", "Reply", "lives"]
