"""One house for the demonstration and the replay, opened by `./meja` as a newcomer would."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

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
