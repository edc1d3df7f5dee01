"""The command line behind `./meja`: one module per kind of work."""

import importlib
import importlib.util

import click

from deploy.local.commands import dead_letters, desk, doctor, houses, tests, tools
from deploy.local.problems import Problem

# Kept in packages of their own, with more to import than `./meja status` should wait for.
_ELSEWHERE = {
    "demo": "deploy.demo",
    "replay": "deploy.replay",
    "bench": "deploy.bench",
}


class _Launcher(click.Group):
    """A group that imports the larger commands only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        present = [name for name, module in _ELSEWHERE.items() if importlib.util.find_spec(module)]
        return sorted([*super().list_commands(ctx), *present])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _ELSEWHERE.get(cmd_name)
        if module is None or importlib.util.find_spec(module) is None:
            return super().get_command(ctx, cmd_name)
        command: click.Command = importlib.import_module(module).command
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Problem as problem:
            raise click.ClickException(str(problem)) from problem


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
