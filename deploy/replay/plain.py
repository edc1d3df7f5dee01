"""Rows of our own plain log, which any desk can be exported to: docs/reference/replay-log.md."""

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from contracts.intake import Channel, Level, PendingReason
from deploy.replay.row import Cells, Happening, LogRow, Standing

COLUMNS = ("ticket", "at", "event")
OPTIONAL_COLUMNS = (
    "group",
    "assignee",
    "status",
    "priority",
    "impact",
    "urgency",
    "category",
    "requester",
    "channel",
)
NOBODY = "-"  # in the column `assignee`: the ticket is taken away from whoever had it

_HAPPENINGS: Mapping[str, Happening] = {word: word for word in get_args(Happening)}
_LEVELS: Mapping[str, Level] = {word: word for word in get_args(Level)}
_CHANNELS: Mapping[str, Channel] = {word: word for word in get_args(Channel)}
_STANDINGS: Mapping[str, Standing] = {
    "new": Standing(status="new"),
    "in_progress": Standing(status="in_progress"),
    **{
        f"pending_{reason}": Standing(status="pending", pending_reason=reason)
        for reason in get_args(PendingReason)
    },
    "resolved": Standing(status="resolved"),
    "closed": Standing(status="closed"),
    "cancelled": Standing(status="cancelled"),
}

# For desks that know only a priority: the impact and urgency that lead to it.
_LEADING_TO: Mapping[str, tuple[Level, Level]] = {
    "p1": ("high", "high"),
    "p2": ("high", "medium"),
    "p3": ("medium", "medium"),
    "p4": ("medium", "low"),
    "p5": ("low", "low"),
}


def rows(lines: Iterable[Cells]) -> Iterator[LogRow]:
    """The log's rows in file order.

    Raises:
        LogFault: at the first cell that cannot be understood, or when a ticket does not begin with
            its one and only `opened`.
    """
    opened: set[str] = set()
    for cells in lines:
        row = _row(cells)
        if (row.happening == "opened") == (row.ticket in opened):
            was = "was opened before" if row.ticket in opened else "has not been opened yet"
            raise cells.fault("event", f"{row.ticket} {was}")
        opened.add(row.ticket)
        yield row


def _row(cells: Cells) -> LogRow:
    happening = cells.choice("event", _HAPPENINGS)
    if happening is None:
        raise cells.fault("event", "is empty")
    impact, urgency = _levels(cells)
    assignee = cells.text("assignee")
    return LogRow(
        position=cells.position,
        ticket=cells.needed("ticket"),
        at=cells.instant("at"),
        happening=happening,
        standing=cells.choice("status", _STANDINGS),
        group=cells.text("group"),
        assignee="" if assignee == NOBODY else assignee,
        impact=impact,
        urgency=urgency,
        category=cells.text("category"),
        requester=cells.text("requester"),
        channel=cells.choice("channel", _CHANNELS),
    )


def _levels(cells: Cells) -> tuple[Level | None, Level | None]:
    impact, urgency = cells.choice("impact", _LEVELS), cells.choice("urgency", _LEVELS)
    if impact or urgency:
        return impact, urgency
    return cells.choice("priority", _LEADING_TO) or (None, None)
