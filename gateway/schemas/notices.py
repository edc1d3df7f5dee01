"""What somebody is told: notices and live updates."""

from dataclasses import dataclass
from typing import Annotated

from marshmallow import validate

from contracts import intake


@dataclass(frozen=True, kw_only=True)
class NoticesQuery:
    """Which of the asker's own notices."""

    unread: bool = False
    cursor: Annotated[str, validate.Length(max=100)] | None = None
    limit: Annotated[int, validate.Range(min=1, max=100)] = 50


@dataclass(frozen=True, kw_only=True)
class StreamQuery:
    """What to follow: one ticket, or all that the caller may see.

    Attributes:
        notices: nothing but the caller's own notices.
    """

    ticket: intake.TicketNumber | None = None
    notices: bool = False
