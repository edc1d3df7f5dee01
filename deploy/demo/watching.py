"""Watching the desk from outside, until it has done all that follows from what was asked."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.api import Desk as Api
from deploy.local.problems import Problem

LOOK_SECONDS = 0.06  # several times what an event takes from one service to the next
PATIENCE_SECONDS = 30
PAGE = 200  # the story has fewer tickets than one page holds

_DONE = frozenset({"resolved", "closed", "cancelled", "duplicate", "merged", "spam"})


class Restless(Problem):
    """The desk did not finish what it had to do."""

    def __init__(self, *, waiting: Iterable[str]) -> None:
        named = ", ".join(sorted(waiting)) or "it keeps changing"
        super().__init__(
            f"the desk did not come to rest in {PATIENCE_SECONDS} s ({named}); see ./meja logs"
        )


@dataclass(frozen=True, kw_only=True)
class Line:
    """A ticket as the desk lists it."""

    number: str
    version: int
    status: str
    group: str | None
    assignee: str | None
    sla_state: str
    next_due_at: datetime | None

    @property
    def is_done(self) -> bool:
        """Whether nobody works on it any more."""
        return self.status in _DONE

    def is_settled(self, *, now: datetime) -> bool:
        """Whether it was routed and clocked, and a promise broken by `now` is known as such."""
        if self.group is None or self.sla_state == "none":
            return self.is_done
        is_past_due = self.next_due_at is not None and self.next_due_at <= now
        return not is_past_due or self.sla_state == "breached"


Lines = Mapping[str, Line]


class Watch:
    """The desk's own list of tickets, looked at again and again."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def look(self) -> Lines:
        """Every ticket as it stands, by number."""
        page = self._api.get("/tickets", limit=PAGE)
        return {line.number: line for line in map(_line, page["items"])}

    def rest(self, *, now: datetime) -> Lines:
        """Wait until every ticket is settled and nothing changes any more; how they stand then.

        Raises:
            Restless: that took too long.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        before: Lines = {}
        while True:
            time.sleep(LOOK_SECONDS)
            lines = self.look()
            waiting = {line.number for line in lines.values() if not line.is_settled(now=now)}
            if lines == before and not waiting:
                return lines
            if time.monotonic() > deadline:
                raise Restless(waiting=waiting)
            before = lines


def _line(item: Mapping[str, Any]) -> Line:
    due = item["next_due_at"]
    return Line(
        number=item["number"],
        version=item["version"],
        status=item["status"],
        group=item["group"],
        assignee=item["assignee"],
        sla_state=item["sla_state"],
        next_due_at=datetime.fromisoformat(due) if due else None,
    )
