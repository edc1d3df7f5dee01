"""`./meja bench`: how fast the desk is, beside what this machine can do at all."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from deploy.bench.engine.command import engine_alone
from deploy.bench.house import standing_bench
from deploy.bench.knowledge.command import kb
from deploy.bench.knowledge.replicas import replicas
from deploy.bench.load import Measured
from deploy.bench.measures import Bench, Report
from deploy.bench.promises import standing_promises
from deploy.bench.reports import ReportsBench
from deploy.bench.timers import Report as TimersReport
from deploy.bench.timers import TimersBench
from deploy.local.places import here


@click.group(invoke_without_command=True)
@click.pass_context
@click.option("--seconds", default=15.0, show_default=True, help="Length of each measurement.")
@click.option("--tickets", default=100_000, show_default=True, help="Tickets to list among.")
@click.option("--database", default="postgresql", type=click.Choice(["postgresql", "sqlite"]))
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures here.")
def bench(
    ctx: click.Context, *, seconds: float, tickets: int, database: str, file: Path | None
) -> None:
    """Measure accepting, routing, clocking, reading and listing, and the floor of the machine.

    Puts up a house of its own below var/bench and closes it afterwards. The commands below measure
    one part of it each.
    """
    if ctx.invoked_subcommand:
        return
    console = Console()
    places = here()
    with standing_bench(places=places, database=database, say=console.log) as house:
        report = Bench(house, seconds=seconds, tickets=tickets, say=console.log).run()
    _show(console, report)
    if file:
        file.write_text(json.dumps(asdict(report), indent=1) + "\n")


bench.add_command(kb)
bench.add_command(replicas)
bench.add_command(engine_alone, "engine")


@bench.command(short_help="Thresholds under load, and after a pause.")
@click.option("--pending", default=1_200_000, show_default=True, help="Timers that wait.")
@click.option("--at-once", default=1000, show_default=True, help="Tickets due in one second.")
@click.option("--missed", default=10_000, show_default=True, help="Tickets missed while down.")
@click.option("--replicas", default=2, show_default=True, help="Processes of sla.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures here.")
def timers(*, pending: int, at_once: int, missed: int, replicas: int, file: Path | None) -> None:
    """Measure how late thresholds are told: sla alone, on a PostgreSQL of its own."""
    console = Console()
    with standing_promises(places=here(), replicas=replicas, say=console.log) as promises:
        report = TimersBench(
            promises, pending=pending, at_once=at_once, missed=missed, say=console.log
        ).run()
    _show_timers(console, report)
    if file:
        file.write_text(json.dumps(asdict(report), indent=1) + "\n")


@bench.command(short_help="Reports over many tickets.")
@click.option("--tickets", default=1_000_000, show_default=True, help="Tickets to count.")
@click.option("--seconds", default=10.0, show_default=True, help="Length of each measurement.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures here.")
def reports(*, tickets: int, seconds: float, file: Path | None) -> None:
    """Measure the reports on promises over three years of tickets, on a PostgreSQL of its own."""
    console = Console()
    with standing_promises(places=here(), replicas=1, say=console.log) as promises:
        rows = ReportsBench(promises, tickets=tickets, seconds=seconds, say=console.log).run()
    table = Table("report", "a second", "p50 ms", "p95 ms", "p99 ms", "failed")
    for row in rows:
        table.add_row(*_cells(row))
    console.print(table)
    if file:
        file.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


def _show_timers(console: Console, report: TimersReport) -> None:
    table = Table("lateness of thresholds", "a second", "p50 ms", "p95 ms", "p99 ms", "failed")
    for row in report.rows:
        table.add_row(*_cells(row))
    console.print(table)
    console.print(
        f"after a pause {report.missed:,} tickets were told in {report.caught_up} s, "
        f"{report.marked_late:,} marked late; {report.superseded:,} lower thresholds superseded"
    )
    console.print(f"told twice: {report.twice}; never told: {report.lost}")
    for when, sizes in report.memory_mb.items():
        console.print(f"memory of each replica (MB) with {when}: {sizes}")


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
    for name, shares in report.profile.items():
        told = ", ".join(f"{kind} {share:g} %" for kind, share in shares.items())
        console.print(f"where {name} spends its time: {told}")


def _cells(row: Measured) -> tuple[str, ...]:
    return (
        row.name,
        f"{row.per_second:g}",
        f"{row.p50_ms:g}",
        f"{row.p95_ms:g}",
        f"{row.p99_ms:g}",
        str(row.failed),
    )
