"""Merging by reference: a ticket goes on in another one, and messages keep their own ticket.

Merged tickets and their survivors form a family: a tree in which every ticket points to the one it
was merged into. Nothing is copied or moved, so undoing a merge is to drop the pointer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.intake.domain import lifecycle
from services.intake.domain.numbers import ticket_number
from services.intake.domain.ticket import Change, Entry, Ticket, TicketHasEnded

MERGED = "merged"
_IN_QUEUE = frozenset({"new", "triaged", "assigned"})


class MergeRefused(Exception):
    """The two tickets cannot be merged, or the merge cannot be undone.

    Attributes:
        field: what was asked wrongly, `into` or `number`.
        reason: itself, has_ended, is_resolved, other_kind or not_merged.
        status: of the ticket that `field` names.
    """

    def __init__(self, *, field: str, reason: str, status: str) -> None:
        super().__init__(field, reason, status)
        self.field = field
        self.reason = reason
        self.status = status


class OtherRequester(Exception):
    """The tickets have different requesters, and nobody confirmed to know that."""

    def __init__(self, *, source: str, survivor: str) -> None:
        super().__init__(source, survivor)
        self.source = source
        self.survivor = survivor


@dataclass(frozen=True, kw_only=True)
class Former:
    """What a merged ticket was before."""

    status: str
    pending_reason: str | None = None
    pending_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Member:
    """A ticket of a family.

    Attributes:
        survivor: serial of the ticket it was merged into.
        survivor_seq: of the entry in that ticket's log which says so.
        shown: ids of messages that it shows beside its own, since it was split from another.
    """

    serial: int
    ticket_id: str
    kind: str
    requester: str
    status: str
    survivor: int | None = None
    survivor_seq: int = 0
    shown: tuple[str, ...] = ()

    @property
    def number(self) -> str:
        """Its number."""
        return ticket_number(kind=self.kind, serial=self.serial)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Which messages of a family make a conversation.

    Attributes:
        homes: ids of the tickets whose messages are seen.
        shown: ids of single messages that are seen too.
        answers: of other tickets only what the desk wrote publicly after this place in their log.
        viewer: the requester who looks; None for an agent, who also sees internal messages.
        others: requesters of the family whom the viewer must not hear of.
    """

    homes: tuple[str, ...]
    shown: tuple[str, ...]
    answers: Mapping[str, int] = field(default_factory=dict)
    viewer: str | None = None
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Family:
    """A ticket, `this`, with all that it was merged into and all that was merged into these."""

    this: int
    members: Mapping[int, Member]

    @property
    def me(self) -> Member:
        """The ticket that was asked for."""
        return self.members[self.this]

    @property
    def parent(self) -> Member | None:
        """The ticket it was merged into."""
        survivor = self.me.survivor
        return None if survivor is None else self.members[survivor]

    @property
    def survivor(self) -> Member:
        """The ticket at the end of all merges; the last one before a circle, should one be."""
        return self.members[self.way_up(self.this)[-1]]

    def way_up(self, serial: int) -> list[int]:
        """A ticket and those it was merged into, one after the other."""
        way = [serial]
        while (above := self.members[way[-1]].survivor) is not None and above not in way:
            way.append(above)
        return way

    def absorbed(self) -> list[Member]:
        """The tickets that were merged into this one, directly."""
        return [one for one in self._in_order() if one.survivor == self.this]

    def below(self) -> list[Member]:
        """This ticket and all that was merged into it."""
        return [one for one in self._in_order() if self.this in self.way_up(one.serial)]

    def seen_by_agents(self) -> Seen:
        """All messages of this ticket and of those merged into it."""
        members = self.below()
        return Seen(homes=tuple(one.ticket_id for one in members), shown=_shown(members))

    def seen_by(self, viewer: str) -> Seen:
        """What a requester sees: the messages of their own tickets in the whole family.

        And what the desk answered publicly on a ticket that one of theirs was merged into, since
        then. Never another requester's message.
        """
        own = [one for one in self._in_order() if one.requester == viewer]
        answers: dict[str, int] = {}
        for mine in own:
            for serial in self.way_up(mine.serial)[:-1]:
                self._answered(self.members[serial], viewer, answers)
        return Seen(
            homes=tuple(one.ticket_id for one in own),
            shown=_shown(own),
            answers=answers,
            viewer=viewer,
            others=frozenset(one.requester for one in self.members.values()) - {viewer},
        )

    def _answered(self, merged: Member, viewer: str, answers: dict[str, int]) -> None:
        above = self.members[merged.survivor or merged.serial]
        if above.requester != viewer:
            since = answers.get(above.ticket_id, merged.survivor_seq)
            answers[above.ticket_id] = min(since, merged.survivor_seq)

    def _in_order(self) -> list[Member]:
        return [self.members[serial] for serial in sorted(self.members)]


def alone(ticket: Ticket) -> Family:
    """The family of a ticket that was never merged or split."""
    me = Member(
        serial=ticket.serial,
        ticket_id=ticket.ticket_id,
        kind=ticket.kind,
        requester=ticket.requester,
        status=ticket.status,
    )
    return Family(this=ticket.serial, members={ticket.serial: me})


def _shown(members: Sequence[Member]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(message for one in members for message in one.shown))


def merge(
    source: Ticket, survivor: Ticket, *, is_confirmed: bool, note: str, at: datetime
) -> tuple[Change, Change]:
    """Let a ticket go on in another one: what becomes of it, and of the survivor.

    Raises:
        MergeRefused: they cannot be merged.
        OtherRequester: they have different requesters, and it is not `is_confirmed`.
    """
    _check(source, survivor)
    is_others = source.requester != survivor.requester
    if is_others and not is_confirmed:
        raise OtherRequester(source=source.requester, survivor=survivor.requester)
    after = replace(
        source,
        status=MERGED,
        pending_reason=None,
        pending_until=None,
        closed_at=at,
        is_linked=True,
    )
    merged = {
        "into": _number(survivor),
        "into_ticket_id": survivor.ticket_id,
        "was": source.status,
        "other_requester": is_others,
        "reason": note,
    }
    absorbed = _named(source, is_others) | {"source_opened_at": source.opened_at}
    return _changed(after, "merged", merged), _changed(
        replace(survivor, is_linked=True), "absorbed", absorbed
    )


def _check(source: Ticket, survivor: Ticket) -> None:
    def refuse(field: str, reason: str, ticket: Ticket) -> MergeRefused:
        return MergeRefused(field=field, reason=reason, status=ticket.status)

    if source.serial == survivor.serial:
        raise refuse("into", "itself", survivor)
    if source.has_ended:
        raise refuse("number", "has_ended", source)
    if survivor.has_ended:
        raise refuse("into", "has_ended", survivor)
    # Nobody works on it, so nobody would look at what joins it.
    if survivor.status == "resolved":
        raise refuse("into", "is_resolved", survivor)
    if source.kind != survivor.kind:
        raise refuse("into", "other_kind", survivor)


def unmerge(
    source: Ticket, survivor: Ticket, *, former: Former, note: str
) -> tuple[Change, Change]:
    """Undo a merge: the source is again what it was, and the survivor no longer shows it."""
    status = former.status
    if status in _IN_QUEUE and source.group is not None:
        # Routing may have decided on it meanwhile.
        status = "assigned" if source.assignee else "triaged"
    after = replace(
        source,
        status=status,
        pending_reason=former.pending_reason,
        pending_until=former.pending_until,
        closed_at=None,
    )
    is_others = source.requester != survivor.requester
    facts = {
        "out_of": _number(survivor),
        "status": status,
        "category": lifecycle.category_of(status=status, pending_reason=former.pending_reason),
        "pending_reason": former.pending_reason,
        "until": former.pending_until,
        "other_requester": is_others,
        "reason": note,
    }
    released = _named(source, is_others)
    return _changed(after, "unmerged", facts), _changed(survivor, "released", released)


def split(parent: Ticket, child: Ticket, *, message_ids: Sequence[str]) -> Change:
    """What the parent's log says of a ticket that was split from it.

    Raises:
        TicketHasEnded: the parent ended.
    """
    if parent.has_ended:
        raise TicketHasEnded(status=parent.status)
    facts = {
        "child": _number(child),
        "child_ticket_id": child.ticket_id,
        "message_ids": tuple(message_ids),
    }
    return _changed(replace(parent, is_linked=True), "split", facts)


def _changed(ticket: Ticket, event: str, facts: Mapping[str, Any]) -> Change:
    return Change(ticket=ticket, entries=(Entry(event=event, facts=facts),))


def _named(source: Ticket, is_others: bool) -> dict[str, Any]:  # noqa: FBT001 - said by the caller's name
    return {
        "source": _number(source),
        "source_ticket_id": source.ticket_id,
        "other_requester": is_others,
    }


def _number(ticket: Ticket) -> str:
    return ticket_number(kind=ticket.kind, serial=ticket.serial)
