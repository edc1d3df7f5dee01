"""Whose open time was used: every microsecond belongs to exactly one holder."""

from collections.abc import Sequence
from itertools import pairwise

from services.sla.domain.facts import Standing
from services.sla.domain.timetable import Timetable

Counted = tuple[int, Timetable]

REQUESTER = "requester"
VENDOR = "vendor"
UNASSIGNED = "unassigned"
IN_TRANSIT = "in_transit"


def holder(standing: Standing) -> str | None:
    """Who had the ticket: `tier1:service-desk`, or one of the four others; none once it is done.

    Waiting for a change, a visit or a date is the group's own time: nobody outside holds it up.
    """
    if standing.status_category == "done":
        return None
    if standing.status_category == "waiting_requester" or standing.hold == REQUESTER:
        return REQUESTER
    if standing.hold == VENDOR:
        return VENDOR
    if standing.assignee is None or standing.group is None:
        return IN_TRANSIT if standing.in_transit else UNASSIGNED
    return standing.group if standing.tier is None else f"tier{standing.tier}:{standing.group}"


def attribute(
    timeline: Sequence[tuple[int, Standing]], *, until: int, counted: Sequence[Counted]
) -> dict[str, int]:
    """Open microseconds by holder, from the opening `until` an instant.

    The parts add up to the open time of the whole, less what lay between resolving and reopening.

    Args:
        timeline: where the ticket stood from which instant on.
        until: when it ends.
        counted: by which calendar time counts until when, in order; by the last one ever after.
    """
    found: dict[str, int] = {}
    ends = [*timeline, (max(until, timeline[-1][0]), Standing())] if timeline else []
    for (start, standing), (end, _) in pairwise(ends):
        who = holder(standing)
        if who is not None and start < until:
            spent = _open_time(start, min(end, until), counted)
            found[who] = found.get(who, 0) + spent
    return {who: spent for who, spent in found.items() if spent}


def _open_time(start: int, end: int, counted: Sequence[Counted]) -> int:
    spent = 0
    for n, (until, timetable) in enumerate(counted, start=1):
        stop = end if n == len(counted) else min(end, until)
        if start < stop:
            spent += timetable.measure_micros(stop) - timetable.measure_micros(start)
            start = stop
    return spent
