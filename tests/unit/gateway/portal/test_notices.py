from dataclasses import replace
from typing import get_args

from contracts import routing
from gateway.portal.views.notices import _BADGES
from tests.unit.gateway.fakes import NOW
from tests.unit.gateway.test_notices import NOTICE, PAGE


def test_the_bell_counts_what_an_agent_did_not_acknowledge(agent, caller) -> None:
    caller.answers["list_notices"] = replace(PAGE, unread=120)

    page = agent.get("/queue").text

    assert 'aria-label="Notices: 120 unread"' in page
    assert ">99+<" in page


def test_the_bell_is_there_while_routing_is_away_and_not_for_requesters(
    agent, requester, caller
) -> None:
    caller.down.add("routing")

    assert 'id="bell"' in agent.get("/queue").text
    assert 'id="bell"' not in requester.get("/tickets").text


def test_digests_stand_together_and_each_notice_leads_to_its_ticket(agent, caller) -> None:
    digest = [replace(NOTICE, id=str(n), digest="d", threshold=100 + n) for n in range(2)]
    review = replace(
        NOTICE, id="9", kind="review", number=None, article="vpn", language="id", title="VPN <b>"
    )
    caller.answers["list_notices"] = replace(PAGE, items=(*digest, NOTICE, review))

    page = agent.get("/notices").text

    assert "2 notices at once" in page
    assert 'name="ids" value="0,1"' in page
    assert 'href="/tickets/INC-1042-7"' in page
    assert 'href="/writing/vpn/id">VPN &lt;b&gt;</a>' in page
    assert "Resolution: 75% of the time is used." in page
    assert 'href="/notices?cursor=1.2"' in page
    assert "meant for" not in page


def test_a_threshold_in_minutes_is_told_in_minutes(agent, caller) -> None:
    soon = replace(NOTICE, threshold=6, minutes=-30)
    late = replace(NOTICE, id="2", crossing="breached", threshold=125, minutes=60)
    caller.answers["list_notices"] = replace(PAGE, items=(soon, late))

    page = agent.get("/notices").text

    assert "Resolution: 30 minutes before due." in page
    assert "Resolution: 1 hour after due." in page


def test_several_unread_notices_are_acknowledged_at_once_too(agent, caller) -> None:
    caller.answers["list_notices"] = replace(PAGE, items=(NOTICE, replace(NOTICE, id="2")))

    page = agent.get("/notices").text

    assert f'name="ids" value="{NOTICE.id},2"' in page
    assert "notices at once" not in page


def test_escalations_say_why_and_for_whom(lead, caller) -> None:
    raised = replace(NOTICE, kind="escalation", crossing="breached", threshold=100, major=True)
    by_hand = replace(raised, kind="unreached", clock=None, threshold=None, crossing=None)
    caller.answers["list_notices"] = replace(PAGE, items=(raised, by_hand))

    page = lead.get("/notices?all=1").text

    assert "Resolution is overdue: it was escalated to you." in page
    assert "Raised by hand: in Jaringan nobody is free." in page
    assert "meant for Dewi" in page


def test_acknowledging_on_the_page_keeps_the_view(agent, caller) -> None:
    caller.answers["list_notices"] = PAGE
    known = replace(NOTICE, acknowledged_at=NOW)
    caller.answers["acknowledge_notices"] = routing.NoticesAcknowledged(items=(known,), unread=0)

    answer = agent.post("/notices", page="/notices", ids="a,b", back="/notices?all=1")

    assert answer.headers["location"] == "/notices?all=1&done=acknowledged"
    assert caller.last("acknowledge_notices").question.ids == ("a", "b")
    assert agent.post("/notices", page="/notices", ids=",").status_code == 404


def test_every_kind_has_a_word() -> None:
    assert set(_BADGES) == set(get_args(routing.NoticeKind))
