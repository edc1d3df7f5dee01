"""Telling of the past is for importers alone: role admin."""

from contracts.intake import Actor
from gateway.access import Principal
from gateway.errors import Forbidden
from gateway.schemas import Imported, OpenTicketBody


def actor_of(body: Imported, principal: Principal) -> Actor:
    """Who the log names: the asker, or whom an importer says it was.

    Raises:
        Forbidden: somebody else than an admin says when it happened, or who did it.
    """
    if principal.role != "admin":
        said = {
            "occurred_at": body.occurred_at is not None,
            "actor": body.actor is not None,
            "origin": isinstance(body, OpenTicketBody) and body.origin != "live",
        }
        errors = {name: ["Only for the role admin."] for name, is_said in said.items() if is_said}
        if errors:
            raise Forbidden(f"{next(iter(errors))}: Only for the role admin.", errors=errors)
    return body.actor or principal.actor
