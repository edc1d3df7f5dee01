"""Days off from elsewhere: national holidays, joint leave, iCalendar files."""

import csv
import json
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from services.sla.domain.calendar import (
    Break,
    Closure,
    ExceptionalOpening,
    Opening,
    read_calendar,
)
from services.sla.domain.daysoff import DaysOff, look_up
from services.sla.domain.errors import InvalidDefinition
from services.sla.domain.timetable import Timetable
from tests.unit.sla.test_calendar import utc

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//desk//EN\r\n"


def file(*events: str, head: str = HEAD) -> str:
    found = "".join(
        f"BEGIN:VEVENT\r\nUID:{n}@desk\r\nDTSTAMP:20260101T000000Z\r\n{event}\r\nEND:VEVENT\r\n"
        for n, event in enumerate(event.replace("\n", "\r\n") for event in events)
    )
    return f"{head}{found}END:VCALENDAR\r\n"


def imported(text: str, *, zone: str = "Asia/Jakarta", **changes: int) -> DaysOff:
    one = {"text": text, "name": "file", **({"first_year": 2026, "last_year": 2027} | changes)}
    return look_up({"zone": zone, "icalendars": [one]}, year=2026)


def days(found: DaysOff) -> list[str]:
    return [closure.first.isoformat() for closure in found.closures]


def test_an_all_day_event_closes_each_of_its_days() -> None:
    found = imported(file("SUMMARY:Audit\nDTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260304"))

    assert days(found) == ["2026-03-02", "2026-03-03"]
    assert found.closures[0].name == "Audit"


def test_a_yearly_rule_is_followed_without_its_exceptions() -> None:
    found = imported(
        file("DTSTART;VALUE=DATE:20200817\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20270817"),
        last_year=2028,
    )

    assert days(found) == ["2026-08-17", "2028-08-17"]


def test_a_folded_line_is_one_line() -> None:
    found = imported(file("SUMMARY:Hari\n  Kemer\n dekaan\nDTSTART;VALUE=DATE:20260817"))

    assert found.closures[0].name == "Hari Kemerdekaan"


def test_a_timed_event_closes_its_hours_by_the_wall_of_the_calendar() -> None:
    found = imported(file("SUMMARY:Move\nDTSTART:20260302T163000Z\nDTEND:20260302T183015Z"))

    # Half past eleven at night in Jakarta, to the minute that is not over at half past one.
    assert found.breaks == (
        Break(on=date(2026, 3, 2), hours=(Opening(1410, 1440),), name="Move"),
        Break(on=date(2026, 3, 3), hours=(Opening(0, 91),), name="Move"),
    )


def test_a_file_that_opens_opens_its_hours_whatever_the_week_says() -> None:
    evenings = file(
        "SUMMARY:Evening shift\nDTSTART:20260306T130000Z\nDTEND:20260306T170000Z\n"
        "RRULE:FREQ=WEEKLY;COUNT=2\nEXDATE:20260313T130000Z",
        "DTSTART;VALUE=DATE:20260308\nDTEND;VALUE=DATE:20260309",
    )
    found = imported(evenings, opens=True)

    # Eight in the evening to midnight in Jakarta, once; and the whole of a Sunday.
    assert (found.closures, found.breaks) == ((), ())
    assert found.exceptions == (
        ExceptionalOpening(on=date(2026, 3, 6), openings=(Opening(1200, 1440),)),
        ExceptionalOpening(on=date(2026, 3, 8), openings=(Opening(0, 1440),)),
    )


def test_a_calendar_may_be_open_during_a_file_and_never_else() -> None:
    document = {
        "key": "drills",
        "zone": "Asia/Jakarta",
        "icalendars": [{"name": "drills", "text": "kept", "opens": True}],
        "days_off": {
            "exceptions": [{"on": "2026-03-06", "openings": [{"start": "20:00", "end": "24:00"}]}]
        },
    }

    timetable = Timetable(read_calendar(document, version=1))

    assert timetable.next_opening(utc(2026, 3, 1)) == utc(2026, 3, 6, 13)


def test_an_event_without_a_length_or_called_off_closes_nothing() -> None:
    found = imported(
        file(
            "DTSTART:20260302T100000",
            "STATUS:CANCELLED\nDTSTART;VALUE=DATE:20260303",
        )
    )

    assert found == DaysOff()


def test_what_was_looked_up_closes_the_calendar_that_keeps_it() -> None:
    document = {
        "key": "office",
        "zone": "Asia/Jakarta",
        "week": {"mon": [{"start": "08:00", "end": "17:00"}]},
        "days_off": {
            "closures": [{"first": "2026-01-05", "last": "2026-01-05"}],
            "breaks": [{"on": "2026-01-12", "hours": [{"start": "08:00", "end": "12:00"}]}],
        },
    }

    timetable = Timetable(read_calendar(document, version=1))

    assert timetable.next_opening(utc(2026, 1, 5)) == utc(2026, 1, 12, 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nonsense", "Not a usable iCalendar file"),
        (file("DTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY"), "repeats within the day"),
        (file(*["DTSTART;VALUE=DATE:20260101"] * 5001), "more than 5000 events"),
        (file("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SOMETIMES"), "Not a usable"),
    ],
    ids=["no calendar", "a flood", "too many events", "no such rule"],
)
def test_a_file_that_cannot_be_used_is_refused_naming_the_field(text: str, message: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        imported(text)

    assert message in refused.value.errors["icalendars.0.text"][0]


def of_country(**item: object) -> DaysOff:
    return look_up({"zone": "UTC", "holidays": [item]}, year=2026)


def test_the_holidays_of_a_country_are_those_from_last_year_to_six_years_ahead() -> None:
    found = of_country(country="ID")

    assert {closure.first.year for closure in found.closures} == set(range(2025, 2033))
    assert (
        Closure(
            first=date(2026, 8, 17),
            last=date(2026, 8, 17),
            name="Hari Kemerdekaan Republik Indonesia",
        )
        in found.closures
    )


def test_a_subdivision_adds_its_own_holidays() -> None:
    years = {"first_year": 2026, "last_year": 2026}

    everywhere = set(days(of_country(country="DE", **years)))
    in_bavaria = set(days(of_country(country="DE", subdivision="BY", **years)))

    assert "2026-01-06" in in_bavaria - everywhere


def test_joint_leave_closes_working_days_around_the_feasts() -> None:
    years = {"first_year": 2025, "last_year": 2025}

    alone = set(days(of_country(country="ID", **years)))
    joint = set(days(of_country(country="ID", joint_leave=True, **years)))

    assert {"2025-04-04", "2025-08-18", "2025-12-26"} <= joint - alone


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ({"country": "XX"}, "holidays.0.country"),
        ({"country": "ID", "subdivision": "Java"}, "holidays.0.subdivision"),
        ({"country": "ID", "categories": ["private"]}, "holidays.0.categories"),
        ({"country": "DE", "joint_leave": True}, "holidays.0.joint_leave"),
        ({"country": "ID", "first_year": 2027, "last_year": 2026}, "holidays.0.last_year"),
        ({"country": "ID", "first_year": 1970, "last_year": 2199}, "holidays.0.last_year"),
    ],
    ids=["country", "subdivision", "categories", "joint leave", "order", "too many years"],
)
def test_holidays_that_nobody_knows_are_refused_naming_the_field(
    item: dict[str, object], path: str
) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        of_country(**item)

    assert list(refused.value.errors) == [path]


# What others found in the same files


def test_joint_leave_is_what_others_recorded(real_data: Path) -> None:
    with (real_data / "sla-holidays" / "indonesia.csv").open() as rows:
        recorded = {row["date"] for row in csv.DictReader(rows) if row["vacanza_government"]}

    found = of_country(country="ID", joint_leave=True, first_year=2019, last_year=2023)
    plain = of_country(country="ID", first_year=2019, last_year=2023)

    assert set(days(found)) - set(days(plain)) == recorded


def test_occurrences_in_files_of_others_are_those_they_found(real_data: Path) -> None:
    folder = real_data / "sla-holidays"
    expected = defaultdict(set)
    with (folder / "ics_expected_occurrences.csv").open() as rows:
        for row in csv.DictReader(rows):
            expected[row["file"]].add(row["start"][:10])
    lines = (folder / "ics_manifest.jsonl").read_text().splitlines()
    versions = defaultdict(list)
    for one in map(json.loads, lines):
        versions[one["file"]].append(one)
    looked_at = 0
    for name, kept in versions.items():
        path = folder / "ics" / name
        if not path.exists() or not kept[-1].get("occurrences_2019_2027"):
            continue
        text = path.read_bytes().decode()
        zone = "America/Vancouver" if name.startswith("kewisch") else "UTC"
        found = imported(text, zone=zone, first_year=2019, last_year=2027)
        seen = {*days(found), *(one.on.isoformat() for one in found.breaks)}

        # Of files that changed, occurrences of both versions are recorded under one name.
        assert seen <= expected[name], name
        assert len(kept) > 1 or seen == expected[name], name
        looked_at += 1
    assert looked_at >= 10
