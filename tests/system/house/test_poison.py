"""Messages that cannot be handled: kept with their traceback, and all else goes on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import amqp
import pytest
import sqlalchemy as sa
from kombu import Connection

from chassis import deadletters
from chassis.topology import dead_name, inbox_name
from contracts.catalogue import SERVICES
from tests.system.house.conftest import Faults
from tests.system.house.standing import House, wait_until

EVENTS = {
    "intake": "assignment.made.v1",
    "routing": "ticket.opened.v1",
    "sla": "ticket.opened.v1",
    "kb": "ticket.resolved.v1",
}


def post(house: House, service: str, body: bytes, **properties: str) -> None:
    message = amqp.Message(
        body,
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=2,
        **properties,
    )
    with Connection(house.broker.url) as connection:
        channel = connection.default_channel
        channel.basic_publish(message, exchange="", routing_key=inbox_name(service))


def purge(house: House) -> None:
    with Connection(house.broker.url) as connection:
        for service in SERVICES:
            connection.default_channel.queue_purge(dead_name(service))


def test_poison_in_every_inbox_is_kept_for_a_person_and_stops_nothing(faults: Faults) -> None:
    house, dead = faults.house, faults.auditor.dead
    poisons = 0

    with faults.under_load("poison in every inbox") as filing:
        for service, event in EVENTS.items():
            post(house, service, b"{bad", type=event, message_id=f"bad-{service}")
            post(house, service, b'{"number": 7}', type=event, message_id=f"odd-{service}")
            post(house, service, b"{}", type="bread.baked.v1", message_id=f"who-{service}")
            post(house, service, b"{}", type=event)
            poisons += 4
        wait_until(lambda: sum(dead().values()) == poisons)
        faults.caused(poisons)
        filing.wait_for(20)
        assert dead() == dict.fromkeys(SERVICES, 4)
        letters = deadletters.list_dead(house.broker.url, SERVICES)
        readable = [letter for letter in letters if not letter.message_id.startswith("bad")]
        assert all("Invalid" in letter.traceback for letter in readable)
        assert deadletters.replay(house.broker.url, "sla") == 4
        wait_until(lambda: sum(dead().values()) == poisons)
        purge(house)


@contextmanager
def refusing(engine: sa.Engine) -> Iterator[None]:
    """A database that refuses every fourth message, as a broken constraint would."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'refused'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON inbox FOR EACH ROW"
            " WHEN (right(NEW.message_id, 1) IN ('3', '7', 'b', 'f')) EXECUTE FUNCTION refuse()"
        )
    try:
        yield
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP TRIGGER refuse ON inbox")
            connection.exec_driver_sql("DROP FUNCTION refuse")


@pytest.mark.nightly
@pytest.mark.parametrize("service", ["intake", "routing", "sla"])
def test_what_a_broken_service_refused_is_handled_after_its_repair(
    faults: Faults, service: str
) -> None:
    house = faults.house

    def dead() -> int:
        return faults.auditor.dead()[service]

    with faults.under_load(f"{service} refuses every fourth event until repaired") as filing:
        with refusing(house.engines[service]):
            wait_until(lambda: dead() >= 25, seconds=60)
        filing.wait_for(10)
        letters = deadletters.list_dead(house.broker.url, [service])
        assert all("refused" in letter.traceback for letter in letters)
        assert {json.loads(letter.body)["number"] for letter in letters}
        faults.caused(len(letters))
        replay_all(house, service)
    assert dead() == 0


def replay_all(house: House, service: str) -> None:
    """Events that were under way at the repair may still arrive in the dead-letter queue."""
    wait_until(lambda: deadletters.replay(house.broker.url, service) == 0)
