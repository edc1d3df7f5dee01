"""What is broken or hostile gets a clear 4xx; it reaches no service and is no ERROR."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from gateway.api.routes import ROUTES
from tests.unit.gateway.fakes import FakeCaller

TICKETS = "/api/v1/tickets"
TICKET = f"{TICKETS}/INC-1042-7"
NEW: dict[str, Any] = {"kind": "incident", "subject": "VPN putus", "body": "Sejak pagi."}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def no_error_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.INFO):
        yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.fixture(autouse=True)
def nothing_reaches_a_service(caller: FakeCaller) -> Iterator[None]:
    yield
    assert caller.asked == []


def _fields(result: Any) -> set[str]:
    return {error["field"] for error in result.json["errors"]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": 7}, "subject"),
        ({"subject": None}, "subject"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"subject": ["VPN"]}, "subject"),
        ({"body": {"a": 1}}, "body"),
        ({"body": "x" * 65_537}, "body"),
        ({"kind": "accident"}, "kind"),
        ({"impact": True}, "impact"),
        ({"urgency": 1}, "urgency"),
        ({"category": "DROP TABLE tickets"}, "category"),
        ({"group": "<script>"}, "group"),
        ({"service": "a\nb"}, "service"),
        ({"attributes": []}, "attributes"),
        ({"attributes": {str(n): n for n in range(51)}}, "attributes"),
        ({"requester": "budi"}, "requester"),
        ({"requester": {"name": "Budi", "email": "budi@"}}, "requester.email"),
        ({"requester": {"name": "Budi", "email": "budi@x.id", "boss": 1}}, "requester.boss"),
        ({"requester": {"email": "budi@nusantara.example"}}, "requester.name"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"occurred_at": "2026-01-05T01:00:00"}, "occurred_at"),
        ({"occurred_at": 1_767_574_800}, "occurred_at"),
        ({"priority": "P1"}, "priority"),
        ({"__class__": "x"}, "__class__"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_field_that_breaks_a_rule_is_named(agent: Any, change: Any, field: str) -> None:
    budi = {"name": "Budi", "email": "budi@nusantara.example"}

    result = agent.post(TICKETS, json={**NEW, "requester": budi, **change})

    assert result.status_code == 422
    assert result.headers["Content-Type"] == "application/problem+json"
    assert _fields(result) == {field}


def test_every_missing_field_is_named_at_once(agent: Any) -> None:
    result = agent.post(TICKETS, json={})

    assert _fields(result) == {"kind", "subject", "body"}


@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", "true"])
def test_a_body_that_is_no_object_is_refused(agent: Any, body: str) -> None:
    result = agent.post(TICKETS, body=body, headers=JSON)

    assert result.status_code == 422
    assert _fields(result) == {"body"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"{", "Not JSON"),
        (b"{'kind': 1}", "Not JSON"),
        (b'{"a": 1,}', "Not JSON"),
        (b'{"subject": "\xff\xfe"}', "not valid UTF-8 at byte 13"),
        (b"\xef\xbb\xbf{}", "Not JSON"),
        (b'{"subject": "a", "subject": "b"}', "given twice"),
        (b'{"requester": {"name": "a", "name": "b"}}', "given twice"),
        (b'{"x": NaN}', "NaN"),
        (b'{"x": -Infinity}', "-Infinity"),
        (b'{"x": 1e999}', "too large"),
        (b'{"x": ' + b"9" * 5000 + b"}", "too long"),
        (b'{"x": ' + b"[" * 40 + b"]" * 40 + b"}", "Nested deeper"),
        (b"[" * 100_000, "Nested deeper"),
        (b'{"subject": "a\\u0000b"}', "NUL"),
        (b'{"subject": "\\ud800"}', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_bytes_that_cannot_be_read_say_why(agent: Any, body: bytes, said: str) -> None:
    result = agent.post(TICKETS, body=body, headers=JSON)

    assert result.status_code == 400
    assert said in result.json["detail"]


@pytest.mark.parametrize(
    "media",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "application/jsonx",
    ],
)
def test_only_json_in_utf_8_is_understood(agent: Any, media: str | None) -> None:
    headers = {"Content-Type": media} if media else {}

    result = agent.post(TICKETS, body=json.dumps(NEW), headers=headers)

    assert result.status_code == 415


def test_a_body_of_ten_megabytes_is_refused_by_its_length(agent: Any) -> None:
    class Untouchable(io.BytesIO):
        def read(self, *_: Any) -> bytes:
            raise AssertionError("nothing of it is read")

    result = agent.post(
        TICKETS,
        headers=JSON | {"Content-Length": str(10 * 1024 * 1024)},
        extras={"wsgi.input": Untouchable()},
    )

    assert result.status_code == 413


def test_a_body_that_hides_its_length_is_read_to_the_limit_only(agent: Any) -> None:
    class Endless(io.BytesIO):
        served = 0

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 <= size <= 1_048_577
            self.served += size
            return b" " * size

    endless = Endless()

    result = agent.post(
        TICKETS,
        headers=JSON | {"Transfer-Encoding": "chunked"},
        extras={"wsgi.input": endless, "CONTENT_LENGTH": ""},
    )

    assert result.status_code == 413
    assert endless.served <= 1_048_577


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=broken", "status.0"),
        ("priority=P9", "priority.0"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=5&limit=6", "limit"),
        ("sort=subject;DROP TABLE tickets", "sort"),
        ("colour=red", "colour"),
        ("viewer=ani@nusantara.example", "viewer"),
        ("cursor=" + "x" * 401, "cursor"),
        ("group=<b>", "group.0"),
        ("q=a%00b", "q"),
    ],
)
def test_a_query_parameter_that_breaks_a_rule_is_named(agent: Any, query: str, field: str) -> None:
    result = agent.get(TICKETS, query_string=query)

    assert result.status_code == 422
    assert _fields(result) == {field}


def test_a_query_that_is_not_utf_8_is_refused(agent: Any) -> None:
    assert agent.get(TICKETS, query_string="q=%ff%fe").status_code == 400


def test_too_many_query_parameters_are_refused(agent: Any) -> None:
    assert agent.get(TICKETS, query_string="status=new&" * 101).status_code == 400


def test_a_call_without_parameters_refuses_stray_ones(agent: Any) -> None:
    result = agent.get(f"{TICKET}/clocks", query_string="verbose=1")

    assert result.status_code == 422
    assert _fields(result) == {"verbose"}


@pytest.mark.parametrize(
    "number", ["%00", "..%2f..", "a%20b", "%27%20OR%201=1", "%3Cscript%3E", "x" * 65, "%C3%A9"]
)
def test_an_address_no_ticket_can_have_is_404(agent: Any, number: str) -> None:
    assert agent.get(f"{TICKETS}/{number}").status_code == 404


def test_an_address_that_is_not_utf_8_is_400(agent: Any) -> None:
    result = agent.get(TICKET, extras={"PATH_INFO": f"{TICKETS}/\xff"})

    assert result.status_code == 400


@pytest.mark.parametrize("key", ["", "x" * 129, "a b", "a\tb", "schlüssel"])
def test_an_odd_idempotency_key_is_refused_by_name(agent: Any, key: str) -> None:
    budi = {"name": "Budi", "email": "budi@nusantara.example"}

    result = agent.post(TICKETS, json={**NEW, "requester": budi}, headers={"Idempotency-Key": key})

    assert result.status_code == 400
    assert _fields(result) == {"Idempotency-Key"}


@pytest.mark.parametrize("version", ["", "abc", '"x"', '"1", "2"', "-1", "1" * 19])
def test_an_if_match_that_is_no_version_is_refused(agent: Any, version: str) -> None:
    result = agent.patch(TICKET, json={"impact": "high"}, headers={"If-Match": version})

    assert result.status_code == 400
    assert _fields(result) == {"If-Match"}


def test_an_unknown_address_is_a_problem_document(client: Any) -> None:
    result = client.simulate_get("/api/v1/nothing")

    assert result.status_code == 404
    assert result.json["code"] == "not_found"
    assert result.json["correlation_id"] == result.headers["X-Request-ID"]


def test_an_unknown_method_names_those_allowed(client: Any) -> None:
    result = client.simulate_delete(TICKETS)

    assert result.status_code == 405
    assert set(result.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_resolution_is_checked_inside(agent: Any) -> None:
    resolution = {"text": "", "code": "magic", "cause": "x", "minutes_spent": -1, "more": 1}

    result = agent.post(f"{TICKET}/transitions", json={"to": "resolved", "resolution": resolution})

    names = ("text", "code", "minutes_spent", "more")
    assert _fields(result) == {f"resolution.{name}" for name in names}


def test_the_body_of_a_saved_thing_may_not_contradict_its_address(admin: Any) -> None:
    group = {"key": "network", "name": "Jaringan", "tier": 2, "manager": "m@nusantara.example"}

    result = admin.put("/api/v1/groups/servers", json=group)

    assert _fields(result) == {"key"}


def test_a_week_day_that_is_none_is_named(admin: Any) -> None:
    week = {"someday": [{"start": "08:00", "end": "17:00"}], "mon": [{"start": "8", "end": "17"}]}

    result = admin.put(
        "/api/v1/calendars/office", json={"name": "Kantor", "zone": "Asia/Jakarta", "week": week}
    )

    assert result.status_code == 422


HOSTILE = [
    "'; DROP TABLE tickets; --",
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}",
    "../../etc/passwd",
    "\u202e\u0007\r\nSet-Cookie: a=b",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("route", [r for r in ROUTES if r.body], ids=lambda route: route.name)
def test_an_unknown_field_is_refused_by_every_call(admin: Any, route: Any, text: str) -> None:
    path = route.path.replace("{", "").replace("}", "")

    result = admin.request(path, method=route.method, json={text: text})

    assert result.status_code == 422
    assert text in _fields(result)
