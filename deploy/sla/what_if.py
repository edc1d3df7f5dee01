"""`./meja sla what-if`: what another promise would have come to, asked of the standing desk."""

import csv
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
from httpx import TransportError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from contracts.grammar import to_plain
from contracts.sla import Verdict
from deploy.api import Desk, Refused
from deploy.apply.sheet import SheetFault, read_sheet
from deploy.entrance import enter
from deploy.local import opening
from deploy.local.places import here
from deploy.local.problems import Problem
from deploy.sla.chart import drawn

LOOK_SECONDS: Final = 0.3
PAGE: Final = 1000
HOUR_US: Final = 3_600_000_000


def _day(_ctx: click.Context, _option: click.Parameter, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("a day such as 2026-01-31") from None


@click.command("what-if", short_help="Judge a past period under other promises.")
@click.option(
    "--file",
    "-f",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML with the policies and calendars to judge by, as for `./meja apply`.",
)
@click.option("--from", "first", required=True, callback=_day, help="First day of openings.")
@click.option("--to", "last", required=True, callback=_day, help="Last day, included.")
@click.option("--zone", default="UTC", show_default=True, help="Whose days these are.")
@click.option("--verdicts", type=click.Path(path_type=Path), help="Write changed tickets (CSV).")
@click.option("--chart", type=click.Path(path_type=Path), help="Draw it (SVG).")
@click.option("--json", "as_json", is_flag=True, help="Print for a program to read.")
def what_if(
    *,
    file: Path,
    first: date,
    last: date,
    zone: str,
    verdicts: Path | None,
    chart: Path | None,
    as_json: bool,
) -> None:
    """Judge the tickets opened in a period under the policies and calendars of FILE.

    No ticket is changed. Ctrl-C cancels.
    """
    console = Console(stderr=as_json)
    try:
        sheet = read_sheet(file.read_text("utf-8"))
        desk = _desk()
        said = {
            **{
                part: [to_plain(spec) for spec in sheet.parts.get(part, {}).values()]
                for part in ("policies", "calendars")
            },
            "since": _midnight(first, zone),
            "until": _midnight(last + timedelta(days=1), zone),
        }
        job = _follow(desk, desk.post("/sla/what-if", said), console)
        if verdicts:
            _write(verdicts, _changed(desk, job["id"]))
        if chart:
            title = f"{job['seen']:,} tickets opened from {first} to {last}, under {file.stem}"
            chart.write_text(drawn(job, title=title), "utf-8")
    except SheetFault as fault:
        raise Problem(f"{file}:\n{fault}") from fault
    except (Refused, TransportError) as problem:
        raise Problem(f"the desk does not judge: {problem}") from problem
    if as_json:
        click.echo(json.dumps(job, indent=1))
    else:
        _show(console, job)


def _midnight(day: date, zone: str) -> str:
    try:
        at = datetime.combine(day, wall_time(), ZoneInfo(zone))
    except (KeyError, ValueError):
        raise Problem(f"--zone: {zone!r} is not a name of the tz database") from None
    return at.astimezone(UTC).isoformat()


def _desk() -> Desk:
    places = here()
    standing = opening.standing(places)
    if standing is None:
        raise opening.NotOpen
    return enter(standing, name="What-if", file=places.var / "apply" / "token", places=places)


def _follow(desk: Desk, job: dict[str, Any], console: Console) -> dict[str, Any]:
    columns = (TextColumn("judging"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=job["total"])
            while job["state"] == "running":
                time.sleep(LOOK_SECONDS)
                job = desk.get(f"/sla/what-if/{job['id']}")
                progress.update(task, completed=job["seen"], total=job["total"])
    except KeyboardInterrupt:
        with suppress(Refused, TransportError):
            desk.delete(f"/sla/what-if/{job['id']}")
        raise
    return job


def _changed(desk: Desk, job_id: str) -> Iterator[dict[str, Any]]:
    after: str | None = ""
    while after is not None:
        page = desk.get(f"/sla/what-if/{job_id}/verdicts", after=after, limit=PAGE)
        yield from page["items"]
        after = page["next_after"]


def _write(file: Path, rows: Iterator[dict[str, Any]]) -> None:
    names = [field.name for field in fields(Verdict)]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, names)
        writer.writeheader()
        writer.writerows(rows)


def _show(console: Console, job: dict[str, Any]) -> None:
    console.print(f"{job['seen']:,} tickets judged again: {job['state']}")
    table = Table("clock", "kept", "would be", "missed", "would be", "newly missed", "newly kept")
    for row in job["clocks"]:
        was, then = row["was"], row["would_be"]
        table.add_row(
            row["clock"],
            *(f"{_kept(side):,}" for side in (was, then)),
            *(f"{_missed(side):,}" for side in (was, then)),
            f"{row['newly_missed']:,}",
            f"{row['newly_kept']:,}",
        )
    console.print(table)
    blame = Table("whose time missed resolutions were", "hours", "would be")
    sides = (job["blame_was"], job["blame_would_be"])
    for holder in sorted({*sides[0], *sides[1]}, key=lambda name: -sides[1].get(name, 0)):
        blame.add_row(holder, *(f"{side.get(holder, 0) / HOUR_US:,.1f}" for side in sides))
    console.print(blame)


def _kept(states: dict[str, int]) -> int:
    return states.get("met", 0)


def _missed(states: dict[str, int]) -> int:
    return states.get("missed", 0) + states.get("breached", 0)
