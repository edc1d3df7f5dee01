"""Two replicas at once, on PostgreSQL; SQLite has one process a service."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from contracts.errors import Conflict
from contracts.routing import ASSIGN, TRANSFER
from tests.service.routing.house import LEAD, House

TICKETS = 40


@pytest.fixture
def replicas(migrated_url: str) -> Iterator[tuple[House, House]]:
    if not migrated_url.startswith("postgresql"):
        pytest.skip("SQLite has one process a service")
    both = House(migrated_url), House(migrated_url)
    yield both
    for each in both:
        each.database.close()


def at_once(calls: Iterable[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(8) as pool:
        return [done.result() for done in [pool.submit(call) for call in calls]]


def staff(house: House, *, capacity: int = 1000) -> None:
    house.group("network", 2)
    house.group("desk")
    for key in ("ayu", "budi", "citra"):
        house.agent(key, "desk", "network", capacity=capacity)
    house.agent("dewi", "network", capacity=capacity)
    house.rule("vpn", "network", "vpn")


def assigned(house: House, tickets: list[Any]) -> dict[str, int]:
    counted = dict.fromkeys(house.loads(), 0)
    for ticket in tickets:
        if taker := house.assignment(ticket).assignee:
            counted[taker] += 1
    return counted


def test_both_replicas_hearing_every_ticket_give_each_one_assignee(replicas) -> None:
    one, two = replicas
    staff(one)
    tickets = [one.ticket("vpn" if n % 2 else "mail") for n in range(TICKETS)]

    at_once(
        lambda house=house, ticket=ticket: house.hear(ticket)
        for ticket in tickets
        for house in (one, two)
    )

    assert len(one.told("assignment.made")) == TICKETS
    assert one.loads() == assigned(one, tickets)
    assert sum(one.loads().values()) == TICKETS


def test_no_agent_gets_more_than_their_capacity_even_in_two_groups(replicas) -> None:
    one, two = replicas
    staff(one, capacity=5)
    tickets = [one.ticket("vpn" if n % 2 else "mail") for n in range(TICKETS)]

    at_once(
        lambda house=house, ticket=ticket: house.hear(ticket)
        for house, ticket in zip([one, two] * TICKETS, tickets, strict=False)
    )

    assert one.loads() == {"ayu": 5, "budi": 5, "citra": 5, "dewi": 5}
    assert one.loads() == assigned(one, tickets)


def test_lives_hand_work_and_queues_all_at_once_leave_the_right_loads(replicas) -> None:
    one = replicas[0]
    staff(one, capacity=4)
    tickets = [one.ticket("vpn" if n % 2 else "mail") for n in range(TICKETS)]

    def live(house: House, other: House, n: int) -> None:
        ticket = tickets[n]
        house.hear(ticket)
        try:
            if n % 4 == 0:
                values = {"number": ticket.number, "actor": LEAD, "reason_code": "workload"}
                group = "desk" if house.assignment(ticket).group == "network" else "network"
                other.ask(TRANSFER, group=group, **values)
            if n % 4 == 1:
                other.ask(ASSIGN, number=ticket.number, actor=LEAD, assignee="ayu")
        except Conflict as refused:
            assert refused.code == "agent_full"  # noqa: PT017
        if n % 4 == 2:
            other.breached(ticket)
        if n % 3 == 0:
            other.resolved(ticket)
        house.ring()

    at_once(lambda n=n: live(*(replicas if n % 2 else replicas[::-1]), n) for n in range(TICKETS))
    one.ring()

    open_tickets = [ticket for n, ticket in enumerate(tickets) if n % 3]
    assert one.loads() == assigned(one, open_tickets)
    assert all(load <= 4 for load in one.loads().values())
    waiting = len(open_tickets) - sum(one.loads().values())
    assert waiting == 0 or set(one.loads().values()) == {4}


def test_both_replicas_hearing_every_threshold_tell_each_once(replicas) -> None:
    one, two = replicas
    staff(one)
    tickets = [one.opened("mail") for _ in range(TICKETS)]

    at_once(
        lambda house=house, ticket=ticket: house.breached(ticket, clock="first_response")
        for ticket in tickets
        for house in (one, two)
    )
    one.clock.at = two.clock.at = one.clock.at + timedelta(minutes=11)
    at_once(house.ring for house in (one, two))

    told = one.told("notice.given")
    given = [(each.recipient, each.count) for each in told]
    by_boss = [count for recipient, count in given if recipient == "boss@desk.example"]
    assert sorted(by_boss) == [1] * 5 + [TICKETS - 5]
    assert sum(count for _, count in given) == 2 * TICKETS
    ids = [notice.id for each in told for notice in each.notices]
    assert len(ids) == len(set(ids)) == 2 * TICKETS


def test_thresholds_reopened_hours_and_timers_at_once_lose_and_repeat_nothing(replicas) -> None:
    one, two = replicas
    staff(one)
    tickets = [one.opened("mail") for _ in range(TICKETS)]

    def live(n: int) -> None:
        house, other = replicas if n % 2 else replicas[::-1]
        house.at_risk(tickets[n], 75)
        if n % 5 == 0:
            other.agent("ayu", "desk", "network", capacity=1000, away=n % 2 == 0)
        if n % 7 == 0:
            other.reprioritised(tickets[n], "P1")
        house.ring()

    at_once(lambda n=n: live(n) for n in range(TICKETS))
    one.clock.at = two.clock.at = one.clock.at + timedelta(minutes=11)
    at_once(house.ring for house in (one, two))

    told = [notice.number for each in one.told("notice.given") for notice in each.notices]
    assert sorted(told) == sorted(ticket.number for ticket in tickets)
