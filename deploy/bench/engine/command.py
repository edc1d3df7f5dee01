"""`./meja bench engine`: deadlines, folds and replays a second, on one core, without a house."""

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from deploy.bench.engine import lives
from deploy.bench.engine.questions import (
    SEED,
    Calculator,
    Question,
    engine,
    questions,
    timetable,
    walker,
)
from deploy.bench.engine.rivals import rivals
from services.sla.domain.fold import fold

ENTRIES = 50
AGREED_ON = 200  # questions every calculator is compared on before it is timed


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure; `times_slower` is against the engine in the same run."""

    name: str
    per_second: float
    times_slower: float | None = None
    differs: int | None = None


@click.command(short_help="The engine of promises alone.")
@click.option("--seconds", default=5.0, show_default=True, help="Length of each measurement.")
@click.option("--tickets", default=100_000, show_default=True, help="Tickets to replay.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures here.")
def engine_alone(*, seconds: float, tickets: int, file: Path | None) -> None:
    """Measure deadlines beside other calculators, a fold of 50 entries, and a replay; one core.

    A second is one of processor time, so that others on the machine do not count. Calculators that
    are installed beside the workbench (businesstimedelta, pandas) are asked the same questions in
    the same run, and their answers are compared with ours.
    """
    console = Console()
    load = os.getloadavg()[0]
    rows = [*_deadlines(seconds), _fold(seconds), *_replay(tickets)]
    table = Table("what", "a second", "times slower", "other answers")
    for row in rows:
        slower = "" if row.times_slower is None else f"{row.times_slower:,.0f}"
        differs = "" if row.differs is None else f"{row.differs} of {AGREED_ON}"
        table.add_row(row.name, f"{row.per_second:,.0f}", slower, differs)
    console.print(table)
    console.print(f"load average before the run: {load:.1f} on {os.cpu_count()} cores")
    if file:
        figures = {"load": load, "rows": [asdict(row) for row in rows]}
        file.write_text(json.dumps(figures, indent=1) + "\n")


def _deadlines(seconds: float) -> Iterator[Row]:
    asked = questions(50_000)
    ours = engine()
    expected = [ours(question) for question in asked[:AGREED_ON]]
    speed = _speed(lambda: _ask(ours, asked), len(asked), seconds)
    yield Row(name="deadlines: the engine", per_second=speed)
    for name, calculator in (*rivals(), ("a walk minute by minute", walker())):
        differs = _different(calculator, asked[:AGREED_ON], expected)
        theirs = _rate(calculator, asked, seconds)
        yield Row(
            name=f"deadlines: {name}",
            per_second=theirs,
            times_slower=speed / theirs,
            differs=differs,
        )


def _ask(calculator: Calculator, asked: Sequence[Question]) -> None:
    for question in asked:
        calculator(question)


def _different(
    calculator: Calculator, asked: Sequence[Question], expected: Sequence[object]
) -> int:
    """Answers that differ by open time: the end of a day may be called the next morning."""
    table = timetable()
    both = [(calculator(question), due) for question, due in zip(asked, expected, strict=True)]
    pairs = [sorted((theirs, due)) for theirs, due in both]  # type: ignore[type-var]
    return sum(table.open_time(start=low, end=high) != 0 for low, high in pairs)  # type: ignore[arg-type]


def _rate(calculator: Calculator, asked: Sequence[Question], seconds: float) -> float:
    began, done = time.process_time(), 0
    while (took := time.process_time() - began) < seconds:
        calculator(asked[done % len(asked)])
        done += 1
    return done / took


def _speed(work: Callable[[], None], pieces: int, seconds: float) -> float:
    work()  # warm: compile the years once
    began, rounds = time.process_time(), 0
    while (took := time.process_time() - began) < seconds:
        work()
        rounds += 1
    return rounds * pieces / took


def _fold(seconds: float) -> Row:
    book = lives.book()
    facts = lives.life(ENTRIES, dice=random.Random(SEED), opened_at=lives.MONDAY)
    now = facts[-1].occurred_at

    def work() -> None:
        fold(facts, book=book).clocks(now=now)

    return Row(name=f"folds of a ticket of {ENTRIES} entries", per_second=_speed(work, 1, seconds))


def _replay(tickets: int) -> Iterator[Row]:
    told = list(lives.lives(tickets))
    entries = sum(map(len, told)) / tickets
    for kinds in (2, len(lives.KINDS)):
        book = lives.book(kinds)
        began = time.process_time()
        for facts in told:
            fold(facts, book=book).clocks(now=facts[-1].occurred_at)
        speed = tickets / (time.process_time() - began)
        name = f"replay of {tickets:,} tickets, {entries:.0f} entries, {kinds} kinds of clocks"
        yield Row(name=name, per_second=speed)
