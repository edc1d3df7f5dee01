"""What is in a log, counted before anything is sent, and held against the log's own counters."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deploy.replay.row import Claims, LogRow
from deploy.replay.servicenow import NOT_RECORDED
from deploy.replay.story import HandOver, Move, Step, Storyteller

# Why a log can count a change of group that it does not show.
SAME_GROUP = "between two rows of the same group"
UNNAMED_GROUPS = "between two groups that the log does not name"
BEFORE_FIRST_ROW = "before the ticket's first row"


@dataclass(kw_only=True, slots=True)
class TicketCount:
    """One ticket's counts: ours from its steps, the log's own where it has any.

    Attributes:
        unseen: changes of group that the log counted between two rows without showing them.
        claimed_reassignments: what the log says in the ticket's last row; None when it is silent.
    """

    opened_at: datetime
    steps: int = 0
    moved: int = 0
    reassignments: int = 0
    reopenings: int = 0
    unseen: int = 0
    claimed_reassignments: int | None = None
    claimed_reopenings: int | None = None
    is_promise_kept: bool | None = None

    @property
    def agrees(self) -> bool:
        """Whether our counts are the log's own; a silent log disagrees with nothing."""
        return self.claimed_reassignments in {
            None,
            self.reassignments,
        } and self.claimed_reopenings in {None, self.reopenings}

    @property
    def is_explained(self) -> bool:
        """Whether what we counted and what the log did not show make up the log's counters."""
        return self.claimed_reassignments in {
            None,
            self.reassignments + self.unseen,
        } and self.claimed_reopenings in {None, self.reopenings}


@dataclass(frozen=True, kw_only=True)
class KeptRow:
    """The log's own verdicts for the tickets with so many changes of group."""

    reassignments: int
    tickets: int
    kept: int


@dataclass(kw_only=True)
class Survey:
    """A log's tickets with their counts, and why it counts changes of group it does not show."""

    tickets: dict[str, TicketCount] = field(default_factory=dict)
    unseen: Counter[str] = field(default_factory=Counter)

    @property
    def steps(self) -> int:
        """How many steps a replay of the log plays."""
        return sum(count.steps for count in self.tickets.values())

    @property
    def reassignments(self) -> int:
        """Changes of group over all tickets."""
        return sum(count.reassignments for count in self.tickets.values())

    @property
    def reopened(self) -> int:
        """Tickets that were reopened at least once."""
        return sum(count.reopenings > 0 for count in self.tickets.values())

    @property
    def disagreeing(self) -> Mapping[str, TicketCount]:
        """Tickets whose counts are not the log's own."""
        return {key: count for key, count in self.tickets.items() if not count.agrees}

    def kept_by_reassignments(self) -> list[KeptRow]:
        """The log's own verdicts by number of changes of group, fewest first."""
        judged, kept = Counter[int](), Counter[int]()
        for count in self.tickets.values():
            if count.is_promise_kept is not None:
                judged[count.reassignments] += 1
                kept[count.reassignments] += count.is_promise_kept
        return [
            KeptRow(reassignments=number, tickets=judged[number], kept=kept[number])
            for number in sorted(judged)
        ]


def survey(rows: Iterable[LogRow]) -> Survey:
    """Count a whole log.

    Raises:
        LogFault: at the first row that cannot be read.
    """
    found = Survey()
    storyteller = Storyteller()
    latest: dict[str, LogRow] = {}
    for row in rows:
        told = storyteller.tell(row)
        opened = TicketCount(opened_at=row.opened_at or row.at)
        count = found.tickets.setdefault(row.ticket, opened)
        _count_steps(count, told)
        if row.claims:
            shown = sum(isinstance(step, HandOver) for step in told)
            hidden = row.claims.reassignments - (count.claimed_reassignments or 0) - shown
            if hidden > 0:
                count.unseen += hidden
                found.unseen[_why_unseen(row, latest.get(row.ticket))] += hidden
            _take_claims(count, row.claims)
        latest[row.ticket] = row
    return found


def _count_steps(count: TicketCount, told: list[Step]) -> None:
    count.steps += len(told)
    count.moved += sum(step.is_moved for step in told)
    count.reassignments += sum(isinstance(step, HandOver) for step in told)
    count.reopenings += sum(isinstance(step, Move) and step.is_reopening for step in told)


def _take_claims(count: TicketCount, claims: Claims) -> None:
    count.claimed_reassignments = claims.reassignments
    count.claimed_reopenings = claims.reopenings
    count.is_promise_kept = claims.is_promise_kept


def _why_unseen(row: LogRow, before: LogRow | None) -> str:
    if before is None:
        return BEFORE_FIRST_ROW
    return UNNAMED_GROUPS if row.group == before.group == NOT_RECORDED else SAME_GROUP
