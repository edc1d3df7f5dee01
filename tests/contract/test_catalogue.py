"""The catalogue keeps the grammar of names."""

import dataclasses
import re
from typing import Any

import pytest

from contracts import intake, kb, routing, sla
from contracts.catalogue import EVENTS, OPERATIONS, SERVICES, SUBSCRIPTIONS
from contracts.grammar import Event, Operation
from contracts.intake import TicketEvent

MODULES = {"intake": intake, "routing": routing, "sla": sla, "kb": kb}
EVENT_NAME = re.compile(r"(?P<subject>[a-z]+)\.(?P<happened>[a-z_]+)\.v(?P<major>[1-9][0-9]*)")
# Past participles that do not end in -ed; `at_risk` is the field's own word for what happened.
IRREGULAR = {"at_risk", "given", "made", "met", "review_due", "split"}
# Verbs that only ask. Every other verb changes something and so needs an idempotency key.
ASKING = {
    "compare",
    "complete",
    "explain",
    "preview",
    "get",
    "list",
    "search",
    "suggest",
    "read",
    "report",
}


def named(event: type[Event]) -> str:
    return event.NAME


def called(operation: Operation[Any, Any]) -> str:
    return f"{operation.service}.{operation.name}"


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_an_event_is_called_subject_past_participle_and_major_version(event: type[Event]) -> None:
    said = EVENT_NAME.fullmatch(event.NAME)

    assert said
    last_word = said["happened"].rsplit("_", 1)[-1]
    assert last_word.endswith("ed") or said["happened"] in IRREGULAR


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_an_events_class_is_named_as_the_event(event: type[Event]) -> None:
    subject, happened, major = event.NAME.split(".")
    words = "".join(word.capitalize() for word in (subject, *happened.split("_")))

    assert event.__name__ == (words if major == "v1" else words + major.upper())


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_an_event_stands_in_the_module_of_its_speaker(event: type[Event]) -> None:
    # A speaker with much to say has a package.
    said_in = event.__module__.split(".")[:2]
    assert ".".join(said_in) == MODULES[event.SPEAKER].__name__


def test_every_event_and_call_that_a_module_lists_is_in_the_catalogue_once() -> None:
    events = [event for module in MODULES.values() for event in module.EVENTS]
    calls = [call for module in MODULES.values() for call in module.OPERATIONS]

    assert list(EVENTS) == events
    assert list(OPERATIONS) == calls
    assert len({event.NAME for event in events}) == len(events)
    assert len({called(call) for call in calls}) == len(calls)


def test_every_event_and_call_that_is_written_down_is_listed() -> None:
    written = [
        thing
        for module in MODULES.values()
        for thing in vars(module).values()
        if getattr(thing, "__module__", module.__name__).startswith(module.__name__)
    ]

    assert {one for one in written if isinstance(one, type) and "NAME" in vars(one)} == set(EVENTS)
    calls = [one for module in MODULES.values() for one in vars(module).values()]
    assert {called(one) for one in calls if isinstance(one, Operation)} == set(
        map(called, OPERATIONS)
    )


@pytest.mark.parametrize("operation", OPERATIONS, ids=called)
def test_a_call_is_an_imperative_and_says_whether_it_changes_anything(
    operation: Operation[Any, Any],
) -> None:
    verb = operation.name.split("_")[0]

    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation.name)
    assert operation.mutates is (verb not in ASKING)


@pytest.mark.parametrize("operation", OPERATIONS, ids=called)
def test_a_call_has_a_deadline_a_person_would_wait_for(operation: Operation[Any, Any]) -> None:
    assert 0 < operation.deadline_seconds <= 30


@pytest.mark.parametrize(
    "event", [event for event in EVENTS if event.NAME.startswith("ticket.")], ids=named
)
def test_a_ticket_event_carries_its_place_in_the_tickets_log(event: type[Event]) -> None:
    assert issubclass(event, TicketEvent)


@pytest.mark.parametrize("event", EVENTS, ids=named)
def test_an_event_is_frozen_and_says_when(event: type[Event]) -> None:
    fields = {field.name for field in dataclasses.fields(event)}  # type: ignore[arg-type]

    assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert any(name.endswith("_at") for name in fields)


def test_subscriptions_name_known_services_and_events_once() -> None:
    pairs = [(one.listener, one.event.NAME) for one in SUBSCRIPTIONS]

    assert len(set(pairs)) == len(pairs)
    assert {listener for listener, _ in pairs} <= set(SERVICES)
    assert {one.event for one in SUBSCRIPTIONS} <= set(EVENTS)


def test_no_service_listens_to_itself() -> None:
    assert not [one for one in SUBSCRIPTIONS if one.listener == one.event.SPEAKER]
