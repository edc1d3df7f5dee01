"""The demo's day in instants: which working day it is, and what happens when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from contracts.sla import CalendarSpec, Weekday
from deploy.demo.tickets import Act, Day, DemoTicket, minute_of

OPENS, CLOSES = "08:00", "17:00"  # the first and the last minute of the day that is played
_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOK_BACK_DAYS = 60


@dataclass(frozen=True, kw_only=True)
class Cue:
    """Something that happens at an instant: a ticket is filed, or one of its acts is done.

    Attributes:
        part: 0 for the filing, then the act's number.
    """

    at: datetime
    ticket: DemoTicket
    part: int

    @property
    def act(self) -> Act | None:
        """What is done; None when the ticket is filed."""
        return self.ticket.acts[self.part - 1] if self.part else None


def latest_working_day(*, now: datetime, calendar: CalendarSpec) -> date:
    """The latest day of this calendar that was over at `now`, in the calendar's zone.

    A day still going on would have to be played into the future.

    Raises:
        LookupError: the calendar has no such day in the last two months.
    """
    zone = ZoneInfo(calendar.zone)
    today = now.astimezone(zone).date()
    closed = _closed_days(calendar)
    for days in range(_LOOK_BACK_DAYS):
        day = today - timedelta(days=days)
        is_open = bool(calendar.week.get(_WEEKDAYS[day.weekday()])) and day not in closed
        if is_open and instant(day, CLOSES, zone=zone) <= now:
            return day
    raise LookupError(calendar.key)


def _closed_days(calendar: CalendarSpec) -> Collection[date]:
    closed = set[date]()
    for closure in calendar.closures:
        day, last = date.fromisoformat(closure.first), date.fromisoformat(closure.last)
        while day <= last:
            closed.add(day)
            day += timedelta(days=1)
    return closed


def instant(day: date, at: str, *, zone: ZoneInfo) -> datetime:
    """The instant at which the clock on the wall shows `at` on that day."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return midnight + timedelta(minutes=minute_of(at))


def agenda(day: Day, *, on: date, zone: ZoneInfo) -> tuple[Cue, ...]:
    """All that happens, in order; each ticket's acts stay in theirs."""
    cues = [
        Cue(at=instant(on, at, zone=zone), ticket=ticket, part=part)
        for ticket in day.tickets
        for part, at in enumerate([ticket.at, *(act.at for act in ticket.acts)])
    ]
    return tuple(sorted(cues, key=lambda cue: cue.at))
