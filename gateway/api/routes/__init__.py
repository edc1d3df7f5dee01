"""Every call of the API; the doorkeeper, the reference and the tests read it."""

from gateway.access import AccessTable, LimitTable
from gateway.api.routes import administration, knowledge, promises, tickets, writing
from gateway.api.routes.route import BASE, Route

ROUTES: tuple[Route, ...] = (
    *tickets.tickets(),
    *tickets.conversation(),
    *tickets.files(),
    *tickets.merging(),
    *tickets.work(),
    *tickets.notices(),
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
LARGER: LimitTable = {
    (route.path, route.method): route.most_bytes for route in ROUTES if route.most_bytes is not None
}

__all__ = ["ACCESS", "BASE", "LARGER", "ROUTES", "Route"]
