"""Both forms of log are read, and a fault is told by line and column."""

import gzip
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deploy.replay.log import Log, open_log
from deploy.replay.row import LogFault, LogRow, Standing

PLAIN = """ticket,at,event,group,assignee,status,priority,impact,urgency,category,requester,channel
A,2026-01-05T08:00:00+07:00,opened,Desk,,,P2,,,vpn,Siti,phone
A,2026-01-05T08:10:00+07:00,changed,,Rina,in_progress,,,low,,,
B,2026-01-05T08:11:00+07:00,opened,Desk,,,,,,,,
A,2026-01-05T08:20:00+07:00,agent_replied,,-,pending_vendor,,,,,,
"""

SERVICENOW_HEADER = (
    "ticket_id,activity,timestamp,resource,team,opened_at,made_sla,reassignment_count,"
    "reopen_count,priority,impact,urgency,contact_type,category,caller\n"
)
SERVICENOW = SERVICENOW_HEADER + (
    "INC1,New,2016-02-29T01:23:00,,Group 5,2016-02-29T01:16:00,true,0,0,"
    "3 - Moderate,2 - Medium,1 - High,Self service,Category 5,Caller 1\n"
    "INC1,Awaiting User Info,2016-02-29T01:30:00,Resolver 8,,2016-02-29T01:16:00,false,1,0,"
    "3 - Moderate,2 - Medium,1 - High,Self service,,\n"
)


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(text, "utf-8")
    return path


def log_of(tmp_path: Path, text: str, zone: str = "UTC") -> Log:
    return open_log(write(tmp_path, text), zone=ZoneInfo(zone))


def rows_of(tmp_path: Path, text: str, zone: str = "UTC") -> list[LogRow]:
    return list(log_of(tmp_path, text, zone).rows())


def fault_of(tmp_path: Path, text: str | bytes) -> LogFault:
    path = tmp_path / "log.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(LogFault) as fault:
        list(open_log(path).rows())
    return fault.value


def test_a_plain_row_says_only_what_its_cells_hold(tmp_path: Path) -> None:
    first, second, _, last = rows_of(tmp_path, PLAIN)

    assert first == LogRow(
        position=1,
        ticket="A",
        at=datetime(2026, 1, 5, 1, tzinfo=UTC),
        happening="opened",
        group="Desk",
        impact="high",
        urgency="medium",
        category="vpn",
        requester="Siti",
        channel="phone",
    )
    assert (second.group, second.assignee, second.impact, second.urgency) == (
        None,
        "Rina",
        None,
        "low",
    )
    assert second.standing == Standing(status="in_progress")
    assert last.assignee == ""
    assert last.standing == Standing(status="pending", pending_reason="vendor")


def test_impact_and_urgency_say_more_than_a_priority(tmp_path: Path) -> None:
    row = rows_of(
        tmp_path, "ticket,at,event,priority,impact\nA,2026-01-05T08:00:00Z,opened,P1,low\n"
    )[0]

    assert (row.impact, row.urgency) == ("low", None)


def test_a_servicenow_row_says_the_whole_ticket(tmp_path: Path) -> None:
    first, second = rows_of(tmp_path, SERVICENOW)

    assert first.opened_at == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert (first.impact, first.urgency, first.channel) == ("medium", "high", "portal")
    assert (first.group, first.assignee, first.requester) == ("Group 5", "", "Caller 1")
    assert second.standing == Standing(status="pending", pending_reason="requester")
    assert (second.group, second.assignee, second.category) == ("Not recorded", "Resolver 8", None)
    assert second.claims is not None
    assert (second.claims.reassignments, second.claims.is_promise_kept) == (1, False)


def test_a_log_without_counters_claims_nothing(tmp_path: Path) -> None:
    silent = SERVICENOW.replace("made_sla", "made_up")

    assert [row.claims for row in rows_of(tmp_path, silent)] == [None, None]


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        ("Asia/Jakarta", "2026-01-05T08:00:00", datetime(2026, 1, 5, 1, tzinfo=UTC)),
        # Skipped by the clock, so it lies where the clock would have stood without the change.
        ("Europe/Berlin", "2026-03-29T02:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # Comes twice: the first one.
        ("Europe/Berlin", "2026-10-25T02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("Asia/Jakarta", "2026-01-05T08:00:00+09:00", datetime(2026, 1, 4, 23, tzinfo=UTC)),
    ],
    ids=["office", "gap", "fold", "offset wins"],
)
def test_an_instant_without_offset_is_read_in_the_zone(
    tmp_path: Path, zone: str, wall: str, instant: datetime
) -> None:
    row = rows_of(tmp_path, f"ticket,at,event\nA,{wall},opened\n", zone)[0]

    assert row.at == instant


def test_a_compressed_log_reads_the_same(tmp_path: Path) -> None:
    packed = tmp_path / "log.csv.gz"
    packed.write_bytes(gzip.compress(PLAIN.encode()))
    plain = log_of(tmp_path, PLAIN)

    log = open_log(packed)

    assert list(log.rows()) == list(plain.rows())
    assert log.fingerprint == plain.fingerprint


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_log(tmp_path: Path) -> None:
    path = tmp_path / "windows.csv"
    path.write_bytes(b"\xef\xbb\xbf" + PLAIN.replace("\n", "\r\n").encode())

    assert list(open_log(path).rows()) == rows_of(tmp_path, PLAIN)


def test_a_log_that_grew_is_known_again_and_another_is_not(tmp_path: Path) -> None:
    known = log_of(tmp_path, PLAIN).fingerprint

    grown = log_of(tmp_path, PLAIN + "B,2026-01-05T09:00:00Z,changed,Net,,,,,,,,\n").fingerprint
    other = log_of(tmp_path, PLAIN.replace("Siti", "Wati")).fingerprint

    assert grown == known
    assert other != known


def test_a_limit_keeps_all_rows_of_the_first_tickets(tmp_path: Path) -> None:
    positions = [row.position for row in log_of(tmp_path, PLAIN).rows(limit=1)]

    assert positions == [1, 2, 4]


@pytest.mark.parametrize(
    ("was", "now", "line", "column"),
    [
        ("2026-01-05T08:10:00+07:00", "5 January", 3, "at"),
        ("2026-01-05T08:10:00+07:00", "0001-01-01T00:00:00+07:00", 3, "at"),
        ("2026-01-05T08:10:00+07:00", "", 3, "at"),
        ("changed,,Rina", "dreamt,,Rina", 3, "event"),
        ("changed,,Rina", ",,Rina", 3, "event"),
        ("changed,,Rina", "opened,,Rina", 3, "event"),
        ("opened,Desk,,,,,,,,\n", "changed,Desk,,,,,,,,\n", 4, "event"),
        ("in_progress", "busy", 3, "status"),
        ("P2", "P6", 2, "priority"),
        ("phone", "pigeon", 2, "channel"),
        ("Siti", "S" * 121, 2, "requester"),
        ("Siti", "Si\x00ti", 2, "requester"),
        ("Siti", '"Si\nti"', 2, "requester"),
        ("A,2026-01-05T08:10", ",2026-01-05T08:10", 3, "ticket"),
        ("A,2026-01-05T08:10:00+07:00,changed,,", "A,2026-01-05T08:10:00+07:00,", 3, "(all)"),
        ("Siti", '"Siti', 2, "(all)"),
        ("category,", "kategori,", 1, "kategori"),
        ("category,", "group,", 1, "group"),
        (",at,", ",zeit,", 1, "at"),
    ],
)
def test_a_fault_names_line_and_column(
    tmp_path: Path, was: str, now: str, line: int, column: str
) -> None:
    assert was in PLAIN

    fault = fault_of(tmp_path, PLAIN.replace(was, now, 1))

    assert (fault.line, fault.column) == (line, column)


@pytest.mark.parametrize(
    ("was", "now", "column"),
    [
        (",Awaiting User Info,", ",Asleep,", "activity"),
        (",false,1,", ",maybe,1,", "made_sla"),
        (",false,1,", ",false,-1,", "reassignment_count"),
        ("Resolver 8,,2016-02-29T01:16:00", "Resolver 8,,", "opened_at"),
    ],
)
def test_a_fault_of_a_servicenow_log_names_its_column(
    tmp_path: Path, was: str, now: str, column: str
) -> None:
    fault = fault_of(tmp_path, SERVICENOW.replace(was, now))

    assert (fault.line, fault.column) == (3, column)


def test_a_missing_servicenow_column_is_named(tmp_path: Path) -> None:
    assert fault_of(tmp_path, SERVICENOW.replace("team", "squad")).column == "team"


@pytest.mark.parametrize(
    "text", [b"", b"\n", PLAIN.splitlines()[0].encode(), b"ticket,at,event\n\xff\xfe,1,2\n"]
)
def test_what_is_no_log_is_refused(tmp_path: Path, text: bytes) -> None:
    fault_of(tmp_path, text)


@pytest.mark.parametrize("damage", ["cut off", "overwritten"])
def test_a_damaged_compressed_log_is_refused(tmp_path: Path, damage: str) -> None:
    packed = gzip.compress(PLAIN.encode() * 50)
    path = tmp_path / "log.csv.gz"
    path.write_bytes(packed[:-20] if damage == "cut off" else packed[:20] + b"\xff" * 200)

    with pytest.raises(LogFault):
        list(open_log(path).rows())


def test_what_only_claims_to_be_compressed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_text(PLAIN)

    with pytest.raises(LogFault, match="gzip"):
        open_log(path)
