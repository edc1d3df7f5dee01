"""The stage: a house whose clock can be steered, with the demo desk in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from chassis import timekeeper
from deploy.api import Desk as Api
from deploy.demo.acting import Actors
from deploy.demo.agenda import CLOSES, OPENS, agenda, instant, latest_working_day
from deploy.demo.articles import read_articles
from deploy.demo.cast import Cast, Login, accounts, logins
from deploy.demo.desk import Desk, read_desk
from deploy.demo.furnishing import furnish, let_in
from deploy.demo.journal import Journal, read_journal
from deploy.demo.play import Moment, Span, play
from deploy.demo.recap import Recap, recap
from deploy.demo.tickets import Day, read_day
from deploy.demo.watching import Watch
from deploy.entrance import enter
from deploy.local import opening
from deploy.local.detached import open_detached
from deploy.local.house import Wish
from deploy.local.places import Places
from deploy.local.problems import Problem

_BEFORE_OPENING = timedelta(minutes=15)  # when the desk is furnished


class NotOurs(Problem):
    """The house holds somebody's own tickets."""

    def __init__(self) -> None:
        super().__init__(
            "this desk has tickets of its own, and the demo would move its clock. "
            "Give the demo another place: MEJA_VAR=var-demo ./meja demo"
        )


class ClockNotSteered(Problem):
    """A house stands already that was opened without a clock to move."""

    def __init__(self, *, url: str | None) -> None:
        super().__init__(
            f"a house stands at {url}, and its clock cannot be moved; "
            "./meja down stops it, then ./meja demo"
        )


@dataclass(frozen=True, kw_only=True)
class Stage:
    """The open house and what is to be played in it."""

    url: str
    api: Api
    desk: Desk
    day: Day
    journal: Journal
    logins: tuple[Login, ...]
    clock_file: Path

    @property
    def zone(self) -> ZoneInfo:
        """Where the day is played."""
        return ZoneInfo(self.desk.organisation.zone)

    def perform(self, *, look_on: Callable[[Moment], None]) -> Recap:
        """Furnish the desk and play the day, or what is left of it; how things stand at its end.

        Time is real afterwards, so that the promises of open tickets run on.
        """
        span = Span(opens_at=self._instant(OPENS), closes_at=self._instant(CLOSES))
        try:
            if self.journal.reached is None:
                timekeeper.steer(self.clock_file, at=span.opens_at - _BEFORE_OPENING)
            self._furnish()
            self._play(span, look_on=look_on)
            return self.recap()
        finally:
            timekeeper.release(self.clock_file)

    def recap(self) -> Recap:
        """How the tickets of the day stand now, as the desk tells it."""
        return recap(self.api, desk=self.desk, day=self.day, journal=self.journal)

    def _instant(self, at: str) -> datetime:
        return instant(self.journal.on, at, zone=self.zone)

    def _furnish(self) -> None:
        furnish(self.api, self.desk, articles=read_articles())
        people = accounts(self.desk, self.day)
        let_in(self.api, people, passwords={one.email: one.password for one in self.logins})

    def _play(self, span: Span, *, look_on: Callable[[Moment], None]) -> None:
        roles = {one.email: one.role for one in accounts(self.desk, self.day)}
        cast = Cast(self.api, until=self._instant("24:00"), roles=roles)
        actors = Actors(desk=self.desk, day=self.day, cast=cast, journal=self.journal)
        play(
            agenda(self.day, on=self.journal.on, zone=self.zone),
            span=span,
            actors=actors,
            watch=Watch(self.api),
            journal=self.journal,
            clock_file=self.clock_file,
            look_on=look_on,
        )
        self.journal.is_over = True
        self.journal.save()


def open_stage(*, places: Places, port: int | None, say: Callable[[str], None]) -> Stage:
    """Open the house, or take the one that stands here.

    Raises:
        NotOurs: somebody's own tickets are in it.
        ClockNotSteered: it stands, and the day was not played in it yet.
        Problem: it could not be put up.
    """
    desk = read_desk()
    day = read_day(desk)
    folder = places.var / "demo"
    clock_file = folder / "clock.json"
    journal = read_journal(folder / "journal.json")
    standing = opening.standing(places)
    if standing and not (journal and journal.is_over):
        raise ClockNotSteered(url=standing.url)
    if journal is None:
        clock_file.unlink(missing_ok=True)
    standing = standing or open_detached(
        wish=Wish(port=port),
        places=places,
        say=say,
        settings={"MEJA_CLOCK_FILE": str(clock_file)},
    )
    api = enter(standing, name="Demonstration", file=folder / "token", places=places)
    if journal is None:
        journal = _new_journal(desk, api, file=folder / "journal.json")
    return Stage(
        url=standing.url or "",
        api=api,
        desk=desk,
        day=day,
        journal=journal,
        logins=logins(desk, day, file=folder / "passwords.json"),
        clock_file=clock_file,
    )


def _new_journal(desk: Desk, api: Api, *, file: Path) -> Journal:
    if api.get("/tickets", limit=1)["items"]:
        raise NotOurs
    now = timekeeper.WallClock().now()
    return Journal(file=file, on=latest_working_day(now=now, calendar=desk.calendars[0]))
