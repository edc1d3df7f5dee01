"""Drafts made of tickets and gaps, through the API."""

from typing import Any

import pytest

from contracts import intake, kb
from tests.unit.gateway.fakes import AGENT, NOW, FakeCaller, article, assignment, ticket

SOLVED = intake.Resolution(text="Ganti kabel.", code="permanent_fix", cause="wear", steps="Kabel.")
URL = "/api/v1/tickets/INC-1042-7/article"


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    said = intake.Message(message_id="1", author=AGENT, public=True, body="Sudah.", at=NOW)
    made = kb.TicketDraft(article=article(status="draft", version=5), removed={}, is_new=True)
    gaps = kb.Gaps(since=NOW, items=(), tickets=0, searches=0, is_complete=True)
    caller.answers |= {
        "get_ticket": ticket(status="resolved", resolution=SOLVED),
        "list_messages": intake.Conversation(number="INC-1042-7", items=(said,)),
        "get_assignment": assignment(),
        "draft_from_ticket": made,
        "report_gaps": gaps,
    }
    return caller


def test_everybody_in_a_ticket_is_named_so_that_their_names_are_taken_out(
    agent: Any, caller: FakeCaller
) -> None:
    answer = agent.post(URL, json={})

    command = caller.last("draft_from_ticket").question
    assert answer.status_code == 201
    assert answer.headers["Location"] == "/api/v1/kb/articles/vpn-putus?lang=id"
    assert {"Budi", "budi@nusantara.example", "Sari", "Dewi Lestari"} <= set(command.people)
    assert (command.text, command.steps) == ("Ganti kabel.", "Kabel.")


def test_a_draft_is_made_while_routing_is_away(agent: Any, caller: FakeCaller) -> None:
    caller.down.add("routing")

    assert agent.post(URL, json={}).status_code == 201


def test_a_draft_that_was_there_before_is_no_new_one(agent: Any, caller: FakeCaller) -> None:
    caller.answers["draft_from_ticket"] = kb.TicketDraft(
        article=article(), removed={}, is_new=False
    )

    assert agent.post(URL, json={}).status_code == 200


def test_no_article_is_made_of_a_ticket_that_is_not_resolved(
    agent: Any, caller: FakeCaller
) -> None:
    caller.answers["get_ticket"] = ticket()

    answer = agent.post(URL, json={})

    assert (answer.status_code, answer.json["code"]) == (409, "ticket_not_resolved")


def test_gaps_are_for_agents(agent: Any, requester: Any, caller: FakeCaller) -> None:
    assert requester.get("/api/v1/kb/gaps").status_code == 403
    assert requester.post(URL, json={}).status_code == 403
    assert agent.get("/api/v1/kb/gaps?days=30").status_code == 200
    assert caller.last("report_gaps").question.days == 30
