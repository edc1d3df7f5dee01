"""The real bus and a real browser, once for a whole run.

RabbitMQ is where MEJA_TEST_AMQP_URL says, as ./meja test starts it.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

BROKER = "MEJA_TEST_AMQP_URL"
POSTGRES = "MEJA_TEST_POSTGRES_URL"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def amqp_url() -> str:
    """A broker that this test run may fill and empty as it likes."""
    url = os.environ.get(BROKER)
    if not url:
        pytest.skip(f"{BROKER} names no broker (./meja test starts one)")
    return url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running Chromium: one for everybody, since its driver cannot be started twice at once."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()
