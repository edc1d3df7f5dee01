"""The real bus: RabbitMQ where MEJA_TEST_AMQP_URL says, as ./meja test starts it."""

import os

import pytest

BROKER = "MEJA_TEST_AMQP_URL"
POSTGRES = "MEJA_TEST_POSTGRES_URL"


@pytest.fixture(scope="session")
def amqp_url() -> str:
    """A broker that this test run may fill and empty as it likes."""
    url = os.environ.get(BROKER)
    if not url:
        pytest.skip(f"{BROKER} names no broker (./meja test starts one)")
    return url
