"""Known errors: articles linked to problems that were heard of, read again when one is solved."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from contracts import kb as contract
from contracts.errors import Conflict, Invalid
from contracts.intake import (
    Actor,
    Person,
    Resolution,
    TicketClosed,
    TicketOpened,
    TicketReopened,
    TicketResolved,
)
from services.kb import handlers
from services.kb.domain.problems import NoProblem, ProblemNotKnown
from services.kb.schemas import REFUSALS
from tests.service.kb.house import NOW, House

LEO = Actor(kind="agent", id="leo@example.com", name="Leo")
PROBLEM = "PRB-1042-9"
SOLUTION = Resolution(text="New firmware.", code="permanent_fix", cause="software")


def opened(house: House, number: str = PROBLEM, **facts: Any) -> None:
    given: dict[str, Any] = {"kind": "problem", "subject": "Docking stations lose the network"}
    event = TicketOpened(
        ticket_id=number,
        number=number,
        seq=1,
        occurred_at=NOW,
        actor=LEO,
        channel="portal",
        body="Since the last firmware.",
        requester=Person(name="Leo", email="leo@example.com"),
        impact="high",
        urgency="low",
        priority="P3",
        **given | facts,
    )
    with house.database.write() as tx:
        handlers.keep_problem(event, tx=tx)
        handlers.keep_opening(event, tx=tx, replica=house.replica)
        handlers.keep_what_followed(event, tx=tx, settings=house.settings)


def heard(house: House, event: type[Any], *, seq: int, kind: str = "problem", **facts: Any) -> None:
    head = {"ticket_id": PROBLEM, "number": PROBLEM, "occurred_at": NOW, "actor": LEO}
    with house.database.write() as tx:
        handlers.keep_problem_state(event(**head, seq=seq, kind=kind, **facts), tx=tx)


def solved(house: House, *, seq: int = 4, **facts: Any) -> None:
    heard(house, TicketResolved, seq=seq, was="in_progress", resolution=SOLUTION, **facts)


def reasons(house: House) -> dict[str, tuple[str, ...]]:
    question = contract.ReportStaleArticles(audience="internal")
    items = house.ask(handlers.report_stale_articles, question).items
    return {each.key: each.reasons for each in items}


def known_errors(house: House, number: str = PROBLEM) -> list[str]:
    question = contract.ListArticles(audience="internal", problem=number)
    return [line.key for line in house.ask(handlers.list_articles, question).items]


def test_an_article_is_linked_to_a_problem_that_was_heard_of(house: House) -> None:
    opened(house)

    article = house.put("dock", "Dock loses the network", problem=" prb-1042-9 ")

    assert article.problem == PROBLEM
    assert article.known_error_of == contract.KnownProblem(
        number=PROBLEM, subject="Docking stations lose the network", state="open"
    )
    assert known_errors(house) == ["dock"]
    assert known_errors(house, "PRB-1043-2") == []


@pytest.mark.parametrize("number", ["INC-7-1", "17", "PRB-7", "PRB-0017-1"])
def test_what_is_no_problem_is_refused_at_its_field(house: House, number: str) -> None:
    opened(house, "INC-7-1", kind="incident")

    with pytest.raises(NoProblem) as refused:
        house.put("dock", "Dock", problem=number)

    wire = REFUSALS[NoProblem](refused.value)
    assert isinstance(wire, Invalid)
    assert list(wire.errors) == ["problem"]


def test_a_problem_of_a_moment_ago_is_not_known_yet_and_then_is(house: House) -> None:
    with pytest.raises(ProblemNotKnown) as refused:
        house.put("dock", "Dock", problem=PROBLEM)
    wire = REFUSALS[ProblemNotKnown](refused.value)
    assert isinstance(wire, Conflict)
    assert list(wire.facts["errors"]) == ["problem"]

    opened(house)

    assert house.put("dock", "Dock", problem=PROBLEM).problem == PROBLEM


def test_a_working_copy_is_linked_to_problems_that_were_heard_of_too(house: House) -> None:
    house.put("dock", "Dock", category="net", status="published")
    said = {"key": "dock", "language": "en", "title": "Dock", "body": "Isi.", "role": "agent"}

    with pytest.raises(ProblemNotKnown):
        house.do(
            handlers.put_working_copy,
            contract.WorkingCopySpec(**said, actor=LEO, problem=PROBLEM),
        )
    opened(house)

    spec = contract.WorkingCopySpec(**said, actor=LEO, problem=PROBLEM.lower())
    assert house.do(handlers.put_working_copy, spec).problem == PROBLEM


def test_a_number_that_an_article_always_had_is_not_looked_up(house: House) -> None:
    opened(house)
    house.put("dock", "Dock", problem=PROBLEM)
    with house.database.write() as tx:
        tx.session.connection().exec_driver_sql("UPDATE articles SET problem = 'Q-17'")

    article = house.put("dock", "Dock, again", problem="Q-17")

    assert (article.revision, article.problem, article.known_error_of) == (2, "Q-17", None)
    assert known_errors(house, "Q-17") == ["dock"]


def test_requesters_are_told_nothing_of_problems(house: House) -> None:
    opened(house)
    house.put("dock", "Dock loses the network", problem=PROBLEM)

    article = house.get("dock", language="en")
    assert (article.problem, article.known_error_of) == (None, None)
    assert [hit.problem for hit in house.search("dock")] == [None]
    assert [hit.problem for hit in house.search()] == [None]


def test_agents_see_which_found_articles_are_known_errors(house: House) -> None:
    opened(house)
    house.put("dock", "Dock loses the network", problem=PROBLEM)
    house.put("wifi", "Network of the dock by wi-fi")

    found = house.suggest("My dock has no network", audience="internal")
    assert {hit.key: hit.problem for hit in found} == {"dock": PROBLEM, "wifi": None}


def test_known_errors_are_to_be_read_again_when_their_problem_is_solved(house: House) -> None:
    opened(house)
    house.put("dock", "Dock", problem=PROBLEM)
    house.put("draft", "Dock, draft", problem=PROBLEM, status="draft")
    house.put("other", "Another")
    assert reasons(house) == {}

    solved(house)

    assert reasons(house) == {"dock": ("review_due", "problem_solved")}
    assert house.get("dock", language="en", audience="internal").known_error_of.state == "solved"
    house.pass_by(minutes=1)
    (reminder,) = house.told("article.review_due.v1")
    assert (reminder["key"], reminder["reminder"]) == ("dock", 1)


def test_whoever_read_it_again_says_until_when_it_holds(house: House) -> None:
    opened(house)
    article = house.put("dock", "Dock", problem=PROBLEM)
    solved(house)
    house.amend("dock", role="lead", review_at=article.review_at)

    assert reasons(house) == {}


def test_a_review_that_was_due_before_stays_as_it_was(house: House) -> None:
    opened(house)
    house.put("dock", "Dock", problem=PROBLEM)
    before = house.amend("dock", role="lead", review_at=NOW - timedelta(days=1))

    solved(house)

    after = house.get("dock", language="en", audience="internal")
    assert (after.version, after.review_at) == (before.version, before.review_at)
    assert reasons(house) == {"dock": ("review_due", "problem_solved")}


def test_what_is_heard_out_of_order_ends_the_same(house: House) -> None:
    heard(house, TicketReopened, seq=5, status="in_progress")
    solved(house, seq=4)
    opened(house)
    article = house.put("dock", "Dock", problem=PROBLEM)

    assert article.known_error_of.subject == "Docking stations lose the network"
    assert article.known_error_of.state == "open"
    assert reasons(house) == {}

    solved(house, seq=6)
    solved(house, seq=6)
    assert reasons(house) == {"dock": ("review_due", "problem_solved")}


@pytest.mark.parametrize(
    ("was", "status", "state"),
    [("resolved", "closed", "solved"), ("assigned", "cancelled", "dropped")],
)
def test_a_problem_that_is_cancelled_is_not_solved(
    house: House, was: str, status: str, state: str
) -> None:
    opened(house)
    heard(house, TicketClosed, seq=3, was=was, status=status)

    question = contract.ListProblems()
    (problem,) = house.ask(handlers.list_problems, question).items
    assert problem.state == state


def test_ends_of_other_tickets_are_no_problems(house: House) -> None:
    solved(house, kind="incident")
    heard(house, TicketClosed, seq=5, kind=None, was="resolved", status="closed")

    assert house.ask(handlers.list_problems, contract.ListProblems()).items == ()


def test_open_problems_are_listed_first_and_found_by_word_and_number(house: House) -> None:
    opened(house)
    solved(house)
    opened(house, "PRB-1043-2", subject="Mail queues at noon")

    def listed(q: str = "") -> list[str]:
        question = contract.ListProblems(q=q)
        return [each.number for each in house.ask(handlers.list_problems, question).items]

    assert listed() == ["PRB-1043-2", PROBLEM]
    assert listed("mail noon") == ["PRB-1043-2"]
    assert listed("prb-1042") == [PROBLEM]
    assert listed("%") == []


def test_a_problem_becomes_its_known_error_before_it_is_solved_or_heard_of(house: House) -> None:
    command = contract.DraftFromTicket(
        number=PROBLEM,
        subject="Docking stations lose the network",
        body="Since the last firmware the dock is dead after a while.",
        text="",
        actor=LEO,
        role="agent",
        is_problem=True,
    )

    made = house.do(partial(handlers.draft_from_ticket, replica=house.replica), command)

    assert (made.article.problem, made.article.ticket) == (PROBLEM, PROBLEM)
    assert made.article.body.endswith("## Workaround\n\n…")
    assert made.article.known_error_of.state == "open"
    opened(house)
    again = house.do(partial(handlers.draft_from_ticket, replica=house.replica), command)
    assert (again.is_new, again.article.key) == (False, made.article.key)
    assert known_errors(house) == [made.article.key]
