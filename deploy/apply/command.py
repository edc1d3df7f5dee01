"""`./meja apply` and `./meja export`: the desk's set-up from a file, and into one."""

from pathlib import Path

import click
import yaml
from httpx import TransportError
from rich.console import Console

from chassis.timekeeper import WallClock
from deploy.api import Desk, Refused
from deploy.apply.plan import Plan, carry_out, planned, written_down
from deploy.apply.sheet import SheetFault, read_sheet
from deploy.entrance import enter
from deploy.local import opening
from deploy.local.places import here
from deploy.local.problems import Problem

MARKS = {"new": "[green]+[/]", "changed": "[yellow]~[/]", "same": "[dim]=[/]"}


@click.command(short_help="Set the desk up from a file.")
@click.option(
    "--file",
    "-f",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML with groups, agents, rules, calendars, policies, or some of them.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
def apply(*, file: Path, dry_run: bool) -> None:
    """Make the standing desk be as FILE says; what is so already is left alone.

    The differences are shown first. What the file does not name stays. A fault is named with its
    line, and then nothing is changed.
    """
    console = Console(highlight=False)
    try:
        sheet = read_sheet(file.read_text("utf-8"))
        desk = _desk()
        plan = planned(sheet, desk, now=WallClock().now())
        _show(console, plan)
        if dry_run or not plan.to_do:
            return
        carry_out(plan, desk, sheet=sheet, on_step=lambda _step: None)
    except SheetFault as fault:
        raise Problem(
            "\n".join(f"{file}:{line}: {at}: {text}" for line, at, text in fault.faults)
        ) from fault
    except (Refused, TransportError) as problem:
        raise Problem(f"the desk does not take it: {problem}") from problem
    console.print(f"{len(plan.to_do)} saved")


@click.command(short_help="Write the desk's set-up into a file.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def export(*, file: Path | None) -> None:
    """Write the standing desk's whole set-up to FILE, or print it.

    `./meja apply -f FILE` brings them back; applied at the same desk it changes nothing.
    """
    try:
        found = written_down(_desk())
    except (Refused, TransportError) as problem:
        raise Problem(f"the desk does not tell: {problem}") from problem
    text = yaml.safe_dump(found, sort_keys=False, allow_unicode=True, width=100)
    if file is None:
        click.echo(text, nl=False)
    else:
        file.write_text(text, "utf-8")
        click.echo(f"wrote {file}")


def _desk() -> Desk:
    places = here()
    standing = opening.standing(places)
    if standing is None:
        raise opening.NotOpen
    return enter(standing, name="Set-up", file=places.var / "apply" / "token", places=places)


def _show(console: Console, plan: Plan) -> None:
    for part in dict.fromkeys(step.part for step in plan.steps):
        console.print(f"[bold]{part}[/]")
        for step in plan.steps:
            if step.part == part:
                console.print(f"  {MARKS[step.kind]} {step.key}")
                for path, was, now in step.changes:
                    console.print(f"      {path}: {was} → {now}", markup=False)
        if left := plan.left.get(part):
            console.print(f"  [dim]not in the file, left as they are: {', '.join(left)}[/]")
    counts = {kind: sum(step.kind == kind for step in plan.steps) for kind in MARKS}
    console.print(f"{counts['new']} new, {counts['changed']} changed, {counts['same']} the same")
