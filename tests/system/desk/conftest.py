"""One house for the demonstration and the replay, opened by `./meja` as a newcomer would."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
SERVER = "/usr/sbin:/usr/bin"

Meja = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def meja(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meja]:
    """The launcher, with a place of its own below the test's folder."""
    if shutil.which("rabbitmq-server", path=SERVER) is None:
        pytest.skip("rabbitmq-server is not installed")
    var = tmp_path_factory.mktemp("desk")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {"MEJA_VAR": str(var)}
        return subprocess.run(
            ("./meja", *words), cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )

    yield run
    run("down")


@pytest.fixture(scope="session")
def played(meja: Meja) -> str:
    """What the first demonstration said; its house stands."""
    done = meja("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def sign_in(chromium: Any, played: str) -> Iterator[Callable[..., Any]]:
    """Opens a browser for somebody of the demonstration, by role."""
    found = re.search(r"The portal is up: (http://127\.0\.0\.1:\d+)", played)
    assert found
    address, contexts = found[1], []

    def open_for(role: str, *, language: str = "id", width: int = 1280) -> Any:
        login = re.search(rf"^{role} +(\S+@\S+) +([0-9a-f-]{{12,}})", played, re.MULTILINE)
        assert login
        context = chromium.new_context(
            viewport={"width": width, "height": 860}, base_url=address, locale=language
        )
        contexts.append(context)
        context.add_cookies([{"name": "meja_language", "value": language, "url": address}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto("/sign-in")
        page.fill("#email", login[1])
        page.fill("#password", login[2])
        page.click(".sign-in-card button")
        page.wait_for_url(lambda at: "sign-in" not in at)
        return page

    yield open_for
    for context in contexts:
        context.close()
