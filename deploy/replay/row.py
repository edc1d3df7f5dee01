"""One row of an event log in the desk's own words, whatever form the log has."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from contracts.intake import Channel, Level, PendingReason

MAX_CELL = 120  # characters; a longer cell is not a name

Happening = Literal["opened", "changed", "agent_replied", "requester_replied"]
RowStatus = Literal["new", "in_progress", "pending", "resolved", "closed", "cancelled"]
T = TypeVar("T")


class LogFault(Exception):
    """A log cannot be read; `line` counts the header as 1 and every row as one."""

    def __init__(self, *, line: int, column: str, problem: str) -> None:
        self.line = line
        self.column = column
        self.problem = problem
        super().__init__(f"line {line}, column {column}: {problem}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A status, and what a pending ticket waits for."""

    status: RowStatus
    pending_reason: PendingReason | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """What a log says of a ticket up to a row: its own counters, to hold ours against."""

    reassignments: int
    reopenings: int
    is_promise_kept: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LogRow:
    """What a row says; None means that it says nothing about a field, so that it stays as it was.

    Attributes:
        position: the row's place in the file, the first one after the header is 1.
        opened_at: when the ticket was opened, if the log says so apart from `at`.
        assignee: an empty text means nobody.
    """

    position: int
    ticket: str
    at: datetime
    happening: Happening = "changed"
    opened_at: datetime | None = None
    standing: Standing | None = None
    group: str | None = None
    assignee: str | None = None
    impact: Level | None = None
    urgency: Level | None = None
    category: str | None = None
    requester: str | None = None
    channel: Channel | None = None
    claims: Claims | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Cells:
    """The cells of one row by column, read with a fault that names line and column.

    Attributes:
        zone: whose wall clock an instant without offset was read from.
    """

    position: int
    values: Mapping[str, str]
    zone: ZoneInfo

    def fault(self, column: str, problem: str) -> LogFault:
        """A fault in this row."""
        return LogFault(line=self.position + 1, column=column, problem=problem)

    def text(self, column: str) -> str | None:
        """A cell without the blanks around it; None when nothing is left."""
        value = self.values.get(column, "").strip()
        if len(value) > MAX_CELL:
            raise self.fault(column, f"longer than {MAX_CELL} characters")
        if not value.isprintable():
            raise self.fault(column, "holds a control character")
        return value or None

    def needed(self, column: str) -> str:
        """A cell that may not be empty."""
        value = self.text(column)
        if value is None:
            raise self.fault(column, "is empty")
        return value

    def choice(self, column: str, meanings: Mapping[str, T]) -> T | None:
        """What a cell's word means, case ignored; None when the cell is empty."""
        value = self.text(column)
        if value is None:
            return None
        if value.casefold() not in meanings:
            known = ", ".join(meanings)
            raise self.fault(column, f"{value!r} is not one of: {known}")
        return meanings[value.casefold()]

    def count(self, column: str) -> int:
        """A whole number, 0 or more."""
        value = self.needed(column)
        if not (value.isascii() and value.isdigit()):
            raise self.fault(column, f"{value!r} is not a whole number")
        return int(value)

    def instant(self, column: str) -> datetime:
        """An ISO 8601 instant in UTC."""
        value = self.needed(column)
        try:
            read = datetime.fromisoformat(value)
            return (read if read.tzinfo else read.replace(tzinfo=self.zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.fault(column, f"{value!r} is not an ISO 8601 instant") from None
