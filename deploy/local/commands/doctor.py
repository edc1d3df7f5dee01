"""`doctor`: what is here, what is missing, what to do."""

import shutil
import sys
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table

from deploy.local import bootstrap, broker, environment, opening, ports, postgres
from deploy.local.places import Places, here
from deploy.local.probes import answers
from deploy.local.system_packages import (
    CHROMIUM,
    POSTGRESQL,
    RABBITMQ,
    Package,
    advice,
    may_install,
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. Only what the desk itself `needs` makes the doctor unhappy."""

    thing: str
    found: str
    remedy: str = ""
    needed_for: str = "the desk"
    is_well: bool = True

    @property
    def is_missing(self) -> bool:
        """Tell whether the desk cannot run because of this."""
        return not self.is_well and self.needed_for == "the desk"


@click.command()
def doctor() -> None:
    """Look at this machine. Exit code 1 when something the desk needs is missing."""
    findings = examine(here())
    table = Table("", "what", "found", "needed for", "what to do")
    for each in findings:
        mark = "[green]ok[/]" if each.is_well else "[red]no[/]" if each.is_missing else "-"
        table.add_row(mark, each.thing, each.found, each.needed_for, each.remedy)
    Console().print(table)
    sys.exit(1 if any(each.is_missing for each in findings) else 0)


def examine(places: Places) -> list[Finding]:
    """Look at everything the house and its tests use."""
    return [
        _workbench(places),
        _broker(),
        _package(
            POSTGRESQL,
            is_here=postgres.is_installed(),
            needed_for="--database postgresql, tests",
        ),
        _package(
            CHROMIUM, is_here=bool(shutil.which("chromium")), needed_for="tests of the portal"
        ),
        _port(places),
        _house(places),
    ]


def _workbench(places: Places) -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    venv = places.root / ".venv"
    if venv.is_symlink():
        return Finding("workbench", f"Python {version}; .venv is a link, used as it is")
    wanted = bootstrap.stamp_of(places.root / "requirements.lock")
    if bootstrap.is_current(venv / "meja.stamp", wanted):
        return Finding("workbench", f"Python {version}, as locked")
    remedy = "the next ./meja command makes it anew"
    return Finding("workbench", f"Python {version}, another lock", remedy, is_well=False)


def _broker() -> Finding:
    if given := environment.read("MEJA_AMQP_URL"):
        is_well = answers(given)
        remedy = "" if is_well else "start it, or unset MEJA_AMQP_URL"
        return Finding("broker", "MEJA_AMQP_URL", remedy, is_well=is_well)
    if answers(broker.STANDARD_URL):
        return Finding("broker", "this machine's own, on its standard port")
    return _package(RABBITMQ, is_here=broker.is_installed(), needed_for="the desk")


def _package(package: Package, *, is_here: bool, needed_for: str) -> Finding:
    if is_here:
        return Finding(package.name, "installed", needed_for=needed_for)
    remedy = "./meja installs it when it is needed" if may_install() else advice(package)
    return Finding(package.name, "not installed", remedy, needed_for, is_well=False)


def _port(places: Places) -> Finding:
    port = opening.USUAL_HTTP_PORT
    if ports.is_free(port) or opening.standing(places):
        return Finding("HTTP port", f"{port} is free, or ours")
    found = f"{port} is used by {ports.owner(port) or 'another program'}"
    remedy = "`up` takes the next free one; --port chooses"
    return Finding("HTTP port", found, remedy, "the usual address", is_well=False)


def _house(places: Places) -> Finding:
    standing = opening.standing(places)
    if standing:
        return Finding("house", f"{standing.state} at {standing.url}")
    if places.record.exists():
        remedy = "./meja down"
        return Finding("house", "fell without being stopped", remedy, "tidiness", is_well=False)
    return Finding("house", "not up")
