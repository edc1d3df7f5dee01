import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa

from contracts.errors import Conflict
from contracts.routing import ESCALATE
from services.routing.models import TriggerRow
from tests.service.routing.house import LEAD


def escalate(house, ticket, kind="functional", reason="The director called."):
    return house.ask(ESCALATE, number=ticket.number, kind=kind, actor=LEAD, reason=reason)


def outcomes(house) -> list[str]:
    with house.database.read() as tx:
        return list(tx.session.scalars(sa.select(TriggerRow.outcome)))


def test_a_breach_hands_over_to_the_next_tier_and_tells_the_manager(staffed) -> None:
    ticket = staffed.opened()

    staffed.breached(ticket)

    functional, hierarchic = staffed.told("escalation.raised")
    assert (functional.kind, functional.level, functional.to_group) == ("functional", 1, "network")
    assert (hierarchic.kind, hierarchic.level, hierarchic.told) == (
        "hierarchic",
        2,
        "boss@desk.example",
    )
    assert functional.trigger == "resolution.breached.100"
    found = staffed.assignment(ticket)
    assert (found.group, found.tier, found.assignee) == ("network", 2, "citra")
    assert found.decision.reason_code == "escalation"
    assert found.decision.reason.startswith(
        "The resolution time is breached (100 %): Desk hands over to Network; Citra"
    )
    assert [climb.kind for climb in found.escalations] == ["functional", "hierarchic"]
    assert staffed.loads() == {"ayu": 0, "budi": 0, "citra": 1}


def test_each_threshold_of_a_clock_version_acts_once(staffed) -> None:
    ticket = staffed.opened()

    for _ in range(3):
        staffed.at_risk(ticket)
        staffed.breached(ticket)

    assert len(staffed.told("escalation.raised")) == 3
    assert len(staffed.told("assignment.made")) == 2


def test_thresholds_below_any_rule_leave_no_trace(staffed) -> None:
    ticket = staffed.opened()

    staffed.at_risk(ticket, 50)
    staffed.at_risk(ticket, 90, clock="first_response")

    assert staffed.told("escalation.raised") == []
    assert outcomes(staffed) == []


def test_a_threshold_in_minutes_climbs_by_the_percent_it_lies_at(staffed) -> None:
    early, late = staffed.opened(), staffed.opened()

    staffed.at_risk(early, 87, minutes=-30)
    staffed.at_risk(late, 93, minutes=-30)

    (told,) = staffed.told("escalation.raised")
    assert told.ticket_id == late.ticket_id
    assert told.reason.startswith("93 % of the resolution time is used")


def test_a_late_first_response_tells_the_manager_and_moves_nothing(staffed) -> None:
    ticket = staffed.opened()

    staffed.breached(ticket, clock="first_response")

    (told,) = staffed.told("escalation.raised")
    assert (told.kind, told.told) == ("hierarchic", "boss@desk.example")
    assert staffed.assignment(ticket).group == "desk"


def test_a_new_clock_version_acts_again_after_the_cooldown_only(staffed) -> None:
    ticket = staffed.opened()
    staffed.at_risk(ticket)

    staffed.at_risk(ticket, clock_version=2)
    staffed.clock.at += timedelta(minutes=16)
    staffed.at_risk(ticket, clock_version=3)

    assert len(staffed.told("escalation.raised")) == 2
    assert sorted(outcomes(staffed)) == ["acted", "acted", "cooldown"]


def test_done_and_replayed_tickets_never_climb(staffed) -> None:
    done = staffed.opened()
    staffed.resolved(done)
    replayed = staffed.opened(group="desk", origin="replay")

    staffed.breached(done)
    staffed.breached(replayed)

    assert staffed.told("escalation.raised") == []
    assert sorted(outcomes(staffed)) == ["done", "replayed"]


def test_a_breach_heard_before_the_opening_acts_once_the_ticket_is_routed(staffed) -> None:
    ticket = staffed.ticket()
    staffed.at_risk(ticket)
    staffed.breached(ticket)
    assert staffed.told() == []

    staffed.hear(ticket)

    found = staffed.assignment(ticket)
    assert found.group == "network"
    assert [climb.level for climb in found.escalations] == [1, 2, 3]
    assert [told.NAME for told in staffed.told()] == [
        "assignment.made.v1",
        "escalation.raised.v1",
        "escalation.raised.v1",
        "assignment.made.v1",
        "escalation.raised.v1",
    ]


def test_a_breach_at_the_top_tells_the_manager_instead_and_says_why(staffed) -> None:
    ticket = staffed.opened("vpn")

    staffed.breached(ticket)

    (told,) = staffed.told("escalation.raised")
    assert (told.kind, told.told) == ("hierarchic", "boss@network.example")
    assert "no group stands above Network" in told.reason


def test_escalating_to_a_group_where_nobody_is_free_is_an_alert(staffed, caplog) -> None:
    staffed.agent("citra", "network", away=True)
    ticket = staffed.opened()

    with caplog.at_level(logging.WARNING, logger="services.routing"):
        staffed.breached(ticket)

    assert staffed.assignment(ticket).assignee is None
    assert "nobody is free" in caplog.text


def test_an_agent_raises_a_ticket_by_hand(staffed) -> None:
    ticket = staffed.opened()

    found = escalate(staffed, ticket)

    (climb,) = found.escalations
    assert (climb.kind, climb.trigger, climb.to_group) == ("functional", "manual", "network")
    assert climb.reason == "Lia escalated: The director called: Desk hands over to Network."
    assert staffed.told("escalation.raised")[0].actor.name == "Lia"
    assert found.assignee == "citra"


def test_telling_the_manager_by_hand_moves_nothing(staffed) -> None:
    ticket = staffed.opened()

    found = escalate(staffed, ticket, "hierarchic")

    assert found.escalations[0].told == "boss@desk.example"
    assert (found.group, found.decision.revision) == ("desk", 1)


@pytest.mark.parametrize("threshold", [100])
def test_a_ticket_climbs_at_most_five_times(staffed, threshold) -> None:
    ticket = staffed.opened("vpn")
    for _ in range(5):
        escalate(staffed, ticket, "hierarchic")

    staffed.breached(ticket, threshold)
    with pytest.raises(Conflict) as refused:
        escalate(staffed, ticket)

    assert refused.value.code == "escalation_depth"
    assert len(staffed.told("escalation.raised")) == 5
    assert outcomes(staffed) == ["depth"]


def test_a_done_ticket_cannot_be_raised_by_hand(staffed) -> None:
    ticket = staffed.opened()
    staffed.resolved(ticket)

    with pytest.raises(Conflict) as refused:
        escalate(staffed, ticket)

    assert refused.value.code == "ticket_done"
