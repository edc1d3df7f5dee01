"""What happened to a ticket, as far as promises care, and where that leaves it.

A fact says which *signals* it gives to clocks (`signals`) and where the ticket stands afterwards
(`after`). Both are looked up by clocks as data: see `definitions.ClockDefinition`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NamedTuple

StatusCategory = Literal["queued", "active", "waiting_requester", "waiting_other", "done"]
ActorKind = Literal["requester", "agent", "system"]
Signals = tuple[str, ...]

OPENED: Final = "opened"
OPENED_BY_AGENT: Final = "opened_by_agent"
REQUESTER_REPLIED: Final = "requester_replied"
FOLLOWED_UP: Final = "followed_up"
AGENT_REPLIED: Final = "agent_replied"
LEFT_GROUP: Final = "left_group"
ENTERED_GROUP: Final = "entered_group"
QUEUED: Final = "queued"
ACCEPTED: Final = "accepted"
RESOLVED: Final = "resolved"
RESOLVED_BY_AGENT: Final = "resolved_by_agent"
REOPENED: Final = "reopened"
CLOSED: Final = "closed"
CANCELLED: Final = "cancelled"
UNMERGED: Final = "unmerged"
MERGED: Final = "merged"  # why a clock was cancelled; undoing it lets the clock go on

DONE: Final = "done"  # the hold of a ticket on which nobody has to work
REQUESTER: Final = "requester"
VENDOR: Final = "vendor"


def wait_began(hold: str) -> str:
    """The signal that the ticket begins to wait for something."""
    return f"{hold}_wait_began"


def wait_ended(hold: str) -> str:
    """The signal that it waits for it no longer."""
    return f"{hold}_wait_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """What a policy is chosen by."""

    kind: str
    priority: str
    category: str | None = None
    service: str | None = None
    organisation: str = ""
    vip: bool = False
    group: str | None = None


class Standing(NamedTuple):
    """Where a ticket stands between two facts; a tuple, because most facts make a new one.

    Attributes:
        in_transit: handed to another group, and nobody there has taken it yet.
        has_ended: closed or cancelled; nobody works on it, whatever is decided too late.
        is_merged: the ticket goes on in another one.
        group_then: which group had it when it was merged.
        answered: an agent has answered the requester, whatever was written since.
    """

    status_category: StatusCategory = "queued"
    pending_reason: str | None = None
    group: str | None = None
    tier: int | None = None
    assignee: str | None = None
    in_transit: bool = False
    answered: bool = False
    group_changes: int = 0
    reopenings: int = 0
    has_ended: bool = False
    is_merged: bool = False
    group_then: str | None = None

    @property
    def hold(self) -> str | None:
        """What the ticket waits for: a pending reason, `done`, or nothing."""
        if self.status_category == "done":
            return DONE
        if self.status_category in {"queued", "active"}:
            return None
        if self.pending_reason is None and self.status_category == "waiting_requester":
            return REQUESTER
        return self.pending_reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One entry of a ticket's log: contiguous `seq` from 1, and the instant judgement counts."""

    seq: int
    occurred_at: datetime

    def signals(self, _before: Standing) -> Signals:
        """What this fact tells clocks."""
        return ()

    def after(self, before: Standing) -> Standing:
        """Where the ticket stands once this happened."""
        return before


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Fact):
    """A ticket was accepted, perhaps already waiting for somebody."""

    attributes: Attributes
    group: str | None = None
    status_category: StatusCategory = "queued"
    pending_reason: str | None = None
    by: ActorKind = "requester"

    def signals(self, _before: Standing) -> Signals:
        """Opening; in a group's queue at once when it names one; for nobody when it is done."""
        return (
            OPENED,
            *((OPENED_BY_AGENT,) if self.by == "agent" else ()),
            *((ENTERED_GROUP, QUEUED) if self.group else ()),
            *((CANCELLED,) if self.status_category == "done" else ()),
        )

    def after(self, before: Standing) -> Standing:
        """As opened."""
        return before._replace(
            status_category=self.status_category,
            pending_reason=self.pending_reason,
            group=self.group,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied(Fact):
    """A message joined the conversation."""

    by: ActorKind
    public: bool

    def signals(self, before: Standing) -> Signals:
        """Only what the other side can read counts, and no automatic message ever does."""
        if not self.public or self.by == "system":
            return ()
        if self.by == "agent":
            return (AGENT_REPLIED,)
        return (REQUESTER_REPLIED, FOLLOWED_UP) if before.answered else (REQUESTER_REPLIED,)

    def after(self, before: Standing) -> Standing:
        """Perhaps answered."""
        return _answered(before) if self.public and self.by == "agent" else before


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Fact):
    """Group, tier and assignee, as they now are; with them perhaps a status and a category."""

    group: str
    tier: int | None = None
    assignee: str | None = None
    status_category: StatusCategory | None = None
    category: str | None = None
    by: ActorKind = "agent"

    def signals(self, before: Standing) -> Signals:
        """A change of group is left and entered; whoever takes a ticket has accepted it.

        Given to somebody by a rule it stays in the queue until they begin. A decision that comes
        after the end is heard by no clock.
        """
        if before.has_ended:
            return ()
        moved = self.group != before.group
        given_back = self.assignee is None and before.assignee is not None
        taken = self.by == "agent" and self.assignee not in {None, before.assignee}
        return (
            *((LEFT_GROUP,) if moved and before.group else ()),
            *((ENTERED_GROUP,) if moved else ()),
            *((QUEUED,) if moved or given_back else ()),
            *((ACCEPTED,) if taken and not moved else ()),
        )

    def after(self, before: Standing) -> Standing:
        """With the new group."""
        moved = before.group is not None and self.group != before.group
        is_turn = self.status_category is not None
        return before._replace(
            status_category=self.status_category or before.status_category,
            pending_reason=None if is_turn else before.pending_reason,
            group=self.group,
            tier=self.tier,
            assignee=self.assignee,
            in_transit=self.assignee is None and (moved or before.in_transit),
            group_changes=before.group_changes + moved,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(Fact):
    """The ticket moved to a status of this category."""

    status_category: StatusCategory
    pending_reason: str | None = None

    def signals(self, before: Standing) -> Signals:
        """Whoever begins to work on a ticket that was in the queue has accepted it."""
        began = self.status_category == "active" and before.status_category == "queued"
        return (ACCEPTED,) if began else ()

    def after(self, before: Standing) -> Standing:
        """In the new status."""
        if (self.status_category, self.pending_reason) == (
            before.status_category,
            before.pending_reason,
        ):
            return before
        return before._replace(
            status_category=self.status_category, pending_reason=self.pending_reason
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Fact):
    """The ticket is said to be solved."""

    by: ActorKind = "agent"

    def signals(self, _before: Standing) -> Signals:
        """An agent's resolution is also a message to the requester."""
        return (RESOLVED, RESOLVED_BY_AGENT) if self.by == "agent" else (RESOLVED,)

    def after(self, before: Standing) -> Standing:
        """Done, and answered when an agent did it."""
        done = before._replace(status_category="done", pending_reason=None)
        return _answered(done) if self.by == "agent" else done


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Fact):
    """A resolved ticket went back to work."""

    def signals(self, _before: Standing) -> Signals:
        """Back to work."""
        return (REOPENED,)

    def after(self, before: Standing) -> Standing:
        """At work again."""
        return before._replace(
            status_category="active",
            pending_reason=None,
            has_ended=False,
            reopenings=before.reopenings + 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Fact):
    """The ticket ended in the regular way."""

    def signals(self, _before: Standing) -> Signals:
        """The end."""
        return (CLOSED,)

    def after(self, before: Standing) -> Standing:
        """Done."""
        return before._replace(status_category="done", pending_reason=None, has_ended=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Fact):
    """The ticket ended as something that was not to be solved: merged, duplicate, spam."""

    reason: str

    def signals(self, _before: Standing) -> Signals:
        """No promise is left to keep."""
        return (CANCELLED,)

    def after(self, before: Standing) -> Standing:
        """Done."""
        return before._replace(status_category="done", pending_reason=None, has_ended=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Fact):
    """The ticket goes on in another one."""

    def signals(self, _before: Standing) -> Signals:
        """No promise is left to keep, until somebody undoes it."""
        return (CANCELLED,)

    def after(self, before: Standing) -> Standing:
        """Done; what is decided on it from here on is heard when it is undone."""
        return before._replace(
            status_category="done",
            pending_reason=None,
            is_merged=True,
            group_then=before.group,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmerged(Fact):
    """The merge was undone: the ticket is again where it was."""

    status_category: StatusCategory
    pending_reason: str | None = None

    def signals(self, before: Standing) -> Signals:
        """The clocks that the merge ended go on; a group that got the ticket meanwhile has it."""
        moved = before.group != before.group_then
        return (
            UNMERGED,
            *((LEFT_GROUP,) if moved and before.group_then else ()),
            *((ENTERED_GROUP, QUEUED) if moved and before.group else ()),
        )

    def after(self, before: Standing) -> Standing:
        """In the status it came back to."""
        return before._replace(
            status_category=self.status_category,
            pending_reason=self.pending_reason,
            is_merged=False,
            group_then=None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Absorbed(Fact):
    """Another ticket, opened at `source_opened` (microseconds), was merged into this one."""

    source: str
    source_opened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Fact):
    """That ticket goes its own way again."""

    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprioritised(Fact):
    """The priority changed."""

    priority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Categorised(Fact):
    """The ticket's category was set or corrected."""

    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Fact):
    """Something that moves no clock, kept so that the log has no gap."""


def _answered(standing: Standing) -> Standing:
    return standing if standing.answered else standing._replace(answered=True)


def contiguous(facts: Iterable[Fact]) -> list[Fact]:
    """The facts in order of `seq` up to the first gap, repeats left out."""
    found: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: fact.seq):
        if fact.seq == len(found) + 1:
            found.append(fact)
        elif fact.seq > len(found):
            break
    return found
