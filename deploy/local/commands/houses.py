"""`up`, `down`, `status`, `logs`: the house from the outside."""

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from deploy.local import house, opening
from deploy.local import logs as log_files
from deploy.local.detached import open_detached
from deploy.local.house import Wish
from deploy.local.places import here
from deploy.local.problems import Problem
from deploy.local.record import Record


@click.command(short_help="Start the house.")
@click.option("--detach", "-d", is_flag=True, help="Return once the house is ready.")
@click.option(
    "--replicas",
    type=click.IntRange(1, 20),
    default=1,
    show_default=True,
    help="Processes of each service; more than one needs PostgreSQL.",
)
@click.option(
    "--database",
    type=click.Choice(["sqlite", "postgresql"]),
    default="sqlite",
    show_default=True,
    help="SQLite files, or a private PostgreSQL cluster.",
)
@click.option("--host", default=house.LOOPBACK, show_default=True, help="Where to serve HTTP.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Port to serve HTTP on [default: {opening.USUAL_HTTP_PORT}, or the next one free].",
)
def up(*, detach: bool, replicas: int, database: str, host: str, port: int | None) -> None:
    """Start the house: broker, databases, services, gateway.

    It stays in the foreground until Ctrl-C; with --detach it goes on until `./meja down`.
    """
    wish = Wish(replicas=replicas, database=database, host=host, port=port)
    places = here()
    if standing := opening.standing(places):
        _accept_standing(standing, wish=wish)
        return
    opening.ensure_installed(wish=wish, say=_say)
    if detach:
        open_detached(wish=wish, places=places, say=click.echo)
    else:
        opening.open_house(wish=wish, places=places, say=_say)


@click.command()
def down() -> None:
    """Stop the house and every process of it."""
    stopped = opening.close_house(places=here())
    click.echo("stopped" if stopped else "no house stands here")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
def status(*, as_json: bool) -> None:
    """Show what runs. Exit code 1 when no house stands here."""
    standing = opening.standing(here())
    if as_json:
        click.echo(json.dumps(_plain(standing)))
    elif standing is None:
        click.echo("no house stands here")
    else:
        _print_table(standing)
    sys.exit(0 if standing else 1)


@click.command(short_help="Show the logs.")
@click.argument("name", required=False)
@click.option("--follow", "-f", is_flag=True, help="Go on as new lines are written.")
@click.option(
    "--lines", "-n", default=50, show_default=True, help="Lines of each log to begin with."
)
def logs(*, name: str | None, follow: bool, lines: int) -> None:
    """Show the logs of a process (NAME: intake-1), of a service (intake), or of all."""
    folder = here().logs
    chosen = _logs_of(folder, name=name)
    if not chosen:
        known = ", ".join(sorted(log.stem for log in folder.glob("*.log"))) or "none yet"
        raise Problem(f"no log of {name or 'anything'}; there are: {known}")
    width = max(len(log.stem) for log in chosen)
    for log in chosen:
        for line in log_files.tail(log, lines=lines):
            click.echo(f"{log.stem:{width}} | {line}")
    if follow:
        for log, line in log_files.follow(chosen):
            click.echo(f"{log.stem:{width}} | {line}")


def _accept_standing(standing: Record, *, wish: Wish) -> None:
    """Say that the wished house stands already.

    Raises:
        Problem: another kind of house stands.
    """
    if not wish.is_met_by(standing.wish):
        raise Problem(f"a house with other options stands at {standing.url}; ./meja down stops it")
    click.echo(f"already up: {standing.url}")


def _logs_of(folder: Path, *, name: str | None) -> list[Path]:
    found = sorted(folder.glob("*.log"))
    if name is None:
        return found
    return [log for log in found if log.stem == name or log.stem.startswith(f"{name}-")]


def _plain(standing: Record | None) -> dict[str, object]:
    """Give what a program may rely on."""
    if standing is None:
        return {"url": None, "processes": []}
    processes = [
        {
            "name": entry.name,
            "pid": entry.identity.pid if entry.identity else None,
            "state": entry.state,
        }
        for entry in standing.processes
    ]
    return {"url": standing.url, "processes": processes}


def _print_table(standing: Record) -> None:
    table = Table(title=f"{standing.url or 'no address yet'} · {standing.state}")
    for heading in ("process", "pid", "state", "restarts"):
        table.add_column(heading)
    for entry in standing.processes:
        pid = str(entry.identity.pid) if entry.identity else "-"
        table.add_row(entry.name, pid, entry.state, str(entry.restarts))
    Console().print(table)


def _say(text: str) -> None:
    click.echo(f"meja: {text}")
