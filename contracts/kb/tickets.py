"""What tickets teach: drafts made of them, and gaps that they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from marshmallow import validate

from contracts.grammar import MAX_TEXT, Operation
from contracts.intake import Actor, Key, Language
from contracts.kb.articles import Article, Groups, ReaderAudience, WriterRole

Said = Annotated[str, validate.Length(max=MAX_TEXT)]


@dataclass(frozen=True, kw_only=True)
class DraftFromTicket:
    """Make a draft of a resolved ticket, without personal data; a second time gives the first.

    Of a problem, resolved or not, its known error is made.

    Attributes:
        number: the ticket.
        text: what was done, for the requester.
        people: names and e-mail addresses of everybody in the ticket; they are taken out.
        language: left out: guessed from the words.
        is_problem: the ticket is a problem.
    """

    number: Annotated[str, validate.Length(min=1, max=32)]
    subject: Annotated[str, validate.Length(min=1, max=200)]
    body: Said
    text: Said
    actor: Actor
    role: WriterRole
    steps: Said = ""
    prevention: Said = ""
    category: Key | None = None
    people: Annotated[tuple[str, ...], validate.Length(max=200)] = ()
    language: Language | None = None
    reader_groups: Groups = ()
    is_problem: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketDraft:
    """The draft, and how much of each kind was taken out.

    Attributes:
        removed: pieces by kind: name, email, phone, address, ticket, number.
        is_new: it was made now.
    """

    article: Article
    removed: Mapping[str, int]
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class ReportGaps:
    """Ask what people need and no article answers, dearest first.

    Attributes:
        days: how far back to look.
    """

    audience: ReaderAudience
    groups: Groups = ()
    days: Annotated[int, validate.Range(min=1, max=366)] = 90
    limit: Annotated[int, validate.Range(min=1, max=100)] = 20


@dataclass(frozen=True, kw_only=True)
class GapTicket:
    """A ticket that was resolved without an article."""

    number: str
    subject: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class GapSearch:
    """A search that found nothing, and how often; personal data taken out."""

    text: str
    count: int


@dataclass(frozen=True, kw_only=True)
class GapArticle:
    """The article that comes nearest."""

    key: str
    language: Language
    title: str
    status: Literal["published"] = "published"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A need that no article answers.

    Attributes:
        name: its telling words.
        minutes: what agents spent on its tickets.
        tickets, searches: how many there are.
        category: the one most of its tickets have.
        example_tickets: the five dearest that no draft was made of yet come first.
        nearest: an article that speaks of it, which may need more words rather than a new one.
    """

    name: str
    language: Language
    minutes: int
    tickets: int
    searches: int
    category: str | None
    example_tickets: tuple[GapTicket, ...]
    example_searches: tuple[GapSearch, ...]
    nearest: GapArticle | None


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """Needs that no article answers, dearest first.

    Attributes:
        since: from when on was looked.
        tickets, searches: how many there are in all gaps.
        is_complete: false when there were more than are looked at; the newest were.
    """

    since: datetime
    items: tuple[Gap, ...]
    tickets: int
    searches: int
    is_complete: bool


DRAFT_FROM_TICKET = Operation("kb", "draft_from_ticket", DraftFromTicket, TicketDraft, mutates=True)
REPORT_GAPS = Operation("kb", "report_gaps", ReportGaps, Gaps)

OPERATIONS = (DRAFT_FROM_TICKET, REPORT_GAPS)
