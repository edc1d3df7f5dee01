"""The command line behind `./meja`: one module per kind of work."""

import importlib
import importlib.util

import click

from deploy.local.commands import dead_letters, desk, doctor, houses, tests, tools
from deploy.local.problems import Problem

# The larger commands, in packages of their own: `deploy/<package>/command.py` holds the click
# command of that name. Imported only when called: `./meja status` should not wait for their needs.
_ELSEWHERE = {name: name for name in ("apply", "bench", "demo", "kb", "replay", "sla")}
_ELSEWHERE["export"] = "apply"


class _Launcher(click.Group):
    """A group that imports the larger commands only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *filter(_is_here, _ELSEWHERE)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _ELSEWHERE or not _is_here(cmd_name):
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(f"deploy.{_ELSEWHERE[cmd_name]}.command")
        command: click.Command = getattr(module, cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Problem as problem:
            raise click.ClickException(str(problem)) from problem


def _is_here(name: str) -> bool:
    package = f"deploy.{_ELSEWHERE[name]}"
    if importlib.util.find_spec(package) is None:
        return False
    return importlib.util.find_spec(f"{package}.command") is not None


@click.group(cls=_Launcher, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Meja, the service desk, on this machine.

    `up` starts the whole house: broker, databases, services and gateway. Everything it writes lies
    below `var/` (MEJA_VAR moves it).
    """


for _command in (
    houses.up,
    houses.down,
    houses.status,
    houses.logs,
    doctor.doctor,
    tests.test,
    tools.run,
    tools.lock,
    desk.token,
    dead_letters.dead_letters,
):
    main.add_command(_command)
