"""Reports and the export of the desk's log."""

import csv
import dataclasses
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from falcon import Request, Response

from contracts import intake, sla
from contracts.errors import invalid_field
from contracts.grammar import in_iso
from gateway.api.answers import answer
from gateway.clients import Clients
from gateway.house import House
from gateway.reading import query_of
from gateway.schemas import BacklogQuery, EventsQuery, PromisesQuery, TimesQuery

Parts = Mapping[str, Iterable[Any]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of report.

    Attributes:
        query: its parameters.
        ask: asks the service that knows.
        parts: the report's lines by what they are counted by, for its table.
    """

    query: type[Any]
    ask: Callable[[Clients, Any], Any]
    parts: Callable[[Any], Parts]


def _ask_promises(clients: Clients, query: PromisesQuery) -> sla.PromiseReport:
    return clients.promises(
        sla.ReportPromises(since=query.from_, until=query.to, clock=query.clock, zone=query.zone)
    )


def _promise_parts(report: sla.PromiseReport) -> Parts:
    return {
        "total": (report.total,),
        "priority": report.by_priority,
        "reassignments": report.by_reassignments,
        "policy": report.by_policy,
        "group": report.by_group,
        report.period_unit: report.by_period,
    }


def _ask_times(clients: Clients, query: TimesQuery) -> sla.TimesReport:
    return clients.times(
        sla.ReportTimes(since=query.from_, until=query.to, clock=query.clock, by=query.by)
    )


def _ask_backlog(clients: Clients, query: BacklogQuery) -> sla.BacklogReport:
    return clients.backlog(sla.ReportBacklog(since=query.from_, until=query.to))


def _backlog_parts(report: sla.BacklogReport) -> Parts:
    return {
        "total": (report.total,),
        "age": report.by_age,
        "group": report.by_group,
        "priority": report.by_priority,
    }


KINDS: Mapping[str, Kind] = {
    "promises": Kind(query=PromisesQuery, ask=_ask_promises, parts=_promise_parts),
    "times": Kind(
        query=TimesQuery,
        ask=_ask_times,
        parts=lambda report: {"total": (report.total,), report.by: report.rows},
    ),
    "backlog": Kind(query=BacklogQuery, ask=_ask_backlog, parts=_backlog_parts),
}


class Report:
    """One kind of report, as JSON or as one table."""

    def __init__(self, house: House, *, name: str) -> None:
        self._clients = house.clients
        self._name = name
        self._kind = KINDS[name]

    def on_get(self, req: Request, resp: Response) -> None:
        """As JSON or CSV."""
        query = query_of(req, self._kind.query)
        if query.from_ and query.to and query.to <= query.from_:
            raise invalid_field("to", "Must be later than from.")
        report = self._kind.ask(self._clients, query)
        if query.format == "json":
            answer(resp, report)
            return
        resp.text = as_csv(self._kind.parts(report))
        resp.content_type = "text/csv; charset=utf-8"
        resp.downloadable_as = f"{self._name}.csv"


def as_csv(parts: Parts) -> str:
    """A report as one table; `by` tells its parts apart, a mapping has a column for each key."""
    lines = [{"by": by, **_flat(row)} for by, rows in parts.items() for row in rows]
    out = io.StringIO()
    writer = csv.DictWriter(out, _columns(lines), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def _columns(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for line in lines for name in line))


def _flat(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        if isinstance(value, Mapping):
            found |= {f"{field.name}:{key}": _cell(part) for key, part in value.items()}
        else:
            found[field.name] = _cell(value)
    return found


def _cell(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return in_iso(value)
    # A spreadsheet would run what begins like a formula.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@" and value else value


class Events:
    """The desk's log."""

    def __init__(self, house: House) -> None:
        self._clients = house.clients

    def on_get(self, req: Request, resp: Response) -> None:
        """From an offset on."""
        answer(resp, self._clients.log(intake.ReadLog(**vars(query_of(req, EventsQuery)))))
