"""The tongue: what the rulebook decides, in the words of the contracts.

Contracts carry their own schemas, so nothing is validated here.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from chassis.files import FileRefused
from contracts import intake as contract
from contracts.errors import Conflict, Invalid, NotFound, WireError, invalid_field
from contracts.grammar import from_plain, in_iso
from services.intake.domain.lifecycle import (
    FieldsRefused,
    TransitionRefused,
    category_of,
    moves_allowed,
)
from services.intake.domain.merging import Family, Member, MergeRefused, OtherRequester
from services.intake.domain.numbers import ticket_number
from services.intake.domain.paging import NEVER, CursorWrong
from services.intake.domain.ticket import Entry, Ticket, TicketHasEnded, TimeRunsBackwards

# `ticket.reopened.v1` tells the entry `reopened`.
_EVENTS = {event.NAME.split(".")[1]: event for event in contract.EVENTS}


def number_of(ticket: Ticket) -> str:
    """The ticket's number."""
    return ticket_number(kind=ticket.kind, serial=ticket.serial)


def event_of(
    entry: Entry, *, ticket: Ticket, seq: int, at: datetime, actor: contract.Actor
) -> contract.TicketEvent:
    """The event that tells a log entry."""
    facts = dict(entry.facts)
    if "resolution" in facts:
        facts["resolution"] = resolution_of(facts["resolution"])
    if "attachments" in facts:
        facts["attachments"] = tuple(contract.MessageFile(**file) for file in facts["attachments"])
    event = _EVENTS[entry.event]
    if "kind" in event.__dataclass_fields__:
        facts["kind"] = ticket.kind
    return event(
        ticket_id=ticket.ticket_id,
        number=number_of(ticket),
        seq=seq,
        occurred_at=at,
        actor=actor,
        origin=cast("contract.Origin", ticket.origin),
        **facts,
    )


def resolution_of(plain: Mapping[str, Any]) -> contract.Resolution:
    """A resolution as it was kept."""
    return from_plain(contract.Resolution, plain)


def number(*, kind: str, serial: int) -> str:
    """The number of a ticket of which not more is known."""
    return ticket_number(kind=kind, serial=serial)


def ticket_answer(
    ticket: Ticket,
    *,
    requester: contract.Person,
    body: str,
    role: str,
    family: Family | None = None,
    viewer: str | None = None,
    split_from: str | None = None,
    split_into: tuple[str, ...] = (),
) -> contract.Ticket:
    """A ticket as it is shown, with the moves this role may make.

    Args:
        ticket: the ticket.
        requester: its requester.
        body: what it was opened with.
        role: who may make the moves.
        family: what it was merged into, and what into it; None when it is new.
        viewer: the requester who reads it, who hears of their own tickets only.
        split_from: number of its parent.
        split_into: numbers of its children.
    """
    shown: dict[str, Any] = {
        "number": number_of(ticket),
        "body": body,
        "requester": requester,
        "status_category": category_of(status=ticket.status, pending_reason=ticket.pending_reason),
        "next_due_at": due_of(ticket.next_due_at),
        "resolution": resolution_of(ticket.resolution) if ticket.resolution else None,
        "transitions": moves_allowed(was=ticket.status, role=role),
        "split_from": split_from,
        "split_into": split_into,
    }
    if family is not None:
        shown |= _ties(family, viewer)
    rest = {name: getattr(ticket, name) for name in _SHOWN_AS_KEPT}
    return contract.Ticket(**rest, **shown)


def _ties(family: Family, viewer: str | None) -> dict[str, Any]:
    def told(*members: Member | None) -> list[str]:
        known = (one for one in members if one is not None)
        return [one.number for one in known if viewer in {None, one.requester}]

    is_merged = family.parent is not None
    return {
        "merged_into": next(iter(told(family.parent)), None),
        "survivor": next(iter(told(family.survivor if is_merged else None)), None),
        "absorbed": tuple(told(*family.absorbed())),
        "other_requesters": viewer is None
        and any(one.requester != family.me.requester for one in family.below()),
    }


_SHOWN_AS_KEPT = tuple(
    (contract.Ticket.__dataclass_fields__.keys() & Ticket.__dataclass_fields__.keys())
    - {"requester", "next_due_at", "resolution"}
)


def due_of(kept: datetime) -> datetime | None:
    """The next due instant, None when nothing is due."""
    return None if kept == NEVER else kept


def ticket_not_found(number: str) -> NotFound:
    """The same answer for a ticket that does not exist and for another person's."""
    return NotFound("ticket_not_found", f"There is no ticket {number}.", {"number": number})


def stale_version(version: int) -> Conflict:
    """Somebody changed the ticket since the caller saw it."""
    detail = f"The ticket was changed meanwhile; its version is {version}."
    return Conflict("stale_version", detail, {"version": version})


def _invalid(errors: Mapping[str, str]) -> Invalid:
    path, message = next(iter(errors.items()))
    listed = {name: [text] for name, text in errors.items()}
    return Invalid("invalid", f"{path}: {message}", {"errors": listed})


def _transition_refused(error: TransitionRefused) -> Conflict:
    detail = f"A ticket in status {error.was} cannot be moved to {error.wanted}."
    facts = {"from": error.was, "to": error.wanted, "allowed": list(error.allowed)}
    return Conflict("transition_refused", detail, facts)


def _ticket_closed(error: TicketHasEnded) -> Conflict:
    detail = f"The ticket has ended with status {error.status}."
    return Conflict("ticket_closed", detail, {"status": error.status})


def _time_runs_backwards(error: TimeRunsBackwards) -> Invalid:
    latest = f"Must not be later than now, {in_iso(error.latest)}"
    if error.earliest is None:
        return _invalid({"occurred_at": f"{latest}."})
    earliest = f"nor earlier than the ticket's last change, {in_iso(error.earliest)}"
    return _invalid({"occurred_at": f"{latest}, {earliest}."})


def _merge_refused(error: MergeRefused) -> WireError:
    said = _WHY_NOT[error.reason].format(status=error.status)
    if error.reason == "itself":
        return _invalid({error.field: said})
    facts = {"field": error.field, "reason": error.reason, "status": error.status}
    return Conflict("merge_refused", said, facts)


_WHY_NOT = {
    "itself": "A ticket cannot be merged into itself.",
    "has_ended": "The ticket has ended with status {status}.",
    "is_resolved": "The survivor is resolved; reopen it first.",
    "other_kind": "The survivor is of another kind.",
    "not_merged": "The ticket is not merged; its status is {status}.",
}


def _other_requester(error: OtherRequester) -> Invalid:
    said = "The tickets have different requesters: confirm that both may read later answers."
    facts: dict[str, Any] = {
        "errors": {"confirm_other_requester": [said]},
        "requester": error.source,
        "survivor_requester": error.survivor,
    }
    return Invalid("other_requester", said, facts)


REFUSALS: Mapping[type[Exception], Callable[[Any], WireError]] = {
    TransitionRefused: _transition_refused,
    FieldsRefused: lambda error: _invalid(error.errors),
    FileRefused: lambda error: invalid_field(error.field, error.why),
    TicketHasEnded: _ticket_closed,
    TimeRunsBackwards: _time_runs_backwards,
    MergeRefused: _merge_refused,
    OtherRequester: _other_requester,
    CursorWrong: lambda _error: _invalid({"cursor": "Is no cursor of this list and order."}),
}
