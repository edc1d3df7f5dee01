from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from chassis.ids import new_id
from contracts.intake import Person, TicketCategorised
from services.routing.domain.decision import chosen_again
from services.routing.store import records
from tests.service.routing.house import House


@contextmanager
def statements(engine: sa.Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        if statement.split()[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield said
    sa.event.remove(engine, "before_cursor_execute", note)


def test_a_rule_finds_group_and_agent_and_says_why(staffed) -> None:
    ticket = staffed.opened("VPN mati", priority="P2")

    (told,) = staffed.told("assignment.made")
    assert (told.group, told.tier, told.assignee, told.category) == ("network", 2, "citra", "net")
    assert (told.revision, told.reason_code, told.origin) == (1, "rule", "live")
    assert told.actor.kind == "system"
    assert told.reason == (
        "Rule “vpn” matched “vpn”, which goes to Network; Citra is the only one who can take it "
        "(0 of 10 open tickets, vpn level 2, speaks id)."
    )
    found = staffed.assignment(ticket)
    assert (found.group_name, found.assignee_name) == ("Network", "Citra")
    assert found.decision.matched == ("vpn",)
    assert found.decision.rule == "vpn"
    assert found.decision.reason == told.reason
    assert staffed.loads() == {"ayu": 0, "budi": 0, "citra": 1}


def test_a_category_that_the_ticket_came_with_is_not_said_again(staffed) -> None:
    staffed.opened("VPN", category="remote")

    assert staffed.told("assignment.made")[0].category is None


def test_tickets_are_spread_by_load_and_then_by_who_waited_longest(staffed) -> None:
    takers = [staffed.assignment(staffed.opened()).assignee for _ in range(4)]

    assert takers == ["ayu", "budi", "ayu", "budi"]


def test_every_candidate_is_kept_with_what_spoke_for_or_against_them(staffed) -> None:
    staffed.agent("budi", "desk", away=True)

    decision = staffed.assignment(staffed.opened()).decision

    ayu, budi = decision.candidates
    assert (ayu.agent, ayu.eligible, ayu.failed) == ("ayu", True, None)
    assert ayu.score["total"] == -0.25
    assert (budi.agent, budi.eligible, budi.failed) == ("budi", False, "away")
    assert budi.score["open_tickets"] == 0


def test_a_stored_decision_record_replays_to_the_same_decision(staffed) -> None:
    staffed.opened()
    ticket = staffed.opened("vpn", requester=Person(name="Al", email="al@x.example", language="en"))

    with staffed.database.read() as tx:
        ((decision, _actor),) = records.decisions(tx, ticket_id=ticket.ticket_id)

    again = chosen_again(decision)
    assert again.assignee == decision.assignee == "citra"
    assert again.candidates == decision.candidates


def test_the_same_message_twice_decides_once(staffed) -> None:
    ticket, message_id = staffed.ticket(), new_id()

    staffed.hear(ticket, message_id=message_id)
    staffed.hear(ticket, message_id=message_id)
    staffed.hear(ticket)

    assert len(staffed.told("assignment.made")) == 1
    assert sum(staffed.loads().values()) == 1


def test_an_opening_takes_at_most_seven_statements_with_inbox_and_outbox(staffed) -> None:
    staffed.opened()

    with statements(staffed.database.engine) as said:
        staffed.opened("vpn")

    assert len(said) <= 7, said


def test_a_queue_given_at_opening_beats_the_rule(staffed) -> None:
    found = staffed.assignment(staffed.opened("vpn", group="desk"))

    assert found.group == "desk"
    assert found.assignee in {"ayu", "budi"}
    assert "any member would do" in found.decision.reason


def test_a_replayed_ticket_takes_its_group_at_its_time_and_gets_no_agent(staffed) -> None:
    ticket = staffed.opened("vpn", group="desk", origin="replay")

    (told,) = staffed.told("assignment.made")
    assert (told.group, told.assignee, told.origin) == ("desk", None, "replay")
    assert told.decided_at == ticket.occurred_at
    assert staffed.ring() == 0


def test_a_manual_group_leaves_the_ticket_in_its_queue(staffed) -> None:
    staffed.group("network", 2, mode="manual")

    found = staffed.assignment(staffed.opened("vpn"))

    assert (found.group, found.assignee, found.decision.candidates) == ("network", None, ())
    assert "pull tickets" in found.decision.reason


def test_nobody_eligible_leaves_the_ticket_with_the_group_and_says_so(staffed) -> None:
    staffed.agent("citra", "network", away=True)

    found = staffed.assignment(staffed.opened("vpn"))

    assert (found.group, found.assignee) == ("network", None)
    assert "nobody can take it now (1 away)" in found.decision.reason


def test_before_there_is_any_group_tickets_are_kept_and_routed_later(house) -> None:
    tickets = [house.opened() for _ in range(3)]
    house.resolved(tickets[2])
    assert house.told() == []
    assert house.assignment(tickets[0]).decision is None

    house.group("desk")
    house.ring()

    # By their ids, which tell the order of tickets that were not opened in the same millisecond.
    assert [told.number for told in house.told("assignment.made")] == [
        ticket.number for ticket in sorted(tickets, key=lambda ticket: ticket.ticket_id)
    ]
    house.agent("ayu")
    house.ring()
    assert house.loads() == {"ayu": 2}


def test_more_kept_tickets_than_one_batch_are_all_routed(migrated_url) -> None:
    house = House(migrated_url, queue_batch=2)
    for _ in range(5):
        house.opened()

    house.group("desk")
    house.ring()

    assert len(house.told("assignment.made")) == 5


def test_a_resolution_that_overtakes_the_opening_leaves_no_load(staffed) -> None:
    ticket = staffed.ticket("vpn")
    staffed.resolved(ticket)

    staffed.hear(ticket)

    (told,) = staffed.told("assignment.made")
    assert (told.group, told.assignee) == ("network", None)
    assert "needs no agent" in told.reason
    assert staffed.loads() == {"ayu": 0, "budi": 0, "citra": 0}
    assert staffed.ring() == 0


def test_a_reopening_that_overtakes_everything_leaves_an_open_ticket(staffed) -> None:
    ticket = staffed.ticket("vpn")
    staffed.reopened(ticket, seq=3)
    staffed.resolved(ticket, seq=2)

    staffed.hear(ticket)

    assert staffed.assignment(ticket).assignee == "citra"
    assert staffed.loads()["citra"] == 1


def test_a_category_that_was_corrected_before_the_opening_was_heard_stays(staffed) -> None:
    ticket = staffed.ticket("vpn")
    head = {"ticket_id": ticket.ticket_id, "number": ticket.number, "actor": ticket.actor}
    staffed.hear(TicketCategorised(**head, seq=2, occurred_at=staffed.clock.now(), category="mail"))

    staffed.hear(ticket)

    assert staffed.told("assignment.made")[0].category is None


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_requesters_language_decides_between_equals(staffed, language) -> None:
    staffed.agent("ayu", "desk", languages=["id"])
    staffed.agent("budi", "desk", languages=["en"])

    ticket = staffed.opened(requester=Person(name="R", email="r@x.example", language=language))

    assert staffed.assignment(ticket).assignee == {"id": "ayu", "en": "budi"}[language]
