import pytest

from tests.unit.gateway.fakes import FakeCaller
from tests.unit.gateway.portal.conftest import Browser

FORM = {
    "subject": "VPN putus",
    "body": "Sejak pagi.\r\nTolong.",
    "kind": "incident",
    "impact": "low",
    "urgency": "high",
}


def test_a_ticket_is_opened_as_the_reader_who_is_signed_in(
    requester: Browser, caller: FakeCaller
) -> None:
    answer = requester.post("/ask", step="send", read="vpn-putus wifi", **FORM)

    command = caller.last("open_ticket").question
    assert answer.headers["location"] == "/asked/INC-1042-7"
    assert (command.requester.email, command.channel) == ("budi@nusantara.example", "portal")
    assert command.body == "Sejak pagi.\nTolong."
    assert command.attributes == {"read_articles": ["vpn-putus", "wifi"]}
    assert "INC-1042-7" in requester.get("/asked/INC-1042-7").text


def test_the_same_form_sent_twice_carries_the_same_key(
    requester: Browser, caller: FakeCaller
) -> None:
    shown = {"form_id": "0194f6a0-0000-7000-8000-00000000000a"}

    requester.post("/ask", step="send", **FORM, **shown)
    requester.post("/ask", step="send", **FORM, **shown)

    keys = [asked.key for asked in caller.asked if asked.operation == "open_ticket"]
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_without_scripts_articles_are_shown_before_the_ticket_is_sent(
    requester: Browser, caller: FakeCaller
) -> None:
    answer = requester.post("/ask", step="review", **FORM)

    assert answer.status_code == 200
    assert 'href="/knowledge/vpn-putus?lang=id"' in answer.text
    assert 'name="urgency" value="high"' in answer.text
    assert all(asked.operation != "open_ticket" for asked in caller.asked)


def test_a_review_does_not_wait_for_articles_that_are_away(
    requester: Browser, caller: FakeCaller
) -> None:
    caller.down.add("kb")

    answer = requester.post("/ask", step="review", **FORM)

    assert answer.status_code == 200
    assert "Is this what you want to send?" in answer.text


def test_what_is_missing_is_marked_and_what_was_typed_stays(requester: Browser) -> None:
    answer = requester.post("/ask", step="send", **FORM | {"subject": ""})

    assert answer.status_code == 422
    assert 'id="subject-error"' in answer.text
    assert "Please fill this in." in answer.text
    assert "Sejak pagi." in answer.text


def test_an_unreachable_desk_keeps_the_text_and_the_forms_id(
    requester: Browser, caller: FakeCaller
) -> None:
    caller.down.add("intake")

    answer = requester.post("/ask", step="send", form_id="0194f6a0-once-only", **FORM)

    assert answer.status_code == 503
    assert "Sejak pagi." in answer.text
    assert 'name="form_id" value="0194f6a0-once-only"' in answer.text


def test_an_agent_opens_a_ticket_for_somebody_who_called(
    agent: Browser, caller: FakeCaller
) -> None:
    agent.post(
        "/ask",
        step="send",
        requester_name="Ayu",
        requester_email="ayu@nusantara.example",
        channel="phone",
        **FORM,
    )

    command = caller.last("open_ticket").question
    assert (command.requester.email, command.channel) == ("ayu@nusantara.example", "phone")
    assert (command.actor.kind, command.actor.id) == ("agent", "agent@nusantara.example")


def test_a_requester_cannot_open_a_ticket_as_somebody_else(
    requester: Browser, caller: FakeCaller
) -> None:
    requester.post("/ask", step="send", requester_email="ayu@nusantara.example", **FORM)

    assert caller.last("open_ticket").question.requester.email == "budi@nusantara.example"


def test_an_agent_who_names_nobody_is_told_which_field(agent: Browser) -> None:
    answer = agent.post("/ask", step="send", requester_name="Ayu", **FORM)

    assert answer.status_code == 422
    assert 'id="requester_email-error"' in answer.text


def test_suggestions_come_as_a_piece_of_a_page(requester: Browser, caller: FakeCaller) -> None:
    answer = requester.post("/suggestions", text="vpn putus")

    assert "<html" not in answer.text
    assert "<mark>VPN</mark> putus" in answer.text
    assert caller.last("suggest").question.audience == "public"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"form_token=%ff", 400, id="not-utf-8"),
        pytest.param(b"a=1&a=2", 400, id="a-field-twice"),
        pytest.param(b"&".join(b"f%d=1" % n for n in range(200)), 400, id="too-many-fields"),
        pytest.param(b"", 403, id="nothing"),
    ],
)
def test_a_broken_form_is_refused_on_a_page(requester: Browser, body: bytes, status: int) -> None:
    answer = requester.client.simulate_post(
        path="/ask",
        body=body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        cookies=requester.cookies,
    )

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_a_form_that_is_not_one_is_refused(requester: Browser) -> None:
    answer = requester.client.simulate_post(
        path="/ask", json={"subject": "x"}, cookies=requester.cookies
    )

    assert answer.status_code == 400
