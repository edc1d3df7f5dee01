"""A merged ticket weighs on nobody; undone, it is back with whoever had it."""


def test_a_merged_ticket_frees_its_agent_and_the_queue_is_served(staffed) -> None:
    staffed.agent("citra", "network", capacity=1)
    first, second = staffed.opened("vpn"), staffed.opened("vpn")

    staffed.merged(first)
    staffed.ring()

    assert staffed.assignment(second).assignee == "citra"
    assert staffed.loads()["citra"] == 1


def test_an_undone_merge_weighs_on_its_agent_again_once(staffed) -> None:
    ticket = staffed.opened("vpn")
    staffed.merged(ticket)

    staffed.unmerged(ticket)
    staffed.unmerged(ticket)

    assert staffed.loads()["citra"] == 1
    assert len(staffed.told("assignment.made")) == 1


def test_undone_while_its_agent_is_away_it_goes_to_somebody_else(staffed) -> None:
    ticket = staffed.opened()
    staffed.merged(ticket)
    staffed.agent("ayu", "desk", away=True)

    staffed.unmerged(ticket)

    found = staffed.assignment(ticket)
    assert found.assignee == "budi"
    assert found.decision.reason.startswith("Unmerged while Ayu is not at work; Budi")


def test_a_ticket_that_waited_when_it_was_merged_waits_again(staffed) -> None:
    staffed.agent("citra", "network", away=True)
    ticket = staffed.opened("vpn")
    staffed.merged(ticket)
    staffed.agent("citra", "network")
    staffed.ring()
    assert staffed.assignment(ticket).assignee is None

    staffed.unmerged(ticket)

    assert staffed.assignment(ticket).assignee == "citra"


def test_a_resolved_ticket_that_was_merged_comes_back_to_nobody(staffed) -> None:
    ticket = staffed.opened("vpn")
    staffed.resolved(ticket, seq=2)
    staffed.merged(ticket, seq=3)

    staffed.unmerged(ticket, seq=4, status="resolved", category="done")

    assert staffed.loads()["citra"] == 0


def test_merge_and_undo_in_any_order_end_with_the_right_load(staffed) -> None:
    ticket, other = staffed.opened("vpn"), staffed.opened("vpn")

    staffed.unmerged(ticket, seq=3)
    staffed.merged(ticket, seq=2)
    staffed.merged(other, seq=4)
    staffed.unmerged(other, seq=3)
    staffed.merged(other, seq=2)

    assert staffed.loads()["citra"] == 1


def test_merged_before_its_opening_was_heard_it_burdens_nobody(staffed) -> None:
    ticket = staffed.ticket("vpn")

    staffed.merged(ticket)
    staffed.hear(ticket)

    assert staffed.loads()["citra"] == 0
