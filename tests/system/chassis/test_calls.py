"""A call is carried out once, or its caller is told that it was not."""

import signal
import subprocess
import sys
import threading
import time

import pytest

from chassis import context
from chassis.rpc_client import RemoteFault, RpcClient
from contracts.errors import Conflict, Invalid, NotFound, Unavailable
from tests.system.chassis import bakery
from tests.system.chassis.conftest import House, wait_until


@pytest.fixture(params=["chassis.runner", "tests.system.chassis.on_threads"])
def open_house(request: pytest.FixtureRequest, house: House) -> House:
    """One bakery, on eventlet or on native threads: the way out of eventlet stays open."""
    house.runner = (request.param,)
    house.open()
    return house


def test_a_call_is_answered(open_house: House) -> None:
    loaf = open_house.client.call(bakery.BAKE, bakery.Bake(name="rye"))

    assert open_house.client.call(bakery.LOOK, bakery.Bake(name="rye")) == loaf


def test_a_call_and_its_answer_may_carry_a_file(open_house: House) -> None:
    as_large = "r" * 5_600_000  # 4 MiB in base64

    open_house.client.call(bakery.BAKE, bakery.Bake(name=as_large), timeout_seconds=20)
    loaf = open_house.client.call(bakery.LOOK, bakery.Bake(name=as_large), timeout_seconds=20)

    assert loaf.name == as_large


def test_a_repeated_key_gets_the_first_answer_and_has_no_second_effect(open_house: House) -> None:
    calls = [
        open_house.client.start_call(bakery.BAKE, bakery.Bake(name="rye"), key="key-1")
        for _ in range(5)
    ]

    answers = [call.result() for call in calls]

    assert len({answer.id for answer in answers}) == 1
    assert sum(not call.replayed for call in calls) == 1
    assert open_house.count().ordered == 1


def test_a_key_used_for_another_request_is_refused(open_house: House) -> None:
    open_house.client.call(bakery.BAKE, bakery.Bake(name="rye"), key="key-1")

    with pytest.raises(Invalid, match="idempotency_key_reused"):
        open_house.client.call(bakery.BAKE, bakery.Bake(name="wheat"), key="key-1")


def test_a_refusal_keeps_nothing(open_house: House) -> None:
    with pytest.raises(Conflict, match="oven_cold"):
        open_house.client.call(bakery.BAKE, bakery.Bake(name="rye", how="cold"))

    assert open_house.count() == bakery.Count()


def test_an_unforeseen_failure_keeps_nothing_and_tells_no_secret(open_house: House) -> None:
    with pytest.raises(RemoteFault) as failed:
        open_house.client.call(bakery.BAKE, bakery.Bake(name="rye", how="burnt"))

    assert "burnt" not in str(failed.value)
    assert open_house.count() == bakery.Count()
    assert "burnt" in open_house.log()


def test_what_does_not_exist_is_not_found_with_the_facts(open_house: House) -> None:
    with pytest.raises(NotFound) as refused:
        open_house.client.call(bakery.LOOK, bakery.Bake(name="naan"))

    assert refused.value.facts == {"name": "naan"}


def test_a_caller_does_not_wait_beyond_the_deadline(open_house: House) -> None:
    started = time.monotonic()

    with pytest.raises(Unavailable, match="deadline_passed"):
        open_house.client.call(
            bakery.LOOK, bakery.Bake(name="rye", how="asleep"), timeout_seconds=0.5
        )

    assert time.monotonic() - started < 1.5


def test_a_call_nobody_takes_in_time_is_never_carried_out(house: House) -> None:
    process = house.open()
    process.send_signal(signal.SIGSTOP)

    with pytest.raises(Unavailable, match="deadline_passed"):
        house.client.call(bakery.LOOK, bakery.Bake(name="rye"), timeout_seconds=0.5)
    process.kill()
    process.wait()
    wait_until(lambda: house.waiting("rpc-bakery") == 0)

    house.open()
    assert house.count() == bakery.Count()


def test_a_service_that_was_never_started_is_unavailable_at_once(amqp_url: str) -> None:
    client = RpcClient(amqp_url)
    nowhere = bakery.Operation("nowhere", "bake", bakery.Bake, bakery.Loaf)

    with pytest.raises(Unavailable, match="service_unknown"):
        client.call(nowhere, bakery.Bake(name="rye"))

    client.close()


def test_a_broker_that_is_away_is_said_at_once() -> None:
    client = RpcClient("amqp://guest:guest@127.0.0.1:9/nowhere")

    with pytest.raises(Unavailable, match="broker_unreachable"):
        client.call(bakery.LOOK, bakery.Bake(name="rye"))

    client.close()


def test_the_call_in_hand_is_answered_before_a_stop_and_not_done_again(house: House) -> None:
    process = house.open()
    answers: list[bakery.Loaf] = []
    caller = threading.Thread(
        target=lambda: answers.append(
            house.client.call(bakery.BAKE, bakery.Bake(name="rye", how="slowly"))
        )
    )
    caller.start()
    time.sleep(0.5)

    process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    caller.join()
    assert [answer.name for answer in answers] == ["rye"]
    house.open()
    assert house.count().ordered == 1


def test_an_idle_service_stops_at_once(house: House) -> None:
    process = house.open()
    started = time.monotonic()

    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == 0
    assert time.monotonic() - started < 3


def test_a_stop_does_not_wait_beyond_its_deadline(house: House) -> None:
    process = house.open(MEJA_DRAIN_SECONDS="0.3")
    house.client.start_call(bakery.BAKE, bakery.Bake(name="rye", how="slowly"))
    time.sleep(0.3)

    process.send_signal(signal.SIGTERM)

    assert process.wait(5) == 70


def test_wrong_settings_are_all_named(house: House) -> None:
    done = subprocess.run(
        ["env", "-u", "MEJA_AMQP_URL", "MEJA_WORKERS=many", *_command()],
        env=house.environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "MEJA_AMQP_URL is missing" in done.stderr
    assert "MEJA_WORKERS" in done.stderr


def _command() -> list[str]:
    return [sys.executable, "-m", "chassis.runner", "tests.system.chassis.bakery:BakeryService"]


def test_correlation_and_trace_travel_from_call_to_event(open_house: House) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    call = context.Call(correlation_id="correlated-1")

    with context.entered(call, {"traceparent": trace}):
        open_house.client.call(bakery.BAKE, bakery.Bake(name="rye"))

    wait_until(lambda: open_house.count().delivered == 1)
    assert open_house.count().trace == trace
