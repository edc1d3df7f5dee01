"""Payloads: read tolerantly from the bus, strictly at the front door, written without surprise."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from contracts import intake, sla
from contracts.errors import Invalid
from contracts.grammar import from_plain, in_iso, to_plain

PLAIN = {
    "kind": "incident",
    "subject": "VPN putus",
    "body": "Sejak pagi.",
    "channel": "portal",
    "requester": {"name": "Sari", "email": "sari@example.com"},
    "actor": {"kind": "requester", "id": "sari@example.com"},
}


def test_a_payload_survives_writing_and_reading() -> None:
    command = from_plain(intake.OpenTicket, PLAIN)

    assert from_plain(intake.OpenTicket, to_plain(command)) == command


def test_a_listener_ignores_fields_it_does_not_know_at_any_depth() -> None:
    newer = PLAIN | {"colour": "red", "requester": PLAIN["requester"] | {"floor": 3}}

    assert from_plain(intake.OpenTicket, newer) == from_plain(intake.OpenTicket, PLAIN)


def test_the_front_door_names_unknown_fields_at_any_depth() -> None:
    with pytest.raises(Invalid) as refused:
        from_plain(
            intake.OpenTicket,
            PLAIN | {"colour": "red", "requester": PLAIN["requester"] | {"floor": 3}},
            strict=True,
        )

    assert set(refused.value.errors) == {"colour", "requester.floor"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", "x" * 201),
        ("subject", 7),
        ("subject", "a\x00b"),
        ("subject", "\ud800"),
        ("kind", "complaint"),
        ("requester", "sari@example.com"),
        ("attributes", []),
        ("occurred_at", "2026-01-05T08:00:00"),
        ("occurred_at", 1767600000),
        ("occurred_at", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_bad_value_is_refused_by_the_field_s_name(field: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        from_plain(intake.OpenTicket, PLAIN | {field: value})

    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize("body", [None, [], "text", 3])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(Invalid) as refused:
        from_plain(intake.OpenTicket, body)

    assert list(refused.value.errors) == ["body"]


@pytest.mark.parametrize("value", [True, "7", 7.5, 2**63])
def test_only_a_whole_number_is_a_whole_number(value: object) -> None:
    with pytest.raises(Invalid):
        from_plain(intake.ReadLog, {"after": value})


def test_an_instant_with_an_offset_is_kept_in_utc() -> None:
    command = from_plain(intake.OpenTicket, PLAIN | {"occurred_at": "2026-01-05T08:00:00+07:00"})

    assert command.occurred_at == datetime(2026, 1, 5, 1, tzinfo=UTC)
    assert to_plain(command)["occurred_at"] == "2026-01-05T01:00:00Z"


def test_an_instant_is_written_in_utc_whatever_its_zone() -> None:
    wib = timezone(timedelta(hours=7))

    assert in_iso(datetime(2026, 1, 5, 8, 0, 0, 250, tzinfo=wib)) == "2026-01-05T01:00:00.000250Z"


def test_keys_and_values_of_a_mapping_are_checked() -> None:
    with pytest.raises(Invalid) as refused:
        from_plain(
            sla.CalendarSpec,
            {
                "key": "office",
                "name": "Office",
                "zone": "Asia/Jakarta",
                "week": {"mon": [{"start": "08:00", "end": "25:00"}], "someday": []},
            },
        )

    assert set(refused.value.errors) == {"week.mon.0.end", "week.someday"}
