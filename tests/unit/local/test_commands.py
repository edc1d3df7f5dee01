"""The command line: what it offers, and how it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.local.commands import main
from deploy.local.places import here


@pytest.fixture
def meja(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("MEJA_VAR", str(tmp_path))
    return CliRunner()


@pytest.mark.parametrize("name", sorted(main.list_commands(None)))  # type: ignore[arg-type]
def test_every_command_explains_itself(meja: CliRunner, name: str):
    answer = meja.invoke(main, [name, "--help"])

    assert answer.exit_code == 0
    assert "Usage:" in answer.output


def test_status_of_no_house_is_plain_for_programs(meja: CliRunner):
    answer = meja.invoke(main, ["status", "--json"])

    assert json.loads(answer.output) == {"url": None, "processes": []}
    assert answer.exit_code == 1


def test_stopping_no_house_is_no_mistake(meja: CliRunner):
    assert meja.invoke(main, ["down"]).exit_code == 0


def test_replicas_on_sqlite_are_refused_with_the_way_out(meja: CliRunner):
    answer = meja.invoke(main, ["up", "--replicas", "2"])

    assert answer.exit_code == 1
    assert "--database postgresql" in answer.output


def test_a_token_needs_a_standing_house(meja: CliRunner):
    answer = meja.invoke(main, ["token", "create", "--role", "admin", "--name", "ops"])

    assert answer.exit_code == 1
    assert "./meja up" in answer.output


def test_an_unknown_role_is_refused_with_the_known_ones(meja: CliRunner):
    answer = meja.invoke(main, ["token", "create", "--role", "king", "--name", "ops"])

    assert answer.exit_code == 2
    assert "requester" in answer.output


def test_logs_of_a_service_are_those_of_all_its_replicas(meja: CliRunner, tmp_path: Path):
    (tmp_path / "log").mkdir()
    for name in ("sla-1", "sla-2", "slap"):
        (tmp_path / "log" / f"{name}.log").write_text(f"I am {name}\n", "utf-8")

    answer = meja.invoke(main, ["logs", "sla"])

    assert answer.output == "sla-1 | I am sla-1\nsla-2 | I am sla-2\n"


def test_replaying_dead_letters_asks_which_ones(meja: CliRunner):
    answer = meja.invoke(main, ["dead-letters", "replay", "kb"])

    assert answer.exit_code == 2
    assert "--all" in answer.output


def test_the_workbenchs_python_has_the_workbenchs_packages() -> None:
    # As a person calls it: found by the path, another Python of this name comes first there.
    words = "import click, sys; print(sys.prefix)"
    at = Path(sys.executable).parents[1]
    code = [sys.executable, "-m", "deploy.local", "run", "python", "-c", words]

    done = subprocess.run(
        code, cwd=here().root, capture_output=True, text=True, check=True, timeout=60
    )

    assert Path(done.stdout.strip()).samefile(at)
