"""`./meja bench`: how fast the desk is, beside what this machine can do at all."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from deploy.bench.house import standing_bench
from deploy.bench.load import Measured
from deploy.bench.measures import Bench, Report
from deploy.local.places import here


@click.command()
@click.option("--seconds", default=15.0, show_default=True, help="Length of each measurement.")
@click.option("--tickets", default=100_000, show_default=True, help="Tickets to list among.")
@click.option("--database", default="postgresql", type=click.Choice(["postgresql", "sqlite"]))
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures here.")
def bench(*, seconds: float, tickets: int, database: str, file: Path | None) -> None:
    """Measure accepting, routing, clocking, reading and listing, and the floor of the machine.

    Puts up a house of its own below var/bench and closes it afterwards.
    """
    console = Console()
    places = here()
    with standing_bench(places=places, database=database, say=console.log) as house:
        report = Bench(house, seconds=seconds, tickets=tickets, say=console.log).run()
    _show(console, report)
    if file:
        file.write_text(json.dumps(asdict(report), indent=1) + "\n")


def _show(console: Console, report: Report) -> None:
    table = Table("what", "a second", "p50 ms", "p95 ms", "p99 ms", "failed")
    for row in report.rows:
        table.add_row(*_cells(row))
    console.print(table)
    for name, ratio in report.ratios.items():
        console.print(f"{name}: {ratio}")
    memory = ", ".join(f"{name} {size}" for name, size in report.memory_mb.items())
    console.print(f"memory (MB, shared pages in parts): {memory}")
    console.print(f"the house without broker and database server: {report.house_mb} MB")
    busy = ", ".join(f"{name} {ms}" for name, ms in report.processor_ms_per_ticket.items())
    console.print(f"processor ms a ticket: {busy}")


def _cells(row: Measured) -> tuple[str, ...]:
    return (
        row.name,
        f"{row.per_second:g}",
        f"{row.p50_ms:g}",
        f"{row.p95_ms:g}",
        f"{row.p99_ms:g}",
        str(row.failed),
    )
