"""When a notice is given: at once, with the next shift, or with others in a digest.

For each recipient a window opens with what is given to them while none is open. The first few are
given one by one; what comes after them is gathered, and given as one digest at the window's end.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.routing.domain.hours import WorkingHours, next_on_duty
from services.routing.domain.notices import Notice


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often somebody is interrupted: `most` times within `window`."""

    most: int
    window: timedelta


@dataclass(frozen=True, kw_only=True)
class Window:
    """What somebody was given lately; `major` counts the major ones of it."""

    ends_at: datetime | None = None
    given: int = 0
    major: int = 0

    def at(self, now: datetime) -> "Window":
        """The window that is open at an instant; a fresh one when none is."""
        return self if self.ends_at is not None and now < self.ends_at else Window()

    def after(self, *, given: int, major: int, now: datetime, rhythm: Rhythm) -> "Window":
        """The window once more was given."""
        return replace(
            self,
            ends_at=self.ends_at or now + rhythm.window,
            given=self.given + given,
            major=self.major + major,
        )


@dataclass(frozen=True, kw_only=True)
class Round:
    """What is to happen with notices that fell due together.

    Attributes:
        singles: to be given one by one.
        digest: to be given as one.
        later: to wait, each with its new state and instant.
        window: the recipient's, after all that.
    """

    singles: tuple[Notice, ...] = ()
    digest: tuple[Notice, ...] = ()
    later: tuple[Notice, ...] = ()
    window: Window = Window()


def arrived(
    notice: Notice, *, hours: WorkingHours | None, window: Window, rhythm: Rhythm, now: datetime
) -> Round:
    """What happens to a notice when it is filed.

    A major one waits for no shift, and is gathered only behind as many major ones.
    """
    window = window.at(now)
    if (waiting := _until_shift(notice, hours=hours, now=now)) is not None:
        return Round(later=(waiting,), window=window)
    if (window.major if notice.major else window.given) < rhythm.most:
        after = window.after(given=1, major=int(notice.major), now=now, rhythm=rhythm)
        return Round(singles=(notice,), window=after)
    return Round(later=(_gathered(notice, window),), window=window)


def fallen_due(
    notices: Sequence[Notice],
    *,
    hours: WorkingHours | None,
    window: Window,
    rhythm: Rhythm,
    now: datetime,
) -> Round:
    """What happens to notices whose time has come, at a shift's begin or at a window's end.

    What was gathered becomes a digest; so does what waited for the shift when it is more than may
    be given one by one. Gathered until after a shift's end, it waits for the next.
    """
    window = window.at(now)
    asleep = [_until_shift(each, hours=hours, now=now) for each in notices]
    later = tuple(each for each in asleep if each is not None)
    awake = [each for each, waits in zip(notices, asleep, strict=True) if waits is None]
    if not awake:
        return Round(later=later, window=window)
    was_gathered = any(each.state == "gathered" for each in awake)
    if not was_gathered and window.given >= rhythm.most:
        later += tuple(_gathered(each, window) for each in awake)
        return Round(later=later, window=window)
    if not was_gathered and window.given + len(awake) <= rhythm.most:
        after = window.after(given=len(awake), major=_major(awake), now=now, rhythm=rhythm)
        return Round(singles=tuple(awake), later=later, window=after)
    after = window.after(given=1, major=0, now=now, rhythm=rhythm)
    if len(awake) == 1:
        return Round(singles=tuple(awake), later=later, window=after)
    return Round(digest=tuple(awake), later=later, window=after)


def _until_shift(notice: Notice, *, hours: WorkingHours | None, now: datetime) -> Notice | None:
    # Who never works is told at once: there is nothing to wait for.
    on_duty = now if notice.major else (next_on_duty(hours, now) or now)
    return None if on_duty == now else replace(notice, state="waiting", deliver_at=on_duty)


def _gathered(notice: Notice, window: Window) -> Notice:
    return replace(notice, state="gathered", deliver_at=window.ends_at)


def _major(notices: Sequence[Notice]) -> int:
    return sum(each.major for each in notices)
