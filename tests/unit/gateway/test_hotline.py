"""The hotline through the API: kb answers, intake gets the ticket, sla knows the hours."""

from datetime import timedelta
from typing import Any

import pytest

from contracts import kb, sla
from tests.unit.gateway.fakes import NOW, FakeCaller, ticket

CHAT = "019b8b2e-0000-7000-8000-000000000001"
URL = f"/api/v1/chat/{CHAT}/messages"


def message(number: int, kind: str, text: str, **facts: Any) -> kb.ChatMessage:
    given = {"is_automatic": kind != "message", "language": "id", "at": NOW} | facts
    return kb.ChatMessage(number=number, kind=kind, text=text, **given)


def chat(state: str, *more: kb.ChatMessage, **facts: Any) -> kb.Chat:
    messages = (message(1, "welcome", "Halo!"), message(2, "message", "vpn putus"), *more)
    return kb.Chat(id=CHAT, state=state, language="id", messages=messages, **facts)


ANSWER = message(
    3,
    "answer",
    "Menurut artikel:",
    articles=(kb.ChatArticle(key="vpn-drops", language="id", title="VPN putus"),),
    excerpt="1. Mulai ulang.",
    confidence=0.8,
)
HANDED = chat(
    "handing_over",
    ANSWER,
    message(4, "message", "orang"),
    message(5, "hand_over", "Saya sambungkan.", reason="asked"),
    subject="vpn putus",
)
CLOSED = sla.Hours(
    calendar="office",
    zone="Asia/Jakarta",
    as_of=NOW,
    is_open=False,
    opens_at=NOW + timedelta(hours=9),
)


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    caller.answers |= {
        "open_chat": kb.Chat(
            id=CHAT, state="open", language="id", messages=(message(1, "welcome", "Halo!"),)
        ),
        "say_in_chat": chat("open", ANSWER, subject="vpn putus"),
        "get_chat": HANDED,
        "hand_over_chat": chat("handed_over", ticket="INC-1042-7"),
        "open_ticket": ticket(status="new"),
        "get_hours": CLOSED,
    }
    return caller


def operations(caller: FakeCaller) -> list[str]:
    return [asked.operation for asked in caller.asked]


def test_the_first_message_may_come_with_the_beginning(requester: Any, caller: FakeCaller) -> None:
    answer = requester.post("/api/v1/chat", json={"text": "vpn putus"})

    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/chat/{CHAT}"
    assert answer.json["messages"][-1]["confidence"] == 0.8
    assert operations(caller) == ["open_chat", "say_in_chat"]


def test_an_answered_chat_opens_no_ticket(requester: Any, caller: FakeCaller) -> None:
    requester.post(URL, json={"text": "vpn putus"})

    assert operations(caller) == ["say_in_chat"]
    assert caller.last("say_in_chat").question.audience == "public"


def test_a_handover_opens_a_ticket_with_the_conversation(
    requester: Any, caller: FakeCaller
) -> None:
    caller.answers["say_in_chat"] = HANDED

    answer = requester.post(URL, json={"text": "orang"})

    opened = caller.last("open_ticket")
    assert answer.json["ticket"] == "INC-1042-7"
    assert opened.key == f"chat:{CHAT}"
    assert (opened.question.channel, opened.question.subject) == ("chat", "vpn putus")
    assert "1. Mulai ulang." in opened.question.body
    assert opened.question.attributes["read_articles"] == ["vpn-drops"]
    told = caller.last("hand_over_chat").question
    assert (told.is_open, told.opens_at, told.zone) == (False, CLOSED.opens_at, "Asia/Jakarta")


def test_without_sla_the_handover_says_nothing_of_hours(requester: Any, caller: FakeCaller) -> None:
    caller.answers["say_in_chat"] = HANDED
    caller.down = {"sla"}

    assert requester.post(URL, json={"text": "orang"}).json["state"] == "handed_over"
    assert caller.last("hand_over_chat").question.is_open is None


def test_without_intake_the_handover_waits_and_the_next_look_finishes_it(
    requester: Any, caller: FakeCaller
) -> None:
    caller.answers["say_in_chat"] = HANDED
    caller.down = {"intake"}
    assert requester.post(URL, json={"text": "orang"}).json["state"] == "handing_over"
    first = caller.last("open_ticket")

    caller.down = set()
    assert requester.get(f"/api/v1/chat/{CHAT}").json["state"] == "handed_over"

    assert caller.last("open_ticket") == first


def test_after_the_handover_messages_go_to_the_ticket(requester: Any, caller: FakeCaller) -> None:
    caller.answers["say_in_chat"] = chat("handed_over", ticket="INC-1042-7")

    requester.post(URL, json={"text": "Halo?"})

    passed_on = caller.last("add_reply").question
    assert (passed_on.number, passed_on.body, passed_on.public) == ("INC-1042-7", "Halo?", True)


@pytest.mark.parametrize("text", ["", "x" * 4001])
def test_a_message_has_limits(requester: Any, text: str) -> None:
    assert requester.post(URL, json={"text": text}).status_code == 422
