"""A small desk of fakes with a memory: enough services for a browser."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from contracts import intake, kb, routing, sla
from contracts.errors import Conflict, Invalid, NotFound, Unavailable
from contracts.grammar import Nothing, Operation, from_plain, to_plain
from tests.system.portal.furniture import (
    AGENTS,
    ARTICLE,
    COMPARISON,
    COPY,
    COPY_COMPARISON,
    FILES,
    GAPS,
    GROUPS,
    HITS,
    MOVES,
    NOW,
    PAST,
    PROBLEM,
    READ,
    STALE,
    USE,
    WORDS,
    WRITINGS,
    assignment,
    backlog_report,
    clocks,
    line,
    report,
    ticket,
    times_report,
)

NO_TICKET = "There is no ticket of this number."


@dataclass
class Answer:
    outcome: Any
    replayed: bool = False

    def result(self) -> Any:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


@dataclass
class Desk:
    """What `gateway.clients.Caller` is to the gateway; `down` names services that are away."""

    now: datetime = NOW
    down: set[str] = field(default_factory=set)
    tickets: dict[str, intake.Ticket] = field(default_factory=dict)
    messages: dict[str, list[intake.Message]] = field(default_factory=dict)
    logs: dict[str, list[intake.LogEntry]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    files: dict[str, intake.MessageFileContent] = field(default_factory=dict)
    notices: list[routing.Notice] = field(default_factory=list)

    def start_call(
        self,
        operation: Operation[Any, Any],
        question: Any,
        *,
        key: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Answer:
        question = from_plain(operation.request, to_plain(question), strict=True)
        if operation.service in self.down:
            return Answer(Unavailable("unavailable", f"{operation.service} is away"))
        if key is not None and key in self.answers:
            return Answer(self.answers[key], replayed=True)
        method: Callable[[Any], Any] = getattr(self, operation.name)
        try:
            outcome = method(question)
        except Exception as error:  # noqa: BLE001 – carried to the caller as on the wire
            return Answer(error)
        if key is not None:
            self.answers[key] = outcome
        return Answer(outcome)

    @property
    def is_connected(self) -> bool:
        return True

    # intake

    def open_ticket(self, command: intake.OpenTicket) -> intake.Ticket:
        number = f"INC-{1042 + len(self.tickets)}-7"
        self.tickets[number] = ticket(
            number=number,
            subject=command.subject,
            body=command.body,
            kind=command.kind,
            impact=command.impact,
            urgency=command.urgency,
            requester=command.requester,
            attributes=command.attributes,
            opened_at=self.now,
            updated_at=self.now,
        )
        files = command.attachments
        self._say(number, command.actor, command.body, public=True, files=files)
        self._log(number, "ticket.opened.v1", command.actor, {})
        return self.tickets[number]

    def get_ticket(self, question: intake.GetTicket) -> intake.Ticket:
        found = self.tickets.get(question.number)
        if found is None or question.viewer not in {None, found.requester.email}:
            raise NotFound("ticket_unknown", "There is no such ticket.")
        if question.viewer is None:
            return found
        moves = {"resolved": ("in_progress", "closed")}.get(found.status, ("cancelled",))
        return replace(found, transitions=() if found.status == "closed" else moves)

    def list_tickets(self, question: intake.ListTickets) -> intake.TicketPage:
        found = [
            line(each)
            for each in self.tickets.values()
            if question.viewer in {None, each.requester.email}
            and (not question.status or each.status in question.status)
            and (not question.priority or each.priority in question.priority)
            and (not question.sla_state or each.sla_state in question.sla_state)
            and (not question.assignee or (each.assignee or "none") in question.assignee)
            and (not question.q or question.q.lower() in each.subject.lower())
        ]
        start = int(question.cursor or 0)
        end = start + question.limit
        return intake.TicketPage(
            items=tuple(found[start:end]), next_cursor=str(end) if end < len(found) else None
        )

    def add_message_file(self, command: intake.AddMessageFile) -> intake.MessageFile:
        file = intake.MessageFile(
            attachment_id=f"file-{len(self.files)}",
            name=command.name,
            media_type=command.media_type,
            bytes=len(base64.b64decode(command.content)),
            sha256="0" * 64,
        )
        self.files[file.attachment_id] = intake.MessageFileContent(
            attachment=file, content=command.content
        )
        return file

    def get_message_file(self, question: intake.GetMessageFile) -> intake.MessageFileContent:
        asked = intake.GetTicket(number=question.number, viewer=question.viewer)
        shown = self.list_messages(asked).items
        if question.attachment_id not in {
            file.attachment_id for message in shown for file in message.attachments
        }:
            raise NotFound("attachment_not_found", "There is no such file.")
        return self.files[question.attachment_id]

    def list_messages(self, question: intake.GetTicket) -> intake.Conversation:
        items = tuple(
            item
            for item in self.messages.get(question.number, ())
            if item.public or question.viewer is None
        )
        return intake.Conversation(number=question.number, items=items)

    def add_reply(self, command: intake.AddReply) -> intake.Message:
        self._bump(command.number)
        facts = {"public": command.public}
        self._log(command.number, "ticket.replied.v1", command.actor, facts)
        return self._say(
            command.number,
            command.actor,
            command.body,
            public=command.public,
            files=command.attachments,
        )

    def change_status(self, command: intake.ChangeStatus) -> intake.Ticket:
        was = self.tickets[command.number]
        if command.version not in {None, was.version}:
            raise Conflict("stale_version", "It changed.", {"version": was.version})
        changes = {
            "status": command.to,
            "pending_reason": command.pending_reason,
            "pending_until": command.until,
            "resolution": command.resolution,
            "transitions": MOVES.get(command.to, ()),
        }
        self._bump(command.number, **changes)
        facts = {"status": command.to, "pending_reason": command.pending_reason}
        self._log(command.number, "ticket.status_changed.v1", command.actor, facts)
        return self.tickets[command.number]

    def amend_ticket(self, command: intake.AmendTicket) -> intake.Ticket:
        self._bump(command.number, impact=command.impact, urgency=command.urgency)
        return self.tickets[command.number]

    def merge_ticket(self, command: intake.MergeTicket) -> intake.Ticket:
        source, survivor = self.tickets[command.number], self.tickets.get(command.into)
        if survivor is None:
            raise Invalid("invalid", "into: There is no ticket.", {"errors": {"into": [NO_TICKET]}})
        is_others = source.requester.email != survivor.requester.email
        if is_others and not command.confirm_other_requester:
            said = "The tickets have different requesters."
            raise Invalid("other_requester", said, {"errors": {"confirm_other_requester": [said]}})
        moved = {"merged_into": command.into, "survivor": command.into, "transitions": ()}
        self._bump(command.number, status="merged", status_category="done", **moved)
        self._bump(command.into, absorbed=(command.number,), other_requesters=is_others)
        told = [replace(each, number=command.number) for each in self.messages[command.number]]
        self.messages[command.into] += told
        self.messages[command.into].sort(key=lambda each: each.at)
        facts = {"into": command.into, "reason": command.note}
        self._log(command.number, "ticket.merged.v1", command.actor, facts)
        self._log(command.into, "ticket.absorbed.v1", command.actor, {"source": command.number})
        return self.tickets[command.number]

    def unmerge_ticket(self, command: intake.UnmergeTicket) -> intake.Ticket:
        into = self.tickets[command.number].merged_into or ""
        back = {"merged_into": None, "survivor": None, "transitions": MOVES["assigned"]}
        self._bump(command.number, status="assigned", status_category="active", **back)
        self._bump(into, absorbed=(), other_requesters=False)
        own = [each for each in self.messages[into] if each.number != command.number]
        self.messages[into] = own
        self._log(command.number, "ticket.unmerged.v1", command.actor, {"out_of": into})
        return self.tickets[command.number]

    def split_ticket(self, command: intake.SplitTicket) -> intake.Ticket:
        parent = self.tickets[command.number]
        number = f"INC-{1060 + len(self.tickets)}-4"
        self.tickets[number] = ticket(
            number=number,
            subject=command.subject,
            requester=parent.requester,
            split_from=command.number,
        )
        shown = [
            replace(each, number=command.number)
            for each in self.messages[command.number]
            if each.message_id in command.message_ids
        ]
        self.messages[number] = shown
        self._say(number, command.actor, command.body or command.subject, public=True)
        self._bump(command.number, split_into=(*parent.split_into, number))
        self._log(command.number, "ticket.split.v1", command.actor, {"child": number})
        self._log(number, "ticket.opened.v1", command.actor, {"split_from": command.number})
        return self.tickets[number]

    def read_log(self, question: intake.ReadLog) -> intake.LogPage:
        return intake.LogPage(items=tuple(self.logs.get(question.number or "", ())), next_after=99)

    def _bump(self, number: str, **changes: Any) -> None:
        was = self.tickets[number]
        self.tickets[number] = replace(was, version=was.version + 1, **changes)

    def _say(
        self,
        number: str,
        actor: intake.Actor,
        body: str,
        *,
        public: bool,
        files: tuple[str, ...] = (),
    ) -> intake.Message:
        told = self.messages.setdefault(number, [])
        said = intake.Message(
            message_id=f"{number}-{len(told)}",
            author=actor,
            public=public,
            body=body,
            at=self.now,
            attachments=tuple(self.files[each].attachment for each in files),
        )
        told.append(said)
        return said

    def _log(self, number: str, event: str, actor: intake.Actor, facts: dict[str, Any]) -> None:
        log = self.logs.setdefault(number, [])
        log.append(
            intake.LogEntry(
                offset=len(log) + 1,
                number=number,
                seq=len(log) + 1,
                event=event,
                at=self.now,
                actor=actor,
                facts=facts,
            )
        )

    # routing, sla and kb

    def get_assignment(self, question: routing.GetAssignment) -> routing.Assignment:
        held = self.tickets[question.number]
        if held.group is None:
            raise NotFound("not_routed_yet", "No group yet.")
        return assignment(held)

    def assign(self, command: routing.Assign) -> routing.Assignment:
        self._bump(command.number, assignee=command.assignee)
        return assignment(self.tickets[command.number])

    def transfer(self, command: routing.Transfer) -> routing.Assignment:
        self._bump(command.number, group=command.group, assignee=None)
        return assignment(self.tickets[command.number])

    def escalate(self, command: routing.Escalate) -> routing.Assignment:
        self._bump(command.number, escalation_level=1)
        return assignment(self.tickets[command.number])

    def list_groups(self, _question: Nothing) -> routing.Groups:
        return routing.Groups(
            items=tuple(
                routing.Group(
                    spec=routing.GroupSpec(
                        key=key, name=name, tier=tier, manager="rina@nusantara.example"
                    ),
                    agents=3,
                    open_tickets=7,
                )
                for key, name, tier in GROUPS
            )
        )

    def list_agents(self, _question: Nothing) -> routing.Agents:
        return routing.Agents(
            items=tuple(
                routing.Agent(
                    spec=routing.AgentSpec(
                        key=key, name=name, email=f"{key}@nusantara.example", groups=("network",)
                    ),
                    open_tickets=held,
                )
                for key, name, held in AGENTS
            )
        )

    def list_notices(self, question: routing.ListNotices) -> routing.NoticePage:
        mine = [each for each in self.notices if not (question.unread and each.acknowledged_at)]
        unread = sum(each.acknowledged_at is None for each in self.notices)
        return routing.NoticePage(items=tuple(mine[: question.limit]), unread=unread)

    def acknowledge_notices(
        self, command: routing.AcknowledgeNotices
    ) -> routing.NoticesAcknowledged:
        self.notices = [
            replace(each, acknowledged_at=self.now, acknowledged_by=command.actor)
            if each.id in command.ids
            else each
            for each in self.notices
        ]
        return routing.NoticesAcknowledged(items=(), unread=0)

    def get_clocks(self, question: sla.GetClocks) -> sla.TicketClocks:
        held = self.tickets[question.number]
        return clocks(held, now=self.now)

    def report_promises(self, _question: sla.ReportPromises) -> sla.PromiseReport:
        return report()

    def report_times(self, _question: sla.ReportTimes) -> sla.TimesReport:
        return times_report()

    def report_backlog(self, _question: sla.ReportBacklog) -> sla.BacklogReport:
        return backlog_report()

    def suggest(self, question: kb.Suggest) -> kb.Hits:
        return kb.Hits(items=HITS.items if "vpn" in question.text.lower() else ())

    def search_articles(self, question: kb.SearchArticles) -> kb.Hits:
        if question.q == "vnp":
            return kb.Hits(items=HITS.items, total=2, did_you_mean="vpn")
        return kb.Hits(items=HITS.items if question.q.lower() in "vpn" else ())

    def complete(self, question: kb.Complete) -> kb.Completions:
        if not "vpn".startswith(question.q):
            return kb.Completions(words=(), articles=())
        titles = tuple(
            kb.NamedArticle(key=hit.key, language=hit.language, title=hit.title)
            for hit in HITS.items
        )
        return kb.Completions(words=("vpn putus", "vpn kantor"), articles=titles)

    def get_article(self, question: kb.GetArticle) -> kb.Article:
        if question.key != ARTICLE.key:
            raise NotFound("article_unknown", "There is no such article.")
        return ARTICLE

    def list_articles(self, _question: kb.ListArticles) -> kb.ArticlePage:
        return WRITINGS

    def list_problems(self, _question: kb.ListProblems) -> kb.KnownProblems:
        return kb.KnownProblems(items=(PROBLEM,))

    def get_words(self, _question: kb.GetWords) -> kb.OwnWords:
        return WORDS

    def read_text(self, _question: kb.ReadText) -> kb.TextRead:
        return READ

    def report_gaps(self, _question: kb.ReportGaps) -> kb.Gaps:
        return GAPS

    def get_article_use(self, _question: kb.GetArticleUse) -> kb.ArticleUse:
        return USE

    def report_stale_articles(self, _question: kb.ReportStaleArticles) -> kb.StaleArticles:
        return STALE

    def list_attachments(self, _question: kb.ListAttachments) -> kb.Attachments:
        return FILES

    def get_working_copy(self, _question: kb.GetWorkingCopy) -> kb.WorkingCopy:
        return COPY

    def compare_working_copy(self, _question: kb.GetWorkingCopy) -> kb.WorkingCopyComparison:
        return COPY_COMPARISON

    def list_revisions(self, question: kb.ListRevisions) -> kb.Revisions:
        return kb.Revisions(key=question.key, language=question.language, items=PAST)

    def compare_revisions(self, _question: kb.CompareRevisions) -> kb.Comparison:
        return COMPARISON

    def record_reading(self, _command: kb.RecordReading) -> Nothing:
        return Nothing()
