"""The chat page: answers with their source, buttons for questions back, the way to the ticket."""

from typing import Any

import pytest

from contracts import kb
from tests.unit.gateway.fakes import NOW, FakeCaller
from tests.unit.gateway.portal.conftest import Browser

VPN = kb.ChatArticle(key="vpn-drops", language="id", title="VPN <b>sering</b> putus")


def said(number: int, kind: str, text: str, **facts: Any) -> kb.ChatMessage:
    given = {"is_automatic": kind != "message", "language": "id", "at": NOW} | facts
    return kb.ChatMessage(number=number, kind=kind, text=text, **given)


def chat(*messages: kb.ChatMessage, **facts: Any) -> kb.Chat:
    return kb.Chat(**{"id": "c-1", "state": "open", "language": "id", "messages": messages} | facts)


@pytest.fixture
def answered(caller: FakeCaller) -> FakeCaller:
    answer = said(
        3, "answer", "Menurut artikel:", articles=(VPN,), excerpt="1. Mulai ulang.", confidence=0.8
    )
    caller.answers["get_chat"] = chat(said(2, "message", "<i>vpn</i> putus"), answer)
    return caller


@pytest.mark.usefixtures("answered")
def test_an_answer_shows_its_passage_its_source_and_how_sure_it_is(requester: Browser) -> None:
    page = requester.get("/chat/c-1").text

    assert "<li>Mulai ulang.</li>" in page
    assert 'href="/knowledge/vpn-drops?lang=id"' in page
    assert "80 %" in page
    assert "&lt;i&gt;vpn" in page
    assert "<b>sering" not in page


def test_a_question_back_has_a_button_for_each_article(
    requester: Browser, caller: FakeCaller
) -> None:
    caller.answers["get_chat"] = chat(said(1, "ask_back", "Yang mana?", articles=(VPN,)))

    assert 'name="text" value="1"' in requester.get("/chat/c-1").text


def test_a_chat_that_became_a_ticket_leads_there(requester: Browser, caller: FakeCaller) -> None:
    caller.answers["get_chat"] = chat(
        said(1, "handed_over", "Tiket INC-1042-7."), state="handed_over", ticket="INC-1042-7"
    )

    assert 'href="/tickets/INC-1042-7"' in requester.get("/chat/c-1").text


def test_a_chat_of_somebody_else_is_not_found(requester: Browser) -> None:
    assert requester.get("/chat/c-2").status_code == 404
