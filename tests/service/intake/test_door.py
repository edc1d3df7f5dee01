"""The door: every call and event the contracts name for intake, and no others."""

from contracts.catalogue import SUBSCRIPTIONS
from contracts.intake import OPERATIONS
from services.intake.service import IntakeService


def entrypoints() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, method in vars(IntakeService).items():
        for entrypoint in getattr(method, "nameko_entrypoints", ()):
            found.setdefault(type(entrypoint).__name__, set()).add(name)
    return found


def test_every_operation_of_intake_is_answered() -> None:
    answered = entrypoints()["Call"]

    assert answered == {operation.name for operation in OPERATIONS}


def test_every_event_for_intake_is_heard() -> None:
    heard = {event.NAME for event in (s.event for s in SUBSCRIPTIONS if s.listener == "intake")}
    heard_by = {
        name for kind, names in entrypoints().items() if kind == "Listener" for name in names
    }

    assert len(heard_by) == len(heard)
