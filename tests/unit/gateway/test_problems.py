"""Problems through the API: opened by agents, named by known errors."""

from typing import Any

from contracts import intake, kb
from contracts.errors import Conflict
from tests.unit.gateway.fakes import FakeCaller, article, assignment, ticket

NEW = {"kind": "problem", "subject": "Dock loses the network", "body": "Since the firmware."}
TICKETS = "/api/v1/tickets"
ONE = "/api/v1/kb/articles/dock/en"
KNOWN = kb.KnownProblem(number="PRB-1042-9", subject="Dock loses the network", state="open")


def test_an_agent_need_not_say_for_whom_a_problem_is_opened(agent: Any, caller: FakeCaller) -> None:
    caller.answers["open_ticket"] = ticket(kind="problem", number="PRB-1042-9")

    result = agent.post(TICKETS, json=NEW)

    command = caller.last("open_ticket").question
    assert result.status_code == 201
    assert (command.kind, command.requester.email) == ("problem", "agent@nusantara.example")


def test_problems_are_listed_for_agents_only(
    agent: Any, requester: Any, caller: FakeCaller
) -> None:
    caller.answers["list_problems"] = kb.KnownProblems(items=(KNOWN,))

    result = agent.get("/api/v1/kb/problems?q=dock&limit=5")

    assert result.json["items"] == [
        {"number": "PRB-1042-9", "subject": "Dock loses the network", "state": "open"}
    ]
    question = caller.last("list_problems").question
    assert (question.q, question.limit) == ("dock", 5)
    assert requester.get("/api/v1/kb/problems").status_code == 403


def test_the_known_errors_of_a_problem_are_asked_by_its_number(
    agent: Any, caller: FakeCaller
) -> None:
    caller.answers["list_articles"] = kb.ArticlePage(items=(), counts={}, review_due=0)

    agent.get("/api/v1/kb/writings?problem=PRB-1042-9")

    assert caller.last("list_articles").question.problem == "PRB-1042-9"


def test_a_problem_that_is_not_known_yet_is_a_conflict_that_names_the_field(
    agent: Any, caller: FakeCaller
) -> None:
    said = {"number": "PRB-7-2", "errors": {"problem": ["Not known, or not yet."]}}
    caller.answers["put_article"] = Conflict("problem_not_known", "problem: not known", said)

    body = {"title": "Dock", "body": "Isi.", "status": "draft", "problem": "PRB-7-2"}
    result = agent.put(ONE, json=body)

    assert (result.status_code, result.json["code"]) == (409, "problem_not_known")
    assert [each["field"] for each in result.json["errors"]] == ["problem"]


def test_a_problem_is_drafted_before_it_is_solved(agent: Any, caller: FakeCaller) -> None:
    made = kb.TicketDraft(article=article(status="draft"), removed={}, is_new=True)
    caller.answers |= {
        "get_ticket": ticket(kind="problem", number="PRB-1042-9"),
        "list_messages": intake.Conversation(number="PRB-1042-9", items=()),
        "get_assignment": assignment(),
        "draft_from_ticket": made,
    }

    assert agent.post("/api/v1/tickets/PRB-1042-9/article", json={}).status_code == 201

    command = caller.last("draft_from_ticket").question
    assert (command.is_problem, command.text) == (True, "")
