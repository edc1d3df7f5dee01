"""Who has a ticket now: what routing keeps of each ticket, and how its life changes that.

Ticket events may come late, twice or in another order; each carries the ticket's own `seq`, and an
older one than what is known changes nothing. A ticket of which only later events were heard is kept
as a mark, not yet routed, until its opening comes.
"""

from dataclasses import dataclass, replace
from datetime import datetime

REPLAY = "replay"


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Who has a ticket.

    Attributes:
        priority: None while it is not known; `priority_seq` is the `seq` of the event that set it.
        category_seq: `seq` of the event that set the category.
        skill: what its agent should know, `skill_level` how well.
        group: the support group; None until it is routed.
        revision: how many decisions were made on it; 0 until it is routed.
        queued_at: since when it waits for an agent; None when it does not.
        returned_by: the agent who last gave it back.
        is_done: resolved, closed or ended otherwise.
        life_seq: `seq` of the event that says so, or of the reopening that says otherwise.
        escalation_level: how often it climbed.
    """

    ticket_id: str
    number: str
    origin: str = "live"
    language: str = "id"
    category: str | None = None
    category_seq: int = 0
    skill: str | None = None
    skill_level: int = 1
    group: str | None = None
    assignee: str | None = None
    revision: int = 0
    queued_at: datetime | None = None
    returned_by: str | None = None
    is_done: bool = False
    life_seq: int = 0
    escalation_level: int = 0
    priority: str | None = None
    priority_seq: int = 0

    @property
    def is_routed(self) -> bool:
        """Whether its opening was heard and a first decision made."""
        return self.revision > 0

    @property
    def is_replayed(self) -> bool:
        """Whether it is a past desk's ticket: kept as it was, never routed by us."""
        return self.origin == REPLAY

    @property
    def bearer(self) -> str | None:
        """The agent whose load it is part of; a done ticket weighs on nobody."""
        return None if self.is_done else self.assignee

    def done(self, *, seq: int) -> "Holding":
        """The ticket was resolved or ended."""
        if seq <= self.life_seq:
            return self
        return replace(self, is_done=True, life_seq=seq, queued_at=None)

    def reopened(self, *, seq: int) -> "Holding":
        """The ticket went back to work, with whoever had it."""
        if seq <= self.life_seq:
            return self
        return replace(self, is_done=False, life_seq=seq)

    def without_agent(self) -> "Holding":
        """The ticket out of its agent's hands, in nobody's yet."""
        return replace(self, assignee=None)

    def categorised(self, *, category: str, seq: int) -> "Holding":
        """The category was set or corrected."""
        if seq <= self.category_seq:
            return self
        return replace(self, category=category, category_seq=seq)

    def prioritised(self, *, priority: str, seq: int) -> "Holding":
        """The priority was set or changed."""
        if seq <= self.priority_seq:
            return self
        return replace(self, priority=priority, priority_seq=seq)

    def given(
        self, *, group: str, assignee: str | None, now: datetime, returned_by: str | None = None
    ) -> "Holding":
        """The next decision; without an agent a live ticket waits in the queue."""
        waits = assignee is None and not self.is_done and not self.is_replayed
        return replace(
            self,
            group=group,
            assignee=assignee,
            revision=self.revision + 1,
            queued_at=now if waits else None,
            returned_by=returned_by,
        )
