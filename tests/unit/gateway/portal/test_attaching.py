"""Files that come with the portal's forms."""

import base64
import html
import re

import falcon.testing
import pytest

from contracts import intake
from contracts.errors import Invalid, NotFound, Unavailable, invalid_field
from tests.unit.gateway.fakes import AGENT, NOW, FakeCaller
from tests.unit.gateway.portal.conftest import Browser

PNG = b"\x89PNG\r\n\x1a\n\x00"
TICKET = "/tickets/INC-1042-7"
REPLIES = f"{TICKET}/replies"
ASK = {"subject": "VPN putus", "body": "Sejak pagi.\r\nTolong.", "kind": "incident"}
ASK |= {"impact": "low", "urgency": "high"}
MIB = 1_048_576
Files = tuple[tuple[str, bytes], ...]


def kept(question: intake.AddMessageFile) -> intake.MessageFile:
    return intake.MessageFile(
        attachment_id=f"id-of-{len(question.content)}-{question.name[:3]}",
        name=question.name,
        media_type=question.media_type,
        bytes=len(base64.b64decode(question.content)),
        sha256="0" * 64,
    )


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    caller.answers["add_message_file"] = kept
    return caller


def send(
    browser: Browser, path: str, *, page: str = TICKET, files: Files = (), **fields: str
) -> falcon.testing.Result:
    shown = browser.get(page).text
    sealed = dict(re.findall(r'name="(form_token|form_id)" value="([^"]*)"', shown))
    return send_parts(browser, path, sealed | fields, files)


def send_parts(
    browser: Browser, path: str, fields: dict[str, str], files: Files
) -> falcon.testing.Result:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in fields.items()
    ]
    head = (
        'Content-Disposition: form-data; name="files"; filename="{}"\r\nContent-Type: x/y\r\n\r\n'
    )
    parts += [head.format(name).encode() + content for name, content in files]
    body = b"".join(b"--b0undary\r\n" + part + b"\r\n" for part in parts) + b"--b0undary--\r\n"
    return browser.client.simulate_post(
        path=path,
        body=body,
        headers={
            "Content-Type": "multipart/form-data; boundary=b0undary",
            "Accept-Language": browser.language,
        },
        cookies=browser.cookies,
    )


def marks(answer: falcon.testing.Result) -> dict[str, str]:
    """What the form shown again keeps of files."""
    found = re.findall(r'name="(attachment\.[^"]+)" value="([^"]*)"', answer.text)
    return {name: html.unescape(value) for name, value in found}


def test_a_reply_takes_the_files_along(requester: Browser, caller: FakeCaller) -> None:
    files = (("layar é.png", PNG), ("log.txt", b"satu\ndua"), ("", b""))
    answer = send(requester, REPLIES, body="Ini\r\ngambarnya.", files=files)

    command = caller.last("add_reply").question
    uploads = [asked for asked in caller.asked if asked.operation == "add_message_file"]
    assert (answer.status_code, command.body) == (303, "Ini\ngambarnya.")
    assert [(each.question.name, each.question.media_type) for each in uploads] == [
        ("layar é.png", "image/png"),
        ("log.txt", "text/plain"),
    ]
    assert command.attachments == tuple(kept(each.question).attachment_id for each in uploads)


def test_the_same_form_sent_twice_hands_the_same_file_in_once(
    requester: Browser, caller: FakeCaller
) -> None:
    for _ in range(2):
        send(requester, REPLIES, form_id="once-only", body="x", files=(("a.txt", b"a"),))
    send(requester, REPLIES, form_id="once-only", body="x", files=(("b.txt", b"a"),))

    first, second, other = (
        asked.key for asked in caller.asked if asked.operation == "add_message_file"
    )
    assert first == second != other
    assert len(first) <= 200


def test_a_refused_reply_keeps_the_text_and_the_files(
    requester: Browser, caller: FakeCaller
) -> None:
    answer = send(requester, REPLIES, body="", files=(("a<b>.txt", b"a"),))
    again = send(requester, REPLIES, body="Ini.", **marks(answer))

    assert (answer.status_code, again.status_code) == (422, 303)
    assert list(marks(answer).values()) == ["1 a<b>.txt"]
    assert len(caller.last("add_reply").question.attachments) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("setup.exe", b"MZ\x90\x00", "setup.exe is not of a kind that is kept."),
        ("besar.png", PNG + b"x" * 4 * MIB, "besar.png is too large: a file has at most 4 MiB."),
        ("kosong.txt", b"", "kosong.txt is empty."),
    ],
)
def test_a_file_that_is_not_kept_is_named_and_the_others_stay(
    requester: Browser, caller: FakeCaller, name: str, content: bytes, said: str
) -> None:
    if not content:
        caller.answers["add_message_file"] = _refusing_what_is_empty
    answer = send(requester, REPLIES, body="Lihat.", files=((name, content), ("a.txt", b"a")))

    assert answer.status_code == 422
    assert said in html.unescape(answer.text)
    assert "Lihat." in answer.text
    assert list(marks(answer).values()) == ["1 a.txt"]
    assert not [asked for asked in caller.asked if asked.operation == "add_reply"]


def _refusing_what_is_empty(question: intake.AddMessageFile) -> intake.MessageFile:
    if not question.content:
        raise invalid_field("content", "Must have 1 to 4194304 bytes.")
    return kept(question)


def test_files_that_are_too_much_together_are_not_held_in_memory(
    requester: Browser, caller: FakeCaller
) -> None:
    large = b"x" * 4 * MIB
    answer = send(requester, REPLIES, body="x", files=tuple((f"{n}.txt", large) for n in range(5)))

    assert answer.status_code == 422
    assert answer.text.count("is too large") == 2


def test_a_form_larger_than_any_is_refused_unread(requester: Browser, caller: FakeCaller) -> None:
    caller.asked.clear()
    answer = send_parts(requester, REPLIES, {}, (("a.txt", b"x" * 33_554_432),))

    assert (answer.status_code, caller.asked) == (413, [])


def test_a_file_that_was_forgotten_meanwhile_is_said_to_be(
    requester: Browser, caller: FakeCaller
) -> None:
    message = "No file of yours that waits for a message: old."
    caller.answers["add_reply"] = Invalid("invalid", "", {"errors": {"attachments": [message]}})

    answer = send(requester, REPLIES, body="Ini.", **{"attachment.old": "3 a.txt"})

    assert answer.status_code == 422
    assert "A file is no longer there." in answer.text
    assert 'id="files-error"' in answer.text


def test_an_unreachable_desk_keeps_what_was_handed_in(
    requester: Browser, caller: FakeCaller
) -> None:
    caller.answers["add_reply"] = Unavailable("unavailable", "away")

    answer = send(requester, REPLIES, form_id="once-only", body="Ini.", files=(("a.txt", b"a"),))

    assert answer.status_code == 503
    assert 'name="form_id" value="once-only"' in answer.text
    assert list(marks(answer).values()) == ["1 a.txt"]


def test_files_are_asked_with_reviewed_and_sent_without_scripts(
    requester: Browser, caller: FakeCaller
) -> None:
    review = send(requester, "/ask", page="/ask", step="review", files=(("a.txt", b"a"),), **ASK)
    changed = requester.post("/ask", step="change", **ASK, **marks(review))
    sent = requester.post("/ask", step="send", **ASK, **marks(changed))

    assert "a.txt" in review.text
    assert marks(review) == marks(changed) != {}
    assert sent.status_code == 303
    assert len(caller.last("open_ticket").question.attachments) == 1


@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_of_another_session_hands_nothing_in(
    requester: Browser, caller: FakeCaller, token: str
) -> None:
    answer = send(requester, REPLIES, body="x", files=(("a.txt", b"a"),), form_token=token)

    assert answer.status_code == 403
    assert not [asked for asked in caller.asked if asked.operation == "add_message_file"]


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"", "multipart/form-data; boundary=b"),
        (b"--b\r\n", "multipart/form-data; boundary=b"),
        (b"--b", "multipart/form-data"),
        (
            b'--b\r\nContent-Disposition: form-data; name="body"\r\n\r\n\xff\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="\xff"\r\n\r\na\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
        ),
        (
            b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\na\r\n' * 65 + b"--b--\r\n",
            "multipart/form-data; boundary=b",
        ),
    ],
    ids=["nothing", "cut off", "no boundary", "text", "name", "many"],
)
def test_broken_forms_are_unreadable(requester: Browser, body: bytes, media: str) -> None:
    answer = requester.client.simulate_post(
        path=REPLIES, body=body, headers={"Content-Type": media}, cookies=requester.cookies
    )

    assert answer.status_code == 400


@pytest.fixture
def conversation(caller: FakeCaller) -> FakeCaller:
    def file(name: str, media_type: str) -> intake.MessageFile:
        return intake.MessageFile(
            attachment_id=name[:3], name=name, media_type=media_type, bytes=2048, sha256="0"
        )

    files = (file("layar.png", "image/png"), file("pas.pdf", "application/pdf"))
    said = intake.Message(
        message_id="1", author=AGENT, public=True, body="Ini.", at=NOW, attachments=files
    )
    caller.answers["list_messages"] = intake.Conversation(number="INC-1042-7", items=(said,))
    content = base64.b64encode(PNG).decode()
    caller.answers["get_message_file"] = intake.MessageFileContent(
        attachment=files[0], content=content
    )
    return caller


def test_pictures_are_shown_small_and_other_files_are_saved(
    requester: Browser, conversation: FakeCaller
) -> None:
    shown = requester.get(TICKET).text

    assert f'<img src="{TICKET}/files/lay" alt=""' in shown
    assert re.search(rf'href="{TICKET}/files/pas" download>', shown)
    assert "2 KiB" in shown


@pytest.mark.parametrize(
    ("media_type", "disposition"), [("image/png", "inline"), ("text/plain", "attachment")]
)
def test_a_picture_is_shown_in_place_and_nothing_else(
    requester: Browser, conversation: FakeCaller, media_type: str, disposition: str
) -> None:
    file = intake.MessageFile(
        attachment_id="x", name="a.b", media_type=media_type, bytes=1, sha256="0"
    )
    conversation.answers["get_message_file"] = intake.MessageFileContent(
        attachment=file, content=""
    )

    answer = requester.get(f"{TICKET}/files/x")

    assert answer.headers["Content-Disposition"].startswith(disposition)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"].startswith("private")


def test_a_file_that_may_not_be_read_is_a_page_that_is_not_there(
    requester: Browser, conversation: FakeCaller
) -> None:
    conversation.answers["get_message_file"] = NotFound("attachment_not_found", "none")

    answer = requester.get(f"{TICKET}/files/x")

    assert answer.status_code == 404
    assert "text/html" in answer.headers["Content-Type"]
