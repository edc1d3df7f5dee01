"""A small desk of fakes with a memory: enough services for a browser."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts import intake, kb, routing, sla
from contracts.errors import Conflict, NotFound, Unavailable
from contracts.grammar import Nothing, Operation, from_plain, to_plain

NOW = datetime(2026, 1, 5, 3, 5, tzinfo=UTC)  # Monday 10.05 in Jakarta
SYSTEM = intake.Actor(kind="system", id="routing")
DEWI = intake.Actor(kind="agent", id="dewi@nusantara.example", name="Dewi Lestari")
BUDI = intake.Person(
    name="Budi Santoso", email="budi@nusantara.example", organisation="Keuangan · Jakarta"
)
HOUR_US = 3_600_000_000


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
        self._say(number, command.actor, command.body, public=True)
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
        return self._say(command.number, command.actor, command.body, public=command.public)

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

    def read_log(self, question: intake.ReadLog) -> intake.LogPage:
        return intake.LogPage(items=tuple(self.logs.get(question.number or "", ())), next_after=99)

    def _bump(self, number: str, **changes: Any) -> None:
        was = self.tickets[number]
        self.tickets[number] = replace(was, version=was.version + 1, **changes)

    def _say(self, number: str, actor: intake.Actor, body: str, *, public: bool) -> intake.Message:
        told = self.messages.setdefault(number, [])
        said = intake.Message(
            message_id=f"{number}-{len(told)}", author=actor, public=public, body=body, at=self.now
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

    def get_clocks(self, question: sla.GetClocks) -> sla.TicketClocks:
        held = self.tickets[question.number]
        return clocks(held, now=self.now)

    def report_promises(self, _question: sla.ReportPromises) -> sla.PromiseReport:
        return report()

    def suggest(self, question: kb.Suggest) -> kb.Hits:
        return kb.Hits(items=HITS.items if "vpn" in question.text.lower() else ())

    def search_articles(self, question: kb.SearchArticles) -> kb.Hits:
        return kb.Hits(items=HITS.items if question.q.lower() in "vpn" else ())

    def get_article(self, question: kb.GetArticle) -> kb.Article:
        if question.key != ARTICLE.key:
            raise NotFound("article_unknown", "There is no such article.")
        return ARTICLE

    def record_reading(self, _command: kb.RecordReading) -> Nothing:
        return Nothing()


MOVES = {
    "assigned": ("in_progress", "pending", "resolved", "cancelled", "duplicate", "spam"),
    "in_progress": ("pending", "verifying", "resolved", "cancelled", "duplicate", "spam"),
    "pending": ("in_progress", "verifying", "resolved", "cancelled"),
    "resolved": ("in_progress", "closed"),
}
GROUPS = (
    ("service-desk", "Meja Layanan", 1),
    ("network", "Jaringan & VPN", 2),
    ("datacentre", "Pusat Data", 3),
)
AGENTS = (("dewi", "Dewi Lestari", 4), ("agus", "Agus Pratama", 20), ("siti", "Siti Rahayu", 9))


def ticket(**changes: Any) -> intake.Ticket:
    values: dict[str, Any] = {
        "ticket_id": "0194f6a0-0000-7000-8000-000000000001",
        "number": "INC-1042-7",
        "version": 3,
        "kind": "incident",
        "subject": "VPN putus setiap sepuluh menit",
        "body": "VPN saya putus.",
        "channel": "portal",
        "status": "assigned",
        "status_category": "active",
        "pending_reason": None,
        "pending_until": None,
        "priority": "P2",
        "impact": "medium",
        "urgency": "high",
        "category": "network-vpn",
        "service": None,
        "requester": BUDI,
        "group": "network",
        "tier": 2,
        "assignee": "dewi",
        "next_due_at": NOW + timedelta(hours=2, minutes=10),
        "sla_state": "running",
        "opened_at": NOW - timedelta(hours=1, minutes=50),
        "updated_at": NOW - timedelta(minutes=12),
        "resolved_at": None,
        "closed_at": None,
        "reopen_count": 0,
        "escalation_level": 0,
        "resolution": None,
        "attributes": {},
        "transitions": MOVES["assigned"],
    }
    return intake.Ticket(**values | changes)


def line(found: intake.Ticket) -> intake.TicketLine:
    values = to_plain(found) | {"requester": found.requester.email}
    names = intake.TicketLine.__dataclass_fields__
    return from_plain(intake.TicketLine, {name: values[name] for name in names})


def assignment(held: intake.Ticket) -> routing.Assignment:
    decision = routing.Decision(
        revision=1,
        decided_at=held.opened_at + timedelta(seconds=2),
        group=held.group or "",
        tier=2,
        assignee=held.assignee,
        reason_code="rule",
        reason="Rule network: the word “vpn”. Dewi Lestari has the best score of 2.",
        actor=SYSTEM,
        rule="network",
        matched=("vpn", "putus"),
        candidates=(
            routing.Candidate(agent="agus", eligible=False, failed="full"),
            routing.Candidate(agent="dewi", eligible=True, score=score(0.2, 0.0, -0.25)),
            routing.Candidate(agent="siti", eligible=True, score=score(0.45, 0.25, -0.25)),
        ),
    )
    return routing.Assignment(
        number=held.number,
        group=held.group,
        group_name={key: name for key, name, _ in GROUPS}.get(held.group or ""),
        tier=2,
        assignee=held.assignee,
        assignee_name=None,
        decision=decision,
        history=(decision,),
    )


def score(load: float, skill: float, language: float) -> dict[str, float]:
    total = round(load + skill + language, 6)
    return {"load": load, "skill": skill, "language": language, "total": total}


def clocks(held: intake.Ticket, *, now: datetime) -> sla.TicketClocks:
    response = sla.Clock(
        kind="first_response",
        state="met",
        version=1,
        target_us=HOUR_US,
        elapsed_us=HOUR_US // 4,
        remaining_us=HOUR_US * 3 // 4,
        started_at=held.opened_at,
        stopped_at=held.opened_at + timedelta(minutes=15),
        policy="standard",
    )
    is_late = held.sla_state == "breached"
    resolution = sla.Clock(
        kind="resolution",
        state="breached" if is_late else "running",
        version=1,
        target_us=4 * HOUR_US,
        elapsed_us=4 * HOUR_US + 40 * 60_000_000 if is_late else HOUR_US * 19 // 6,
        remaining_us=-40 * 60_000_000 if is_late else HOUR_US * 5 // 6,
        started_at=held.opened_at,
        due_at=held.next_due_at,
        judged_due_at=held.next_due_at,
        policy="standard",
    )
    fired = tuple(
        sla.ThresholdFired(
            clock="resolution",
            clock_version=1,
            threshold=threshold,
            crossed_at=now - timedelta(minutes=100 - threshold),
            fired_at=now - timedelta(minutes=100 - threshold),
        )
        for threshold in ((50, 75, 90, 100) if is_late else (50, 75))
    )
    return sla.TicketClocks(
        number=held.number,
        as_of=now,
        sla_state=held.sla_state,
        next_due_at=held.next_due_at,
        clocks=(response, resolution),
        thresholds=fired,
        attribution={
            "tier1:service-desk": 20 * 60_000_000,
            "in_transit": 5 * 60_000_000,
            "tier2:network": 140 * 60_000_000,
            "requester": 25 * 60_000_000,
        },
    )


def report() -> sla.PromiseReport:
    def row(key: str, met: int, missed: int) -> sla.PromiseRow:
        judged = met + missed
        return sla.PromiseRow(
            key=key,
            tickets=judged + 4,
            met=met,
            missed=missed,
            running=4,
            cancelled=1,
            met_percent=100 * met / judged if judged else None,
        )

    return sla.PromiseReport(
        total=row("total", 1204, 57),
        by_priority=tuple(
            row(key, met, missed)
            for key, met, missed in (("P1", 21, 4), ("P2", 190, 18), ("P3", 993, 35), ("P5", 0, 0))
        ),
        by_reassignments=tuple(
            row(key, met, missed) for key, met, missed in (("0", 1000, 12), ("1", 180, 25))
        ),
        reassignments=261,
        reopened=19,
    )


HITS = kb.Hits(
    items=(
        kb.Hit(
            key="vpn-putus",
            language="id",
            title="VPN putus setelah beberapa menit",
            category="network",
            snippet="Jika <mark>VPN</mark> sering <mark>putus</mark>, matikan hemat daya Wi-Fi …",
            score=2.5,
        ),
        kb.Hit(
            key="vpn-setup",
            language="en",
            title="Set up the VPN on a new laptop",
            category="network",
            snippet="Install the <mark>VPN</mark> client from the software shop, then sign in …",
            score=1.5,
        ),
    )
)
ARTICLE = kb.Article(
    key="vpn-putus",
    language="id",
    title="VPN putus setelah beberapa menit",
    body=(
        "Sambungan VPN yang sering putus hampir selalu disebabkan **hemat daya Wi-Fi**.\n\n"
        "## Langkah\n\n1. Buka *Pengaturan > Jaringan*.\n2. Matikan **Hemat daya**.\n"
        "3. Sambungkan lagi.\n\n| Sistem | Menu |\n|---|---|\n| Windows | Pengelola perangkat |\n"
        "| macOS | Jaringan > Lanjutan |\n\n```\nipconfig /renew\n```\n\n"
        "> Masih putus? Kirim tiket, sebutkan jam putusnya.\n"
    ),
    status="published",
    audience="public",
    category="network",
    tags=("vpn",),
    revision=3,
    owner="dewi@nusantara.example",
    updated_at=NOW - timedelta(days=12),
    languages=("id", "en"),
)


def furnished() -> Desk:
    """A desk with a handful of tickets in every state worth looking at."""
    desk = Desk()
    stories: tuple[tuple[str, dict[str, Any]], ...] = (
        ("INC-1042-7", {}),
        (
            "INC-1038-1",
            {
                "subject": "Server absensi tidak menjawab di seluruh kantor cabang Surabaya",
                "priority": "P1",
                "status": "in_progress",
                "sla_state": "breached",
                "next_due_at": NOW - timedelta(minutes=40),
                "escalation_level": 2,
                "transitions": MOVES["in_progress"],
            },
        ),
        (
            "REQ-1040-5",
            {
                "kind": "service_request",
                "subject": "Need access to the finance reporting folder",
                "priority": "P4",
                "status": "pending",
                "pending_reason": "requester",
                "sla_state": "paused",
                "next_due_at": None,
                "requester": replace(BUDI, name="Ayu", email="ayu@nusantara.example"),
                "transitions": MOVES["pending"],
            },
        ),
        (
            "INC-1041-9",
            {
                "subject": "Printer lantai 3 mencetak halaman kosong",
                "priority": "P3",
                "status": "new",
                "group": None,
                "assignee": None,
                "sla_state": "at_risk",
                "next_due_at": NOW + timedelta(minutes=24),
            },
        ),
        (
            "INC-1021-3",
            {
                "subject": "Email tidak bisa dikirim dari ponsel",
                "priority": "P3",
                "status": "resolved",
                "status_category": "done",
                "sla_state": "met",
                "next_due_at": None,
                "updated_at": NOW - timedelta(days=2),
                "transitions": MOVES["resolved"],
                "resolution": intake.Resolution(
                    text="Sertifikat akun diperbarui dan akun dipasang ulang.",
                    code="permanent_fix",
                    cause="configuration",
                    steps="Hapus akun, pasang profil baru.",
                    minutes_spent=25,
                    prevention="Perbarui sistem ponsel bila diminta.",
                ),
            },
        ),
    )
    for number, changes in stories:
        desk.tickets[number] = ticket(number=number, **changes)
        _tell(desk, number)
    return desk


def _tell(desk: Desk, number: str) -> None:
    opened = desk.tickets[number].opened_at
    budi = intake.Actor(kind="requester", id=BUDI.email, name=BUDI.name)
    story = (
        (
            0,
            budi,
            True,
            (
                "Sejak pagi VPN saya putus setiap sepuluh menit.\n\n"
                'Saya sudah coba nyalakan ulang laptop. Pesannya: <b>"Error 809"</b>,'
                " lihat https://intranet.nusantara.example/vpn (halaman bantuan)."
            ),
        ),
        (15, DEWI, True, "Selamat pagi Pak Budi, terima kasih laporannya. Saya periksa sekarang."),
        (18, DEWI, False, "Log gateway menunjukkan hemat daya Wi-Fi. Mirip INC-0988-2."),
        (60, budi, True, "Baik, Bu. Saya tunggu. Jam 10.30 saya ada rapat."),
    )
    for minutes, actor, public, body in story:
        desk.now = opened + timedelta(minutes=minutes)
        event = "ticket.opened.v1" if minutes == 0 else "ticket.replied.v1"
        desk._say(number, actor, body, public=public)
        desk._log(number, event, actor, {"public": public})
    desk.now = NOW
