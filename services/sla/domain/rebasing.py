"""What another book would change for clocks that run: looked at before anybody chooses it."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.sla.domain.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How the clocks of tickets change.

    Attributes:
        changed: whose due instant or target is another one.
        newly_breached: whose new due instant is past already.
        saved: that are due later than before, or wait with more left.
    """

    clocks: int = 0
    changed: int = 0
    newly_breached: int = 0
    saved: int = 0

    def __add__(self, other: "Effect") -> "Effect":
        return Effect(
            clocks=self.clocks + other.clocks,
            changed=self.changed + other.changed,
            newly_breached=self.newly_breached + other.newly_breached,
            saved=self.saved + other.saved,
        )


def effect(before: Sequence[Clock], after: Sequence[Clock]) -> Effect:
    """What changed between the clocks of a ticket and the same ones by another book."""
    were = {(one.kind, one.instance): one for one in before if not one.has_ended}
    become = {(one.kind, one.instance): one for one in after}
    found = Effect()
    for key in were.keys() | {key for key, one in become.items() if not one.has_ended}:
        found += _effect(were.get(key), become.get(key))
    return found


def _effect(was: Clock | None, becomes: Clock | None) -> Effect:
    if was is None or becomes is None:
        return Effect(clocks=1, changed=1)
    is_later = (becomes.due_at or becomes.started_at, becomes.remaining) > (
        was.due_at or was.started_at,
        was.remaining,
    )
    changed = (was.due_at, was.target, was.state) != (
        becomes.due_at,
        becomes.target,
        becomes.state,
    )
    newly = becomes.breached_at is not None and was.breached_at is None
    return Effect(
        clocks=1,
        changed=int(changed),
        newly_breached=int(newly),
        saved=int(changed and is_later and not newly),
    )
