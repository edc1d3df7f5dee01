"""How promises were kept."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from chassis.database import Transaction
from contracts import sla as contract
from services.sla.store import reports
from services.sla.store.reports import Count

MISSED: Final = ("missed", "breached")


def report_promises(
    question: contract.ReportPromises, *, tx: Transaction
) -> contract.PromiseReport:
    """Count how promises were kept. A running clock that breached already counts as missed."""
    counts = reports.promises(tx, clock=question.clock, since=question.since, until=question.until)
    priorities = sorted({count.priority for count in counts})
    changes = sorted({count.group_changes for count in counts})
    return contract.PromiseReport(
        total=_promise_row("all", counts),
        by_priority=tuple(
            _promise_row(priority, (one for one in counts if one.priority == priority))
            for priority in priorities
        ),
        by_reassignments=tuple(
            _promise_row(str(times), (one for one in counts if one.group_changes == times))
            for times in changes
        ),
        reassignments=sum(count.group_changes * count.tickets for count in counts),
        reopened=sum(count.reopenings for count in counts),
    )


def _promise_row(key: str, counts: Iterable[Count]) -> contract.PromiseRow:
    by_state: Counter[str | None] = Counter()
    for count in counts:
        by_state[count.state] += count.tickets
    met, missed = by_state["met"], sum(by_state[state] for state in MISSED)
    return contract.PromiseRow(
        key=key,
        tickets=by_state.total(),
        met=met,
        missed=missed,
        running=by_state["running"] + by_state["paused"],
        cancelled=by_state["cancelled"],
        met_percent=round(100 * met / (met + missed), 1) if met + missed else None,
    )
