"""Clocks and promises in words, bars and percentages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.sla import Clock, ThresholdFired, TicketClocks
from gateway.portal import labels
from gateway.portal.speech import Speech, message
from gateway.portal.views.parts import Badge, Moment, Names, Tone, moment

_TONES: Mapping[str, Tone] = {
    "running": "ok",
    "paused": "muted",
    "breached": "danger",
    "met": "ok",
    "missed": "danger",
    "cancelled": "muted",
}
_HOLDERS: labels.Labels = {
    "requester": message("Requester"),
    "vendor": message("Supplier"),
    "unassigned": message("With nobody"),
    "in_transit": message("Between groups"),
}
_TIERS = {"tier1": "L1", "tier2": "L2", "tier3": "L3"}
# Kept exchanges and hand-overs of the past would bury what is promised now.
_ALWAYS_SHOWN = frozenset({"first_response", "resolution"})
_BYGONE = frozenset({"met", "cancelled"})
_RISK_PERCENT = 75  # of the target; a threshold from here on that fired means risk


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A threshold that fired: which, where on the bar, and when."""

    name: str
    percent: int
    at: Moment
    hint: str
    is_late: bool


@dataclass(frozen=True, kw_only=True)
class ClockCard:
    """One promise: its bar (0 to 100), what is left and until when."""

    name: str
    state: Badge
    percent: int
    used: str
    left: str
    due: Moment | None
    ticks: tuple[Tick, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class Share:
    """Whose open time it was: a slice of the whole, for a stacked bar."""

    name: str
    length: str
    percent: float
    start: float


@dataclass(frozen=True, kw_only=True)
class Promises:
    """Every clock of a ticket, and whose time was used."""

    clocks: tuple[ClockCard, ...]
    shares: tuple[Share, ...]
    as_of: Moment


def promises(found: TicketClocks, *, speech: Speech, now: datetime, called: Names) -> Promises:
    """The clocks in the order the service gave them."""
    return Promises(
        clocks=tuple(
            _card(clock, found.thresholds, speech=speech, now=now, called=called)
            for clock in found.clocks
            if clock.kind in _ALWAYS_SHOWN or clock.state not in _BYGONE
        ),
        shares=shares_of(found.attribution, speech=speech, called=called),
        as_of=moment(found.as_of, speech=speech, now=now),
    )


def _card(
    clock: Clock,
    fired: tuple[ThresholdFired, ...],
    *,
    speech: Speech,
    now: datetime,
    called: Names,
) -> ClockCard:
    ticks = tuple(
        _tick(item, speech=speech, now=now)
        for item in fired
        if (item.clock, item.instance, item.clock_version)
        == (clock.kind, clock.instance, clock.version)
    )
    percent = round(100 * clock.elapsed_us / clock.target_us) if clock.target_us else 100
    return ClockCard(
        name=_name(clock, speech=speech, called=called),
        state=_state(clock, ticks, speech=speech),
        percent=max(0, min(100, percent)),
        used=speech.text(
            "%(used)s of %(target)s used",
            used=speech.length(timedelta(microseconds=clock.elapsed_us)),
            target=speech.length(timedelta(microseconds=clock.target_us)),
        ),
        left=_left(clock, speech=speech),
        due=_due(clock, speech=speech, now=now),
        ticks=ticks,
        note=_note(clock, speech=speech),
    )


def _name(clock: Clock, *, speech: Speech, called: Names) -> str:
    """The kind of clock, and whose it is where each group has its own."""
    kind = labels.say(labels.CLOCKS, clock.kind, speech=speech)
    return f"{kind} · {called.group(clock.group)}" if clock.group else kind


def _state(clock: Clock, ticks: tuple[Tick, ...], *, speech: Speech) -> Badge:
    """The clock's state; a running one of which a late threshold fired is at risk."""
    if clock.state == "running" and any(tick.is_late for tick in ticks):
        return Badge(text=labels.say(labels.SLA_STATES, "at_risk", speech=speech), tone="warn")
    text = labels.say(labels.CLOCK_STATES, clock.state, speech=speech)
    return Badge(text=text, tone=_TONES.get(clock.state, "muted"))


def _tick(item: ThresholdFired, *, speech: Speech, now: datetime) -> Tick:
    at = moment(item.crossed_at, speech=speech, now=now)
    hint = speech.text(
        "%(percent)s of the target was used on %(at)s",
        percent=speech.percent(item.threshold),
        at=at.full,
    )
    return Tick(
        name=around_due(item.minutes, speech=speech) or speech.percent(item.threshold),
        percent=min(item.threshold, 100),
        at=at,
        hint=hint,
        # Whoever asked for minutes before due wants to know that these are the last ones.
        is_late=item.threshold >= _RISK_PERCENT or item.minutes is not None,
    )


def around_due(minutes: int | None, *, speech: Speech) -> str:
    """A threshold in minutes as people say it; empty for one in percent."""
    if minutes is None:
        return ""
    length = speech.length(timedelta(minutes=abs(minutes)))
    if minutes < 0:
        return speech.text("%(length)s before due", length=length)
    return speech.text("%(length)s after due", length=length)


def _left(clock: Clock, *, speech: Speech) -> str:
    left = speech.length(timedelta(microseconds=clock.remaining_us))
    if clock.state == "cancelled":
        return ""
    if clock.remaining_us < 0:
        return speech.text("%(length)s over", length=left)
    if clock.state == "paused":
        return speech.text("%(length)s left when it runs again", length=left)
    if clock.state == "met":
        return speech.text("%(length)s to spare", length=left)
    return speech.text("%(length)s left", length=left)


def _due(clock: Clock, *, speech: Speech, now: datetime) -> Moment | None:
    due = clock.due_at or (clock.judged_due_at if clock.state in {"breached", "missed"} else None)
    return moment(due, speech=speech, now=now) if due else None


def _note(clock: Clock, *, speech: Speech) -> str:
    if clock.provisional:
        return speech.text("Provisional: reopening may still continue it")
    if clock.cause == "reprioritised":
        return speech.text("Overdue because the priority was raised")
    return ""


def shares_of(
    attribution: Mapping[str, int], *, speech: Speech, called: Names
) -> tuple[Share, ...]:
    """Whose open time it was, as slices of a bar."""
    used = {holder: length for holder, length in attribution.items() if length > 0}
    whole = sum(used.values())
    found: list[Share] = []
    start = 0.0
    for holder, length in used.items():
        percent = 100 * length / whole
        found.append(
            Share(
                name=_holder(holder, speech=speech, called=called),
                length=speech.length(timedelta(microseconds=length)),
                percent=round(percent, 2),
                start=round(start, 2),
            )
        )
        start += percent
    return tuple(found)


def _holder(holder: str, *, speech: Speech, called: Names) -> str:
    tier, _, group = holder.partition(":")
    if tier in _TIERS:
        return f"{_TIERS[tier]} · {called.group(group)}"
    return labels.say(_HOLDERS, holder, speech=speech)
