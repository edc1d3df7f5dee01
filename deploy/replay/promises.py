"""How the desk judged what was replayed, asked for once it has judged everything."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from contracts.grammar import to_plain
from deploy.api import Desk
from deploy.demo.desk import read_desk

LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 120


def make_promises(desk: Desk) -> bool:
    """Give a desk without any promises those of the demonstration; whether it had none."""
    if desk.get("/policies")["items"]:
        return False
    example = read_desk()
    for noun, specs in (("calendars", example.calendars), ("policies", example.policies)):
        for spec in specs:
            desk.put(f"/{noun}/{spec.key}", to_plain(spec))
    return True


def judged(
    desk: Desk, *, since: datetime, until: datetime, tickets: int, reassignments: int
) -> Mapping[str, Any]:
    """The desk's report on tickets opened from `since` to `until`, both included.

    It is asked for until it counts at least so many tickets and changes of group, or until it has
    not changed for long.
    """
    period = {
        "from": since.isoformat(),
        "to": (until + timedelta(microseconds=1)).isoformat(),
    }
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        found: dict[str, Any] = desk.get("/reports/promises", **period)
        is_whole = found["total"]["tickets"] >= tickets and found["reassignments"] >= reassignments
        if is_whole or time.monotonic() > deadline:
            return found
        time.sleep(LOOK_SECONDS)
