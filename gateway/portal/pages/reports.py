"""A lead's page: how promises were kept."""

from datetime import date, datetime, time, timedelta

from falcon import Request, Response

from contracts import sla
from contracts.errors import Unavailable
from contracts.grammar import from_plain, in_iso
from gateway.house import House
from gateway.portal import labels
from gateway.portal.rendering import Press
from gateway.portal.speech import Speech
from gateway.portal.views.parts import choices
from gateway.portal.views.promises import report

DAYS = 30  # the period shown when none is asked for


class PromisesReport:
    """Promises kept in a period of whole days in the portal's zone."""

    def __init__(self, press: Press, house: House) -> None:
        self._press = press
        self._house = house

    def on_get(self, req: Request, resp: Response) -> None:
        """The report for tickets opened from one day to another, both included."""
        visit = self._press.visit(req, resp)
        speech = visit.speech
        today = visit.now.astimezone(speech.zone).date()
        since = _day(req.get_param("since")) or today - timedelta(days=DAYS - 1)
        until = max(since, _day(req.get_param("until")) or today)
        clock = req.get_param("clock") or "resolution"
        question = from_plain(
            sla.ReportPromises,
            {
                "since": in_iso(_midnight(since, speech)),
                "until": in_iso(_midnight(until + timedelta(days=1), speech)),
                "clock": clock,
            },
        )
        try:
            found = report(self._house.clients.promises(question), speech=speech)
        except Unavailable:
            found = None
        self._press.page(
            req,
            resp,
            visit,
            "promises.html",
            report=found,
            unavailable=found is None,
            since=since.isoformat(),
            until=until.isoformat(),
            period=speech.text(
                "Tickets opened from %(since)s to %(until)s",
                since=speech.day(_midnight(since, speech)),
                until=speech.day(_midnight(until, speech)),
            ),
            clocks=choices(labels.CLOCKS, speech=speech, chosen=clock),
        )


def _day(text: str | None) -> date | None:
    """A day of a date field between 2000 and 2100; None for anything else."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if date(2000, 1, 1) <= found <= date(2100, 1, 1) else None


def _midnight(day: date, speech: Speech) -> datetime:
    return datetime.combine(day, time(), tzinfo=speech.zone)
