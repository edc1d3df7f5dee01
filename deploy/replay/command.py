"""`./meja replay`: a past desk's event log, played again through the API with its own times."""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from httpx import TransportError
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from deploy.api import Desk, Refused
from deploy.entrance import enter
from deploy.local import opening
from deploy.local.detached import open_detached
from deploy.local.house import Wish
from deploy.local.places import Places, here
from deploy.local.problems import Problem
from deploy.local.record import Record
from deploy.replay.log import Log, open_log
from deploy.replay.marks import Marks
from deploy.replay.player import Failure, Player, endings_last
from deploy.replay.promises import judged, make_promises
from deploy.replay.report import as_plain, show
from deploy.replay.row import LogFault
from deploy.replay.staffing import hire, staff_of
from deploy.replay.story import Step, steps
from deploy.replay.survey import survey


@click.command(short_help="Play a past desk's event log again.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--limit", type=click.IntRange(1), help="Only the first so many tickets.")
@click.option("--zone", default="UTC", show_default=True, help="Of the log's times without one.")
@click.option("--json", "as_json", is_flag=True, help="Print the report for a program to read.")
def replay(*, file: Path, limit: int | None, zone: str, as_json: bool) -> None:
    """Play FILE, a CSV log of past tickets, through the API of the standing desk.

    Known are ServiceNow audit logs, logs of status changes as in the BPI Challenge 2013, and a
    plain form of our own (docs/reference/replay-log.md); a name that ends in .gz is decompressed.
    Times are the log's. What was played is not played again.
    Exit code 1 when the desk refused a ticket.
    """
    console = Console(stderr=as_json)
    try:
        report = _replay(_open(file, zone=zone), limit=limit, console=console)
    except LogFault as fault:
        raise Problem(f"{file}: {fault}") from fault
    except (Refused, TransportError) as problem:
        raise Problem(f"the desk does not play along: {problem}") from problem
    if as_json:
        click.echo(json.dumps(report, indent=1))
    else:
        show(console, report)
    sys.exit(1 if report["failures"] else 0)


def _open(file: Path, *, zone: str) -> Log:
    try:
        return open_log(file, zone=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        raise Problem(f"--zone: {zone!r} is not a name of the tz database") from None


def _replay(log: Log, *, limit: int | None, console: Console) -> dict[str, Any]:
    found = survey(log.rows(limit=limit))  # reads it to the end before anything is sent
    places = here()
    standing = _standing(places, console)
    folder = places.var / "replay"
    desk = enter(standing, name="Replay", file=folder / "token", places=places)
    if make_promises(desk):
        console.print("the desk promised nothing yet; it takes the demonstration's promises")
    began = time.monotonic()
    with Marks(folder / f"{log.fingerprint}.jsonl") as marks:
        failures = _play(log, desk, marks=marks, limit=limit, console=console)
    seconds = time.monotonic() - began
    opened = [count.opened_at for count in found.tickets.values()]
    verdict = judged(
        desk,
        since=min(opened),
        until=max(opened),
        tickets=len(opened) - len(failures),
        reassignments=0 if failures else found.reassignments,
    )
    return as_plain(found, judged=verdict, failures=failures, seconds=seconds)


def _standing(places: Places, console: Console) -> Record:
    if standing := opening.standing(places):
        return standing
    wish = Wish()
    opening.ensure_installed(wish=wish, say=console.print)
    return open_detached(wish=wish, places=places, say=console.print)


def _play(
    log: Log, desk: Desk, *, marks: Marks, limit: int | None, console: Console
) -> list[Failure]:
    tickets = defaultdict[str, list[Step]](list)
    for step in steps(log.rows(limit=limit)):
        tickets[step.ticket].append(step)
    staff = staff_of(step for told in tickets.values() for step in told)
    groups, agents = hire(desk, staff)
    console.print(f"{groups} groups and {agents} agents are new to the desk")
    plays = [endings_last(told) for told in tickets.values()]
    player = Player(desk, staff=staff, marks=marks, fingerprint=log.fingerprint)
    with _progress(console, total=sum(map(len, plays))) as advance:
        return player.play(plays, on_step=advance)


@contextmanager
def _progress(console: Console, *, total: int) -> Iterator[Callable[[], None]]:
    columns = (
        TextColumn("replaying"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)
