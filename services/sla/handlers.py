"""The desk: one function for each call and event. Load, decide, save, announce; one transaction."""

import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, cast

from chassis.database import Timer, Transaction
from contracts import sla as contract
from contracts.errors import NotFound
from contracts.grammar import from_plain, to_plain
from contracts.intake import TicketEvent
from services.sla import schemas
from services.sla.domain.calendar import read_calendar
from services.sla.domain.clock import Clock, next_due_at, ticket_state
from services.sla.domain.facts import Fact
from services.sla.domain.fold import Fold, fold
from services.sla.domain.instants import micros_of
from services.sla.domain.policy import RESOLUTION, read_policy, refuse_unreachable
from services.sla.domain.thresholds import to_fire, wake_at
from services.sla.schemas import Shown
from services.sla.store import book, reports, tickets
from services.sla.store.reports import Count
from services.sla.store.tickets import Ticket

log = logging.getLogger(__name__)

FIRST: Final = 1  # the number of the opening in a ticket's log
MISSED: Final = frozenset({"missed", "breached"})


def hear(event: TicketEvent, *, tx: Transaction) -> None:
    """Take one entry of a ticket's log and judge the ticket again.

    Entries may arrive in any order and more than once: what follows a gap waits for it.
    """
    ticket, known = _known(event, tx)
    fact = schemas.fact_of(event)
    if tickets.add_to_log(tx, ticket.ticket_id, fact):
        _judge(tx, ticket, [*known, fact], now=tx.now)


def look_again(timer: Timer, *, tx: Transaction) -> None:
    """Judge a ticket again at the instant one of its thresholds is reached."""
    ticket = tickets.locked(tx, timer.payload["ticket_id"])
    if ticket is not None:
        # Time may have been steered back since the timer was found due.
        now = max(tx.now, timer.due_at)
        _judge(tx, ticket, tickets.log_of(tx, ticket.ticket_id), now=now)


def get_clocks(question: contract.GetClocks, *, tx: Transaction) -> contract.TicketClocks:
    """Show every clock of a ticket as of now.

    Raises:
        NotFound: no event of such a ticket was heard yet.
    """
    ticket = tickets.ticket_by_number(tx, question.number)
    if ticket is None:
        raise NotFound("ticket_not_found", facts={"number": question.number})
    folded = _folded(tx, ticket, tickets.log_of(tx, ticket.ticket_id))
    as_of = _as_of(ticket, folded, tx.now)
    clocks = folded.clocks(now=as_of)
    return contract.TicketClocks(
        number=ticket.number,
        as_of=as_of,
        sla_state=ticket_state(clocks, standing=folded.standing),
        next_due_at=next_due_at(clocks),
        clocks=tuple(schemas.clock_of(clock) for clock in clocks),
        thresholds=tuple(
            contract.ThresholdFired(
                clock=cast("contract.ClockKind", one.key.kind),
                clock_version=one.key.version,
                threshold=one.key.percent,
                crossed_at=one.crossed_at,
                fired_at=one.fired_at,
                superseded=one.superseded,
            )
            for one in tickets.fired(tx, ticket.ticket_id)
        ),
        attribution=folded.attribution(now=as_of),
    )


def put_calendar(command: contract.CalendarSpec, *, tx: Transaction) -> contract.CalendarVersion:
    """Save a calendar; one that differs is a new version, and open tickets keep theirs.

    Raises:
        InvalidDefinition: the calendar cannot be meant.
    """
    document = to_plain(command)
    read_calendar(document, version=1)
    book.lock(tx)
    version = _put(tx, "calendars", document)
    return contract.CalendarVersion(version=version, spec=command)


def put_policy(command: contract.PolicySpec, *, tx: Transaction) -> contract.PolicyVersion:
    """Save a policy; one that differs is a new version, and open tickets keep theirs.

    Raises:
        InvalidDefinition: the policy cannot be meant, or its targets can never be due.
    """
    document = to_plain(command)
    read_policy(document, version=1)
    book.lock(tx)
    present = book.compiled(tx, book.latest(tx))
    refuse_unreachable(document, book=present, now=micros_of(tx.now))
    version = _put(tx, "policies", document)
    return contract.PolicyVersion(version=version, spec=command)


def list_calendars(*, tx: Transaction) -> contract.Calendars:
    """Show the newest version of every calendar, by key."""
    found = book.documents(tx, "calendars", book.latest(tx).calendars)
    return contract.Calendars(
        items=tuple(
            contract.CalendarVersion(
                version=saved.version, spec=from_plain(contract.CalendarSpec, saved.document)
            )
            for _, saved in sorted(found.items())
        )
    )


def list_policies(*, tx: Transaction) -> contract.Policies:
    """Show the newest version of every policy, in the order they are tried."""
    found = book.documents(tx, "policies", book.latest(tx).policies)
    items = [
        contract.PolicyVersion(
            version=saved.version, spec=from_plain(contract.PolicySpec, saved.document)
        )
        for saved in found.values()
    ]
    items.sort(key=lambda item: (item.spec.position, item.spec.key))
    return contract.Policies(items=tuple(items))


def report_promises(
    question: contract.ReportPromises, *, tx: Transaction
) -> contract.PromiseReport:
    """Count how promises were kept. A running clock that breached already counts as missed."""
    counts = reports.promises(tx, clock=question.clock, since=question.since, until=question.until)
    priorities = sorted({count.priority for count in counts})
    changes = sorted({count.group_changes for count in counts})
    return contract.PromiseReport(
        total=_promise_row("all", counts),
        by_priority=tuple(
            _promise_row(priority, (one for one in counts if one.priority == priority))
            for priority in priorities
        ),
        by_reassignments=tuple(
            _promise_row(str(times), (one for one in counts if one.group_changes == times))
            for times in changes
        ),
        reassignments=sum(count.group_changes * count.tickets for count in counts),
        reopened=sum(count.reopenings for count in counts),
    )


def _known(event: TicketEvent, tx: Transaction) -> tuple[Ticket, list[Fact]]:
    """The ticket, locked, and what was heard of it before this event."""
    fresh = Ticket(
        ticket_id=event.ticket_id,
        number=event.number,
        origin=event.origin,
        shown=schemas.NOTHING_SHOWN,
    )
    if event.seq == FIRST and tickets.begin(tx, fresh):
        return fresh, []
    ticket = tickets.locked(tx, event.ticket_id)
    if ticket is None:
        tickets.begin(tx, fresh)
        # Another replica may have begun it in this moment: what counts is what is kept.
        ticket = tickets.locked(tx, event.ticket_id) or fresh
    return ticket, tickets.log_of(tx, event.ticket_id)


def _put(tx: Transaction, shelf: book.Shelf, document: dict[str, Any]) -> int:
    """Save a document unless it is there already; its version."""
    edition = book.latest(tx)
    versions: dict[str, int] = getattr(edition, shelf)
    key = document["key"]
    before = book.documents(tx, shelf, {key: versions[key]}) if key in versions else {}
    if key in before and before[key].document == document:
        return before[key].version
    book.add_version(tx, shelf, document, after=edition)
    return versions.get(key, 0) + 1


def _judge(tx: Transaction, ticket: Ticket, facts: Sequence[Fact], *, now: datetime) -> None:
    """Fold the log again; keep and tell what changed, and wake at the next threshold."""
    folded = _folded(tx, ticket, facts)
    if folded.opened_at is None:
        return  # the opening is still on its way
    clocks = folded.clocks(now=_as_of(ticket, folded, now))
    shown = schemas.shown_of(clocks, folded.standing)
    changed = _changed(clocks, before=ticket.shown, after=shown)
    wake = None if ticket.is_replayed else wake_at(clocks)
    tickets.save_ticket(
        tx,
        ticket.ticket_id,
        edition=folded.edition,
        applied=folded.applied,
        revision=ticket.revision + (shown != ticket.shown),
        priority=folded.attributes.priority if folded.attributes else None,
        group_changes=folded.standing.group_changes,
        reopenings=folded.standing.reopenings,
        opened_at=folded.opened_at,
        wake_at=wake,
        shown=shown,
    )
    tickets.save_clocks(tx, ticket.ticket_id, changed)
    _set_timer(tx, ticket, wake)
    if shown != ticket.shown:
        tx.announce(_clocks_changed(ticket, clocks, folded))
    if not ticket.is_replayed:
        _tell_met(tx, ticket, clocks, folded)
        _fire(tx, ticket, clocks, folded, now=now)


def _folded(tx: Transaction, ticket: Ticket, facts: Sequence[Fact]) -> Fold:
    edition = book.latest_number(tx) if ticket.edition is None else ticket.edition
    return fold(facts, book=book.book(tx, edition))


def _as_of(ticket: Ticket, folded: Fold, now: datetime) -> datetime:
    """The past of another desk is looked at as of its last entry, not from years later."""
    return folded.at if ticket.is_replayed and folded.at else now


def _changed(clocks: Sequence[Clock], *, before: Shown, after: Shown) -> list[Clock]:
    known = before["clocks"]
    both = zip(clocks, after["clocks"], strict=True)
    return [clock for clock, shown in both if shown not in known]


def _set_timer(tx: Transaction, ticket: Ticket, wake: datetime | None) -> None:
    if wake == ticket.wake_at:
        return
    key = f"ticket:{ticket.ticket_id}"
    if wake is None:
        tx.disarm(key=key)
    else:
        tx.arm(key=key, due_at=wake, payload={"ticket_id": ticket.ticket_id})


def _clocks_changed(
    ticket: Ticket, clocks: Sequence[Clock], folded: Fold
) -> contract.ClocksChanged:
    return contract.ClocksChanged(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        revision=ticket.revision + 1,
        clocks=tuple(schemas.clock_of(clock) for clock in clocks),
        sla_state=ticket_state(clocks, standing=folded.standing),
        next_due_at=next_due_at(clocks),
    )


def _tell_met(tx: Transaction, ticket: Ticket, clocks: Sequence[Clock], folded: Fold) -> None:
    were = {(shown["kind"], shown["instance"]): shown["state"] for shown in ticket.shown["clocks"]}
    for clock in clocks:
        if clock.state == "met" and were.get((clock.kind, clock.instance)) != "met":
            blame = folded.attribution(now=tx.now) if clock.kind == RESOLUTION else {}
            tx.announce(schemas.met_of(clock, ticket.about(folded), attribution=blame))


def _fire(
    tx: Transaction, ticket: Ticket, clocks: Sequence[Clock], folded: Fold, *, now: datetime
) -> None:
    if not any(clock.crossings for clock in clocks):
        return
    known = {one.key for one in tickets.fired(tx, ticket.ticket_id)}
    firings = to_fire(clocks, fired=known)
    tickets.add_fired(tx, ticket.ticket_id, firings)
    of_key = {(clock.kind, clock.instance): clock for clock in clocks}
    for firing in firings:
        if not firing.superseded:
            clock = of_key[firing.key.kind, firing.key.instance]
            tx.announce(schemas.threshold_of(firing, clock, ticket.about(folded), now=now))
            log.info(
                "threshold crossed",
                extra={
                    "ticket": ticket.number,
                    "clock": clock.kind,
                    "percent": firing.key.percent,
                    "lateness_us": schemas.lateness(firing, now=now),
                },
            )


def _promise_row(key: str, counts: Iterable[Count]) -> contract.PromiseRow:
    by_state: Counter[str | None] = Counter()
    for count in counts:
        by_state[count.state] += count.tickets
    met, missed = by_state["met"], sum(by_state[state] for state in MISSED)
    return contract.PromiseRow(
        key=key,
        tickets=by_state.total(),
        met=met,
        missed=missed,
        running=by_state["running"] + by_state["paused"],
        cancelled=by_state["cancelled"],
        met_percent=round(100 * met / (met + missed), 1) if met + missed else None,
    )
