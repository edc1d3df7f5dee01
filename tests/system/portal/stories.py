"""Tickets in every state worth looking at, with what was said on them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chassis.files import in_base64
from contracts import intake, routing
from tests.system.portal.desk import Desk
from tests.system.portal.furniture import BUDI, DEWI, MOVES, NOW, picture, ticket


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
            "PRB-1017-6",
            {
                "kind": "problem",
                "subject": "Gerbang VPN Jakarta memutus sesi",
                "priority": "P3",
                "status": "assigned",
                "sla_state": "none",
                "next_due_at": None,
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
    desk.notices = told()
    return desk


def told() -> list[routing.Notice]:
    """Notices of every kind: a digest, single ones, and one that is known."""

    def notice(ago: int, **facts: Any) -> routing.Notice:
        at = NOW - timedelta(minutes=7 * ago)
        values: dict[str, Any] = {
            "id": f"notice-{ago}",
            "kind": "threshold",
            "major": False,
            "happened_at": at,
            "given_at": at,
            "meant_for": "dewi",
            "group": "network",
            "clock": "resolution",
            "crossing": "at_risk",
            "threshold": 75,
        }
        return routing.Notice(**values | facts)

    raised = {"kind": "escalation", "crossing": "breached", "threshold": 100}
    article = {"article": "vpn-putus", "language": "id", "title": "VPN putus saat rapat panjang"}
    nothing = dict.fromkeys(("group", "clock", "crossing", "threshold"))
    return [
        notice(1, **raised, major=True, number="INC-1038-1", meant_for="agus"),
        notice(2, number="INC-1042-7", digest="d"),
        notice(2, id="in-digest", number="INC-1041-9", digest="d", clock="first_response"),
        notice(3, **raised | {"kind": "unreached"}, number="INC-1041-9"),
        notice(4, **nothing | article, kind="review"),
        notice(
            5,
            number="INC-1021-3",
            acknowledged_at=NOW,
            acknowledged_by=DEWI,
        ),
    ]


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
    files = {0: _files(desk, budi), 18: _files(desk, DEWI)[1:]}
    for minutes, actor, public, body in story:
        desk.now = opened + timedelta(minutes=minutes)
        event = "ticket.opened.v1" if minutes == 0 else "ticket.replied.v1"
        desk._say(number, actor, body, public=public, files=files.get(minutes, ()))
        desk._log(number, event, actor, {"public": public})
    desk.now = NOW


def _files(desk: Desk, actor: intake.Actor) -> tuple[str, ...]:
    given = (
        ("Tangkapan layar 2026-01-05 09.58.png", "image/png", picture(640, 400)),
        ("log-gateway.txt", "text/plain", b"09.58 Error 809\n" * 600),
    )
    return tuple(
        desk.add_message_file(
            intake.AddMessageFile(
                name=name, media_type=kind, content=in_base64(content), actor=actor
            )
        ).attachment_id
        for name, kind, content in given
    )
