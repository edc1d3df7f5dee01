"""Whether suggested articles spare tickets: counted with care, and against people who saw none.

An ask is a text that somebody began to write and that articles fit. Somebody is held out by a
stable hash of who they are: they are shown nothing, so that what suggestions change can be told
from what would have happened anyway.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_Z = 1.96  # 95 %
_READ_WITHIN = timedelta(days=1)
_SALT = "suggestions"
_BUCKETS = 10_000


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A text that articles fit.

    Attributes:
        shown: the keys of the articles that fit; of somebody held out, those not shown.
        readings: when one of them was read by this requester, and which.
        ticket_at: when this requester opened a ticket after it, if they did within the days.
    """

    asked_at: datetime
    is_held_out: bool
    shown: Sequence[str]
    readings: Sequence[tuple[datetime, str]] = ()
    ticket_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Group:
    """What became of the asks of one group.

    Attributes:
        asks: whose days have passed.
        read: of those, where a shown article was read before any ticket.
        deflected: of those read, where no ticket followed within the days.
        without_ticket: all asks that no ticket followed.
    """

    asks: int = 0
    read: int = 0
    deflected: int = 0
    without_ticket: int = 0

    @property
    def share(self) -> float | None:
        """The share that no ticket followed; None of none."""
        return round(self.without_ticket / self.asks, 4) if self.asks else None


@dataclass(frozen=True, kw_only=True)
class Deflection:
    """The measure.

    Attributes:
        undecided: asks whose days have not passed yet.
        effect: how much more often no ticket follows when articles are shown, with its 95 %
            interval; None while one of the groups is empty.
    """

    shown: Group
    held_out: Group
    undecided: int
    effect: tuple[float, float, float] | None


def is_held_out(requester: str, *, percent: float) -> bool:
    """Whether somebody belongs to the group that is shown nothing: always the same answer."""
    digest = hashlib.sha256(f"{_SALT}:{requester.casefold()}".encode()).digest()
    return int.from_bytes(digest[:4]) % _BUCKETS < percent * _BUCKETS / 100


def measure(asks: Iterable[Ask], *, days: int, now: datetime) -> Deflection:
    """Count asks, those whose days have passed."""
    decided: dict[bool, list[Ask]] = {False: [], True: []}
    undecided = 0
    for ask in asks:
        if ask.asked_at + timedelta(days=days) > now:
            undecided += 1
        else:
            decided[ask.is_held_out].append(ask)
    shown, held_out = _group(decided[False], days=days), _group(decided[True], days=days)
    return Deflection(
        shown=shown, held_out=held_out, undecided=undecided, effect=_effect(shown, held_out)
    )


def _group(asks: Sequence[Ask], *, days: int) -> Group:
    quiet = [ask for ask in asks if not _has_ticket(ask, days=days)]
    return Group(
        asks=len(asks),
        read=sum(map(_was_read, asks)),
        deflected=sum(map(_was_read, quiet)),
        without_ticket=len(quiet),
    )


def _has_ticket(ask: Ask, *, days: int) -> bool:
    return ask.ticket_at is not None and ask.ticket_at < ask.asked_at + timedelta(days=days)


def _was_read(ask: Ask) -> bool:
    end = ask.asked_at + _READ_WITHIN
    if ask.ticket_at is not None:
        end = min(end, ask.ticket_at)
    return not ask.is_held_out and any(
        ask.asked_at <= at <= end and key in ask.shown for at, key in ask.readings
    )


def _effect(shown: Group, held_out: Group) -> tuple[float, float, float] | None:
    """The difference of two shares with its interval, by Agresti and Caffo: sound for few too."""
    if not shown.asks or not held_out.asks:
        return None
    difference = shown.without_ticket / shown.asks - held_out.without_ticket / held_out.asks
    one, one_n = (shown.without_ticket + 1) / (shown.asks + 2), shown.asks + 2
    other, other_n = (held_out.without_ticket + 1) / (held_out.asks + 2), held_out.asks + 2
    half = _Z * math.sqrt(one * (1 - one) / one_n + other * (1 - other) / other_n)
    low, high = max(-1.0, one - other - half), min(1.0, one - other + half)
    return round(difference, 4), round(low, 4), round(high, 4)
