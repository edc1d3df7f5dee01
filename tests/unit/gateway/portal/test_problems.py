"""Problems and their known errors in the portal, as a browser without scripts sees them."""

from dataclasses import replace

import pytest

from contracts import kb
from contracts.errors import Conflict, Invalid
from tests.unit.gateway.fakes import FakeCaller, article, hits, ticket
from tests.unit.gateway.portal.conftest import Browser
from tests.unit.gateway.portal.test_writing import LINE

HERE = "/tickets/PRB-1042-9"
KNOWN = kb.KnownProblem(number="PRB-1042-9", subject="Dock <b>loses</b> it", state="solved")
FORM = {"title": "Dock", "body": "Isi.", "do": "save", "problem": "PRB-1042-9"}


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    caller.answers |= {
        "get_ticket": ticket(kind="problem", number="PRB-1042-9"),
        "list_articles": kb.ArticlePage(items=(LINE,), counts={}, review_due=1),
        "list_problems": kb.KnownProblems(items=(KNOWN,)),
    }
    return caller


def test_a_problem_shows_its_known_errors_and_offers_to_write_one(
    agent: Browser, caller: FakeCaller
) -> None:
    page = agent.get(HERE).text

    assert caller.last("list_articles").question.problem == "PRB-1042-9"
    assert 'href="/writing/vpn-putus/id"' in page
    assert "Write a known error" in page
    assert f'action="{HERE}/article"' in page


def test_a_problem_has_nobody_but_agents_to_answer_to(agent: Browser, caller: FakeCaller) -> None:
    page = agent.get(HERE).text

    assert "Only agents read what is written on a problem." in page
    assert 'name="public"' not in page


def test_a_problem_stands_while_knowledge_is_away(agent: Browser, caller: FakeCaller) -> None:
    caller.down.add("kb")

    answer = agent.get(HERE)

    assert answer.status_code == 200
    assert "Articles cannot be searched right now." in answer.text


def test_another_ticket_asks_for_no_known_errors(agent: Browser, caller: FakeCaller) -> None:
    caller.answers["get_ticket"] = ticket()

    page = agent.get("/tickets/INC-1042-7").text

    assert "Known errors" not in page
    assert all(asked.operation != "list_articles" for asked in caller.asked)


def test_an_article_names_its_problem_and_whether_it_is_solved(
    agent: Browser, caller: FakeCaller
) -> None:
    caller.answers["get_article"] = article(problem="PRB-1042-9", known_error_of=KNOWN)

    for address in ("/knowledge/vpn-putus", "/writing/vpn-putus/id"):
        page = agent.get(address).text
        assert f'href="{HERE}"' in page
        assert "Dock &lt;b&gt;loses&lt;/b&gt; it" in page
        assert "solved" in page


def test_a_number_that_somebody_once_typed_is_shown_without_a_link(
    agent: Browser, caller: FakeCaller
) -> None:
    caller.answers["get_article"] = article(problem="Q-17")

    page = agent.get("/knowledge/vpn-putus").text

    assert "Q-17" in page
    assert 'href="/tickets/Q-17"' not in page


def test_suggested_known_errors_are_marked(agent: Browser, caller: FakeCaller) -> None:
    caller.answers["get_ticket"] = ticket()
    found = tuple(replace(hit, problem="PRB-1042-9") for hit in hits().items)
    caller.answers["suggest"] = kb.Hits(items=found)

    assert "Known error of PRB-1042-9" in agent.get("/tickets/INC-1042-7").text


@pytest.mark.parametrize(
    ("refusal", "status", "said"),
    [
        (
            Conflict("problem_not_known", "", {"errors": {"problem": ["not known, or not yet"]}}),
            409,
            "If it was opened a moment ago",
        ),
        (
            Invalid("invalid", "", {"errors": {"problem": ["X is no problem of the desk."]}}),
            422,
            "There is no problem with this number.",
        ),
    ],
)
def test_a_problem_that_is_not_known_is_marked_at_its_field(
    agent: Browser, caller: FakeCaller, refusal: Exception, status: int, said: str
) -> None:
    caller.answers["put_article"] = refusal

    answer = agent.post("/writing/new", page="/writing/new", **FORM)

    assert answer.status_code == status
    assert said in answer.text
    assert 'id="problem-error"' in answer.text


def test_only_agents_are_offered_to_open_a_problem(agent: Browser, requester: Browser) -> None:
    chosen = 'name="kind" value="problem" checked'

    assert chosen in agent.get("/ask?kind=problem&subject=Dock").text
    assert 'value="problem"' not in requester.get("/ask?kind=problem").text
