"""A conversation with the hotline, as it is kept."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Chat:
    """A conversation, its messages aside."""

    id: str
    requester: str
    state: str
    language: str
    opened_at: datetime
    updated_at: datetime
    subject: str = ""
    failed: int = 0
    has_asked_back: bool = False
    ticket: str | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message; `articles` are key, language and title of each."""

    kind: str
    language: str
    text: str
    said_at: datetime
    number: int = 0
    articles: tuple[dict[str, str], ...] = ()
    excerpt: str = ""
    confidence: float | None = None
    reason: str | None = None
