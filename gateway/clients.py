"""The only file that asks the services: one typed method a call, side by side where it helps.

A question that changes something carries an idempotency key. When the connection was lost meanwhile
the carrier asks once more with the same key, which makes that safe.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Never, Protocol, TypeVar

from chassis.rpc_client import RemoteFault
from contracts import intake, kb, routing, sla
from contracts.errors import Unavailable, WireError
from contracts.grammar import Nothing, Operation

Q = TypeVar("Q")
A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)

PART_SECONDS = 1.5
"""How long a page waits for a part that it can be shown without."""

REST_SECONDS = 2.0
"""How long a service that did not answer is not asked for parts again.

Else every page would hold its thread for `PART_SECONDS`, and one service away would slow all.
"""


class Pending(Protocol[A_co]):
    """A call under way."""

    def result(self) -> A_co:
        """The answer; waits for it, at most until the call's deadline.

        Raises:
            WireError: the refusal.
        """

    @property
    def replayed(self) -> bool:
        """Once answered: whether it was the stored answer to a key used before."""


class Caller(Protocol):
    """What carries a call to a service and its answer back; safe to use from many threads."""

    def start_call(
        self,
        operation: Operation[Q, A],
        question: Q,
        *,
        key: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Pending[A]:
        """Send the question; the answer is waited for with `result()`."""

    @property
    def is_connected(self) -> bool:
        """Whether the broker can be reached just now."""


@dataclass(frozen=True)
class Reply(Generic[A]):
    """An answer to a changing call, and whether it is a replayed one."""

    answer: A
    replayed: bool


class Clients:
    """The four services, as the front door asks them."""

    def __init__(self, caller: Caller, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._caller = caller
        self._monotonic = monotonic
        self._rests_until: dict[str, float] = {}

    # intake

    def open_ticket(self, command: intake.OpenTicket, *, key: str) -> Reply[intake.Ticket]:
        """Open a ticket."""
        return self._tell(intake.OPEN_TICKET, command, key)

    def start_ticket(self, *, number: str, viewer: str | None) -> Pending[intake.Ticket]:
        """Ask for a ticket without waiting."""
        return self._start(intake.GET_TICKET, intake.GetTicket(number=number, viewer=viewer))

    def ticket(self, *, number: str, viewer: str | None) -> intake.Ticket:
        """One ticket; NotFound when the viewer did not open it."""
        return self.start_ticket(number=number, viewer=viewer).result()

    def tickets(self, question: intake.ListTickets) -> intake.TicketPage:
        """Some tickets."""
        return self._ask(intake.LIST_TICKETS, question)

    def reply(self, command: intake.AddReply, *, key: str) -> Reply[intake.Message]:
        """Add a message."""
        return self._tell(intake.ADD_REPLY, command, key)

    def start_conversation(
        self, *, number: str, viewer: str | None
    ) -> Pending[intake.Conversation]:
        """Ask for the messages of a ticket, without waiting and not for long."""
        question = intake.GetTicket(number=number, viewer=viewer)
        return self._start_part(intake.LIST_MESSAGES, question)

    def conversation(self, *, number: str, viewer: str | None) -> intake.Conversation:
        """The messages of a ticket that the viewer may see."""
        return self._ask(intake.LIST_MESSAGES, intake.GetTicket(number=number, viewer=viewer))

    def upload(self, command: intake.AddMessageFile, *, key: str) -> Reply[intake.MessageFile]:
        """Hand in a file for a message to come."""
        return self._tell(intake.ADD_MESSAGE_FILE, command, key)

    def message_file(self, question: intake.GetMessageFile) -> intake.MessageFileContent:
        """A file of a message that the viewer may read."""
        return self._ask(intake.GET_MESSAGE_FILE, question)

    def change_status(self, command: intake.ChangeStatus, *, key: str) -> Reply[intake.Ticket]:
        """Move a ticket to another status."""
        return self._tell(intake.CHANGE_STATUS, command, key)

    def amend(self, command: intake.AmendTicket, *, key: str) -> Reply[intake.Ticket]:
        """Change impact, urgency or category."""
        return self._tell(intake.AMEND_TICKET, command, key)

    def merge(self, command: intake.MergeTicket, *, key: str) -> Reply[intake.Ticket]:
        """Let a ticket go on in another one."""
        return self._tell(intake.MERGE_TICKET, command, key)

    def unmerge(self, command: intake.UnmergeTicket, *, key: str) -> Reply[intake.Ticket]:
        """Undo a merge."""
        return self._tell(intake.UNMERGE_TICKET, command, key)

    def split(self, command: intake.SplitTicket, *, key: str) -> Reply[intake.Ticket]:
        """Make part of a ticket a ticket of its own."""
        return self._tell(intake.SPLIT_TICKET, command, key)

    def start_log(self, question: intake.ReadLog) -> Pending[intake.LogPage]:
        """Ask for the event log, without waiting and not for long."""
        return self._start_part(intake.READ_LOG, question)

    def log(self, question: intake.ReadLog) -> intake.LogPage:
        """The event log, from an offset."""
        return self._ask(intake.READ_LOG, question)

    # routing

    def start_assignment(self, *, number: str) -> Pending[routing.Assignment]:
        """Ask who has a ticket, without waiting and not for long."""
        return self._start_part(routing.GET_ASSIGNMENT, routing.GetAssignment(number=number))

    def assignment(self, *, number: str) -> routing.Assignment:
        """Who has a ticket, and why."""
        return self._ask(routing.GET_ASSIGNMENT, routing.GetAssignment(number=number))

    def assign(self, command: routing.Assign, *, key: str) -> Reply[routing.Assignment]:
        """Give a ticket to an agent of its group."""
        return self._tell(routing.ASSIGN, command, key)

    def transfer(self, command: routing.Transfer, *, key: str) -> Reply[routing.Assignment]:
        """Move a ticket to another group."""
        return self._tell(routing.TRANSFER, command, key)

    def escalate(self, command: routing.Escalate, *, key: str) -> Reply[routing.Assignment]:
        """Raise a ticket."""
        return self._tell(routing.ESCALATE, command, key)

    def start_groups(self) -> Pending[routing.Groups]:
        """Ask for all groups, without waiting and not for long."""
        return self._start_part(routing.LIST_GROUPS, Nothing())

    def groups(self) -> routing.Groups:
        """All groups."""
        return self._ask(routing.LIST_GROUPS, Nothing())

    def put_group(self, spec: routing.GroupSpec, *, key: str) -> Reply[routing.GroupSpec]:
        """Save a group."""
        return self._tell(routing.PUT_GROUP, spec, key)

    def start_agents(self) -> Pending[routing.Agents]:
        """Ask for all agents, without waiting and not for long."""
        return self._start_part(routing.LIST_AGENTS, Nothing())

    def agents(self) -> routing.Agents:
        """All agents."""
        return self._ask(routing.LIST_AGENTS, Nothing())

    def put_agent(self, spec: routing.AgentSpec, *, key: str) -> Reply[routing.AgentSpec]:
        """Save an agent."""
        return self._tell(routing.PUT_AGENT, spec, key)

    def rules(self) -> routing.Rules:
        """All routing rules."""
        return self._ask(routing.LIST_RULES, Nothing())

    def put_rule(self, spec: routing.RuleSpec, *, key: str) -> Reply[routing.RuleSpec]:
        """Save a routing rule."""
        return self._tell(routing.PUT_RULE, spec, key)

    def start_notices(self, question: routing.ListNotices) -> Pending[routing.NoticePage]:
        """Ask for what somebody was told, without waiting and not for long."""
        return self._start_part(routing.LIST_NOTICES, question)

    def notices(self, question: routing.ListNotices) -> routing.NoticePage:
        """What somebody was told."""
        return self._ask(routing.LIST_NOTICES, question)

    def acknowledge(
        self, command: routing.AcknowledgeNotices, *, key: str
    ) -> Reply[routing.NoticesAcknowledged]:
        """Somebody knows."""
        return self._tell(routing.ACKNOWLEDGE_NOTICES, command, key)

    # sla

    def start_clocks(self, *, number: str) -> Pending[sla.TicketClocks]:
        """Ask for the clocks of a ticket, without waiting and not for long."""
        return self._start_part(sla.GET_CLOCKS, sla.GetClocks(number=number))

    def clocks(self, *, number: str, at: datetime | None = None) -> sla.TicketClocks:
        """The clocks of a ticket, now or as believed at an instant."""
        return self._ask(sla.GET_CLOCKS, sla.GetClocks(number=number, at=at))

    def explained_clocks(self, question: sla.ExplainClocks) -> sla.ClocksExplained:
        """Why the clocks of a ticket stand as they do."""
        return self._ask(sla.EXPLAIN_CLOCKS, question)

    def start_hours(self, question: sla.GetHours) -> Pending[sla.Hours]:
        """Ask whether the desk is open, without waiting and not for long."""
        return self._start_part(sla.GET_HOURS, question)

    def calendars(self) -> sla.Calendars:
        """All calendars."""
        return self._ask(sla.LIST_CALENDARS, Nothing())

    def put_calendar(self, spec: sla.CalendarSpec, *, key: str) -> Reply[sla.CalendarVersion]:
        """Save a calendar."""
        return self._tell(sla.PUT_CALENDAR, spec, key)

    def previewed_rebase(self, question: sla.Rebasing) -> sla.Rebased:
        """What the present promises would change for running tickets."""
        return self._ask(sla.PREVIEW_REBASE, question)

    def rebase_tickets(self, command: sla.Rebasing, *, key: str) -> Reply[sla.Rebased]:
        """Judge running tickets by the present promises from now on."""
        return self._tell(sla.REBASE_TICKETS, command, key)

    def policies(self) -> sla.Policies:
        """All policies."""
        return self._ask(sla.LIST_POLICIES, Nothing())

    def put_policy(self, spec: sla.PolicySpec, *, key: str) -> Reply[sla.PolicyVersion]:
        """Save a policy."""
        return self._tell(sla.PUT_POLICY, spec, key)

    def promises(self, question: sla.ReportPromises) -> sla.PromiseReport:
        """How promises were kept."""
        return self._ask(sla.REPORT_PROMISES, question)

    def times(self, question: sla.ReportTimes) -> sla.TimesReport:
        """How long it took."""
        return self._ask(sla.REPORT_TIMES, question)

    def backlog(self, question: sla.ReportBacklog) -> sla.BacklogReport:
        """What waits."""
        return self._ask(sla.REPORT_BACKLOG, question)

    def start_what_if(self, command: sla.WhatIf, *, key: str) -> Reply[sla.Job]:
        """Judge a period again, under other promises."""
        return self._tell(sla.START_WHAT_IF, command, key)

    def start_rebuild(self, *, key: str) -> Reply[sla.Job]:
        """Write anew what reports read."""
        return self._tell(sla.START_REBUILD, sla.Rebuild(), key)

    def job(self, *, job_id: str) -> sla.Job:
        """How far a job is."""
        return self._ask(sla.GET_JOB, sla.GetJob(id=job_id))

    def cancel_job(self, *, job_id: str, key: str) -> Reply[sla.Job]:
        """Stop a job."""
        return self._tell(sla.CANCEL_JOB, sla.CancelJob(id=job_id), key)

    def verdicts(self, question: sla.ListVerdicts) -> sla.Verdicts:
        """What a what-if judged."""
        return self._ask(sla.LIST_VERDICTS, question)

    # kb

    def articles(self, question: kb.SearchArticles) -> kb.Hits:
        """Found articles."""
        return self._ask(kb.SEARCH_ARTICLES, question)

    def article(self, question: kb.GetArticle) -> kb.Article:
        """One article."""
        return self._ask(kb.GET_ARTICLE, question)

    def start_article(self, question: kb.GetArticle) -> Pending[kb.Article]:
        """Ask for an article without waiting."""
        return self._start(kb.GET_ARTICLE, question)

    def put_article(self, spec: kb.ArticleSpec, *, key: str) -> Reply[kb.Article]:
        """Save an article."""
        return self._tell(kb.PUT_ARTICLE, spec, key)

    def change_article_status(
        self, command: kb.ChangeArticleStatus, *, key: str
    ) -> Reply[kb.Article]:
        """Move an article through its life."""
        return self._tell(kb.CHANGE_ARTICLE_STATUS, command, key)

    def amend_article(self, command: kb.AmendArticle, *, key: str) -> Reply[kb.Article]:
        """Change who looks after an article, or its next review."""
        return self._tell(kb.AMEND_ARTICLE, command, key)

    def writings(self, question: kb.ListArticles) -> kb.ArticlePage:
        """Articles in any state."""
        return self._ask(kb.LIST_ARTICLES, question)

    def start_writings(self, question: kb.ListArticles) -> Pending[kb.ArticlePage]:
        """Ask for articles in any state, without waiting and not for long."""
        return self._start_part(kb.LIST_ARTICLES, question)

    def problems(self, question: kb.ListProblems) -> kb.KnownProblems:
        """Problems that an article can be linked to."""
        return self._ask(kb.LIST_PROBLEMS, question)

    def start_problems(self, question: kb.ListProblems) -> Pending[kb.KnownProblems]:
        """Ask for problems that an article can be linked to, without waiting and not for long."""
        return self._start_part(kb.LIST_PROBLEMS, question)

    def revisions(self, question: kb.ListRevisions) -> kb.Revisions:
        """The history of an article."""
        return self._ask(kb.LIST_REVISIONS, question)

    def comparison(self, question: kb.CompareRevisions) -> kb.Comparison:
        """Two revisions beside each other."""
        return self._ask(kb.COMPARE_REVISIONS, question)

    def restore_revision(self, command: kb.RestoreRevision, *, key: str) -> Reply[kb.Article]:
        """Let an article say again what it said."""
        return self._tell(kb.RESTORE_REVISION, command, key)

    def put_working_copy(self, spec: kb.WorkingCopySpec, *, key: str) -> Reply[kb.WorkingCopy]:
        """Write the next version of a published article."""
        return self._tell(kb.PUT_WORKING_COPY, spec, key)

    def change_working_copy_status(
        self, command: kb.ChangeWorkingCopyStatus, *, key: str
    ) -> Reply[kb.WorkingCopy]:
        """Move a working copy on."""
        return self._tell(kb.CHANGE_WORKING_COPY_STATUS, command, key)

    def working_copy(self, question: kb.GetWorkingCopy) -> kb.WorkingCopy:
        """The next version of an article."""
        return self._ask(kb.GET_WORKING_COPY, question)

    def start_working_copy(self, question: kb.GetWorkingCopy) -> Pending[kb.WorkingCopy]:
        """The same, as part of a page."""
        return self._start_part(kb.GET_WORKING_COPY, question)

    def working_copy_comparison(self, question: kb.GetWorkingCopy) -> kb.WorkingCopyComparison:
        """A working copy beside the article as it is now."""
        return self._ask(kb.COMPARE_WORKING_COPY, question)

    def complete(self, question: kb.Complete) -> kb.Completions:
        """How a question may go on."""
        return self._ask(kb.COMPLETE, question)

    def words(self, question: kb.GetWords) -> kb.OwnWords:
        """The desk's own words of a language."""
        return self._ask(kb.GET_WORDS, question)

    def text_read(self, question: kb.ReadText) -> kb.TextRead:
        """How a sentence is read."""
        return self._ask(kb.READ_TEXT, question)

    def start_text_read(self, question: kb.ReadText) -> Pending[kb.TextRead]:
        """Ask how a sentence is read, without waiting and not for long."""
        return self._start_part(kb.READ_TEXT, question)

    def put_words(self, spec: kb.WordsSpec, *, key: str) -> Reply[kb.OwnWords]:
        """Save the desk's own words of a language."""
        return self._tell(kb.PUT_WORDS, spec, key)

    def draft_from_ticket(self, command: kb.DraftFromTicket, *, key: str) -> Reply[kb.TicketDraft]:
        """Make a draft of a resolved ticket."""
        return self._tell(kb.DRAFT_FROM_TICKET, command, key)

    def article_use(self, question: kb.GetArticleUse) -> kb.ArticleUse:
        """What became of an article."""
        return self._ask(kb.GET_ARTICLE_USE, question)

    def start_article_use(self, question: kb.GetArticleUse) -> Pending[kb.ArticleUse]:
        """Ask what became of an article, without waiting and not for long."""
        return self._start_part(kb.GET_ARTICLE_USE, question)

    def stale_articles(self, question: kb.ReportStaleArticles) -> kb.StaleArticles:
        """Articles that somebody should look at."""
        return self._ask(kb.REPORT_STALE_ARTICLES, question)

    def put_attachment(self, command: kb.PutAttachment, *, key: str) -> Reply[kb.Attachment]:
        """Keep a file beside an article."""
        return self._tell(kb.PUT_ATTACHMENT, command, key)

    def remove_attachment(self, command: kb.RemoveAttachment, *, key: str) -> Reply[Nothing]:
        """Take a file away from an article."""
        return self._tell(kb.REMOVE_ATTACHMENT, command, key)

    def attachments(self, question: kb.ListAttachments) -> kb.Attachments:
        """The files of an article."""
        return self._ask(kb.LIST_ATTACHMENTS, question)

    def start_attachments(self, question: kb.ListAttachments) -> Pending[kb.Attachments]:
        """Ask for the files of an article, without waiting and not for long."""
        return self._start_part(kb.LIST_ATTACHMENTS, question)

    def attachment(self, question: kb.GetAttachment) -> kb.AttachmentContent:
        """A file of an article."""
        return self._ask(kb.GET_ATTACHMENT, question)

    def start_attachment_list(self, question: kb.ListAttachments) -> Pending[kb.Attachments]:
        """The files of an article, asked beside other questions; none may be missing."""
        return self._start(kb.LIST_ATTACHMENTS, question)

    def start_attachment(self, question: kb.GetAttachment) -> Pending[kb.AttachmentContent]:
        """A file of an article, asked beside other questions."""
        return self._start(kb.GET_ATTACHMENT, question)

    def gaps(self, question: kb.ReportGaps) -> kb.Gaps:
        """What people need and no article answers."""
        return self._ask(kb.REPORT_GAPS, question)

    def open_chat(self, command: kb.OpenChat, *, key: str) -> Reply[kb.Chat]:
        """Begin a conversation with the hotline."""
        return self._tell(kb.OPEN_CHAT, command, key)

    def say_in_chat(self, command: kb.SayInChat, *, key: str) -> Reply[kb.Chat]:
        """Say something to the hotline."""
        return self._tell(kb.SAY_IN_CHAT, command, key)

    def hand_over_chat(self, command: kb.HandOverChat, *, key: str) -> Reply[kb.Chat]:
        """Tell which ticket a conversation became."""
        return self._tell(kb.HAND_OVER_CHAT, command, key)

    def chat(self, question: kb.GetChat) -> kb.Chat:
        """A conversation with the hotline."""
        return self._ask(kb.GET_CHAT, question)

    def start_suggestions(self, question: kb.Suggest) -> Pending[kb.Hits]:
        """Ask for articles that may answer a text, without waiting and not for long."""
        return self._start_part(kb.SUGGEST, question)

    def deflection(self, question: kb.ReportDeflection) -> kb.DeflectionReport:
        """What suggestions spared."""
        return self._ask(kb.REPORT_DEFLECTION, question)

    def suggest(self, question: kb.Suggest) -> kb.Hits:
        """Articles that may answer a text."""
        return self._ask(kb.SUGGEST, question)

    def record_reading(self, command: kb.RecordReading, *, key: str) -> Reply[Nothing]:
        """Remember that an article was read."""
        return self._tell(kb.RECORD_READING, command, key)

    # the house

    def is_connected(self) -> bool:
        """Whether the broker can be reached just now."""
        return self._caller.is_connected

    def start_probes(self, *, timeout_seconds: float) -> dict[str, Pending[object]]:
        """Ask each service something small, without waiting; any answer shows that it lives."""
        nobody = "probe"
        questions: dict[str, Callable[[], Pending[object]]] = {
            "intake": lambda: self._start(
                intake.GET_TICKET, intake.GetTicket(number=nobody), timeout_seconds
            ),
            "routing": lambda: self._start(
                routing.GET_ASSIGNMENT, routing.GetAssignment(number=nobody), timeout_seconds
            ),
            "sla": lambda: self._start(
                sla.GET_CLOCKS, sla.GetClocks(number=nobody), timeout_seconds
            ),
            "kb": lambda: self._start(kb.GET_ARTICLE, kb.GetArticle(key=nobody), timeout_seconds),
        }
        return {service: ask() for service, ask in questions.items()}

    def _ask(self, operation: Operation[Q, A], question: Q) -> A:
        return self._start(operation, question).result()

    def _start(
        self, operation: Operation[Q, A], question: Q, timeout_seconds: float | None = None
    ) -> Pending[A]:
        return self._caller.start_call(operation, question, timeout_seconds=timeout_seconds)

    def _start_part(self, operation: Operation[Q, A], question: Q) -> Pending[A]:
        service = operation.service
        if self._monotonic() < self._rests_until.get(service, 0):
            return _Away(Unavailable("service_away", f"{service} did not answer just now."))
        try:
            pending = self._start(operation, question, PART_SECONDS)
        except Unavailable as away:
            return _Away(away)
        return _Part(pending, when_away=lambda: self._let_rest(service))

    def _let_rest(self, service: str) -> None:
        self._rests_until[service] = self._monotonic() + REST_SECONDS

    def _tell(self, operation: Operation[Q, A], command: Q, key: str) -> Reply[A]:
        pending = self._caller.start_call(operation, command, key=key)
        answer = pending.result()
        return Reply(answer, pending.replayed)


class _Part(Generic[A]):
    """A call whose failure is remembered for a moment."""

    replayed = False

    def __init__(self, pending: Pending[A], *, when_away: Callable[[], None]) -> None:
        self._pending = pending
        self._when_away = when_away

    def result(self) -> A:
        try:
            return self._pending.result()
        except Unavailable:
            self._when_away()
            raise


class _Away:
    """A call that could not even be sent."""

    replayed = False

    def __init__(self, error: Unavailable) -> None:
        self._error = error

    def result(self) -> Never:
        raise self._error


def lives(pending: Pending[object]) -> bool:
    """Whether a probed service said anything at all."""
    try:
        pending.result()
    except Unavailable:
        return False
    except (WireError, RemoteFault):
        return True
    return True
