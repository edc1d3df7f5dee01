"""The HTTP face: what callers of the API send and get, where it differs from the contracts.

Like the contracts these are frozen dataclasses read by the grammar; unknown fields are refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Literal

from marshmallow import validate

from contracts import intake, kb, routing, sla
from contracts.intake import Actor, Key, Language, Level, Name, Note

# Tickets


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What only an importer (role admin) may say of the past.

    Attributes:
        occurred_at: when it happened.
        actor: who did it.
    """

    occurred_at: datetime | None = None
    actor: Actor | None = None


@dataclass(frozen=True, kw_only=True)
class OpenTicketBody(Imported):
    """A new ticket. Requesters open their own and may leave `requester` out.

    So may agents of a problem, which no requester can open.

    Attributes:
        attachments: ids of files that you handed in (`POST /attachments`) within the last day.
    """

    kind: intake.Kind
    subject: intake.Subject
    body: intake.Body
    channel: intake.Channel = "api"
    requester: intake.Person | None = None
    impact: Level = "medium"
    urgency: Level = "medium"
    category: Key | None = None
    service: Key | None = None
    group: Key | None = None
    attributes: Annotated[Mapping[str, Any], validate.Length(max=50)] = field(default_factory=dict)
    origin: intake.Origin = "live"
    attachments: intake.AttachmentIds = ()


@dataclass(frozen=True, kw_only=True)
class Links:
    """Where the parts of a ticket are."""

    self: str
    messages: str
    timeline: str
    assignment: str
    clocks: str


@dataclass(frozen=True, kw_only=True)
class TicketAnswer(intake.Ticket):
    """A ticket as intake knows it."""

    links: Links


@dataclass(frozen=True, kw_only=True)
class AssignmentBrief:
    """Who has the ticket; `reason` is for agents."""

    group: str | None
    group_name: str | None
    tier: int | None
    assignee: str | None
    assignee_name: str | None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class WholeTicket(TicketAnswer):
    """A ticket with what the other services know of it.

    Attributes:
        unavailable: services that could not be reached; their parts are null.
    """

    assignment: AssignmentBrief | None
    clocks: tuple[sla.Clock, ...] | None
    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketsQuery:
    """Which tickets; filters are joined by *and*, values of one filter by *or*."""

    status: tuple[intake.Status, ...] = ()
    group: tuple[Key, ...] = ()
    assignee: tuple[Key, ...] = ()
    priority: tuple[intake.Priority, ...] = ()
    sla_state: tuple[intake.SlaState, ...] = ()
    requester: Annotated[str, validate.Length(max=254)] | None = None
    q: Annotated[str, validate.Length(max=200)] | None = None
    sort: intake.SortOrder = "-updated"
    cursor: Annotated[str, validate.Length(max=400)] | None = None
    limit: Annotated[int, validate.Range(min=1, max=200)] = 50


@dataclass(frozen=True, kw_only=True)
class AmendBody(Imported):
    """What to change; at least one."""

    impact: Level | None = None
    urgency: Level | None = None
    category: Key | None = None


@dataclass(frozen=True, kw_only=True)
class ReplyBody(Imported):
    """A message; requesters write public ones only.

    Attributes:
        attachments: ids of files that you handed in (`POST /attachments`) within the last day.
    """

    body: intake.Body
    public: bool = True
    attachments: intake.AttachmentIds = ()


@dataclass(frozen=True, kw_only=True)
class UploadQuery:
    """What a file is called."""

    name: Annotated[str, validate.Length(min=1, max=255)]


@dataclass(frozen=True, kw_only=True)
class TransitionBody(Imported):
    """Where the ticket goes. `resolved` needs a resolution, `pending` a pending reason."""

    to: intake.Status
    reason: Note = ""
    pending_reason: intake.PendingReason | None = None
    until: datetime | None = None
    resolution: intake.Resolution | None = None


@dataclass(frozen=True, kw_only=True)
class MergeBody:
    """The ticket it goes on in: an open one of the same kind.

    Attributes:
        confirm_other_requester: needed when the tickets have different requesters; later answers
            are then read by both.
    """

    into: intake.TicketNumber
    confirm_other_requester: bool = False
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class UnmergeBody:
    """Why the merge is undone, for agents."""

    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class SplitBody:
    """The new ticket, opened on behalf of the same requester; what is left out is as it was.

    Attributes:
        body: what it is opened with; its subject when left out.
        message_ids: messages of the conversation that it shows too.
    """

    subject: intake.Subject
    body: intake.Body | None = None
    message_ids: Annotated[tuple[str, ...], validate.Length(max=200)] = ()
    kind: intake.Kind | None = None
    impact: Level | None = None
    urgency: Level | None = None
    category: Key | None = None
    service: Key | None = None
    group: Key | None = None


@dataclass(frozen=True, kw_only=True)
class AssignBody(Imported):
    """The agent who gets it; null puts it back into the queue."""

    assignee: Key | None = None
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class TransferBody(Imported):
    """The group that gets it, and why."""

    group: Key
    reason_code: routing.TransferReason
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class EscalateBody:
    """Functional: to more skill. Hierarchic: to more authority."""

    kind: routing.EscalationKind
    reason: Annotated[str, validate.Length(min=1, max=2000)]


@dataclass(frozen=True, kw_only=True)
class TimelineEntry:
    """Something that happened to a ticket.

    Attributes:
        kind: an entry of the log, a decision or escalation of routing, a threshold of sla.
        name: the event, the decision's reason code, the escalation's kind or the clock.
    """

    at: datetime
    kind: Literal["log", "decision", "escalation", "threshold"]
    name: str
    actor: Actor | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """All that happened to a ticket, oldest first."""

    number: str
    items: tuple[TimelineEntry, ...]
    unavailable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoticesQuery:
    """Which of the asker's own notices."""

    unread: bool = False
    cursor: Annotated[str, validate.Length(max=100)] | None = None
    limit: Annotated[int, validate.Range(min=1, max=100)] = 50


@dataclass(frozen=True, kw_only=True)
class ClocksQuery:
    """As of which instant: what was believed then, or will be if nothing happens; else now."""

    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ExplanationQuery:
    """As of which instant, and in which language."""

    at: datetime | None = None
    lang: Language = "id"


@dataclass(frozen=True, kw_only=True)
class EventsQuery:
    """From where on to read the desk's log."""

    after: Annotated[int, validate.Range(min=0)] = 0
    limit: Annotated[int, validate.Range(min=1, max=1000)] = 200


# Knowledge


@dataclass(frozen=True, kw_only=True)
class ArticlesQuery:
    """Which articles; no `q` lists all."""

    q: Annotated[str, validate.Length(max=400)] = ""
    lang: Language | None = None
    category: Key | None = None
    tag: kb.Tag | None = None
    limit: Annotated[int, validate.Range(min=1, max=100)] = 20


@dataclass(frozen=True, kw_only=True)
class CompleteQuery:
    """A question that is being typed."""

    q: Annotated[str, validate.Length(min=1, max=200)]
    lang: Language | None = None
    limit: Annotated[int, validate.Range(min=1, max=20)] = 8


@dataclass(frozen=True, kw_only=True)
class WordsBody:
    """A language's own words, as a whole; `version` is the one that was changed."""

    spellings: Annotated[tuple[kb.Spelling, ...], validate.Length(max=2000)] = ()
    stop_words: Annotated[tuple[kb.Words, ...], validate.Length(max=500)] = ()
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class ReadTextQuery:
    """A sentence."""

    text: Annotated[str, validate.Length(min=1, max=400)]


@dataclass(frozen=True, kw_only=True)
class ArticleQuery:
    """In which language, if there is one."""

    lang: Language = "id"


@dataclass(frozen=True, kw_only=True)
class WritingsQuery:
    """Which articles, in any state."""

    status: tuple[kb.ArticleStatus, ...] = ()
    lang: Language | None = None
    owner: Annotated[str, validate.Length(max=254)] | None = None
    category: Key | None = None
    q: Annotated[str, validate.Length(max=200)] | None = None
    problem: kb.ProblemNumber | None = None
    review_due: bool = False
    working_copy: tuple[kb.OpenCopy, ...] = ()
    cursor: Annotated[str, validate.Length(max=400)] | None = None
    limit: Annotated[int, validate.Range(min=1, max=200)] = 50


@dataclass(frozen=True, kw_only=True)
class ProblemsQuery:
    """Words of the subject or number, and how many problems."""

    q: Annotated[str, validate.Length(max=200)] = ""
    limit: Annotated[int, validate.Range(min=1, max=200)] = 50


@dataclass(frozen=True, kw_only=True)
class ArticleTransitionBody:
    """Where the article goes; `publish_at` plans it for later."""

    to: kb.ArticleStatus
    note: kb.ArticleNote = ""
    publish_at: datetime | None = None
    review_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ArticleAmendBody:
    """What to change; at least one.

    Attributes:
        still_right: you have read it again, and nothing needs to change.
    """

    owner: intake.Email | None = None
    review_at: datetime | None = None
    still_right: bool = False


@dataclass(frozen=True, kw_only=True)
class WorkingCopyBody:
    """The next version of a published article; `body` is Markdown.

    Attributes:
        based_on: the article's revision that you have seen; left out: as it was.
        note: what was changed, for its history.
    """

    title: Annotated[str, validate.Length(min=1, max=200)]
    body: intake.Body
    category: Key | None = None
    tags: Annotated[tuple[kb.Tag, ...], validate.Length(max=50)] = ()
    problem: kb.ProblemNumber | None = None
    note: kb.ArticleNote = ""
    based_on: Annotated[int, validate.Range(min=1)] | None = None


@dataclass(frozen=True, kw_only=True)
class WorkingCopyTransitionBody:
    """Where the working copy goes; `publish_at` plans its publication for later."""

    to: kb.WorkingCopyStatus
    note: kb.ArticleNote = ""
    publish_at: datetime | None = None
    review_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ComparisonQuery:
    """Which revisions: the older `from` and the newer `to`; left out, the two newest."""

    from_: Annotated[int, validate.Range(min=1)] | None = None
    to: Annotated[int, validate.Range(min=1)] | None = None


@dataclass(frozen=True, kw_only=True)
class StaleArticlesQuery:
    """How many articles."""

    limit: Annotated[int, validate.Range(min=1, max=500)] = 100


@dataclass(frozen=True, kw_only=True)
class ExportQuery:
    """Which articles; 1,000 and 14 MiB of their files at most."""

    status: tuple[kb.ArticleStatus, ...] = ()
    lang: Language | None = None
    category: Key | None = None


@dataclass(frozen=True, kw_only=True)
class ImportedArticle:
    """A Markdown file that was saved; the same as before leaves the revision as it was.

    Attributes:
        files: how many files beside it were added, replaced or taken away.
    """

    file: str
    key: str
    language: str
    revision: int
    files: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportAnswer:
    """All files that were saved."""

    items: tuple[ImportedArticle, ...]


@dataclass(frozen=True, kw_only=True)
class GapsQuery:
    """How many days back, and how many gaps."""

    days: Annotated[int, validate.Range(min=1, max=366)] = 90
    limit: Annotated[int, validate.Range(min=1, max=100)] = 20


@dataclass(frozen=True, kw_only=True)
class RestoreBody:
    """The revision that the article is to say again."""

    revision: Annotated[int, validate.Range(min=1)]


@dataclass(frozen=True, kw_only=True)
class ArticleBody:
    """An article in one language; `body` is Markdown. Agents write drafts, leads anything.

    Attributes:
        groups: with the audience `group`: whose agents it is for.
        problem: number of the problem whose known error this is.
        note: what was changed, for its history.
    """

    title: Annotated[str, validate.Length(min=1, max=200)]
    body: intake.Body
    status: kb.ArticleStatus = "published"
    audience: kb.Audience = "public"
    category: Key | None = None
    tags: Annotated[tuple[kb.Tag, ...], validate.Length(max=50)] = ()
    groups: kb.Groups = ()
    problem: kb.ProblemNumber | None = None
    owner: intake.Email | None = None
    review_at: datetime | None = None
    note: kb.ArticleNote = ""


@dataclass(frozen=True, kw_only=True)
class SuggestBody:
    """A text that somebody is typing."""

    text: intake.Body
    language: Language | None = None
    limit: Annotated[int, validate.Range(min=1, max=10)] = 3
    beside: intake.TicketNumber | None = None


@dataclass(frozen=True, kw_only=True)
class ReadingBody:
    """An article was read; did it help?"""

    language: Language
    helpful: bool | None = None
    reason: kb.FeedbackReason | None = None
    comment: Annotated[str, validate.Length(max=1000)] = ""


@dataclass(frozen=True, kw_only=True)
class ChatBody:
    """A new conversation with the hotline, and perhaps the first thing said in it."""

    text: kb.ChatText | None = None
    language: Language | None = None


@dataclass(frozen=True, kw_only=True)
class ChatMessageBody:
    """Something said in a conversation."""

    text: kb.ChatText


@dataclass(frozen=True, kw_only=True)
class DeflectionQuery:
    """Texts begun in `[from, to)`; the last 90 days when left out."""

    from_: datetime | None = None
    to: datetime | None = None


# Accounts and tokens


@dataclass(frozen=True, kw_only=True)
class AccountBody:
    """A new local account."""

    email: intake.Email
    name: Name
    role: Literal["requester", "agent", "lead", "admin"]
    password: Annotated[str, validate.Length(min=12, max=200)] | None = None
    language: Language = "id"
    agent_key: Key | None = None


@dataclass(frozen=True, kw_only=True)
class AccountChangeBody:
    """What to change of an account; null or left out stays as it is."""

    name: Name | None = None
    role: Literal["requester", "agent", "lead", "admin"] | None = None
    password: Annotated[str, validate.Length(min=12, max=200)] | None = None
    language: Language | None = None
    agent_key: Key | None = None
    active: bool | None = None


@dataclass(frozen=True, kw_only=True)
class AccountAnswer:
    """A local account."""

    id: str
    email: str
    name: str
    role: str
    language: str
    agent_key: str | None
    active: bool
    has_password: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class AccountList:
    """All accounts, by e-mail."""

    items: tuple[AccountAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class TokenBody:
    """A new API token: for the account with that e-mail, or standing for itself."""

    name: Name
    role: Literal["requester", "agent", "lead", "admin"]
    email: intake.Email | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class TokenAnswer:
    """An API token; its secret is not kept."""

    id: str
    name: str
    role: str
    email: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewTokenAnswer(TokenAnswer):
    """A token just made; `secret` is shown this once."""

    secret: str


@dataclass(frozen=True, kw_only=True)
class TokenList:
    """All tokens, newest first."""

    items: tuple[TokenAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class Me:
    """Who asks."""

    email: str
    name: str
    role: str
    language: str
    agent_key: str | None


# Reports and live updates


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


@dataclass(frozen=True, kw_only=True)
class StreamQuery:
    """What to follow: one ticket, or all that the caller may see.

    Attributes:
        notices: nothing but the caller's own notices.
    """

    ticket: intake.TicketNumber | None = None
    notices: bool = False
