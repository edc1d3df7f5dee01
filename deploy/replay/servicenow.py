"""Rows of a ServiceNow audit log: each repeats the whole incident as it stood after a change."""

from collections.abc import Iterable, Iterator, Mapping

from contracts.intake import Channel, Level
from deploy.replay.row import Cells, Claims, LogRow, Standing

COLUMNS = (
    "ticket_id",
    "activity",
    "timestamp",
    "resource",
    "team",
    "opened_at",
    "impact",
    "urgency",
    "contact_type",
    "category",
    "caller",
)
CLAIM_COLUMNS = ("reassignment_count", "reopen_count", "made_sla")

# The log leaves a group out that it does not name. It counts a move there or back as any other, so
# this is a group of its own.
NOT_RECORDED = "Not recorded"

_STANDINGS: Mapping[str, Standing | None] = {
    "new": Standing(status="new"),
    "active": Standing(status="in_progress"),
    "awaiting user info": Standing(status="pending", pending_reason="requester"),
    "awaiting evidence": Standing(status="pending", pending_reason="requester"),
    "awaiting vendor": Standing(status="pending", pending_reason="vendor"),
    "awaiting problem": Standing(status="pending", pending_reason="change"),
    "resolved": Standing(status="resolved"),
    "closed": Standing(status="closed"),
    "-100": None,  # a status that the log could not name
}
_LEVELS: Mapping[str, Level] = {"1 - high": "high", "2 - medium": "medium", "3 - low": "low"}
_CHANNELS: Mapping[str, Channel] = {
    "phone": "phone",
    "ivr": "phone",
    "email": "email",
    "self service": "portal",
    "direct opening": "api",
}
_TRUTHS: Mapping[str, bool] = {"true": True, "false": False}


def rows(lines: Iterable[Cells]) -> Iterator[LogRow]:
    """The log's rows in file order; its priority follows from impact and urgency and is not read.

    Raises:
        LogFault: at the first cell that cannot be understood.
    """
    return (_row(cells) for cells in lines)


def _row(cells: Cells) -> LogRow:
    return LogRow(
        position=cells.position,
        ticket=cells.needed("ticket_id"),
        at=cells.instant("timestamp"),
        opened_at=cells.instant("opened_at"),
        standing=cells.choice("activity", _STANDINGS),
        group=cells.text("team") or NOT_RECORDED,
        assignee=cells.text("resource") or "",
        impact=cells.choice("impact", _LEVELS),
        urgency=cells.choice("urgency", _LEVELS),
        category=cells.text("category"),
        requester=cells.text("caller"),
        channel=cells.choice("contact_type", _CHANNELS),
        claims=_claims(cells),
    )


def _claims(cells: Cells) -> Claims | None:
    if not all(column in cells.values for column in CLAIM_COLUMNS):
        return None
    return Claims(
        reassignments=cells.count("reassignment_count"),
        reopenings=cells.count("reopen_count"),
        is_promise_kept=bool(cells.choice("made_sla", _TRUTHS)),
    )
