"""Opening a ticket: what is kept, what is told, and how little it costs."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from contracts.errors import Invalid, NotFound
from contracts.grammar import from_plain
from contracts.intake import Person, TicketOpened
from services.intake.domain.numbers import read_number
from tests.service.intake.house import (
    BUDI,
    FRIDAY_NIGHT,
    MINUTE,
    SARI,
    House,
    Side,
    Statements,
    StoppedClock,
)


def test_an_opened_ticket_is_answered_as_it_is_found_again(house: House) -> None:
    answered = house.open(attributes={"asset": "PRN-7"}, impact="high", urgency="high", actor=BUDI)

    assert answered == house.get(answered.number)
    assert (answered.status, answered.priority, answered.version) == ("new", "P1", 1)
    assert answered.opened_at == answered.updated_at == FRIDAY_NIGHT
    assert (answered.next_due_at, answered.sla_state) == (None, "none")


def test_numbers_begin_with_1001_and_never_repeat(house: House) -> None:
    numbers = [house.open().number, house.open(kind="service_request").number]

    assert [read_number(number) for number in numbers] == [
        ("incident", 1001),
        ("service_request", 1002),
    ]


def test_a_problem_is_opened_by_agents_only(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        house.open(kind="problem")

    assert list(refused.value.errors) == ["kind"]
    assert house.open(kind="problem", actor=BUDI).number == "PRB-1001-9"


@pytest.mark.usefixtures("replicas")
def test_a_ticket_that_was_rolled_back_does_not_give_its_number_to_a_replica(house: House) -> None:
    house.open()
    side = Side(house, house.open_in)
    number = house.open().number
    side.give_up()

    assert read_number(number)[1] == 1003


def test_the_event_tells_all_that_a_listener_needs(house: House) -> None:
    answered = house.open(group="network", service="vpn", actor=BUDI, channel="phone")

    ((name, body),) = house.announced()
    event = from_plain(TicketOpened, body)
    assert name == "ticket.opened.v1"
    assert (event.ticket_id, event.number, event.seq) == (answered.ticket_id, answered.number, 1)
    assert (event.body, event.group, event.actor) == ("Sudah dicoba dua kali.", "network", BUDI)
    assert event.occurred_at == FRIDAY_NIGHT


def test_the_body_is_the_first_message(house: House) -> None:
    number = house.open().number

    (message,) = house.messages(number).items
    assert (message.body, message.public) == ("Sudah dicoba dua kali.", True)


def test_a_requester_is_one_person_however_the_address_is_written(house: House) -> None:
    house.open()
    number = house.open(requester=Person(name="Sari Dewi", email="SARI@example.COM")).number

    assert house.get(number).requester == Person(
        name="Sari Dewi", email="sari@example.com", organisation="Keuangan"
    )
    assert len(house.tickets(requester="sari@EXAMPLE.com").items) == 2


@pytest.mark.usefixtures("replicas")
def test_two_tickets_of_one_known_requester_do_not_wait_for_each_other(house: House) -> None:
    house.open()
    side = Side(house, house.open_in)

    house.open()
    side.commit()

    assert len(house.tickets().items) == 3


def test_an_importer_keeps_the_past(house: House) -> None:
    opened_at = FRIDAY_NIGHT - timedelta(days=3650)

    answered = house.open(occurred_at=opened_at, origin="replay")

    assert answered.opened_at == answered.updated_at == opened_at
    assert house.announced()[0][1]["origin"] == "replay"


def test_a_ticket_is_not_opened_in_the_future(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        house.open(occurred_at=FRIDAY_NIGHT + MINUTE)

    assert list(refused.value.errors) == ["occurred_at"]
    assert house.announced() == []


def test_attributes_that_are_not_json_are_refused(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        house.open(attributes={"load": float("inf")})

    assert list(refused.value.errors) == ["attributes"]


def test_hostile_text_is_kept_as_it_is(house: House) -> None:
    hostile = "'; DROP TABLE tickets; -- <script>alert(1)</script> \u202e %s {0} 😀"

    number = house.open(subject=hostile, body=hostile, attributes={hostile: hostile}).number

    found = house.get(number)
    assert (found.subject, found.body, found.attributes) == (hostile, hostile, {hostile: hostile})


def test_opening_for_a_known_requester_takes_three_round_trips_with_the_outbox(
    house: House, statements: Statements
) -> None:
    house.open()
    statements.said.clear()

    house.open()

    expected = 3 if house.database.is_postgresql else 6
    assert len(statements.said) == expected, statements.said


@pytest.mark.parametrize("number", ["INC-1001-1", "INC-9", "", "REQ-1001-9", "INC-1002-4"])
def test_a_number_that_names_nothing_is_not_found(house: House, number: str) -> None:
    assert house.open().number == "INC-1001-9"

    with pytest.raises(NotFound) as refused:
        house.get(number)

    assert refused.value.code == "ticket_not_found"


def test_a_deleted_serial_is_not_given_again(house: House, clock: StoppedClock) -> None:
    house.open()
    with house.database.write() as tx:
        for table in ("ticket_words", "messages", "ticket_events", "tickets"):
            tx.session.execute(sa.text(f"DELETE FROM {table}"))  # noqa: S608
    clock.at += MINUTE

    assert read_number(house.open(requester=SARI).number)[1] == 1002
