"""The real bus: RabbitMQ where MEJA_TEST_AMQP_URL says, as ./meja test starts it."""

import os

import pytest
from kombu import Connection

BROKER = "MEJA_TEST_AMQP_URL"
POSTGRES = "MEJA_TEST_POSTGRES_URL"


@pytest.fixture(scope="session")
def amqp_url() -> str:
    """A broker that this test run may fill and empty as it likes."""
    url = os.environ.get(BROKER)
    if not url:
        pytest.skip(f"{BROKER} names no broker (./meja test starts one)")
    return url


def sweep(amqp_url: str, names: list[str]) -> None:
    """Delete queues that an earlier test left."""
    with Connection(amqp_url) as connection:
        for name in names:
            connection.default_channel.queue_delete(name)
