"""The report at the end of a replay: what was played, how it was judged, and the log's own word."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.replay.player import Failure
from deploy.replay.survey import Survey

SHOWN_FAILURES = 10


def as_plain(
    survey: Survey, *, judged: Mapping[str, Any], failures: Sequence[Failure], seconds: float
) -> dict[str, Any]:
    """The report for a program."""
    counts = survey.tickets.values()
    return {
        "tickets": len(survey.tickets),
        "steps": survey.steps,
        "seconds": round(seconds, 1),
        "failures": [asdict(failure) for failure in failures],
        "played": {
            "reassignments": survey.reassignments,
            "reopenings": sum(count.reopenings for count in counts),
            "reopened": survey.reopened,
        },
        "desk": judged,
        "log": {
            "agreeing": len(survey.tickets) - len(survey.disagreeing),
            "disagreeing": len(survey.disagreeing),
            "unexplained": sum(not count.is_explained for count in counts),
            "unseen": dict(survey.unseen),
            "kept_by_reassignments": [asdict(row) for row in survey.kept_by_reassignments()],
        },
    }


def show(console: Console, report: Mapping[str, Any]) -> None:
    """The report for a person."""
    for line in _lines(report):
        console.print(line)
    console.print()
    console.print(_table(report))


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    played, desk, log = report["played"], report["desk"], report["log"]
    yield (
        f"{report['tickets']} tickets, {report['steps']} steps in {report['seconds']} s; "
        f"{played['reassignments']} reassignments, {played['reopened']} reopened "
        f"({played['reopenings']} times)"
    )
    yield (
        f"the desk counts {desk['total']['tickets']} tickets, {desk['reassignments']} "
        f"reassignments, {desk['reopened']} reopenings"
    )
    if desk["total"]["tickets"] > report["tickets"]:
        yield "  (tickets of its own, or of another log, were opened in the same days)"
    yield f"the log's own counters agree for {log['agreeing']} of {report['tickets']} tickets"
    for why, times in sorted(log["unseen"].items(), key=lambda item: -item[1]):
        yield f"  {times} changes of group that the log counts and does not show: {why}"
    for failure in report["failures"][:SHOWN_FAILURES]:
        where = f"{failure['ticket']}, row {failure['position']}"
        yield f"[red]refused[/] {where}: {failure['problem']}"
    if (more := len(report["failures"]) - SHOWN_FAILURES) > 0:
        yield f"[red]refused[/] {more} more"


def _table(report: Mapping[str, Any]) -> Table:
    kept = {row["reassignments"]: row for row in report["log"]["kept_by_reassignments"]}
    table = Table(
        title="Resolution promise kept, by number of reassignments", title_justify="left", box=None
    )
    for heading in ("reassignments", "tickets", "met", "missed", "running", "met %"):
        table.add_column(heading, justify="right")
    if kept:
        table.add_column("by the log's own word %", justify="right")
    for row in report["desk"]["by_reassignments"]:
        share = row["met_percent"]
        cells = [row["key"], row["tickets"], row["met"], row["missed"], row["running"]]
        words = [*map(str, cells), "–" if share is None else f"{share:.1f}"]
        table.add_row(*words, *_own_word(kept, int(row["key"])))
    return table


def _own_word(kept: Mapping[int, Mapping[str, int]], reassignments: int) -> list[str]:
    if not kept:
        return []
    row = kept.get(reassignments)
    return [f"{100 * row['kept'] / row['tickets']:.1f}" if row else "–"]
