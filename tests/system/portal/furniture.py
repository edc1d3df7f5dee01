"""What stands on the fake desk: people, groups, an article, clocks and decisions to look at."""

import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from contracts import intake, kb, routing, sla
from contracts.grammar import from_plain, to_plain

NOW = datetime(2026, 1, 5, 3, 5, tzinfo=UTC)  # Monday 10.05 in Jakarta
SYSTEM = intake.Actor(kind="system", id="routing")
DEWI = intake.Actor(kind="agent", id="dewi@nusantara.example", name="Dewi Lestari")
BUDI = intake.Person(
    name="Budi Santoso", email="budi@nusantara.example", organisation="Keuangan · Jakarta"
)
HOUR_US = 3_600_000_000

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
            cancelled=5,
            met_percent=100 * met / judged if judged else None,
            excused=3,
            cancelled_late=1,
            cancelled_late_percent=20.0,
            blame={
                "tier2:network": 41 * 3_600_000_000,
                "tier1:service-desk": 18 * 3_600_000_000,
                "requester": 9 * 3_600_000_000,
                "in_transit": 5 * 3_600_000_000,
            },
        )

    def rows(**counts: tuple[int, int]) -> tuple[sla.PromiseRow, ...]:
        return tuple(row(key, met, missed) for key, (met, missed) in counts.items())

    days = {
        f"2026-01-{day:02}": (30 + 7 * day % 23, 2 * day % 9) if day % 7 > 1 else (3, 0)
        for day in range(1, 31)
    }
    return sla.PromiseReport(
        total=row("all", 1204, 57),
        by_priority=rows(P1=(21, 4), P2=(190, 18), P3=(993, 35), P5=(0, 0)),
        by_reassignments=rows(**{"0": (1000, 12), "1": (180, 25), "2": (24, 20)}),
        by_policy=rows(standard=(1100, 50), vip=(104, 7)),
        by_group=rows(**{"network": (400, 40), "service-desk": (700, 10), "": (104, 7)}),
        by_period=rows(**days),
        reassignments=261,
        reopened=19,
    )


def times_report() -> sla.TimesReport:
    def row(key: str, tickets: int, hours: float) -> sla.TimesRow:
        length = round(hours * 3_600_000_000)
        return sla.TimesRow(
            key=key, tickets=tickets, mean_us=length, median_us=length // 2, p90_us=3 * length
        )

    rows = (row("P1", 25, 1.5), row("P2", 208, 4), row("P3", 1028, 9))
    return sla.TimesReport(total=row("all", 1261, 7.2), rows=rows, by="priority")


def backlog_report() -> sla.BacklogReport:
    def rows(**counts: tuple[int, int]) -> tuple[sla.BacklogRow, ...]:
        return tuple(
            sla.BacklogRow(key=key, tickets=tickets, missed=missed)
            for key, (tickets, missed) in counts.items()
        )

    ages = {"1d": (31, 0), "3d": (18, 2), "7d": (9, 3), "14d": (4, 2), "30d": (2, 2)}
    return sla.BacklogReport(
        as_of=NOW,
        total=rows(all=(65, 10))[0],
        by_age=rows(**ages, older=(1, 1)),
        by_group=rows(**{"network": (40, 8), "service-desk": (25, 2)}),
        by_priority=(),
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
            solved=3,
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
PAST = tuple(
    kb.RevisionLine(
        revision=number,
        author="dewi@nusantara.example",
        written_at=ARTICLE.updated_at,
        status="published",
        title=ARTICLE.title,
        note=note,
        reviewer="rina@nusantara.example",
        files=(
            kb.RevisionFile(
                name="langkah-vpn.pdf",
                media_type="application/pdf",
                bytes=81_920,
                sha256="0" * 64,
                is_kept=number == 2,
            ),
        ),
    )
    for number, note in ((2, "Menyebut hemat daya"), (1, ""))
)
COMPARISON = kb.Comparison(
    was=PAST[1],
    now=PAST[0],
    fields=(kb.DiffField(field="tags", was="", now="vpn"),),
    lines=(
        kb.DiffLine(kind="same", text="## Gejala", was=1, now=1),
        kb.DiffLine(kind="removed", text="VPN putus.", was=2, now=None),
        kb.DiffLine(kind="added", text="VPN putus setelah semenit.", was=None, now=2),
        kb.DiffLine(kind="gap", text="", was=None, now=None),
    ),
    body=ARTICLE.body,
)
WRITINGS = kb.ArticlePage(
    items=(
        kb.ArticleLine(
            key=ARTICLE.key,
            language="id",
            title=ARTICLE.title,
            status="published",
            audience="group",
            groups=("network",),
            category="network",
            problem="PRB-17",
            owner="dewi@nusantara.example",
            revision=2,
            version=7,
            updated_at=ARTICLE.updated_at,
            review_at=ARTICLE.updated_at,
            publish_at=None,
            working_copy="review",
        ),
    ),
    counts={"draft": 3, "published": 1},
    review_due=1,
    working_copies=1,
)
PROBLEM = kb.KnownProblem(
    number="PRB-1017-6", subject="Gerbang VPN Jakarta memutus sesi", state="open"
)
WORDS = kb.OwnWords(
    language="id",
    version=3,
    spellings=(
        kb.Spelling(written="lambat", variants=("lemot", "lelet", "ngelag", "ngehang terus")),
        kb.Spelling(written="komputer", variants=("kompi",)),
    ),
    stop_words=("gan", "mbak"),
    updated_at=ARTICLE.updated_at,
    updated_by="dewi@nusantara.example",
    packaged_spellings=(kb.Spelling(written="tidak", variants=("gak", "ngga")),),
    packaged_stop_words=("di", "yang"),
)
READ = kb.TextRead(
    language="id",
    items=(
        kb.WordRead(
            text="Kompi",
            written="komputer",
            stems=("komputer",),
            is_respelt=True,
            is_stop_word=False,
        ),
        kb.WordRead(text="gan", written="gan", stems=("gan",), is_respelt=False, is_stop_word=True),
        kb.WordRead(
            text="menyala",
            written="menyala",
            stems=("nyala",),
            is_respelt=False,
            is_stop_word=False,
        ),
    ),
)
GAPS = kb.Gaps(
    since=ARTICLE.updated_at,
    items=(
        kb.Gap(
            name="printer macet lantai",
            language="id",
            minutes=95,
            tickets=2,
            searches=3,
            category="printing",
            example_tickets=(
                kb.GapTicket(number="INC-1042-7", subject="Printer macet di lantai 3", minutes=60),
            ),
            example_searches=(kb.GapSearch(text="printer macet", count=3),),
            nearest=kb.GapArticle(key=ARTICLE.key, language="id", title=ARTICLE.title),
        ),
    ),
    tickets=2,
    searches=3,
    is_complete=False,
)
USE = kb.ArticleUse(
    key=ARTICLE.key,
    language="id",
    reads=41,
    helpful=12,
    unhelpful=3,
    popularity=17.25,
    last_read_at=ARTICLE.updated_at,
    feedback=(
        kb.Feedback(
            at=ARTICLE.updated_at, helpful=False, reason="outdated", comment="Menunya pindah."
        ),
    ),
)
STALE = kb.StaleArticles(
    items=(
        kb.StaleArticle(
            key=ARTICLE.key,
            language="id",
            title=ARTICLE.title,
            owner="dewi@nusantara.example",
            reasons=("review_due", "outdated"),
            updated_at=ARTICLE.updated_at,
            review_at=ARTICLE.updated_at,
            last_read_at=None,
            reads=41,
            helpful=12,
            unhelpful=3,
            popularity=17.25,
        ),
    )
)
COPY = kb.WorkingCopy(
    key=ARTICLE.key,
    language=ARTICLE.language,
    title="VPN putus setiap beberapa menit",
    body=ARTICLE.body + "\n\n## Bila tetap putus\n\nMatikan hemat daya pada kartu Wi-Fi.",
    category=ARTICLE.category,
    tags=(*ARTICLE.tags, "wifi"),
    problem=ARTICLE.problem,
    files=(
        kb.Attachment(
            name="hemat-daya.png",
            media_type="image/png",
            bytes=34_000,
            added_by="dewi@nusantara.example",
            added_at=ARTICLE.updated_at,
        ),
    ),
    status="review",
    author="dewi@nusantara.example",
    opened_at=ARTICLE.updated_at,
    written_by="dewi@nusantara.example",
    updated_at=ARTICLE.updated_at,
    based_on=ARTICLE.revision,
    outdated=(),
    article_revision=ARTICLE.revision,
    article_status=ARTICLE.status,
    note="Langkah untuk hemat daya ditambahkan.",
    returned_by=None,
    returned_note="",
    publish_at=None,
    version=12,
    transitions=("draft", "published", "discarded"),
)
COPY_COMPARISON = kb.WorkingCopyComparison(
    copy=replace(COPY, outdated=("body", "files"), article_revision=ARTICLE.revision + 1),
    fields=(
        kb.DiffField(field="title", was=ARTICLE.title, now=COPY.title),
        kb.DiffField(field="files", was="langkah-vpn.pdf", now="hemat-daya.png"),
    ),
    lines=COMPARISON.lines,
    meanwhile_fields=(kb.DiffField(field="files", was="", now="langkah-vpn.pdf"),),
    meanwhile_lines=(
        kb.DiffLine(kind="removed", text="Buka **Connect**.", was=4, now=None),
        kb.DiffLine(kind="added", text="Buka **Sambungkan**, lalu tunggu.", was=None, now=4),
    ),
)
FILES = kb.Attachments(
    items=(
        kb.Attachment(
            name="langkah-vpn.pdf",
            media_type="application/pdf",
            bytes=81_920,
            added_by="dewi@nusantara.example",
            added_at=ARTICLE.updated_at,
        ),
    )
)


def picture(width: int, height: int) -> bytes:
    """A PNG with something to see in it."""

    def line(y: int) -> bytes:
        dots = ((235 - x * 90 // width, 240 - y * 60 // height, 250) for x in range(width))
        return bytes(part for dot in dots for part in dot)

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    drawn = zlib.compress(b"".join(b"\x00" + line(y) for y in range(height)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", size), (b"IDAT", drawn), (b"IEND", b""))
    )
