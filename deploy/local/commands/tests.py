"""`test`: everything the tests need, then every check and every test."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from deploy.local import broker, environment, postgres, system_packages
from deploy.local.broker import PrivateNode
from deploy.local.places import Places, here
from deploy.local.ports import Ports
from deploy.local.postgres import PrivateCluster
from deploy.local.problems import Problem
from deploy.local.system_packages import CHROMIUM

_TERMINATED = 128 + signal.SIGTERM
# All tests in half the time; a few chosen ones, or a debugger, are better off in one process.
_TWO_PROCESSES = ("-n", "2", "--no-loadscope-reorder")

CHECKS = {
    "ruff check": ("ruff", "check", "."),
    "ruff format": ("ruff", "format", "--check", "."),
    "mypy": ("mypy",),
    "import-linter": ("lint-imports",),
}


@click.command(
    short_help="Run every check and every test.",
    context_settings={"ignore_unknown_options": True},
)
@click.option("--tests-only", is_flag=True, help="Leave out ruff, mypy and import-linter.")
@click.argument("pytest_words", nargs=-1, type=click.UNPROCESSED, metavar="[PYTEST ARGS]...")
def test(*, tests_only: bool, pytest_words: tuple[str, ...]) -> None:
    """Run every check and every test, on a private broker and a private PostgreSQL.

    Installs what is missing and stops what it starts. The exit code is that of the first failure;
    the last line is pytest's own. MEJA_TEST_AMQP_URL and MEJA_TEST_POSTGRES_URL (a superuser's)
    name servers to use instead of private ones.
    """
    # As Ctrl-C does: what was started is stopped on the way out. Whoever starts this with `&` has
    # it ignore Ctrl-C, and so would all that the tests start and interrupt.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(_TERMINATED))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    places = here()
    _ensure_installed()
    codes: dict[str, int] = {}
    if not tests_only:
        for name, words in CHECKS.items():
            codes[name] = _check(name, words, root=places.root)
    with _servers(places) as env:
        codes["pytest"], closing_line = _pytest(pytest_words, root=places.root, env=env)
    failed = {name: code for name, code in codes.items() if code}
    if failed:
        click.echo(f"failed: {', '.join(failed)}")
        click.echo(closing_line)
    sys.exit(next(iter(failed.values()), 0))


def _ensure_installed() -> None:
    broker.ensure_available(say=click.echo)
    postgres.ensure_installed(say=click.echo)
    if not shutil.which("chromium"):
        system_packages.install(CHROMIUM, say=click.echo)


def _check(name: str, words: tuple[str, ...], *, root: Path) -> int:
    click.echo(f"== {name}")
    return subprocess.run((tool(words[0]), *words[1:]), cwd=root, check=False).returncode


def tool(name: str) -> str:
    """Give the path of a program of the workbench."""
    return str(Path(sys.executable).with_name(name))


@contextmanager
def _servers(places: Places) -> Iterator[dict[str, str]]:
    """Keep a new broker and a new cluster up, unless the caller brought their own."""
    home = places.var / "test"
    env: dict[str, str] = {}
    with ExitStack() as stack:
        stack.enter_context(_only_run(places.var / "test.lock"))
        _remove(home)
        stack.callback(_remove, home)
        ports = Ports(home / "ports.json")
        if not environment.read("MEJA_TEST_AMQP_URL"):
            node = PrivateNode.at(home / "rabbitmq", ports=ports)
            stack.enter_context(node.running(logs=home / "log"))
            env["MEJA_TEST_AMQP_URL"] = node.url
        if not environment.read("MEJA_TEST_POSTGRES_URL"):
            cluster = PrivateCluster.at(home / "postgresql", ports=ports)
            stack.enter_context(cluster.running(logs=home / "log"))
            env["MEJA_TEST_POSTGRES_URL"] = cluster.url
        yield env


def _remove(home: Path) -> None:
    """Remove a run's servers, also those of a run that was killed."""
    if (home / "postgresql").exists():
        PrivateCluster.at(home / "postgresql", ports=Ports(home / "ports.json")).drop()
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _only_run(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise Problem("another test run is going on in this checkout") from held
        yield


def _pytest(words: tuple[str, ...], *, root: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Run pytest, showing what it says as it says it, and give its exit code and closing line."""
    colour = ("--color=yes",) if sys.stdout.isatty() else ()
    click.echo("== pytest")
    running = subprocess.Popen(
        (tool("pytest"), *colour, *(words or _TWO_PROCESSES)),
        cwd=root,
        env={**environment.inherited(), **env},
        stdout=subprocess.PIPE,
    )
    if running.stdout is None:
        raise RuntimeError("pytest was started without a pipe")
    end = b""
    try:
        while chunk := os.read(running.stdout.fileno(), 65_536):
            os.write(sys.stdout.fileno(), chunk)
            end = (end + chunk)[-65_536:]
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGINT)  # its fixtures stop what they started
            running.wait()
    lines = end.decode("utf-8", errors="replace").strip().splitlines()
    return running.wait(), lines[-1] if lines else ""
