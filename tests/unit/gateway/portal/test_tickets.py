from dataclasses import replace

import pytest

from contracts import intake, kb
from contracts.errors import Conflict, Invalid, NotFound
from tests.unit.gateway.fakes import FakeCaller, hits, line, ticket
from tests.unit.gateway.portal.conftest import Browser

HERE = "/tickets/INC-1042-7"


def test_a_ticket_shows_its_conversation_as_text(agent: Browser) -> None:
    page = agent.get(HERE).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>" not in page


def test_a_requester_asks_for_their_own_view_of_a_ticket(
    requester: Browser, caller: FakeCaller
) -> None:
    page = requester.get(HERE).text

    for operation in ("get_ticket", "list_messages", "read_log"):
        assert caller.last(operation).question.viewer == "budi@nusantara.example"
    for agents_only in ("Why?", "/transfer", "/assign", "Internal note"):
        assert agents_only not in page


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("sla", "Clock unavailable right now."),
        ("routing", "The reasons of the assignment are unavailable right now."),
    ],
)
def test_a_part_that_is_away_is_named_and_the_page_stands(
    agent: Browser, caller: FakeCaller, service: str, said: str
) -> None:
    caller.down.add(service)

    answer = agent.get(HERE)

    assert answer.status_code == 200
    assert said in answer.text


def test_an_agent_sees_articles_that_may_help_and_what_they_solved(
    agent: Browser, caller: FakeCaller
) -> None:
    found = hits().items[0]
    caller.answers["suggest"] = kb.Hits(items=(replace(found, solved=2),), total=1)

    page = agent.get(HERE).text

    question = caller.last("suggest").question
    assert question.text == "VPN putus\nVPN saya putus sejak pagi."
    assert (question.beside, question.asker) == ("INC-1042-7", "agent@nusantara.example")
    assert question.audience == "internal"
    assert 'href="/knowledge/vpn-putus?lang=id"' in page
    assert "<mark>VPN</mark> putus" in page
    assert "Solved 2 tickets like this" in page


def test_articles_that_are_away_are_named_and_the_ticket_stands(
    agent: Browser, caller: FakeCaller
) -> None:
    caller.down.add("kb")

    answer = agent.get(HERE)

    assert answer.status_code == 200
    assert "Articles cannot be searched right now." in answer.text


def test_a_ticket_for_which_no_article_fits_says_so(agent: Browser, caller: FakeCaller) -> None:
    caller.answers["suggest"] = kb.Hits(items=())

    assert "No article fits this ticket." in agent.get(HERE).text


def test_articles_are_looked_for_only_while_an_agent_works_on_the_ticket(
    agent: Browser, requester: Browser, caller: FakeCaller
) -> None:
    requester.get(HERE)
    caller.answers["get_ticket"] = ticket(status="resolved", status_category="done")
    page = agent.get(HERE).text

    assert 'id="may-help"' not in page
    assert all(asked.operation != "suggest" for asked in caller.asked)


def test_a_ticket_that_no_service_has_heard_of_yet_is_no_error(
    requester: Browser, caller: FakeCaller
) -> None:
    caller.answers["get_clocks"] = NotFound("ticket_unknown")
    caller.answers["get_assignment"] = Conflict("not_routed_yet")
    caller.answers["get_ticket"] = ticket(group=None, assignee=None, status="new")

    page = requester.get(HERE).text

    assert "No promise is running." in page
    assert "We are finding the right people." in page


def test_without_intake_there_is_a_friendly_page_to_try_again(
    requester: Browser, caller: FakeCaller
) -> None:
    caller.down.add("intake")

    answer = requester.get(HERE)

    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert "A part of the desk is away" in answer.text
    assert f'href="{HERE}"' in answer.text


def test_somebody_elses_ticket_is_not_found(requester: Browser, caller: FakeCaller) -> None:
    caller.answers["get_ticket"] = NotFound("ticket_unknown")

    assert requester.get(HERE).status_code == 404


def test_an_agent_notes_something_for_agents_only(agent: Browser, caller: FakeCaller) -> None:
    answer = agent.post(f"{HERE}/replies", page=HERE, body="Hm.", public="no")

    assert answer.headers["location"] == f"{HERE}?done=noted"
    assert caller.last("add_reply").question.public is False
    assert "The internal note was saved." in agent.get(f"{HERE}?done=noted").text


def test_a_requesters_answer_is_always_public_and_their_own(
    requester: Browser, caller: FakeCaller
) -> None:
    requester.post(f"{HERE}/replies", page=HERE, body="Halo", public="no")

    command = caller.last("add_reply").question
    assert (command.public, command.viewer) == (True, "budi@nusantara.example")


def test_resolving_sends_the_resolution_and_the_version_seen(
    agent: Browser, caller: FakeCaller
) -> None:
    answer = agent.post(
        f"{HERE}/transitions",
        page=HERE,
        to="resolved",
        version="3",
        text="Diganti.",
        code="permanent_fix",
        cause="hardware",
        minutes_spent="15",
    )

    command = caller.last("change_status").question
    assert answer.headers["location"] == f"{HERE}?done=moved"
    assert (command.version, command.role) == (3, "agent")
    assert command.resolution == intake.Resolution(
        text="Diganti.", code="permanent_fix", cause="hardware", minutes_spent=15
    )


def test_a_hold_until_a_time_is_read_in_the_zone_that_the_page_shows(
    agent: Browser, caller: FakeCaller
) -> None:
    agent.post(
        f"{HERE}/transitions",
        page=HERE,
        to="pending",
        version="3",
        pending_reason="date",
        until="2026-01-06T09:00",
    )

    until = caller.last("change_status").question.until
    assert until.isoformat() == "2026-01-06T02:00:00+00:00"


@pytest.mark.parametrize(
    ("fields", "marked"),
    [
        ({"to": "resolved", "code": "permanent_fix", "cause": "other"}, "text-error"),
        ({"to": "resolved", "text": "x", "minutes_spent": "many"}, "minutes_spent-error"),
        ({"to": "pending", "pending_reason": "date", "until": "soon"}, "until-error"),
    ],
)
def test_a_refused_field_is_marked_in_the_form_that_stays_open(
    agent: Browser, fields: dict[str, str], marked: str
) -> None:
    answer = agent.post(f"{HERE}/transitions", page=HERE, version="3", **fields)

    assert answer.status_code == 422
    assert f'id="{marked}"' in answer.text
    assert f'id="action-{fields["to"]}" name="action" open' in answer.text


def test_merging_with_another_requesters_ticket_asks_to_confirm_at_its_mark(
    agent: Browser, caller: FakeCaller
) -> None:
    said = "The tickets have different requesters: confirm that both may read later answers."
    caller.answers["merge_ticket"] = Invalid(
        "invalid", "", {"errors": {"confirm_other_requester": [said]}}
    )

    answer = agent.post(f"{HERE}/merge", page=HERE, version="3", into="INC-1001-1")

    assert answer.status_code == 422
    assert "Please confirm that you know this." in answer.text
    assert 'aria-describedby=" confirm_other_requester-error" aria-invalid="true" autofocus' in (
        answer.text
    )


def test_a_change_by_somebody_else_meanwhile_is_told_and_the_text_stays(
    agent: Browser, caller: FakeCaller
) -> None:
    caller.answers["change_status"] = Conflict("stale_version", "", {"version": 4})

    answer = agent.post(
        f"{HERE}/transitions", page=HERE, to="pending", version="2", reason="Menunggu suku cadang"
    )

    assert answer.status_code == 412
    assert "Somebody changed this" in answer.text
    assert "Menunggu suku cadang" in answer.text


def test_a_refusal_that_the_portal_has_not_learnt_is_shown_in_the_services_words(
    agent: Browser, caller: FakeCaller
) -> None:
    caller.answers["assign"] = Conflict("agent_full", "Dewi has 20 of 20 open tickets.")

    answer = agent.post(f"{HERE}/assign", page=HERE, assignee="dewi")

    assert answer.status_code == 409
    assert "Dewi has 20 of 20 open tickets." in answer.text


@pytest.mark.parametrize(
    ("path", "fields", "operation", "done"),
    [
        ("assign", {"assignee": "dewi"}, "assign", "assigned"),
        (
            "transfer",
            {"group": "network", "reason_code": "wrong_group"},
            "transfer",
            "transferred",
        ),
        ("escalate", {"kind": "hierarchic", "reason": "VIP"}, "escalate", "escalated"),
        ("details", {"impact": "high", "version": "3"}, "amend_ticket", "saved"),
    ],
)
def test_work_is_done_by_the_service_that_decides_it(
    agent: Browser, caller: FakeCaller, path: str, fields: dict[str, str], operation: str, done: str
) -> None:
    answer = agent.post(f"{HERE}/{path}", page=HERE, **fields)

    assert answer.headers["location"] == f"{HERE}?done={done}"
    assert caller.last(operation).question.actor.id == "agent@nusantara.example"


def test_putting_a_ticket_back_into_the_queue_names_nobody(
    agent: Browser, caller: FakeCaller
) -> None:
    agent.post(f"{HERE}/assign", page=HERE, assignee="")

    assert caller.last("assign").question.assignee is None


def test_my_tickets_are_those_i_asked_for(agent: Browser, caller: FakeCaller) -> None:
    page = agent.get("/tickets").text

    question = caller.last("list_tickets").question
    assert question.viewer == "agent@nusantara.example"
    assert "resolved" not in question.status
    assert 'href="/tickets?cursor=abc"' in page


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/queue", {"sort": "due", "assignee": ()}),
        ("/queue?view=mine", {"assignee": ("dewi",)}),
        ("/queue?view=unassigned", {"assignee": ("none",)}),
        ("/queue?view=risk", {"sla_state": ("at_risk", "breached")}),
        ("/queue?view=all", {"status": (), "sort": "-updated"}),
        ("/queue?priority=P1&priority=P2&group=network", {"priority": ("P1", "P2")}),
        ("/queue?view=mine&assignee=agus", {"assignee": ("agus",)}),
        ("/queue?q=vpn&cursor=abc", {"q": "vpn", "cursor": "abc"}),
    ],
)
def test_the_queues_filters_are_asked_of_intake(
    agent: Browser, caller: FakeCaller, address: str, expected: dict[str, object]
) -> None:
    assert agent.get(address).status_code == 200

    question = caller.last("list_tickets").question
    assert {name: getattr(question, name) for name in expected} == expected


def test_the_next_page_keeps_the_filters(agent: Browser) -> None:
    page = agent.get("/queue?view=all&priority=P1&q=vpn").text

    assert "/queue?view=all&amp;q=vpn&amp;priority=P1&amp;cursor=abc" in page


def test_the_queue_shows_keys_while_names_cannot_be_had(agent: Browser, caller: FakeCaller) -> None:
    caller.answers["list_tickets"] = intake.TicketPage(items=(line(),))
    caller.down.add("routing")

    page = agent.get("/queue").text

    assert "dewi" in page
    assert "Names of groups and agents cannot be shown right now." in page


def test_a_filter_that_no_form_makes_is_refused_on_a_page(agent: Browser) -> None:
    answer = agent.get("/queue?sort=sideways")

    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")
