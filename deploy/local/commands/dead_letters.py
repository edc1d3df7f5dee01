"""`dead-letters`: events that a service could not handle, to look at and to hand over again."""

import textwrap
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from deploy.local import environment, house, opening
from deploy.local.places import here
from deploy.local.problems import Problem

if TYPE_CHECKING:
    from chassis.deadletters import DeadLetter

_LISTENER = click.Choice(list(house.SERVICES))


@click.group("dead-letters")
def dead_letters() -> None:
    """Look at events that a service could not handle, and replay them."""


@dead_letters.command("list")
@click.argument("listener", type=_LISTENER, required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, bodies included.")
def list_(*, listener: str | None, as_json: bool) -> None:
    """List the dead letters of one service, or of all."""
    from chassis import deadletters  # noqa: PLC0415 - half a second that other commands need not wait

    letters = _letters(listener)
    if as_json and letters:
        click.echo(deadletters.as_lines(letters))
    elif not as_json:
        _print_table(letters)


@dead_letters.command()
@click.argument("message_id")
def show(*, message_id: str) -> None:
    """Show one dead letter whole: what it says, and why it could not be handled."""
    found = [letter for letter in _letters(None) if letter.message_id == message_id]
    if not found:
        raise Problem(f"there is no dead letter {message_id}")
    for letter in found:
        click.echo(f"{letter.event} · heard by {letter.listener} · said at {letter.occurred_at}")
        click.echo(f"given up after {letter.attempts} attempts: {letter.error}")
        click.echo(textwrap.indent(letter.body, "  "))
        click.echo(letter.traceback)


@dead_letters.command()
@click.argument("listener", type=_LISTENER)
@click.argument("message_ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Replay every dead letter of the service.")
def replay(*, listener: str, message_ids: tuple[str, ...], everything: bool) -> None:
    """Hand dead letters to their service again; one it has handled meanwhile does no harm."""
    from chassis import deadletters  # noqa: PLC0415 - as above

    if everything == bool(message_ids):
        raise click.UsageError("name the message ids to replay, or say --all")
    count = deadletters.replay(_amqp_url(), listener, None if everything else message_ids)
    click.echo(f"{count} replayed to {listener}")


def _letters(listener: str | None) -> "list[DeadLetter]":
    from chassis import deadletters  # noqa: PLC0415 - as above

    listeners = [listener] if listener else list(house.SERVICES)
    return deadletters.list_dead(_amqp_url(), listeners)


def _amqp_url() -> str:
    """Give the broker of the house that stands here, else the one MEJA_AMQP_URL names.

    Raises:
        NotOpen: there is neither.
    """
    standing = opening.standing(here())
    known = standing.environment if standing else {}
    url = known.get("MEJA_AMQP_URL") or environment.read("MEJA_AMQP_URL")
    if url is None:
        raise opening.NotOpen
    return url


def _print_table(letters: "list[DeadLetter]") -> None:
    if not letters:
        click.echo("no dead letters")
        return
    table = Table("listener", "event", "message id", "said at", "attempts", "error")
    for letter in letters:
        attempts = str(letter.attempts)
        error = letter.error.partition("\n")[0]
        table.add_row(
            letter.listener, letter.event, letter.message_id, letter.occurred_at, attempts, error
        )
    Console().print(table)
