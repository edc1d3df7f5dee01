"""Rows of a log of status changes with lines of support in the teams' names (`V5 3rd`).

Such is the incident log of the BPI Challenge 2013: each row is a status with its sub-status, and
who of which team set it.
"""

from collections.abc import Iterable, Iterator, Mapping

from contracts.intake import Level
from deploy.replay.row import Cells, LogRow, Standing

COLUMNS = ("ticket_id", "activity", "timestamp", "resource", "team", "impact", "product")

_AT_WORK = Standing(status="in_progress")
_FOR_THE_REQUESTER = Standing(status="pending", pending_reason="requester")
_FOR_A_CHANGE = Standing(status="pending", pending_reason="change")
_DONE = Standing(status="resolved")
_STANDINGS: Mapping[str, Standing | None] = {
    "accepted/in progress": _AT_WORK,
    "accepted/assigned": _AT_WORK,
    "accepted/wait": _FOR_A_CHANGE,  # for what, the log does not say; the group's own time
    "accepted/wait - user": _FOR_THE_REQUESTER,
    "accepted/wait - customer": _FOR_THE_REQUESTER,
    "accepted/wait - vendor": Standing(status="pending", pending_reason="vendor"),
    "accepted/wait - implementation": _FOR_A_CHANGE,
    "queued/awaiting assignment": _AT_WORK,
    "completed/in call": _DONE,
    "completed/resolved": _DONE,
    "completed/closed": Standing(status="closed"),
    "completed/cancelled": Standing(status="cancelled"),
    "unmatched/unmatched": None,
}
_QUEUED = "queued/"
_LEVELS: Mapping[str, tuple[Level, Level]] = {
    "major": ("high", "high"),
    "high": ("high", "medium"),
    "medium": ("medium", "medium"),
    "low": ("low", "medium"),
}


def rows(lines: Iterable[Cells]) -> Iterator[LogRow]:
    """The log's rows in file order; a ticket opens with its first one.

    Raises:
        LogFault: at the first cell that cannot be understood.
    """
    return (_row(cells) for cells in lines)


def _row(cells: Cells) -> LogRow:
    impact, urgency = cells.choice("impact", _LEVELS) or (None, None)
    is_queued = cells.needed("activity").casefold().startswith(_QUEUED)
    return LogRow(
        position=cells.position,
        ticket=cells.needed("ticket_id"),
        at=cells.instant("timestamp"),
        standing=cells.choice("activity", _STANDINGS),
        group=cells.text("team"),
        # Whoever puts a ticket into a queue does not have it any more.
        assignee="" if is_queued else cells.text("resource") or "",
        impact=impact,
        urgency=urgency,
        category=cells.text("product"),
        channel="api",
    )
