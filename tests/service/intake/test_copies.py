"""What intake copies from others: assignments, clocks, escalations."""

import itertools
from datetime import timedelta

import pytest

from contracts.routing import EscalationRaised
from services.intake import handlers
from tests.service.intake.house import (
    BUDI,
    FRIDAY_NIGHT,
    MINUTE,
    ROUTING,
    SOLVED,
    House,
    Statements,
    StoppedClock,
)


def test_an_assignment_is_copied_logged_and_told(house: House) -> None:
    ticket = house.open()

    house.assign(ticket, category="printing")

    found = house.get(ticket.number)
    assert (found.group, found.tier, found.assignee) == ("service-desk", 1, "budi")
    assert (found.status, found.category, found.version) == ("assigned", "printing", 2)
    assert [entry.event for entry in house.log(number=ticket.number).items[1:]] == [
        "ticket.assigned.v1",
    ]
    told = house.announced()[1]
    assert told[1]["reason_code"] == "rule"
    assert told[1]["actor"]["id"] == "routing"


def test_decisions_in_any_order_leave_the_newest_one(house: House) -> None:
    decisions = {1: ("service-desk", "budi"), 2: ("network", None), 3: ("network", "ani")}
    for order in itertools.permutations(decisions):
        ticket = house.open()

        for revision in order:
            group, assignee = decisions[revision]
            house.assign(ticket, revision=revision, group=group, assignee=assignee)

        found = house.get(ticket.number)
        assert (found.group, found.assignee, found.status) == ("network", "ani", "assigned")


def test_a_repeated_decision_is_not_logged_again(house: House) -> None:
    ticket = house.open()
    house.assign(ticket)
    before = house.announced()

    house.assign(ticket)

    assert house.announced() == before
    assert house.get(ticket.number).version == 2


def test_an_assignment_is_logged_at_the_instant_it_was_decided(
    house: House, clock: StoppedClock
) -> None:
    ticket = house.open(occurred_at=FRIDAY_NIGHT - timedelta(days=9), origin="replay")
    decided_at = FRIDAY_NIGHT - timedelta(days=8)
    clock.at += MINUTE

    house.assign(ticket, decided_at=decided_at, origin="replay")

    assert house.log(number=ticket.number).items[1].at == decided_at
    assert house.get(ticket.number).updated_at == decided_at


def test_a_decision_that_arrives_after_a_later_change_does_not_turn_the_log_back(
    house: House, clock: StoppedClock
) -> None:
    ticket = house.open()
    clock.at += MINUTE
    house.reply(ticket.number)

    house.assign(ticket, decided_at=FRIDAY_NIGHT)

    entries = house.log(number=ticket.number).items
    assert entries[-1].event == "ticket.assigned.v1"
    assert entries[-1].at == FRIDAY_NIGHT + MINUTE


def test_a_decision_about_a_resolved_ticket_leaves_it_resolved(house: House) -> None:
    ticket = house.open()
    house.move(ticket.number, "resolved", resolution=SOLVED)

    house.assign(ticket)

    found = house.get(ticket.number)
    assert (found.status, found.assignee) == ("resolved", "budi")


def test_news_about_a_ticket_nobody_knows_is_harmless(house: House) -> None:
    ticket = house.open()
    unknown = type(ticket)(**vars(ticket) | {"ticket_id": "0" * 36})

    house.assign(unknown)
    house.clocks(unknown)

    assert len(house.announced()) == 1


def test_copying_an_assignment_takes_two_round_trips_with_the_outbox(
    house: House, statements: Statements
) -> None:
    ticket = house.open()
    statements.said.clear()

    house.assign(ticket)

    expected = 2 if house.database.is_postgresql else 4
    assert len(statements.said) == expected, statements.said


def test_clocks_are_copied_beside_the_ticket_and_are_no_change_of_it(
    house: House, clock: StoppedClock
) -> None:
    ticket = house.open()
    clock.at += MINUTE

    house.clocks(ticket, next_due_at=FRIDAY_NIGHT + MINUTE, sla_state="at_risk")

    found = house.get(ticket.number)
    assert (found.next_due_at, found.sla_state) == (FRIDAY_NIGHT + MINUTE, "at_risk")
    assert (found.version, found.updated_at) == (ticket.version, ticket.updated_at)
    assert len(house.announced()) == 1


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))), ids=str)
def test_clocks_in_any_order_leave_the_newest_state(house: House, order: tuple[int, ...]) -> None:
    ticket = house.open()
    states = {1: "running", 2: "at_risk", 3: "met"}

    for revision in (*order, *order):
        due = FRIDAY_NIGHT + MINUTE if revision < 3 else None
        house.clocks(ticket, revision=revision, sla_state=states[revision], next_due_at=due)

    found = house.get(ticket.number)
    assert (found.sla_state, found.next_due_at) == ("met", None)


def test_copying_clocks_takes_one_round_trip(house: House, statements: Statements) -> None:
    ticket = house.open()
    statements.said.clear()

    house.clocks(ticket)

    assert len(statements.said) == 1


def test_an_escalation_raises_a_flag_and_never_lowers_it(house: House) -> None:
    ticket = house.open()
    for level in (2, 1, 2):
        event = EscalationRaised(
            ticket_id=ticket.ticket_id,
            number=ticket.number,
            kind="hierarchic",
            level=level,
            trigger="breach",
            reason="Resolution is late.",
            from_group="service-desk",
            raised_at=FRIDAY_NIGHT,
            actor=ROUTING,
            told="manajer@example.com",
        )
        house.do(handlers.copy_escalation, event)

    found = house.get(ticket.number)
    assert (found.escalation_level, found.status, found.version) == (2, "new", 1)


def test_a_ticket_that_leaves_its_agent_goes_back_to_the_queue(house: House) -> None:
    ticket = house.open()
    house.assign(ticket)

    house.assign(ticket, revision=2, assignee=None, reason_code="manual", actor=BUDI)

    found = house.get(ticket.number)
    assert (found.status, found.assignee) == ("triaged", None)
