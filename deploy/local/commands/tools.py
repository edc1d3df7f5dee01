"""`run` and `lock`: the workbench's own tools."""

import os

import click

from deploy.local import environment, locks
from deploy.local.commands.tests import tool
from deploy.local.places import here


@click.command(
    short_help="Run a tool of the workbench.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("name")
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def run(*, name: str, words: tuple[str, ...]) -> None:
    """Run a tool of the workbench from the checkout: `./meja run ruff check`."""
    if not os.access(tool(name), os.X_OK):
        raise click.BadParameter(f"the workbench has no {name}")
    os.chdir(here().root)
    # By its whole path: Python finds its packages by how it was called.
    os.execve(tool(name), (tool(name), *words), environment.inherited())


@click.command(short_help="Write the locks anew.")
@click.option("--upgrade", is_flag=True, help="Take the newest versions the ranges allow.")
def lock(*, upgrade: bool) -> None:
    """Write every lock anew from the pyproject files, keeping the versions that still fit."""
    for path in locks.compile_all(root=here().root, upgrade=upgrade):
        click.echo(f"wrote {path.relative_to(here().root)}")
