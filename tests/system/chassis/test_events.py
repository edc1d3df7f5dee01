"""An event that was announced is handled once, whatever dies meanwhile."""

from datetime import UTC, datetime

import amqp
import pytest
from kombu import Connection

from chassis import deadletters, timekeeper
from chassis.topology import dead_name, inbox_name
from tests.system.chassis import bakery
from tests.system.chassis.conftest import House, wait_until


@pytest.fixture(params=["chassis.runner", "tests.system.chassis.on_threads"])
def open_house(request: pytest.FixtureRequest, house: House) -> House:
    house.runner = (request.param,)
    house.open()
    return house


def bake(house: House, how: str = "well", count: int = 1) -> None:
    for _ in range(count):
        house.client.call(bakery.BAKE, bakery.Bake(name="rye", how=how))


def test_an_event_reaches_its_listener(open_house: House) -> None:
    bake(open_house, count=20)

    wait_until(lambda: open_house.count().delivered == 20)


def test_a_failing_event_is_tried_again(open_house: House) -> None:
    bake(open_house, "flaky")

    wait_until(lambda: open_house.count().delivered == 1)
    assert open_house.waiting(dead_name("bakery")) == 0


def test_a_poisoned_event_ends_with_its_traceback_and_can_be_replayed(open_house: House) -> None:
    bake(open_house, "poisoned")
    bake(open_house)
    wait_until(lambda: open_house.waiting(dead_name("bakery")) == 1)

    (letter,) = deadletters.list_dead(open_house.amqp_url, ["bakery"])
    (again,) = deadletters.list_dead(open_house.amqp_url, ["bakery"])

    assert letter == again
    assert letter.event == "bread.baked.v1"
    assert letter.attempts == 3
    assert letter.error == "RuntimeError: poisoned"
    assert "on_bread_baked" in letter.traceback
    assert open_house.count().delivered == 1
    assert deadletters.replay(open_house.amqp_url, "bakery", [letter.message_id]) == 1
    wait_until(lambda: open_house.waiting(dead_name("bakery")) == 1)
    (after,) = deadletters.list_dead(open_house.amqp_url, ["bakery"])
    assert after.message_id == letter.message_id


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"{bad", "application/json", "bread.baked.v1"),
        (b"x", "application/x-python-serialize", "bread.baked.v1"),
        (b'{"loaf": "many", "how": "well"}', "application/json", "bread.baked.v1"),
        (b"{}", "application/json", "bread.thrown.v1"),
        (b'{"loaf": 1, "how": "without a message id"}', "application/json", "bread.baked.v1"),
    ],
)
def test_what_cannot_be_read_is_kept_for_a_person(
    house: House, body: bytes, content_type: str, kind: str
) -> None:
    house.open()
    with Connection(house.amqp_url) as connection:
        connection.default_channel.basic_publish(
            amqp.Message(body, content_type=content_type, content_encoding="utf-8", type=kind),
            exchange="",
            routing_key=inbox_name("bakery"),
        )

    wait_until(lambda: house.waiting(dead_name("bakery")) == 1)
    bake(house)
    wait_until(lambda: house.count().delivered == 1)


@pytest.mark.parametrize("moment", ["in_handler", "before_acknowledge"])
def test_a_consumer_killed_in_mid_work_does_it_once(house: House, moment: str) -> None:
    first = house.open(DIE=moment)
    house.client.start_call(bakery.BAKE, bakery.Bake(name="rye", how="die"))
    assert first.wait(10) == -9

    house.open()

    wait_until(lambda: house.count().delivered == 1)
    bake(house)
    wait_until(lambda: house.count().delivered == 2)


def test_a_relay_killed_between_publish_and_delete_repeats_without_a_second_effect(
    house: House,
) -> None:
    first = house.open(DIE="after_publish")
    house.client.start_call(bakery.BAKE, bakery.Bake(name="rye"))
    assert first.wait(10) == -9

    house.open()
    bake(house)

    wait_until(lambda: house.count().delivered == 2)
    assert house.waiting(dead_name("bakery")) == 0


def test_two_replicas_fire_every_timer_once(postgres_house: House) -> None:
    postgres_house.open()
    postgres_house.open()

    bake(postgres_house, count=60)

    wait_until(lambda: postgres_house.count().delivered == 60)
    assert postgres_house.count().rung == 60


def test_every_process_makes_its_own_rounds_also_after_one_failed(postgres_house: House) -> None:
    postgres_house.open(PATROLS="1")
    postgres_house.open(PATROLS="1")

    wait_until(lambda: postgres_house.count().patrolled == 2)
    assert postgres_house.log().count('"round failed"') == 2


def test_time_can_be_stopped_and_moved(house: House) -> None:
    clock = house.environ["MEJA_CLOCK_FILE"]
    timekeeper.steer(clock, at=datetime(2026, 3, 1, 8, tzinfo=UTC))
    house.open()

    house.client.call(bakery.BAKE, bakery.Bake(name="rye", how="tomorrow"))
    assert house.count().rung == 0

    timekeeper.steer(clock, at=datetime(2026, 3, 2, 7, 59, 59, tzinfo=UTC))
    assert house.count().rung == 0
    timekeeper.steer(clock, at=datetime(2026, 3, 2, 8, tzinfo=UTC))
    wait_until(lambda: house.count().rung == 1)
