"""Reports and the export of the desk's log."""

import csv
import dataclasses
import io

from falcon import Request, Response

from contracts import intake, sla
from contracts.errors import invalid_field
from gateway.api.answers import answer
from gateway.house import House
from gateway.reading import query_of
from gateway.schemas import EventsQuery, PromisesQuery


class Promises:
    """How promises were kept."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """As JSON or CSV."""
        query = query_of(req, PromisesQuery)
        if query.from_ and query.to and query.to <= query.from_:
            raise invalid_field("to", "Must be later than from.")
        report = self._clients.promises(
            sla.ReportPromises(since=query.from_, until=query.to, clock=query.clock)
        )
        if query.format == "json":
            answer(resp, report)
            return
        resp.text = as_csv(report)
        resp.content_type = "text/csv; charset=utf-8"
        resp.downloadable_as = "promises.csv"


def as_csv(report: sla.PromiseReport) -> str:
    """The report as one table; `by` tells its three parts apart."""
    out = io.StringIO()
    columns = [field.name for field in dataclasses.fields(sla.PromiseRow)]
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["by", *columns])
    parts = {
        "total": (report.total,),
        "priority": report.by_priority,
        "reassignments": report.by_reassignments,
    }
    for by, rows in parts.items():
        for row in rows:
            writer.writerow([by, *(getattr(row, column) for column in columns)])
    return out.getvalue()


class Events:
    """The desk's log."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """From an offset on."""
        answer(resp, self._clients.log(intake.ReadLog(**vars(query_of(req, EventsQuery)))))
