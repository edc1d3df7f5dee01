"""A ticket put together from what three services know of it, asked side by side.

Intake decides whether the asker may see the ticket at all; the others are only asked for parts, and
a part whose service is away is named, never an error.
"""

from chassis.rpc_client import RemoteFault
from contracts import intake, routing, sla
from contracts.errors import NotFound, Unavailable
from contracts.grammar import to_plain
from gateway.access import Principal
from gateway.clients import A, Clients, Pending
from gateway.promised import clocks_for
from gateway.schemas import AssignmentBrief, Links, Timeline, TimelineEntry, WholeTicket

LOG_PAGE = 1000
BASE = "/api/v1/tickets/"


def links_of(number: str) -> Links:
    """Where the parts of a ticket are."""
    here = BASE + number
    return Links(
        self=here,
        messages=f"{here}/messages",
        timeline=f"{here}/timeline",
        assignment=f"{here}/assignment",
        clocks=f"{here}/clocks",
    )


def whole_ticket(clients: Clients, *, number: str, principal: Principal) -> WholeTicket:
    """A ticket with its assignment and clocks.

    Raises:
        NotFound: there is none that the principal may see.
        Unavailable: intake cannot be reached.
    """
    asked = clients.start_ticket(number=number, viewer=principal.viewer)
    asked_assignment = clients.start_assignment(number=number)
    asked_clocks = clients.start_clocks(number=number)
    missing: list[str] = []
    # Every call is waited for, also when intake refuses: one that is not stays on the books.
    assignment = _part(asked_assignment, service="routing", missing=missing)
    clocks = _part(asked_clocks, service="sla", missing=missing)
    ticket = asked.result()
    return WholeTicket(
        **vars(ticket),
        links=links_of(ticket.number),
        assignment=_brief(assignment, principal=principal) if assignment else None,
        clocks=clocks_for(principal, clocks.clocks) if clocks else None,
        unavailable=tuple(missing),
    )


def _part(pending: Pending[A], *, service: str, missing: list[str]) -> A | None:
    try:
        return pending.result()
    except NotFound:  # the ticket has not reached that service yet
        return None
    except (Unavailable, RemoteFault):
        missing.append(service)
        return None


def _brief(assignment: routing.Assignment, *, principal: Principal) -> AssignmentBrief:
    decision = assignment.decision
    return AssignmentBrief(
        group=assignment.group,
        group_name=assignment.group_name,
        tier=assignment.tier,
        assignee=assignment.assignee,
        assignee_name=assignment.assignee_name,
        reason=decision.reason if decision and not principal.is_requester else None,
    )


def timeline(clients: Clients, *, number: str, principal: Principal) -> Timeline:
    """All that happened to a ticket; decisions and thresholds are for agents.

    Raises:
        NotFound: there is none that the principal may see.
        Unavailable: intake cannot be reached.
    """
    if principal.is_requester:
        log = _log(clients, number=number, viewer=principal.viewer)
        return Timeline(number=number, items=tuple(map(_logged, log)))
    asked_assignment = clients.start_assignment(number=number)
    asked_clocks = clients.start_clocks(number=number)
    missing: list[str] = []
    assignment = _part(asked_assignment, service="routing", missing=missing)
    clocks = _part(asked_clocks, service="sla", missing=missing)
    entries = list(map(_logged, _log(clients, number=number, viewer=None)))
    if assignment:
        entries += map(_decided, assignment.history)
        entries += map(_escalated, assignment.escalations)
    if clocks:
        entries += map(_fired, clocks.thresholds)
    # The sort is stable: what happened at one instant keeps the log's own order.
    entries.sort(key=lambda entry: entry.at)
    return Timeline(number=number, items=tuple(entries), unavailable=tuple(missing))


def _log(clients: Clients, *, number: str, viewer: str | None) -> list[intake.LogEntry]:
    found: list[intake.LogEntry] = []
    after = 0
    while True:
        page = clients.log(
            intake.ReadLog(number=number, viewer=viewer, after=after, limit=LOG_PAGE)
        )
        found += page.items
        if len(page.items) < LOG_PAGE:
            return found
        after = page.next_after


def _logged(entry: intake.LogEntry) -> TimelineEntry:
    return TimelineEntry(
        at=entry.at,
        kind="log",
        name=entry.event,
        actor=entry.actor,
        facts={**entry.facts, "seq": entry.seq},
    )


def _decided(decision: routing.Decision) -> TimelineEntry:
    facts = {
        "revision": decision.revision,
        "group": decision.group,
        "tier": decision.tier,
        "assignee": decision.assignee,
        "reason": decision.reason,
        "note": decision.note,
    }
    return TimelineEntry(
        at=decision.decided_at,
        kind="decision",
        name=decision.reason_code,
        actor=decision.actor,
        facts=facts,
    )


def _escalated(escalation: routing.Escalation) -> TimelineEntry:
    return TimelineEntry(
        at=escalation.raised_at,
        kind="escalation",
        name=escalation.kind,
        facts=to_plain(escalation),
    )


def _fired(threshold: sla.ThresholdFired) -> TimelineEntry:
    return TimelineEntry(
        at=threshold.crossed_at,
        kind="threshold",
        name=threshold.clock,
        facts=to_plain(threshold),
    )
