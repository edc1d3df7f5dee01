from datetime import UTC, datetime

import pytest

from contracts.errors import Conflict, Invalid
from contracts.routing import ASSIGN, GET_ASSIGNMENT, TRANSFER
from tests.service.routing.house import LEAD

LONG_AGO = datetime(2016, 2, 29, 13, 15, tzinfo=UTC)


def assign(house, ticket, assignee, **parts):
    return house.ask(ASSIGN, number=ticket.number, assignee=assignee, actor=LEAD, **parts)


def transfer(house, ticket, group, reason_code="wrong_group", **parts):
    values = {"number": ticket.number, "actor": LEAD, "reason_code": reason_code}
    return house.ask(TRANSFER, group=group, **values | parts)


def test_a_lead_gives_a_ticket_to_another_agent_of_the_group(staffed) -> None:
    ticket = staffed.opened()

    found = assign(staffed, ticket, "budi", note="knows the building")

    assert (found.assignee, found.decision.reason_code) == ("budi", "manual")
    assert (found.decision.reason, found.decision.note) == (
        "Lia gave it to Budi.",
        "knows the building",
    )
    assert found.decision.actor.id == "lead@desk.example"
    assert [decision.revision for decision in found.history] == [1, 2]
    assert staffed.loads() == {"ayu": 0, "budi": 1, "citra": 0}
    assert staffed.told("assignment.made")[-1].assignee == "budi"


def test_the_same_agent_again_changes_nothing(staffed) -> None:
    ticket = staffed.opened()

    found = assign(staffed, ticket, "ayu")

    assert found.decision.revision == 1
    assert staffed.loads()["ayu"] == 1


@pytest.mark.parametrize(
    ("agent", "change", "code"),
    [
        ("citra", {}, "not_in_group"),
        ("budi", {"away": True}, "agent_away"),
        ("budi", {"active": False}, "agent_inactive"),
    ],
)
def test_people_cannot_give_a_ticket_to_whom_the_rules_bar(staffed, agent, change, code) -> None:
    ticket = staffed.opened()
    staffed.agent(agent, "network" if agent == "citra" else "desk", **change)

    with pytest.raises(Conflict) as refused:
        assign(staffed, ticket, agent)

    assert refused.value.code == code
    assert agent.title() in refused.value.detail
    assert staffed.assignment(ticket).assignee == "ayu"


def test_a_full_agent_is_refused_with_their_load(staffed) -> None:
    staffed.agent("budi", "desk", capacity=1)
    first, _ = staffed.opened(), staffed.opened()

    with pytest.raises(Conflict, match="Budi has 1 of 1 open tickets") as refused:
        assign(staffed, first, "budi")

    assert refused.value.code == "agent_full"


def test_an_unknown_agent_is_named(staffed) -> None:
    with pytest.raises(Invalid) as refused:
        assign(staffed, staffed.opened(), "nobody")

    assert list(refused.value.errors) == ["assignee"]


def test_a_ticket_given_back_goes_to_a_colleague_not_to_who_gave_it_back(staffed) -> None:
    ticket = staffed.opened()

    found = assign(staffed, ticket, None)
    assert (found.assignee, found.decision.reason) == (
        None,
        "Lia gave it back to the queue of Desk.",
    )
    staffed.ring()

    assert staffed.assignment(ticket).assignee == "budi"
    assert staffed.loads() == {"ayu": 0, "budi": 1, "citra": 0}


def test_a_ticket_given_back_waits_when_there_is_no_colleague(staffed) -> None:
    ticket = staffed.opened("vpn")

    assign(staffed, ticket, None)
    staffed.ring()

    assert staffed.assignment(ticket).assignee is None
    assert staffed.loads()["citra"] == 0


def test_a_transfer_takes_the_ticket_to_an_agent_of_the_other_group(staffed) -> None:
    ticket = staffed.opened()

    found = transfer(staffed, ticket, "network", "needs_more_skill")

    assert (found.group, found.tier, found.assignee) == ("network", 2, "citra")
    assert found.decision.reason_code == "needs_more_skill"
    assert found.decision.reason.startswith(
        "Lia moved it from Desk to Network (needs more skill); Citra"
    )
    assert staffed.loads() == {"ayu": 0, "budi": 0, "citra": 1}


def test_a_transfer_to_the_same_group_is_refused(staffed) -> None:
    with pytest.raises(Conflict) as refused:
        transfer(staffed, staffed.opened(), "desk")

    assert refused.value.code == "same_group"


def test_a_transfer_to_an_unknown_or_inactive_group_is_refused(staffed) -> None:
    ticket = staffed.opened()
    staffed.group("network", 2, active=False)

    with pytest.raises(Invalid) as unknown:
        transfer(staffed, ticket, "ghosts")
    with pytest.raises(Conflict) as inactive:
        transfer(staffed, ticket, "network")

    assert list(unknown.value.errors) == ["group"]
    assert inactive.value.code == "group_inactive"


def test_a_ticket_that_bounces_back_needs_a_note(staffed) -> None:
    ticket = staffed.opened()
    transfer(staffed, ticket, "network")

    with pytest.raises(Invalid) as refused:
        transfer(staffed, ticket, "desk", note="  ")
    found = transfer(staffed, ticket, "desk", note="It is the printer after all.")

    assert list(refused.value.errors) == ["note"]
    assert found.group == "desk"
    assert [decision.group for decision in found.history] == ["desk", "network", "desk"]


def test_a_replayed_ticket_is_moved_at_its_time_without_agent_or_note(staffed) -> None:
    ticket = staffed.opened(group="desk", origin="replay")

    transfer(staffed, ticket, "network", occurred_at="2016-02-29T13:15:00Z")
    found = transfer(staffed, ticket, "desk", occurred_at="2016-02-29T13:15:00Z")

    assert found.decision.decided_at == LONG_AGO
    assert (found.group, found.assignee) == ("desk", None)
    told = staffed.told("assignment.made")[-1]
    assert (told.decided_at, told.origin) == (LONG_AGO, "replay")


def test_a_replayed_ticket_goes_to_whoever_had_it_though_they_are_away_now(staffed) -> None:
    staffed.agent("ayu", "desk", away=True)
    ticket = staffed.opened(group="desk", origin="replay")

    found = assign(staffed, ticket, "ayu", occurred_at="2016-02-29T13:15:00Z")

    assert (found.assignee, found.decision.decided_at) == ("ayu", LONG_AGO)


def test_a_done_ticket_may_be_moved_but_weighs_on_nobody(staffed) -> None:
    ticket = staffed.opened()
    staffed.resolved(ticket)

    found = transfer(staffed, ticket, "network")

    assert (found.group, found.assignee) == ("network", None)
    assert set(staffed.loads().values()) == {0}


def test_a_ticket_not_heard_of_yet_is_empty_to_look_at_and_refused_to_work_on(staffed) -> None:
    marked = staffed.ticket()
    staffed.resolved(marked)

    for number in ("INC-404", marked.number):
        found = staffed.ask(GET_ASSIGNMENT, number=number)
        with pytest.raises(Conflict) as refused:
            staffed.ask(ASSIGN, number=number, actor=LEAD, assignee="ayu")

        assert (found.group, found.decision, found.history) == (None, None, ())
        assert refused.value.code == "not_routed_yet"


def test_a_transfer_within_the_reach_of_the_same_agent_does_not_count_the_ticket_twice(
    staffed,
) -> None:
    staffed.agent("ayu", "desk", "network", capacity=1, skills={"vpn": 2})
    staffed.agent("citra", "network", away=True)
    ticket = staffed.opened()

    found = transfer(staffed, ticket, "network")

    assert found.assignee == "ayu"
    assert staffed.loads()["ayu"] == 1
