"""Tickets through the front door."""

from typing import Any

from contracts.errors import Conflict, Invalid, NotFound
from gateway.access import Principal
from gateway.clients import Clients
from gateway.overview import whole_ticket
from tests.unit.gateway.fakes import FakeCaller, ticket

ADMIN = Principal(
    id="1", email="a@nusantara.example", name="A", role="admin", language="id", proof="p"
)

TICKETS = "/api/v1/tickets"
TICKET = f"{TICKETS}/INC-1042-7"
NEW = {"kind": "incident", "subject": "VPN putus", "body": "Sejak pagi."}
BUDI = {"name": "Budi", "email": "budi@nusantara.example"}


def test_opening_answers_201_with_number_version_and_links(agent: Any) -> None:
    result = agent.post(TICKETS, json={**NEW, "requester": BUDI})

    assert result.status_code == 201
    assert result.json["number"] == "INC-1042-7"
    assert result.json["links"]["self"] == TICKET
    assert result.headers["ETag"] == '"1"'
    assert result.headers["Location"] == TICKET


def test_an_agent_opens_on_behalf_of_somebody_and_is_the_actor(
    agent: Any, caller: FakeCaller
) -> None:
    agent.post(TICKETS, json={**NEW, "requester": BUDI, "channel": "phone"})

    command = caller.last("open_ticket").question
    assert command.requester.email == "budi@nusantara.example"
    assert (command.actor.kind, command.actor.id) == ("agent", "agent@nusantara.example")
    assert command.channel == "phone"


def test_an_agent_must_name_the_requester(agent: Any) -> None:
    result = agent.post(TICKETS, json=NEW)

    assert result.status_code == 422
    assert result.json["errors"][0]["field"] == "requester"


def test_a_requester_opens_their_own(requester: Any, caller: FakeCaller) -> None:
    result = requester.post(TICKETS, json=NEW)

    assert result.status_code == 201
    command = caller.last("open_ticket").question
    assert command.requester.email == "budi@nusantara.example"
    assert command.actor.kind == "requester"


def test_a_requester_cannot_open_for_somebody_else(requester: Any, caller: FakeCaller) -> None:
    other = {"name": "Ani", "email": "ani@nusantara.example"}

    result = requester.post(TICKETS, json={**NEW, "requester": other})

    assert result.status_code == 403
    assert not caller.asked


def test_only_an_importer_tells_of_the_past(agent: Any, admin: Any, caller: FakeCaller) -> None:
    past = {**NEW, "requester": BUDI, "occurred_at": "2025-01-01T00:00:00Z", "origin": "replay"}

    refused = agent.post(TICKETS, json=past)
    accepted = admin.post(TICKETS, json=past)

    assert refused.status_code == 403
    assert {error["field"] for error in refused.json["errors"]} == {"occurred_at", "origin"}
    assert accepted.status_code == 201
    assert caller.last("open_ticket").question.origin == "replay"


def test_a_requester_is_the_viewer_of_every_question(requester: Any, caller: FakeCaller) -> None:
    requester.get(TICKETS)
    requester.get(TICKET)

    assert caller.last("list_tickets").question.viewer == "budi@nusantara.example"
    assert caller.last("get_ticket").question.viewer == "budi@nusantara.example"


def test_a_foreign_ticket_is_like_none_even_if_others_know_it(
    requester: Any, caller: FakeCaller
) -> None:
    caller.answers["get_ticket"] = NotFound("ticket_unknown", "There is no such ticket.")

    result = requester.get(TICKET)

    assert result.status_code == 404
    assert "assignment" not in result.text


def test_one_ticket_shows_assignment_and_clocks(agent: Any) -> None:
    result = agent.get(TICKET)

    assert result.json["assignment"]["group_name"] == "Jaringan"
    assert result.json["assignment"]["reason"]
    assert result.json["clocks"][0]["kind"] == "resolution"
    assert result.json["unavailable"] == []
    assert result.headers["ETag"] == '"3"'


def test_a_requester_is_not_told_the_reason(requester: Any) -> None:
    assert requester.get(TICKET).json["assignment"]["reason"] is None


def test_parts_that_are_away_are_named_and_the_ticket_is_shown(
    agent: Any, caller: FakeCaller
) -> None:
    caller.down = {"sla", "routing"}

    result = agent.get(TICKET)

    assert result.status_code == 200
    assert result.json["unavailable"] == ["routing", "sla"]
    assert result.json["clocks"] is None


def test_a_ticket_that_is_not_yet_routed_has_null_parts(agent: Any, caller: FakeCaller) -> None:
    caller.answers |= {name: NotFound("unknown") for name in ("get_assignment", "get_clocks")}

    result = agent.get(TICKET)

    assert result.json["assignment"] is None
    assert result.json["unavailable"] == []


def test_intake_away_is_503_with_retry_after(agent: Any, caller: FakeCaller) -> None:
    caller.down = {"intake"}

    result = agent.get(TICKET)

    assert result.status_code == 503
    assert result.headers["Retry-After"] == "2"


def test_filters_are_read_from_the_query(agent: Any, caller: FakeCaller) -> None:
    result = agent.get(f"{TICKETS}?status=new,assigned&status=pending&group=&limit=5&sort=due")

    question = caller.last("list_tickets").question
    assert result.status_code == 200
    assert question.status == ("new", "assigned", "pending")
    assert (question.group, question.limit, question.sort) == ((), 5, "due")


def test_amending_sends_the_version_seen(agent: Any, caller: FakeCaller) -> None:
    caller.answers["amend_ticket"] = ticket(version=4)

    result = agent.patch(TICKET, json={"impact": "high"}, headers={"If-Match": '"3"'})

    assert result.headers["ETag"] == '"4"'
    assert caller.last("amend_ticket").question.version == 3


def test_a_stale_version_is_412(agent: Any, caller: FakeCaller) -> None:
    caller.answers["amend_ticket"] = Conflict("stale_version", "It changed.", {"version": 4})

    result = agent.patch(TICKET, json={"impact": "high"}, headers={"If-Match": '"3"'})

    assert result.status_code == 412
    assert result.json["facts"] == {"version": 4}


def test_amending_nothing_is_refused(agent: Any) -> None:
    assert agent.patch(TICKET, json={}).status_code == 422


def test_a_requester_cannot_amend(requester: Any) -> None:
    assert requester.patch(TICKET, json={"impact": "high"}).status_code == 403


def test_a_services_field_errors_are_passed_on(agent: Any, caller: FakeCaller) -> None:
    caller.answers["open_ticket"] = Invalid("invalid", "x", {"errors": {"group": ["Unknown."]}})

    result = agent.post(TICKETS, json={**NEW, "requester": BUDI})

    assert result.status_code == 422
    assert result.json["errors"] == [{"field": "group", "message": "Unknown."}]


def test_a_service_that_did_not_answer_rests_for_two_seconds(caller: FakeCaller) -> None:
    at = [0.0]
    clients = Clients(caller, monotonic=lambda: at[0])
    caller.down = {"sla"}

    def unavailable_parts() -> tuple[str, ...]:
        return whole_ticket(clients, number="INC-1042-7", principal=ADMIN).unavailable

    def times_asked() -> int:
        return len([asked for asked in caller.asked if asked.operation == "get_clocks"])

    assert (unavailable_parts(), times_asked()) == (("sla",), 1)
    assert (unavailable_parts(), times_asked()) == (("sla",), 1)
    at[0], caller.down = 2.0, set()
    assert (unavailable_parts(), times_asked()) == ((), 2)


def test_text_that_is_hostile_elsewhere_is_only_text_here(agent: Any, caller: FakeCaller) -> None:
    text = "'; DROP TABLE tickets; -- <script>alert(1)</script> {{7*7}} \u202e"

    result = agent.post(
        TICKETS,
        json={
            **NEW,
            "subject": text,
            "body": text,
            "requester": {**BUDI, "name": text, "organisation": text},
            "attributes": {text: text},
        },
    )

    command = caller.last("open_ticket").question
    assert result.status_code == 201
    assert command.subject == command.body == command.requester.name == text
    assert command.attributes == {text: text}
