"""Every door opens to what the catalogue says, and to nothing else."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from chassis.bus.calls import Call
from chassis.bus.inbox import Listener
from contracts.catalogue import OPERATIONS, SERVICES, SUBSCRIPTIONS


def entrypoints(service: str, kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """The entrypoints of a kind that a service's class declares, by method name."""
    door = getattr(import_module(f"services.{service}.service"), f"{service.capitalize()}Service")
    for name, method in vars(door).items():
        for entrypoint in getattr(method, "nameko_entrypoints", ()):
            if isinstance(entrypoint, kind):
                yield name, entrypoint


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_the_calls_of_the_catalogue(service: str) -> None:
    answered = [name for name, _ in entrypoints(service, Call)]

    assert sorted(answered) == sorted(one.name for one in OPERATIONS if one.service == service)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_hears_the_events_of_the_catalogue(service: str) -> None:
    heard = [listener._name for _, listener in entrypoints(service, Listener)]

    assert sorted(heard) == sorted(
        one.event.NAME for one in SUBSCRIPTIONS if one.listener == service
    )


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_called_by_its_folders_name(service: str) -> None:
    door = getattr(import_module(f"services.{service}.service"), f"{service.capitalize()}Service")

    assert door.name == service
