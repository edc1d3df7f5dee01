"""Small values that several pages show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from contracts.grammar import in_iso
from contracts.intake import SlaState
from contracts.routing import Agents, Groups
from gateway.portal import labels
from gateway.portal.speech import Speech, message

_KIB, _MIB = 1024, 1_048_576

Tone = Literal["neutral", "info", "ok", "warn", "danger", "muted"]

STATUS_TONES: Mapping[str, Tone] = {
    "new": "info",
    "triaged": "info",
    "assigned": "info",
    "in_progress": "info",
    "pending": "warn",
    "verifying": "warn",
    "resolved": "ok",
}
PRIORITY_TONES: Mapping[str, Tone] = {"P1": "danger", "P2": "warn", "P3": "info"}
SLA_TONES: Mapping[str, Tone] = {
    "running": "ok",
    "at_risk": "warn",
    "breached": "danger",
    "met": "ok",
}


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A word with a tone; `hint` says it in full."""

    text: str
    tone: Tone = "muted"
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """An instant for people and for programs."""

    iso: str
    text: str
    full: str
    distance: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One thing that can be chosen in a form."""

    value: str
    text: str
    chosen: bool = False


@dataclass(frozen=True)
class Names:
    """What groups and agents are called; a key without a known name is shown itself."""

    groups: Mapping[str, str] = field(default_factory=dict)
    agents: Mapping[str, str] = field(default_factory=dict)

    def group(self, key: str | None) -> str:
        """A group's name."""
        return self.groups.get(key, key) if key else ""

    def agent(self, key: str | None) -> str:
        """An agent's name."""
        return self.agents.get(key, key) if key else ""


def names(*, groups: Groups | None, agents: Agents | None) -> Names:
    """Names by key; a list that could not be had leaves the keys to be shown."""
    return Names(
        groups={item.spec.key: item.spec.name for item in groups.items} if groups else {},
        agents={item.spec.key: item.spec.name for item in agents.items} if agents else {},
    )


def moment(at: datetime, *, speech: Speech, now: datetime) -> Moment:
    """An instant as the page shows it."""
    return Moment(
        iso=in_iso(at),
        text=speech.brief(at, now=now),
        full=speech.instant(at),
        distance=speech.distance(at, now=now),
    )


def status_badge(status: str, *, speech: Speech, reason: str | None = None) -> Badge:
    """A status; on hold also says why."""
    why = labels.say(labels.PENDING_REASONS, reason, speech=speech)
    return Badge(
        text=labels.say(labels.STATUSES, status, speech=speech),
        tone=STATUS_TONES.get(status, "muted"),
        hint=why,
    )


def priority_badge(priority: str, *, speech: Speech) -> Badge:
    """A priority by its short name; the hint says it in words."""
    return Badge(
        text=priority,
        tone=PRIORITY_TONES.get(priority, "muted"),
        hint=labels.say(labels.PRIORITIES, priority, speech=speech),
    )


def due_badge(state: SlaState, due_at: datetime | None, *, speech: Speech, now: datetime) -> Badge:
    """How the promise stands: the time left while it runs, else the state's own word."""
    word = labels.say(labels.SLA_STATES, state, speech=speech)
    if due_at is None or state in {"none", "paused", "met"}:
        return Badge(text=word, tone=SLA_TONES.get(state, "muted"))
    text = speech.distance(due_at, now=now)
    if due_at <= now:
        late = speech.length(now - due_at)
        text = speech.text("%(length)s over", length=late)
    hint = speech.text("%(state)s, due %(at)s", state=word, at=speech.instant(due_at))
    return Badge(text=text, tone=SLA_TONES.get(state, "muted"), hint=hint)


def choices(
    options: labels.Labels, *, speech: Speech, chosen: str | tuple[str, ...] | None = None
) -> tuple[Choice, ...]:
    """A table of codes as things to choose from."""
    wanted = (chosen,) if isinstance(chosen, str) else chosen or ()
    return tuple(
        Choice(value=code, text=speech.text(text), chosen=code in wanted)
        for code, text in options.items()
    )


def initials(name: str) -> str:
    """One or two letters to stand for a person."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    picked = words[:1] + (words[-1:] if len(words) > 1 else [])
    return "".join(word[0] for word in picked).upper() or "?"


SYSTEM_NAME = message("The desk")


def size_of(length: int, *, speech: Speech) -> str:
    """How large a file is, in KiB or MiB."""
    if length < _MIB:
        return f"{speech.number(max(1, round(length / _KIB)))} KiB"
    return f"{speech.number(round(length / _MIB, 1))} MiB"
