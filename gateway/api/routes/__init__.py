"""Every call of the API; the doorkeeper, the reference and the tests read it."""

from gateway.access import AccessTable
from gateway.api.routes import administration, knowledge, promises, tickets, writing
from gateway.api.routes.route import BASE, Route

ROUTES: tuple[Route, ...] = (
    *tickets.tickets(),
    *tickets.conversation(),
    *tickets.work(),
    *knowledge.knowledge(),
    *knowledge.hotline(),
    *knowledge.deflection(),
    *writing.writing(),
    *administration.administration(),
    *administration.accounts(),
    *promises.reading(),
    *promises.jobs(),
)

ACCESS: AccessTable = {(route.path, route.method): route.roles for route in ROUTES}

__all__ = ["ACCESS", "BASE", "ROUTES", "Route"]
