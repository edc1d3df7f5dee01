"""Who works on a ticket and why, and all that happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contracts.intake import LogEntry
from contracts.routing import Assignment, Candidate, Decision, Escalation
from contracts.sla import ThresholdFired
from gateway.portal import labels
from gateway.portal.speech import Speech, message
from gateway.portal.views.parts import Moment, Names, Tone, initials, moment
from gateway.portal.views.promises import around_due
from gateway.portal.views.tickets import person

_AFTER_LOG = 10**9  # beyond any log's last number


@dataclass(frozen=True, kw_only=True)
class Considered:
    """An agent who was looked at, and what spoke for or against them."""

    name: str
    initials: str
    is_chosen: bool
    is_eligible: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class Why:
    """One decision in plain words."""

    at: Moment
    by: str
    group: str
    assignee: str
    code: str
    summary: str
    reason: str
    note: str
    rule: str
    matched: tuple[str, ...]
    considered: tuple[Considered, ...]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Who has the ticket now and why."""

    group: str
    tier: str
    assignee: str
    assignee_key: str
    initials: str
    why: Why | None
    climbs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One line of the timeline."""

    at: Moment
    who: str
    text: str
    detail: str
    icon: str
    tone: Tone


def holding(found: Assignment, *, speech: Speech, now: datetime, called: Names) -> Holding:
    """The assignment as routing decided it."""
    assignee = found.assignee_name or called.agent(found.assignee)
    decision = found.decision
    return Holding(
        group=found.group_name or called.group(found.group),
        tier=f"L{found.tier}" if found.tier else "",
        assignee=assignee,
        assignee_key=found.assignee or "",
        initials=initials(assignee) if assignee else "",
        why=_why(decision, speech=speech, now=now, called=called) if decision else None,
        climbs=tuple(_climb(item, speech=speech, called=called) for item in found.escalations),
    )


def _why(decision: Decision, *, speech: Speech, now: datetime, called: Names) -> Why:
    ordered = sorted(
        decision.candidates, key=lambda c: (c.agent != decision.assignee, not c.eligible)
    )
    return Why(
        at=moment(decision.decided_at, speech=speech, now=now),
        by=person(decision.actor, speech=speech),
        group=called.group(decision.group),
        assignee=called.agent(decision.assignee),
        code=labels.say(labels.ASSIGNMENT_REASONS, decision.reason_code, speech=speech),
        summary=_summary(decision, speech=speech, called=called),
        reason=decision.reason,
        note=decision.note,
        rule=decision.rule or "",
        matched=decision.matched,
        considered=tuple(
            _considered(item, decision=decision, speech=speech, called=called) for item in ordered
        ),
    )


def _considered(
    item: Candidate, *, decision: Decision, speech: Speech, called: Names
) -> Considered:
    name = called.agent(item.agent)
    why = labels.say(labels.LEFT_OUT, item.failed, speech=speech) or _score(item, speech=speech)
    return Considered(
        name=name,
        initials=initials(name),
        is_chosen=item.agent == decision.assignee,
        is_eligible=item.eligible,
        why=why,
    )


def _summary(decision: Decision, *, speech: Speech, called: Names) -> str:
    """The decision in one sentence of the reader's language."""
    possible = sum(item.eligible for item in decision.candidates)
    name = called.agent(decision.assignee)
    if not name:
        return speech.text("Nobody can take it right now; it waits in the group's queue.")
    if not possible:
        return speech.text("%(name)s was named by hand.", name=name)
    if possible == 1:
        return speech.text("%(name)s is the only one who can take it now.", name=name)
    among = speech.number(possible)
    return speech.text("%(name)s fits best among %(num)s who can take it.", name=name, num=among)


def _score(item: Candidate, *, speech: Speech) -> str:
    """The parts of a score, such as `load 0.25, skill 0, sum 0.25`."""
    return ", ".join(
        f"{speech.text(text)} {speech.number(round(float(item.score[part]), 2))}"
        for part, text in labels.SCORE_PARTS.items()
        if part in item.score
    )


def _climb(item: Escalation, *, speech: Speech, called: Names) -> str:
    where = called.group(item.to_group) or item.told or ""
    kind = labels.say(labels.ESCALATIONS, item.kind, speech=speech)
    return f"{kind}: {where}" if where else kind


def timeline(
    *,
    log: tuple[LogEntry, ...],
    assignment: Assignment | None,
    thresholds: tuple[ThresholdFired, ...],
    speech: Speech,
    now: datetime,
    called: Names,
) -> tuple[Happening, ...]:
    """All that happened, newest first: the ticket's log, routing's decisions, fired thresholds.

    Routing's own record of an assignment says more than the ticket's copy, so it stands for it
    when routing can be reached.
    """
    found = [
        (entry.at, entry.seq, _log_line(entry, speech=speech, now=now, called=called))
        for entry in log
        if assignment is None or not entry.event.startswith("ticket.assigned.")
    ]
    # Within one instant what others did follows what the log says, first of all the opening.
    found += [
        (decision.decided_at, _AFTER_LOG, _decision_line(decision, speech, now, called))
        for decision in (assignment.history if assignment else ())
    ]
    found += [
        (climb.raised_at, _AFTER_LOG, _climb_line(climb, speech, now, called))
        for climb in (assignment.escalations if assignment else ())
    ]
    found += [
        (fired.crossed_at, _AFTER_LOG, _threshold_line(fired, speech, now)) for fired in thresholds
    ]
    found.sort(key=lambda item: item[:2], reverse=True)
    return tuple(line for _, _, line in found)


_LOG_TEXTS: labels.Labels = {
    "ticket.opened": message("Ticket opened"),
    "ticket.assigned": message("Assigned"),
    "ticket.reprioritised": message("Priority changed"),
    "ticket.categorised": message("Category set"),
    "ticket.resolved": message("Resolved"),
    "ticket.reopened": message("Reopened"),
    "ticket.closed": message("Closed"),
    "ticket.merged": message("Merged into another ticket"),
    "ticket.unmerged": message("Merge undone"),
    "ticket.absorbed": message("Another ticket was merged into this one"),
    "ticket.released": message("A merged ticket goes its own way again"),
    "ticket.split": message("A new ticket was split off"),
}
# The other ticket that an entry names.
_OTHER_TICKET: Mapping[str, str] = {
    "ticket.merged": "into",
    "ticket.unmerged": "out_of",
    "ticket.absorbed": "source",
    "ticket.released": "source",
    "ticket.split": "child",
    "ticket.opened": "split_from",
}
_LOG_LOOKS: Mapping[str, tuple[str, Tone]] = {
    "ticket.opened": ("inbox", "info"),
    "ticket.replied": ("message", "neutral"),
    "ticket.assigned": ("person", "info"),
    "ticket.resolved": ("check", "ok"),
    "ticket.closed": ("check", "muted"),
    "ticket.reopened": ("refresh", "warn"),
    "ticket.reprioritised": ("flag", "warn"),
    "ticket.merged": ("swap", "muted"),
    "ticket.unmerged": ("refresh", "warn"),
    "ticket.absorbed": ("swap", "info"),
    "ticket.released": ("refresh", "warn"),
    "ticket.split": ("swap", "info"),
}


def _log_line(entry: LogEntry, *, speech: Speech, now: datetime, called: Names) -> Happening:
    event = entry.event.rpartition(".v")[0] or entry.event
    icon, tone = _LOG_LOOKS.get(event, ("dot", "neutral"))
    text, detail = _log_words(event, entry.facts, speech=speech, called=called)
    return Happening(
        at=moment(entry.at, speech=speech, now=now),
        who=person(entry.actor, speech=speech),
        text=text,
        detail=detail,
        icon=icon,
        tone=tone,
    )


def _log_words(
    event: str, facts: Mapping[str, Any], *, speech: Speech, called: Names
) -> tuple[str, str]:
    """What happened, and the fact that belongs to it."""
    if event == "ticket.replied":
        is_internal = facts.get("public") is False
        sent_to = facts.get("addressed_to")
        where = speech.text("sent to %(number)s", number=sent_to) if sent_to else ""
        return (speech.text("Internal note") if is_internal else speech.text("Reply")), where
    if event == "ticket.status_changed":
        status = labels.say(labels.STATUSES, str(facts.get("status", "")), speech=speech)
        why = labels.say(labels.PENDING_REASONS, facts.get("pending_reason"), speech=speech)
        return status, " – ".join(filter(None, (why, str(facts.get("reason") or ""))))
    return labels.say(_LOG_TEXTS, event, speech=speech), _log_detail(event, facts, called=called)


def _log_detail(event: str, facts: Mapping[str, Any], *, called: Names) -> str:
    if event == "ticket.reprioritised":
        return f"{facts.get('was', '')} → {facts.get('priority', '')}"
    if event == "ticket.categorised":
        return str(facts.get("category", "")).replace("-", " ")
    if event == "ticket.assigned":
        holder = called.agent(facts.get("assignee"))
        return " – ".join(filter(None, (called.group(facts.get("group")), holder)))
    other = facts.get(_OTHER_TICKET.get(event, ""))
    return " – ".join(filter(None, (other, str(facts.get("reason") or ""))))


def _decision_line(decision: Decision, speech: Speech, now: datetime, called: Names) -> Happening:
    holder = called.agent(decision.assignee) or speech.text("nobody yet")
    return Happening(
        at=moment(decision.decided_at, speech=speech, now=now),
        who=person(decision.actor, speech=speech),
        text=f"{called.group(decision.group)} – {holder}",
        detail=decision.note or _summary(decision, speech=speech, called=called),
        icon="person",
        tone="info",
    )


def _climb_line(climb: Escalation, speech: Speech, now: datetime, called: Names) -> Happening:
    return Happening(
        at=moment(climb.raised_at, speech=speech, now=now),
        who=speech.text("Escalation"),
        text=_climb(climb, speech=speech, called=called),
        detail=climb.reason,
        icon="climb",
        tone="warn",
    )


def _threshold_line(fired: ThresholdFired, speech: Speech, now: datetime) -> Happening:
    clock = labels.say(labels.CLOCKS, fired.clock, speech=speech)
    is_breach = fired.threshold >= 100  # noqa: PLR2004 - percent
    used = speech.text("%(percent)s of the target used", percent=speech.percent(fired.threshold))
    return Happening(
        at=moment(fired.crossed_at, speech=speech, now=now),
        who=clock,
        text=around_due(fired.minutes, speech=speech) or used,
        detail=speech.text("Overdue") if is_breach else "",
        icon="clock",
        tone="danger" if is_breach else "warn",
    )
