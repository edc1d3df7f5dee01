"""Which day is played, and what happens when."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from deploy.demo.agenda import agenda, latest_working_day
from deploy.demo.desk import read_desk
from deploy.demo.journal import Journal, read_journal
from deploy.demo.tickets import read_day

JAKARTA = ZoneInfo("Asia/Jakarta")
DESK = read_desk()
OFFICE = DESK.calendars[0]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        pytest.param("2026-11-20T16:59:59+07:00", "2026-11-19", id="today is not over"),
        pytest.param("2026-11-20T17:00:00+07:00", "2026-11-20", id="today is just over"),
        pytest.param("2026-11-22T07:00:00+07:00", "2026-11-20", id="Sunday"),
        pytest.param("2026-03-24T20:00:00+07:00", "2026-03-17", id="long holiday"),
        pytest.param("2026-11-19T20:00:00+00:00", "2026-11-19", id="already Friday in Jakarta"),
    ],
)
def test_the_day_played_is_the_latest_working_day_that_is_over(now: str, day: str) -> None:
    found = latest_working_day(now=datetime.fromisoformat(now), calendar=OFFICE)

    assert found == date.fromisoformat(day)


def test_a_calendar_that_is_never_open_has_no_day_to_play() -> None:
    with pytest.raises(LookupError):
        latest_working_day(
            now=datetime(2026, 11, 22, tzinfo=UTC), calendar=replace(OFFICE, week={})
        )


def test_everything_happens_in_order_and_each_ticket_is_filed_first() -> None:
    day = read_day(DESK)

    cues = agenda(day, on=date(2026, 11, 20), zone=JAKARTA)

    assert [cue.at for cue in cues] == sorted(cue.at for cue in cues)
    assert cues[0].at == datetime(2026, 11, 20, 1, tzinfo=UTC)
    for ticket in day.tickets:
        parts = [cue.part for cue in cues if cue.ticket is ticket]
        assert parts == list(range(len(ticket.acts) + 1))


def test_an_interrupted_day_goes_on_where_it_stopped(tmp_path: Path) -> None:
    cues = agenda(read_day(DESK), on=date(2026, 11, 20), zone=JAKARTA)
    first = cues[0].ticket
    journal = Journal(
        file=tmp_path / "demo" / "journal.json",
        on=date(2026, 11, 20),
        reached=cues[0].at + timedelta(minutes=10),
        numbers={first.key: "INC-1001-9"},
        done={first.key: 1},
    )

    journal.save()
    known = read_journal(journal.file)

    assert known == journal
    assert [cue.part for cue in cues if cue.ticket is first and known.has(cue)] == [0, 1]


def test_a_house_where_nothing_was_played_has_no_journal(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "journal.json") is None
