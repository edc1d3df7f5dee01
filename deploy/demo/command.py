"""`./meja demo`: a house with a desk in it that has just had a busy day."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from rich.console import Console

from deploy.demo import showing
from deploy.demo.recap import Recap
from deploy.demo.stage import Stage, open_stage
from deploy.local import opening
from deploy.local.house import Wish
from deploy.local.places import Places, here


@click.command(short_help="Show a desk at work, from nothing.")
@click.option("--exit", "is_exit", is_flag=True, help="Stop the house at the end.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Port to serve HTTP on [default: {opening.USUAL_HTTP_PORT}, or the next one free].",
)
def demo(*, is_exit: bool, port: int | None) -> None:
    """Start a house, furnish a made-up company's desk and play one working day on it.

    The day takes less than a minute: the house's clock is moved. At the end it shows what became of
    each ticket, and the portal stays up until `./meja down`. Played once, a second call shows the
    desk again.
    """
    console = Console()
    places = here()
    opening.ensure_installed(wish=Wish(port=port), say=console.print)
    with _closing(places, also_at_the_end=is_exit):
        stage = open_stage(places=places, port=port, say=console.print)
        showing.show_tickets(console, _recap(stage, console))
        if not is_exit:
            showing.show_way_in(console, url=stage.url, logins=stage.logins)


def _recap(stage: Stage, console: Console) -> Recap:
    if stage.journal.is_over:
        console.print(f"The desk of {stage.journal.on:%d %B %Y}, as it stands now:")
        return stage.recap()
    with showing.curtain(console, on=stage.journal.on, zone=stage.zone) as look_on:
        return stage.perform(look_on=look_on)


@contextmanager
def _closing(places: Places, *, also_at_the_end: bool) -> Iterator[None]:
    """Close the house that we opened when we do not get to the end, or in any case at the end."""
    stood_before = opening.standing(places) is not None
    try:
        yield
    except BaseException:  # also Ctrl-C
        if not stood_before:
            opening.close_house(places=places)
        raise
    if also_at_the_end:
        opening.close_house(places=places)
