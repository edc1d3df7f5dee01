"""Agents see what they were told, and nobody else's."""

from dataclasses import replace

import pytest

from contracts import routing
from contracts.errors import NotFound
from gateway.live import Interest, hint_of
from tests.unit.gateway.fakes import NOW

NOTICE = routing.Notice(
    id="019a6f40-1b2c-7d3e-8f4a-5b6c7d8e9f01",
    kind="threshold",
    major=False,
    happened_at=NOW,
    given_at=NOW,
    meant_for="dewi",
    number="INC-1042-7",
    group="network",
    clock="resolution",
    crossing="at_risk",
    threshold=75,
)
PAGE = routing.NoticePage(items=(NOTICE,), unread=1, next_cursor="1.2")


def test_an_agent_lists_their_own(agent, caller) -> None:
    caller.answers["list_notices"] = PAGE

    answer = agent.get("/api/v1/notices?unread=true&limit=5")

    assert answer.status_code == 200
    assert answer.json["unread"] == 1
    asked = caller.last("list_notices").question
    assert (asked.agent, asked.unread, asked.limit) == (None, True, 5)


def test_a_notice_is_acknowledged_by_whoever_asks(agent, caller) -> None:
    known = replace(NOTICE, acknowledged_at=NOW)
    caller.answers["acknowledge_notices"] = routing.NoticesAcknowledged(items=(known,), unread=0)

    answer = agent.post(f"/api/v1/notices/{NOTICE.id}/acknowledge", json={})

    assert answer.status_code == 200
    asked = caller.last("acknowledge_notices").question
    assert asked.ids == (NOTICE.id,)
    assert asked.actor.id == asked.email


def test_a_notice_of_somebody_else_is_not_found(agent, caller) -> None:
    caller.answers["acknowledge_notices"] = NotFound("notice_unknown", "No such notice of yours.")

    assert agent.post("/api/v1/notices/x/acknowledge", json={}).status_code == 404


def test_requesters_have_no_notices(requester) -> None:
    assert requester.get("/api/v1/notices").status_code == 403


@pytest.mark.parametrize(
    ("names", "notices_only", "is_told"),
    [
        ({"dewi"}, False, True),
        ({"d@nusantara.example"}, True, True),
        ({"agus"}, False, False),
        (set(), False, False),
    ],
)
def test_a_notice_is_hinted_to_its_recipient_alone(names, notices_only, is_told) -> None:
    facts = {"recipient": "dewi", "email": "D@nusantara.example"}
    hint = hint_of("1", "notice.given.v1", facts)
    interest = Interest(
        number=None, is_requester=False, names=frozenset(names), notices_only=notices_only
    )

    assert interest.covers(hint) is is_told
    assert b"dewi" not in hint.as_event()


def test_who_follows_notices_hears_of_nothing_else() -> None:
    interest = Interest(number=None, is_requester=False, notices_only=True)

    assert not interest.covers(hint_of("1", "ticket.opened.v1", {"number": "INC-1-1"}))


def test_a_notice_that_names_nobody_is_hinted_to_nobody() -> None:
    everybody = Interest(number=None, is_requester=False, names=frozenset({""}))

    assert not everybody.covers(hint_of("1", "notice.given.v1", {}))
