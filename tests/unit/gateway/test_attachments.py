"""Files beside articles, through the API."""

import base64
from typing import Any

import pytest

from contracts import kb
from contracts.grammar import Nothing
from tests.unit.gateway.fakes import NOW, FakeCaller

URL = "/api/v1/kb/articles/vpn-putus/id/attachments/form.pdf"
FILE = kb.Attachment(
    name="form.pdf", media_type="application/pdf", bytes=5, added_by="a@x.example", added_at=NOW
)


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    content = base64.b64encode(b"%PDF-").decode()
    given = kb.AttachmentContent(name="form.pdf", media_type="application/pdf", content=content)
    caller.answers |= {
        "put_attachment": FILE,
        "remove_attachment": Nothing(),
        "list_attachments": kb.Attachments(items=(FILE,)),
        "get_attachment": given,
    }
    return caller


def test_a_file_is_given_to_be_kept_and_not_to_be_run(requester: Any, caller: FakeCaller) -> None:
    answer = requester.get(URL)

    assert answer.content == b"%PDF-"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="form.pdf"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert caller.last("get_attachment").question.audience == "public"


def test_the_body_is_the_file_and_its_type_is_what_the_sender_says(
    agent: Any, requester: Any, caller: FakeCaller
) -> None:
    headers = {"Content-Type": "application/pdf; x=1"}
    assert agent.put(URL, body=b"%PDF-", headers=headers).status_code == 200

    command = caller.last("put_attachment").question
    assert (base64.b64decode(command.content), command.media_type) == (b"%PDF-", "application/pdf")
    assert requester.put(URL, body=b"%PDF-", headers=headers).status_code == 403
    assert agent.delete(URL).status_code == 204
    assert requester.delete(URL).status_code == 403


def test_a_file_that_is_too_large_or_empty_is_refused(agent: Any) -> None:
    headers = {"Content-Type": "application/pdf"}

    assert agent.put(URL, body=b"x" * 1_048_577, headers=headers).status_code == 413
    assert agent.put(URL, body=b"", headers=headers).status_code == 422
    assert agent.put(URL.replace("form.pdf", "a b"), body=b"x", headers=headers).status_code == 404
