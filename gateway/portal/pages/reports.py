"""A lead's page: how promises were kept, how long it took, and what waits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from urllib.parse import urlencode

from falcon import Request, Response

from contracts import sla
from contracts.errors import Unavailable
from contracts.grammar import from_plain, in_iso
from gateway.house import House
from gateway.portal import labels
from gateway.portal.rendering import Press
from gateway.portal.speech import Speech
from gateway.portal.views import reports
from gateway.portal.views.parts import Names, choices, names

T = TypeVar("T")

DAYS = 30  # the period shown when none is asked for
PRESETS = (7, 30, 90, 365)
_API = "/api/v1/reports"


@dataclass(frozen=True)
class Asked:
    """Whole days in the portal's zone, both included, and a kind of clock."""

    first: date
    last: date
    clock: str

    def span(self, speech: Speech) -> dict[str, str]:
        """From midnight to midnight, as instants."""
        return {
            "since": in_iso(_midnight(self.first, speech)),
            "until": in_iso(_midnight(self.last + timedelta(days=1), speech)),
        }


class PromisesReport:
    """Promises kept in a period of whole days in the portal's zone."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """The report for tickets opened from one day to another, both included."""
        visit = self._press.visit(req, resp)
        speech = visit.speech
        today = visit.now.astimezone(speech.zone).date()
        asked = _asked(req, today=today)
        called = self._names()
        said = {**asked.span(speech), "clock": asked.clock}
        promises = from_plain(sla.ReportPromises, {**said, "zone": str(speech.zone)})
        found = _tried(
            lambda: reports.report(self._clients.promises(promises), speech=speech, called=called)
        )
        lengths = from_plain(sla.ReportTimes, said)
        self._press.page(
            req,
            resp,
            visit,
            "promises.html",
            report=found,
            unavailable=found is None,
            times=_tried(lambda: reports.times(self._clients.times(lengths), speech=speech)),
            backlog=_tried(
                lambda: reports.backlog(
                    self._clients.backlog(sla.ReportBacklog()), speech=speech, called=called
                )
            ),
            since=asked.first.isoformat(),
            until=asked.last.isoformat(),
            period=speech.text(
                "Tickets opened from %(since)s to %(until)s",
                since=speech.day(_midnight(asked.first, speech)),
                until=speech.day(_midnight(asked.last, speech)),
            ),
            presets=_presets(asked, today=today, speech=speech),
            clocks=choices(labels.CLOCKS, speech=speech, chosen=asked.clock),
            tables=_tables(asked, speech=speech),
        )

    def _names(self) -> Names:
        groups = self._clients.start_groups()
        return names(groups=_tried(groups.result), agents=None)


def _asked(req: Request, *, today: date) -> Asked:
    first = _day(req.get_param("since")) or today - timedelta(days=DAYS - 1)
    last = max(first, _day(req.get_param("until")) or today)
    return Asked(first, last, req.get_param("clock") or "resolution")


def _presets(asked: Asked, *, today: date, speech: Speech) -> list[dict[str, object]]:
    found = []
    for days in PRESETS:
        first = today - timedelta(days=days - 1)
        query = {"since": first.isoformat(), "until": today.isoformat(), "clock": asked.clock}
        found.append(
            {
                "text": speech.plural("%(num)s day", "%(num)s days", days),
                "address": f"/reports/promises?{urlencode(query)}",
                "chosen": (first, today) == (asked.first, asked.last),
            }
        )
    return found


def _tables(asked: Asked, *, speech: Speech) -> dict[str, str]:
    """Where each report is as a table to download."""
    span = asked.span(speech)
    query = {"from": span["since"], "to": span["until"], "clock": asked.clock, "format": "csv"}
    zoned = {**query, "zone": str(speech.zone)}
    return {
        "promises": f"{_API}/promises?{urlencode(zoned)}",
        "times": f"{_API}/times?{urlencode(query)}",
        "backlog": f"{_API}/backlog?format=csv",
    }


def _tried(ask: Callable[[], T]) -> T | None:
    """The answer, or nothing while who knows is away."""
    try:
        return ask()
    except Unavailable:
        return None


def _day(text: str | None) -> date | None:
    """A day of a date field between 2000 and 2100; None for anything else."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(2100, 1, 1) else None


def _midnight(day: date, speech: Speech) -> datetime:
    return datetime.combine(day, time(), tzinfo=speech.zone)
