"""Lists read along an index: what they cost does not grow with the desk."""

import re
from typing import Any

import pytest

from contracts.intake import ListTickets
from services.intake.domain.lifecycle import OPEN
from services.intake.models import IS_OPEN
from services.intake.store import listing
from tests.service.intake.house import House, Statements

LISTS: list[tuple[dict[str, Any], str]] = [
    ({}, "tickets_by_update"),
    ({"sort": "updated"}, "tickets_by_update"),
    ({"sort": "due"}, "tickets_by_due"),
    ({"sort": "-opened"}, "tickets_by_opening"),
    ({"viewer": "sari@example.com"}, "tickets_of_requester"),
    ({"assignee": ("budi",)}, "tickets_of_assignee"),
    ({"assignee": ("none",)}, "tickets_of_assignee"),
    ({"group": ("network",)}, "tickets_of_group"),
    ({"group": ("network",), "sort": "due"}, "tickets_of_group_by_due"),
    ({"status": ("new",)}, "tickets_in_status"),
    ({"sla_state": ("breached",), "sort": "updated"}, "tickets_in_sla_state"),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_list_reads_its_index_in_order_and_sorts_nothing(
    house: House, statements: Statements
) -> None:
    house.open()
    for wish, index in LISTS:
        plan = _plan(house, statements, wish)
        assert f"USING INDEX {index} " in plan, wish
        assert "TEMP B-TREE" not in plan, wish


def _plan(house: House, statements: Statements, wish: dict[str, Any]) -> str:
    first = listing.Place(at=house.clock.at, serial=1001)
    with house.database.read() as tx:
        statements.said.clear()
        listing.page(tx.connection, wanted=ListTickets(**wish), after=first)
        (statement,) = statements.said
        values = ("x",) * statement.count("?")
        plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return " ".join(row.detail for row in plan.mappings().all()) + " "


def test_the_index_of_open_tickets_means_the_open_statuses_of_the_life_cycle() -> None:
    assert set(re.findall(r"'(\w+)'", IS_OPEN.text)) == OPEN


def test_a_search_for_few_tickets_asks_for_them_one_by_one(
    house: House, statements: Statements
) -> None:
    house.open(subject="Printer mati")
    house.open(subject="VPN mati")

    with house.database.read() as tx:
        statements.said.clear()
        listing.page(tx.connection, wanted=ListTickets(q="printer mati"), after=None)

    words, found = statements.said
    assert "ticket_words" in words
    assert "ticket_words" not in found
