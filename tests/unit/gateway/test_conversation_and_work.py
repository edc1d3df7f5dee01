"""Conversation, life cycle, assignment and clocks through the front door."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chassis.rpc_client import RemoteFault
from contracts import intake, routing, sla
from contracts.errors import Conflict
from contracts.grammar import Nothing, in_iso
from tests.unit.gateway.fakes import AGENT, NOW, FakeCaller, assignment, clocks, decision, ticket

TICKET = "/api/v1/tickets/INC-1042-7"
MESSAGE = intake.Message(message_id="m1", author=AGENT, public=True, body="Sudah.", at=NOW)


def _entry(seq: int, *, minutes: int) -> intake.LogEntry:
    return intake.LogEntry(
        offset=seq,
        number="INC-1042-7",
        seq=seq,
        event="ticket.replied.v1",
        at=NOW + timedelta(minutes=minutes),
        actor=AGENT,
        facts={"public": True},
    )


def test_messages_are_asked_for_as_the_viewer(requester: Any, caller: FakeCaller) -> None:
    caller.answers["list_messages"] = intake.Conversation(number="INC-1042-7", items=(MESSAGE,))

    result = requester.get(f"{TICKET}/messages")

    assert result.json["items"][0]["body"] == "Sudah."
    assert caller.last("list_messages").question.viewer == "budi@nusantara.example"


def test_a_reply_is_public_unless_it_is_said_to_be_internal(agent: Any, caller: FakeCaller) -> None:
    caller.answers["add_reply"] = MESSAGE

    result = agent.post(f"{TICKET}/replies", json={"body": "<b>'; DROP TABLE--</b>"})

    assert result.status_code == 201
    question = caller.last("add_reply").question
    assert question.public
    assert question.body == "<b>'; DROP TABLE--</b>"


def test_a_requester_writes_no_internal_note(requester: Any, caller: FakeCaller) -> None:
    result = requester.post(f"{TICKET}/replies", json={"body": "x", "public": False})

    assert result.status_code == 403
    assert caller.asked == []


def test_an_importer_says_who_replied_and_when(admin: Any, caller: FakeCaller) -> None:
    caller.answers["add_reply"] = MESSAGE
    said = {"kind": "requester", "id": "budi@nusantara.example", "name": "Budi"}

    admin.post(
        f"{TICKET}/replies",
        json={"body": "x", "actor": said, "occurred_at": "2025-03-30T02:30:00+07:00"},
    )

    question = caller.last("add_reply").question
    assert question.actor.kind == "requester"
    assert question.occurred_at.isoformat() == "2025-03-29T19:30:00+00:00"


def test_the_same_key_is_passed_on_for_the_same_account_only(
    agent: Any, someone: Any, caller: FakeCaller
) -> None:
    caller.answers["add_reply"] = MESSAGE
    other = someone("agent", name="lain@nusantara.example")
    for asker in (agent, agent, other):
        asker.post(f"{TICKET}/replies", json={"body": "x"}, headers={"Idempotency-Key": "k-1"})

    first, again, others = (asked.key for asked in caller.asked)
    assert first == again != others


def test_a_replayed_answer_says_so(agent: Any, caller: FakeCaller) -> None:
    caller.answers["add_reply"] = MESSAGE
    caller.replays = True

    result = agent.post(f"{TICKET}/replies", json={"body": "x"})

    assert result.headers["Idempotent-Replayed"] == "true"


def test_a_key_used_for_something_else_is_422(agent: Any, caller: FakeCaller) -> None:
    caller.answers["add_reply"] = Conflict("idempotency_key_reused", "Other body.")

    result = agent.post(f"{TICKET}/replies", json={"body": "x"}, headers={"Idempotency-Key": "k"})

    assert result.status_code == 422
    assert result.json["code"] == "idempotency_key_reused"


def test_a_refused_move_names_those_allowed(agent: Any, caller: FakeCaller) -> None:
    facts = {"from": "closed", "to": "pending", "allowed": ["in_progress"]}
    caller.answers["change_status"] = Conflict("transition_refused", "Not from closed.", facts)

    result = agent.post(f"{TICKET}/transitions", json={"to": "pending"})

    assert result.status_code == 409
    assert result.json["facts"]["allowed"] == ["in_progress"]


def test_a_requester_moves_as_a_requester(requester: Any, caller: FakeCaller) -> None:
    caller.answers["change_status"] = ticket(status="closed", version=9)

    result = requester.post(
        f"{TICKET}/transitions", json={"to": "closed"}, headers={"If-Match": '"8"'}
    )

    question = caller.last("change_status").question
    assert (question.role, question.viewer) == ("requester", "budi@nusantara.example")
    assert question.version == 8
    assert result.headers["ETag"] == '"9"'


def test_the_timeline_merges_three_logs_by_time(agent: Any, caller: FakeCaller) -> None:
    caller.answers["read_log"] = intake.LogPage(
        items=(_entry(1, minutes=-5), _entry(2, minutes=5)), next_after=2
    )
    caller.answers["get_assignment"] = assignment(
        history=(decision(decided_at=NOW - timedelta(minutes=1)),),
        escalations=(
            routing.Escalation(
                kind="functional",
                level=1,
                trigger="threshold",
                reason="90 %",
                from_group="network",
                raised_at=NOW + timedelta(minutes=9),
            ),
        ),
    )

    result = agent.get(f"{TICKET}/timeline")

    kinds = [item["kind"] for item in result.json["items"]]
    assert kinds == ["log", "decision", "threshold", "log", "escalation"]


def test_a_requesters_timeline_is_the_log_alone(requester: Any, caller: FakeCaller) -> None:
    caller.answers["read_log"] = intake.LogPage(items=(_entry(1, minutes=0),), next_after=1)

    result = requester.get(f"{TICKET}/timeline")

    assert [item["kind"] for item in result.json["items"]] == ["log"]
    assert [asked.operation for asked in caller.asked] == ["read_log"]


def test_a_long_log_is_read_to_its_end(agent: Any, caller: FakeCaller) -> None:
    def page(question: intake.ReadLog) -> intake.LogPage:
        seqs = range(question.after + 1, min(question.after + question.limit, 1500) + 1)
        items = tuple(_entry(seq, minutes=seq) for seq in seqs)
        return intake.LogPage(items=items, next_after=seqs[-1])

    caller.answers["read_log"] = page

    result = agent.get(f"{TICKET}/timeline")

    logged = [item["facts"]["seq"] for item in result.json["items"] if item["kind"] == "log"]
    assert logged == list(range(1, 1501))


def test_the_decision_record_is_shown_to_agents(agent: Any) -> None:
    result = agent.get(f"{TICKET}/assignment")

    assert result.json["decision"]["candidates"][0]["score"] == {"load": 0.2}


def test_a_transfer_carries_its_reason_and_actor(agent: Any, caller: FakeCaller) -> None:
    caller.answers["transfer"] = assignment(group="servers")

    result = agent.post(
        f"{TICKET}/transfer", json={"group": "servers", "reason_code": "wrong_group"}
    )

    question = caller.last("transfer").question
    assert result.json["group"] == "servers"
    assert (question.reason_code, question.actor.id) == ("wrong_group", "agent@nusantara.example")


def test_a_ticket_is_assigned_and_put_back(agent: Any, caller: FakeCaller) -> None:
    caller.answers["assign"] = assignment()

    agent.post(f"{TICKET}/assign", json={"assignee": "dewi"})
    assert caller.last("assign").question.assignee == "dewi"
    agent.post(f"{TICKET}/assign", json={"assignee": None})
    assert caller.last("assign").question.assignee is None


def test_a_ticket_is_escalated_with_a_reason(agent: Any, caller: FakeCaller) -> None:
    caller.answers["escalate"] = assignment()

    ok = agent.post(f"{TICKET}/escalate", json={"kind": "hierarchic", "reason": "VIP"})
    refused = agent.post(f"{TICKET}/escalate", json={"kind": "hierarchic", "reason": ""})

    assert (ok.status_code, refused.status_code) == (200, 422)


def test_a_requester_sees_the_clocks_of_their_own_ticket_only(
    requester: Any, caller: FakeCaller
) -> None:
    own = requester.get(f"{TICKET}/clocks")
    del caller.answers["get_ticket"]
    foreign = requester.get(f"{TICKET}/clocks")

    assert own.json["clocks"]
    assert foreign.status_code == 404


def test_a_service_that_fails_is_502_and_no_page_falls_with_it(
    agent: Any, caller: FakeCaller
) -> None:
    caller.answers["get_clocks"] = RemoteFault("KeyError")

    assert agent.get(f"{TICKET}/clocks").status_code == 502
    assert agent.get(TICKET).json["unavailable"] == ["sla"]


def test_a_reading_is_remembered_as_the_readers(requester: Any, caller: FakeCaller) -> None:
    caller.answers["record_reading"] = Nothing()

    result = requester.post(
        "/api/v1/kb/articles/vpn-putus/readings", json={"language": "id", "helpful": True}
    )

    assert result.status_code == 204
    assert caller.last("record_reading").question.reader == "budi@nusantara.example"


def explained() -> sla.ClocksExplained:
    one = clocks().clocks[0]
    return sla.ClocksExplained(
        number="INC-1042-7",
        as_of=NOW,
        log_seq=3,
        sla_state="running",
        clocks=tuple(
            sla.ExplainedClock(
                clock=replace(one, kind=kind), zone="Asia/Jakarta", spans=(), words=("Berjalan.",)
            )
            for kind in ("resolution", "ola")
        ),
    )


def test_why_the_clocks_stand_as_they_do_is_asked_as_of_an_instant_and_in_a_language(
    agent: Any, caller: FakeCaller
) -> None:
    caller.answers["explain_clocks"] = explained()

    found = agent.get(
        f"{TICKET}/clocks/explanation", query_string="at=2026-01-05T01:00:00Z&lang=en"
    )

    assert [one["clock"]["kind"] for one in found.json["clocks"]] == ["resolution", "ola"]
    asked = caller.asked[-1].question
    assert (asked.at.isoformat(), asked.language) == ("2026-01-05T01:00:00+00:00", "en")


def test_agreements_behind_the_desk_are_no_business_of_a_requester(
    requester: Any, caller: FakeCaller
) -> None:
    caller.answers["explain_clocks"] = explained()
    one = clocks().clocks[0]
    soon = replace(one, kind="ola", due_at=NOW - timedelta(hours=1))
    caller.answers["get_clocks"] = clocks(clocks=(one, soon), next_due_at=soon.due_at)

    why = requester.get(f"{TICKET}/clocks/explanation")
    found = requester.get(f"{TICKET}/clocks")

    assert [one["clock"]["kind"] for one in why.json["clocks"]] == ["resolution"]
    assert [clock["kind"] for clock in found.json["clocks"]] == ["resolution"]
    assert found.json["next_due_at"] == in_iso(NOW)
    assert [clock["kind"] for clock in requester.get(TICKET).json["clocks"]] == ["resolution"]


def test_an_instant_that_is_none_is_refused_naming_the_field(agent: Any) -> None:
    found = agent.get(f"{TICKET}/clocks", query_string="at=yesterday")

    assert found.status_code == 422
    assert "at" in found.text
