"""Merge, its undo and split through the front door."""

from dataclasses import replace
from typing import Any

from contracts.errors import Conflict, Invalid
from tests.unit.gateway.fakes import FakeCaller, clocks, ticket

TICKET = "/api/v1/tickets/INC-1042-7"


def test_a_merge_names_the_survivor_and_carries_the_version(agent: Any, caller: FakeCaller) -> None:
    caller.answers["merge_ticket"] = ticket(status="merged", merged_into="INC-1050-1")

    result = agent.post(
        f"{TICKET}/merge",
        json={"into": "INC-1050-1", "note": "sama"},
        headers={"If-Match": '"3"', "Idempotency-Key": "k-1"},
    )

    assert (result.status_code, result.json["merged_into"]) == (200, "INC-1050-1")
    asked = caller.last("merge_ticket")
    assert (asked.question.into, asked.question.version) == ("INC-1050-1", 3)
    assert not asked.question.confirm_other_requester
    assert asked.key.endswith("k-1")


def test_oracle_35_a_failed_merge_is_never_a_success(agent: Any, caller: FakeCaller) -> None:
    refusals = (
        (Conflict("merge_refused", "No.", {"field": "into", "reason": "has_ended"}), 409),
        (Conflict("stale_version", "No.", {"version": 4}), 412),
        (Invalid("other_requester", "No.", {"errors": {"confirm_other_requester": ["No."]}}), 422),
    )
    for refusal, status in refusals:
        caller.answers["merge_ticket"] = refusal

        result = agent.post(f"{TICKET}/merge", json={"into": "INC-1050-1"})

        assert result.status_code == status
        assert result.headers["content-type"] == "application/problem+json"
    assert result.json["errors"] == [{"field": "confirm_other_requester", "message": "No."}]


def test_undo_and_split_are_asked_for_by_agents_only(
    agent: Any, requester: Any, caller: FakeCaller
) -> None:
    caller.answers["unmerge_ticket"] = ticket()
    caller.answers["split_ticket"] = ticket(number="INC-1060-4", split_from="INC-1042-7")

    undone = agent.post(f"{TICKET}/unmerge", json={})
    split = agent.post(f"{TICKET}/split", json={"subject": "Pindai", "message_ids": ["m1"]})

    assert (undone.status_code, split.status_code) == (200, 201)
    assert split.headers["location"].endswith("/tickets/INC-1060-4")
    assert caller.last("split_ticket").question.message_ids == ("m1",)
    for deed in ("merge", "unmerge", "split"):
        assert requester.post(f"{TICKET}/{deed}", json={}).status_code == 403


def test_a_requester_is_shown_no_clock_that_a_merge_ended(
    requester: Any, caller: FakeCaller
) -> None:
    found = clocks()
    ended = replace(found.clocks[0], state="cancelled", cause="merged")
    caller.answers["get_ticket"] = ticket()
    caller.answers["get_clocks"] = replace(found, clocks=(ended,))

    assert requester.get(f"{TICKET}/clocks").json["clocks"] == []
