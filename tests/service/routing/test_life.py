from tests.service.routing.house import House


def test_a_resolved_ticket_frees_its_agent_once_however_often_it_is_told(staffed) -> None:
    ticket = staffed.opened("vpn")

    event = staffed.resolved(ticket)
    staffed.hear(event)
    staffed.closed(ticket)

    assert staffed.loads()["citra"] == 0


def test_a_reopened_ticket_weighs_on_its_agent_again(staffed) -> None:
    ticket = staffed.opened("vpn")
    staffed.resolved(ticket)

    staffed.reopened(ticket)
    staffed.reopened(ticket)

    assert staffed.loads()["citra"] == 1
    assert len(staffed.told("assignment.made")) == 1


def test_events_of_a_life_in_any_order_end_with_the_right_load(staffed) -> None:
    ticket = staffed.opened("vpn")

    staffed.closed(ticket, seq=6)
    staffed.reopened(ticket, seq=3)
    staffed.resolved(ticket, seq=2)
    staffed.resolved(ticket, seq=5)

    assert staffed.loads()["citra"] == 0


def test_a_ticket_reopened_while_its_agent_is_away_goes_to_somebody_else(staffed) -> None:
    ticket = staffed.opened()
    staffed.resolved(ticket)
    staffed.agent("ayu", "desk", away=True)

    staffed.reopened(ticket)

    found = staffed.assignment(ticket)
    assert (found.assignee, found.decision.revision) == ("budi", 2)
    assert found.decision.reason.startswith("Reopened while Ayu is not at work; Budi")
    assert staffed.loads() == {"ayu": 0, "budi": 1, "citra": 0}


def test_a_ticket_reopened_while_nobody_is_there_waits(staffed) -> None:
    ticket = staffed.opened("vpn")
    staffed.resolved(ticket)
    staffed.agent("citra", "network", away=True)

    staffed.reopened(ticket)
    assert staffed.assignment(ticket).assignee is None
    staffed.agent("citra", "network")
    staffed.ring()

    assert staffed.assignment(ticket).assignee == "citra"


def test_a_replayed_ticket_that_is_reopened_stays_as_it_was(staffed) -> None:
    ticket = staffed.opened(group="desk", origin="replay")
    staffed.resolved(ticket)

    staffed.reopened(ticket)

    assert len(staffed.told("assignment.made")) == 1
    assert staffed.ring() == 0


def test_when_capacity_frees_the_queue_is_served_oldest_first(staffed) -> None:
    staffed.agent("citra", "network", capacity=1)
    first, second, third = (staffed.opened("vpn") for _ in range(3))
    assert staffed.ring() == 0

    staffed.resolved(first)
    staffed.ring()

    assert staffed.assignment(second).assignee == "citra"
    assert staffed.assignment(third).assignee is None
    assert staffed.loads()["citra"] == 1
    assert staffed.assignment(second).decision.reason.startswith("Waited in the queue of Network;")


def test_a_ticket_that_was_resolved_while_it_waited_is_not_given_out(staffed) -> None:
    staffed.agent("citra", "network", away=True)
    waits, done = staffed.opened("vpn"), staffed.opened("vpn")
    staffed.resolved(done)

    staffed.agent("citra", "network")
    staffed.ring()

    assert staffed.assignment(waits).assignee == "citra"
    assert staffed.assignment(done).assignee is None


def test_an_agent_who_returns_gets_what_waited_up_to_their_capacity(migrated_url) -> None:
    house = House(migrated_url, queue_batch=2)
    house.group("desk")
    house.agent("ayu", capacity=5, away=True)
    tickets = [house.opened() for _ in range(7)]

    house.agent("ayu", capacity=5)
    house.ring()

    takers = [house.assignment(ticket).assignee for ticket in tickets]
    assert takers == ["ayu"] * 5 + [None] * 2
    assert house.loads() == {"ayu": 5}


def test_a_group_that_starts_to_give_out_its_tickets_gives_what_waited(staffed) -> None:
    staffed.group("network", 2, mode="manual")
    ticket = staffed.opened("vpn")
    staffed.resolved(staffed.opened("vpn"))
    assert staffed.ring() == 0

    staffed.group("network", 2)
    staffed.ring()

    assert staffed.assignment(ticket).assignee == "citra"


def test_a_queue_that_was_switched_to_manual_meanwhile_is_not_served(staffed) -> None:
    staffed.agent("citra", "network", capacity=1)
    first, waits = staffed.opened("vpn"), staffed.opened("vpn")
    staffed.resolved(first)

    staffed.group("network", 2, mode="manual")
    staffed.ring()

    assert staffed.assignment(waits).assignee is None


def test_an_absent_agent_keeps_the_tickets_in_hand(staffed) -> None:
    ticket = staffed.opened("vpn")

    staffed.agent("citra", "network", away=True)
    staffed.ring()

    assert staffed.assignment(ticket).assignee == "citra"
    assert staffed.loads()["citra"] == 1
