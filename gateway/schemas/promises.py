"""Reports, what a job judged, and the desk's log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts import sla


@dataclass(frozen=True, kw_only=True)
class EventsQuery:
    """From where on to read the desk's log."""

    after: Annotated[int, validate.Range(min=0)] = 0
    limit: Annotated[int, validate.Range(min=1, max=1000)] = 200


@dataclass(frozen=True, kw_only=True)
class BacklogQuery:
    """Tickets opened in `[from, to)` that somebody has to work on."""

    from_: datetime | None = None
    to: datetime | None = None
    format: Literal["json", "csv"] = "json"


@dataclass(frozen=True, kw_only=True)
class PromisesQuery(BacklogQuery):
    """Tickets opened in `[from, to)`; periods are days, weeks or months of `zone`."""

    clock: sla.ClockKind = "resolution"
    zone: Annotated[str, validate.Length(min=1, max=64)] = "UTC"


@dataclass(frozen=True, kw_only=True)
class TimesQuery(BacklogQuery):
    """Tickets opened in `[from, to)`."""

    clock: sla.ClockKind = "resolution"
    by: Literal["priority", "group", "policy", "reassignments"] = "priority"


@dataclass(frozen=True, kw_only=True)
class VerdictsQuery:
    """The next `limit` tickets after a number."""

    after: Annotated[str, validate.Length(max=32)] = ""
    limit: Annotated[int, validate.Range(min=1, max=1000)] = 200
    only_changed: bool = True
