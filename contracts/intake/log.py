"""The event log, of a ticket and of the whole desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from marshmallow import validate

from contracts.grammar import Operation
from contracts.intake.words import Actor, TicketNumber


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One entry of a ticket's event log, as it was told on the bus.

    Attributes:
        offset: position in the whole desk's log, for incremental export.
        facts: the event's own fields.
    """

    offset: int
    number: str
    seq: int
    event: str
    at: datetime
    actor: Actor
    facts: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ReadLog:
    """Ask for the desk's event log from an offset, or for one ticket's."""

    after: Annotated[int, validate.Range(min=0)] = 0
    number: TicketNumber | None = None
    viewer: str | None = None
    limit: Annotated[int, validate.Range(min=1, max=1000)] = 200


@dataclass(frozen=True, kw_only=True)
class LogPage:
    """Log entries in order; ask again after `next_after` for more."""

    items: tuple[LogEntry, ...]
    next_after: int


READ_LOG = Operation("intake", "read_log", ReadLog, LogPage)

OPERATIONS = (READ_LOG,)
