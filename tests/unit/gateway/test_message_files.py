"""Files on messages, through the API."""

import base64
from typing import Any

import pytest

from contracts import intake
from contracts.errors import NotFound
from tests.unit.gateway.fakes import AGENT, NOW, FakeCaller

UPLOAD = "/api/v1/attachments"
OF_TICKET = "/api/v1/tickets/INC-1042-7/attachments"
MIB = 1_048_576
ID = "019a6f50-77aa-7d13-b1c2-91e0a4c6d530"
NEW: dict[str, Any] = {"kind": "incident", "subject": "VPN putus", "body": "Sejak pagi."}


def file(**facts: Any) -> intake.MessageFile:
    given: dict[str, Any] = {"name": "layar (1).png", "media_type": "image/png", "bytes": 4}
    return intake.MessageFile(attachment_id=ID, sha256="0" * 64, **given | facts)


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    content = intake.MessageFileContent(
        attachment=file(), content=base64.b64encode(b"\x89PNG").decode()
    )
    said = intake.Message(
        message_id="1", author=AGENT, public=True, body="Ini.", at=NOW, attachments=(file(),)
    )
    caller.answers |= {
        "add_message_file": file(),
        "get_message_file": content,
        "add_reply": said,
        "list_messages": intake.Conversation(number="INC-1042-7", items=(said,)),
    }
    return caller


@pytest.mark.parametrize(("url", "number"), [(UPLOAD, None), (OF_TICKET, "INC-1042-7")])
def test_the_body_is_the_file_and_the_name_is_a_parameter(
    requester: Any, caller: FakeCaller, url: str, number: str | None
) -> None:
    answer = requester.post(
        url,
        params={"name": "Tangkapan layar é.png"},
        body=b"\x89PNG",
        headers={"Content-Type": "image/png; x=1", "Idempotency-Key": "once"},
    )

    asked = caller.last("add_message_file")
    assert (answer.status_code, answer.json["attachment_id"]) == (201, ID)
    assert base64.b64decode(asked.question.content) == b"\x89PNG"
    assert (asked.question.name, asked.question.media_type, asked.question.number) == (
        *("Tangkapan layar é.png", "image/png"),
        number,
    )
    assert asked.question.actor.id == asked.question.viewer == "budi@nusantara.example"
    assert asked.key.endswith(":once")


def test_an_agent_hands_in_as_nobodys_viewer_and_a_replay_says_so(
    agent: Any, caller: FakeCaller
) -> None:
    caller.replays = True
    answer = agent.post(UPLOAD + "?name=a.txt", body=b"a", headers={"Content-Type": "text/plain"})

    assert answer.headers["Idempotent-Replayed"] == "true"
    assert caller.last("add_message_file").question.viewer is None


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", b"a", 422),
        ("?name=", b"a", 422),
        ("?name=" + "a" * 256, b"a", 422),
        ("?name=a.txt", b"", 422),
        ("?name=a.txt&public=yes", b"a", 422),
        ("?name=a.txt", b"x" * (4 * MIB + 1), 413),
    ],
)
def test_what_cannot_be_a_file_reaches_nobody(
    requester: Any, caller: FakeCaller, query: str, body: bytes, status: int
) -> None:
    answer = requester.post(UPLOAD + query, body=body, headers={"Content-Type": "text/plain"})

    assert answer.status_code == status
    assert caller.asked == []


def test_a_file_may_be_larger_than_any_other_body(requester: Any) -> None:
    whole = b"x" * (4 * MIB)
    headers = {"Content-Type": "text/plain"}

    assert requester.post(UPLOAD + "?name=a", body=whole, headers=headers).status_code == 201
    assert requester.post("/api/v1/tickets", body=whole, headers=headers).status_code == 413


def test_a_message_names_its_files_and_their_uploader(requester: Any, caller: FakeCaller) -> None:
    requester.post("/api/v1/tickets/INC-1042-7/replies", json={"body": "x", "attachments": [ID]})
    requester.post("/api/v1/tickets", json={**NEW, "attachments": [ID]})

    for operation in ("add_reply", "open_ticket"):
        question = caller.last(operation).question
        assert (question.attachments, question.uploader) == ((ID,), "budi@nusantara.example")


def test_more_files_than_a_message_has_are_refused_by_name(agent: Any) -> None:
    answer = agent.post(
        "/api/v1/tickets/INC-1042-7/replies", json={"body": "x", "attachments": [ID] * 11}
    )

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "attachments"


def test_a_file_is_given_to_be_kept_and_not_to_be_run(requester: Any, caller: FakeCaller) -> None:
    answer = requester.get(f"{OF_TICKET}/{ID}")

    assert answer.content == b"\x89PNG"
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="layar (1).png"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"].startswith("private,")
    assert answer.headers["Vary"] == "Cookie, Authorization"
    assert caller.last("get_message_file").question.viewer == "budi@nusantara.example"


def test_a_file_that_may_not_be_read_is_not_there(requester: Any, caller: FakeCaller) -> None:
    caller.answers["get_message_file"] = NotFound("ticket_not_found", "There is no ticket X.")

    answer = requester.get(f"{OF_TICKET}/{ID}")

    assert (answer.status_code, answer.json["code"]) == (404, "ticket_not_found")
    assert requester.get(f"{OF_TICKET}/a%20b").status_code == 404
    assert requester.post(f"{OF_TICKET}/{ID}", body=b"").status_code == 405


def test_messages_are_listed_with_their_files(requester: Any) -> None:
    (message,) = requester.get("/api/v1/tickets/INC-1042-7/messages").json["items"]

    assert [each["name"] for each in message["attachments"]] == ["layar (1).png"]
