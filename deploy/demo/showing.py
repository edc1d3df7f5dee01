"""What a newcomer sees: the day going by, what became of the tickets, the way in."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from deploy.demo.cast import Login
from deploy.demo.play import Moment
from deploy.demo.recap import Recap, Told, Verdict

RIGHT_WIDTH = 30  # of the column on the right; the middle one takes what is left

_STATE_STYLES = {
    "met": "green",
    "running": "default",
    "paused": "blue",
    "cancelled": "dim",
    "missed": "red",
    "breached": "red",
}
_CLOCKS = {"first_response": "answer", "resolution": "solve"}


@contextmanager
def curtain(console: Console, *, on: date, zone: ZoneInfo) -> Iterator[Callable[[Moment], None]]:
    """A live line that follows the day."""
    columns = (
        TextColumn("[bold]{task.fields[clock]}"),
        BarColumn(bar_width=24),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("furnishing the desk", total=None, clock=f"{on:%a %d %b}")

        def look_on(moment: Moment) -> None:
            progress.update(
                task,
                total=moment.of,
                completed=moment.played,
                description=_standing(moment),
                clock=f"{moment.at.astimezone(zone):%a %d %b %H:%M}",
            )

        yield look_on


def _standing(moment: Moment) -> str:
    lines = moment.lines.values()
    done = sum(line.is_done for line in lines)
    at_risk = sum(line.sla_state == "at_risk" for line in lines)
    breached = sum(line.sla_state == "breached" for line in lines)
    return f"{moment.filed} filed · {done} done · {at_risk} at risk · {breached} breached"


def show_tickets(console: Console, recap: Recap) -> None:
    """What became of each ticket, then the sums."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("ticket", no_wrap=True)
    table.add_column("where it went and why", ratio=1)
    table.add_column("what was done, promises", width=RIGHT_WIDTH)
    for ticket in recap.tickets:
        table.add_row()
        table.add_row(*_row(ticket))
    console.print()
    console.print(table)
    console.print()
    console.print(_sums(recap))


def _row(ticket: Told) -> tuple[Text, Text, Text]:
    way = " → ".join([ticket.category, *ticket.path, ticket.agent])
    offered = f"\narticle offered: {ticket.offered}" if ticket.offered else ""
    done = Text(", ".join(_counted(ticket.deeds)) or "nothing yet")
    promises = [_verdict(verdict) for verdict in ticket.verdicts]
    climbs = [Text(f"⇑ {climb}", style="yellow") for climb in ticket.climbs]
    return (
        Text(f"{ticket.number}\n{ticket.priority} {ticket.status.replace('_', ' ')}"),
        Text.assemble((ticket.subject, "bold"), f"\n{way}", (f"\n{ticket.why}{offered}", "dim")),
        Text("\n").join([done, *promises, *climbs]),
    )


def _counted(deeds: Iterable[str]) -> Iterator[str]:
    for deed, repeats in groupby(deeds):
        times = len(list(repeats))
        yield f"{deed} {times}×" if times > 1 else deed


def _verdict(verdict: Verdict) -> Text:
    crossed = f" ({verdict.crossed} %)" if verdict.crossed else ""
    is_at_risk = verdict.state == "running" and verdict.crossed
    state = "at risk" if is_at_risk else verdict.state
    style = "yellow" if is_at_risk else _STATE_STYLES[verdict.state]
    return Text.assemble(f"{_CLOCKS[verdict.clock]} ", (f"{state}{crossed}", style))


def _sums(recap: Recap) -> Text:
    deeds = recap.deeds()
    done = ", ".join(f"{times} {deed}" for deed, times in deeds.most_common())
    lines = [f"{len(recap.tickets)} tickets: {done}"]
    for clock, name in (("first_response", "first response"), ("resolution", "resolution")):
        states = ", ".join(f"{n} {state}" for state, n in recap.verdicts(clock).most_common())
        lines.append(f"{name}: {states}")
    lines.append(f"{recap.at_risk} tickets came near a promise's end, {recap.escalations} climbs")
    return Text("\n".join(lines))


def show_way_in(console: Console, *, url: str, logins: Iterable[Login]) -> None:
    """Where the portal is, and who can sign in."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("sign in as", "e-mail", "password"):
        table.add_column(heading, no_wrap=True)
    for login in logins:
        table.add_row(login.role, login.email, login.password)
    console.print()
    console.print(Text.assemble("The portal is up: ", (url, "bold underline")))
    console.print(Padding(table, (1, 0)))
    console.print("./meja down stops it; ./meja demo shows this again.")
