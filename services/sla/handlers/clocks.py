"""The clocks of tickets: judged at every event and at every threshold, told when they change."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast

from chassis import context
from chassis.database import Timer, Transaction
from contracts import sla as contract
from contracts.errors import NotFound
from contracts.intake import TicketEvent
from services.sla import schemas
from services.sla.domain.clock import Clock, next_due_at, ticket_state
from services.sla.domain.definitions import RESOLUTION
from services.sla.domain.facts import Fact
from services.sla.domain.fold import Fold, Rebase, fold
from services.sla.domain.recorder import known_by
from services.sla.domain.thresholds import to_fire, wake_at
from services.sla.store import book, tickets
from services.sla.store.tickets import COUNTED_BY, Ledger, Ticket

log = logging.getLogger(__name__)

MISSED: Final = ("missed", "breached")
FIRST: Final = 1  # the number of the opening in a ticket's log


@dataclass(frozen=True)
class Judgement:
    """A ticket judged as of an instant: what is to be kept of it, and its clocks."""

    ticket: Ticket
    folded: Fold
    clocks: tuple[Clock, ...]
    now: datetime


def hear(event: TicketEvent, *, tx: Transaction) -> None:
    """Take one entry of a ticket's log and judge the ticket again.

    Entries may arrive in any order and more than once: what follows a gap waits for it.
    """
    fact = schemas.fact_of(event)
    if event.seq == FIRST and _begun_with(fact, _fresh(event), tx):
        return
    ticket, known = tickets.locked(tx, event.ticket_id)
    if ticket is None:
        tickets.begin(tx, _fresh(event))
        # Another replica may have begun it in this moment: what counts is what is kept.
        ticket, known = tickets.locked(tx, event.ticket_id)
    if ticket is None:
        raise LookupError(f"ticket {event.ticket_id} is not there, its number is another’s")
    if fact.seq not in {each.seq for each in known}:
        tickets.add_to_log(tx, ticket.ticket_id, fact)
        with tickets.ledger(tx) as ledger:
            _keep(_judge(ticket, [*known, fact], tx, now=tx.now), ledger, before=ticket)


def look_again(timers: Sequence[Timer], *, tx: Transaction) -> None:
    """Judge tickets again at the instant one of their thresholds is reached."""
    due = {timer.payload["ticket_id"]: timer for timer in timers}
    found = tickets.all_locked(tx, list(due))
    logs = tickets.logs_of(tx, list(due))
    with tickets.ledger(tx, fired=tickets.all_fired(tx, list(due))) as ledger:
        for ticket in found:
            timer = due[ticket.ticket_id]
            # Time may have been steered back since the timer was found due.
            now = max(tx.now, timer.due_at)
            with context.caused_by_timer(timer.key):
                judged = _judge(ticket, logs[ticket.ticket_id], tx, now=now)
                _keep(judged, ledger, before=ticket)


def write_anew(ids: Sequence[str], *, tx: Transaction) -> None:
    """Write what reports read of some tickets anew, from their logs; nothing is told."""
    found = tickets.all_locked(tx, ids)
    logs = tickets.logs_of(tx, ids)
    with tickets.ledger(tx) as ledger:
        for ticket in found:
            judged = _judge(ticket, logs[ticket.ticket_id], tx, now=tx.now)
            ledger.forget_clocks(ticket)
            _save_clocks(judged, ledger, before=replace(ticket, opened_at=None))
            seen = {name: getattr(judged.ticket, name) for name in COUNTED_BY}
            ledger.save(replace(ticket, **seen))


def get_clocks(question: contract.GetClocks, *, tx: Transaction) -> contract.TicketClocks:
    """Show every clock of a ticket, as of now or as believed at an instant.

    Raises:
        NotFound: no event of such a ticket was heard yet.
    """
    ticket, judged = _looked_up(question.number, question.at, tx)
    clocks = judged.clocks
    return contract.TicketClocks(
        number=ticket.number,
        as_of=judged.now,
        sla_state=ticket_state(clocks, standing=judged.folded.standing),
        next_due_at=next_due_at(clocks),
        clocks=tuple(schemas.clock_of(clock) for clock in clocks),
        thresholds=tuple(
            contract.ThresholdFired(
                clock=cast("contract.ClockKind", one.key.kind),
                clock_version=one.key.version,
                threshold=one.key.percent,
                minutes=one.key.minutes or None,
                crossed_at=one.crossed_at,
                fired_at=one.fired_at,
                superseded=one.superseded,
                instance=one.key.instance,
            )
            for one in tickets.fired(tx, ticket.ticket_id)
            if question.at is None or one.fired_at <= question.at
        ),
        attribution=judged.folded.attribution(now=judged.now),
    )


def explain_clocks(
    question: contract.ExplainClocks, *, tx: Transaction
) -> contract.ClocksExplained:
    """Show what was believed of a ticket's clocks, which time counted, and why.

    Raises:
        NotFound: no event of such a ticket was heard yet.
    """
    ticket, judged = _looked_up(question.number, question.at, tx)
    return contract.ClocksExplained(
        number=ticket.number,
        as_of=judged.now,
        log_seq=judged.folded.applied,
        sla_state=ticket_state(judged.clocks, standing=judged.folded.standing),
        clocks=tuple(
            schemas.explained_of(one, language=question.language)
            for one in judged.folded.recorded(now=judged.now)
        ),
        attribution=judged.folded.attribution(now=judged.now),
    )


def _looked_up(number: str, at: datetime | None, tx: Transaction) -> tuple[Ticket, Judgement]:
    """A ticket as its log lets it be seen now, or let it be seen at an instant."""
    ticket = tickets.ticket_by_number(tx, number)
    if ticket is None:
        raise NotFound("ticket_not_found", facts={"number": number})
    entries = tickets.log_of(tx, ticket.ticket_id)
    if at is None:
        return ticket, _judge(ticket, entries, tx, now=tx.now)
    known = [one for one in ticket.rebases if datetime.fromisoformat(one[1]) <= at]
    then = replace(ticket, rebases=known)
    judged = _judge(then, known_by(entries, at), tx, now=at)
    return ticket, replace(judged, clocks=judged.folded.clocks(now=at), now=at)


def preview(ticket: Ticket, *, tx: Transaction, edition: int) -> tuple[Judgement, Judgement]:
    """A ticket as it is judged, and as it would be by an edition from now on."""
    entries = tickets.log_of(tx, ticket.ticket_id)
    present = _judge(ticket, entries, tx, now=tx.now)
    chosen = [*ticket.rebases, [present.folded.applied, tx.now.isoformat(), edition]]
    return present, _judge(replace(ticket, rebases=chosen), entries, tx, now=tx.now)


def keep(judged: Judgement, *, before: Ticket, tx: Transaction) -> None:
    """Save and tell what became of a ticket."""
    with tickets.ledger(tx) as ledger:
        _keep(judged, ledger, before=before)


def _fresh(event: TicketEvent) -> Ticket:
    return Ticket(
        ticket_id=event.ticket_id,
        number=event.number,
        origin=event.origin,
        shown=schemas.NOTHING_SHOWN,
    )


def _begun_with(opening: Fact, ticket: Ticket, tx: Transaction) -> bool:
    """Begin a ticket with its opening, in as few statements as can be, unless it was begun."""
    judged = _judge(ticket, [opening], tx, now=tx.now)
    if not tickets.begin(tx, judged.ticket):
        return False
    tickets.add_to_log(tx, ticket.ticket_id, opening)
    with tickets.ledger(tx) as ledger:
        _keep(judged, ledger, before=ticket, is_saved=True)
    return True


def _judge(ticket: Ticket, facts: Sequence[Fact], tx: Transaction, *, now: datetime) -> Judgement:
    """Fold the log under the edition the ticket was opened in, and those chosen since."""
    edition = book.latest_number(tx) if ticket.edition is None else ticket.edition
    rebases = [
        Rebase(seq, datetime.fromisoformat(at), book.book(tx, number))
        for seq, at, number in ticket.rebases
    ]
    folded = fold(facts, book=book.book(tx, edition), rebases=rebases)
    # The past of another desk is looked at as of its last entry, not from years later.
    as_of = folded.at if ticket.is_replayed and folded.at else now
    clocks = folded.clocks(now=as_of)
    shown = schemas.shown_of(clocks, folded.standing)
    after = replace(
        ticket,
        edition=edition if folded.opened_at else None,
        revision=ticket.revision + (shown != ticket.shown),
        priority=folded.attributes.priority if folded.attributes else None,
        group=folded.standing.group,
        group_changes=folded.standing.group_changes,
        reopenings=folded.standing.reopenings,
        opened_at=folded.opened_at,
        done_at=folded.done_at,
        wake_at=None if ticket.is_replayed else wake_at(clocks),
        shown=shown,
    )
    return Judgement(after, folded, clocks, as_of)


def _keep(judged: Judgement, ledger: Ledger, *, before: Ticket, is_saved: bool = False) -> None:
    """Save what changed, tell it, and wake at the next threshold."""
    after, tx = judged.ticket, ledger.tx
    if after != before and not is_saved:
        ledger.save(after)
    _save_clocks(judged, ledger, before=before)
    _set_timer(tx, before, after.wake_at)
    if after.revision != before.revision:
        tx.announce(_clocks_changed(judged))
    if not after.is_replayed:
        _tell_met(judged, tx, before=before)
        _fire(judged, ledger)


def _save_clocks(judged: Judgement, ledger: Ledger, *, before: Ticket) -> None:
    """Keep what reports read: all of it when what they count the ticket by changed."""
    ticket = judged.ticket
    if ticket.opened_at is not None and ticket.counted_by != before.counted_by:
        ledger.save_clocks(ticket, judged.clocks)
        ledger.save_unpromised(ticket, judged.clocks)
    else:
        ledger.save_clocks(ticket, _changed(judged, before=before))
    missed = next((one for one in judged.clocks if _is_missed(one.kind, one.state)), None)
    if missed is not None:
        spent = judged.folded.attribution(now=judged.now)
        ledger.save_blame(ticket, policy=missed.policy, spent=spent)
    elif any(_is_missed(shown["kind"], shown["state"]) for shown in before.shown["clocks"]):
        ledger.save_blame(ticket, policy="", spent={})


def _is_missed(kind: str, state: str) -> bool:
    return kind == RESOLUTION and state in MISSED


def _changed(judged: Judgement, *, before: Ticket) -> list[Clock]:
    known = before.shown["clocks"]
    both = zip(judged.clocks, judged.ticket.shown["clocks"], strict=True)
    return [clock for clock, shown in both if shown not in known]


def _set_timer(tx: Transaction, ticket: Ticket, wake: datetime | None) -> None:
    if wake == ticket.wake_at:
        return
    key = f"ticket:{ticket.ticket_id}"
    if wake is None:
        tx.disarm(key=key)
    else:
        tx.arm(key=key, due_at=wake, payload={"ticket_id": ticket.ticket_id})


def _clocks_changed(judged: Judgement) -> contract.ClocksChanged:
    return contract.ClocksChanged(
        ticket_id=judged.ticket.ticket_id,
        number=judged.ticket.number,
        revision=judged.ticket.revision,
        clocks=tuple(schemas.clock_of(clock) for clock in judged.clocks),
        sla_state=ticket_state(judged.clocks, standing=judged.folded.standing),
        next_due_at=next_due_at(judged.clocks),
    )


def _tell_met(judged: Judgement, tx: Transaction, *, before: Ticket) -> None:
    were = {(shown["kind"], shown["instance"]): shown["state"] for shown in before.shown["clocks"]}
    for clock in judged.clocks:
        if clock.state == "met" and were.get((clock.kind, clock.instance)) != "met":
            is_whole = clock.kind == RESOLUTION
            blame = judged.folded.attribution(now=judged.now) if is_whole else {}
            tx.announce(schemas.met_of(clock, _about(judged), attribution=blame))


def _fire(judged: Judgement, ledger: Ledger) -> None:
    """Record the thresholds that were reached since the last look, and tell the highest."""
    if not any(clock.crossings for clock in judged.clocks):
        return
    tx, ticket_id = ledger.tx, judged.ticket.ticket_id
    firings = to_fire(judged.clocks, fired={one.key for one in ledger.fired(ticket_id)})
    ledger.add_fired(ticket_id, firings)
    clocks = {(clock.kind, clock.instance): clock for clock in judged.clocks}
    for firing in firings:
        if not firing.superseded:
            clock = clocks[firing.key.kind, firing.key.instance]
            told = schemas.threshold_of(firing, clock, _about(judged), now=judged.now)
            tx.announce(told)
            log.info(
                "threshold reached",
                extra={
                    "ticket": judged.ticket.number,
                    "clock": clock.kind,
                    "percent": firing.key.percent,
                    "minutes": firing.key.minutes,
                    "lateness_us": told.lateness_us,
                },
            )


def _about(judged: Judgement) -> dict[str, Any]:
    """The head of an event about one of a ticket's clocks."""
    return {
        "ticket_id": judged.ticket.ticket_id,
        "number": judged.ticket.number,
        "priority": judged.ticket.priority,
        "group": judged.folded.standing.group,
        "assignee": judged.folded.standing.assignee,
    }
