"""Lists: filters, orders, pages and searches."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.errors import Invalid
from contracts.intake import Person
from services.intake.domain.paging import Place, cursor_after
from tests.service.intake.house import BY_SARI, FRIDAY_NIGHT, MINUTE, SOLVED, House, StoppedClock

SORTS = ["updated", "-updated", "due", "-opened"]


def numbers(house: House, **wish: Any) -> list[str]:
    return [line.number for page in house.pages(**wish) for line in page.items]


def opened(house: House, clock: StoppedClock, count: int, **facts: Any) -> list[str]:
    found = []
    for _ in range(count):
        clock.at += MINUTE
        found.append(house.open(**facts).number)
    return found


@pytest.mark.parametrize("sort", SORTS)
def test_every_ticket_is_on_exactly_one_page(house: House, clock: StoppedClock, sort: str) -> None:
    all_of_them = opened(house, clock, 4)
    all_of_them += [house.open().number for _ in range(5)]  # one instant: the serial decides

    found = numbers(house, sort=sort, limit=2)

    assert sorted(found) == sorted(all_of_them)
    assert found == (all_of_them[::-1] if sort.startswith("-") else all_of_them)


@pytest.mark.parametrize("sort", SORTS)
def test_tickets_opened_between_two_pages_lose_and_repeat_nothing(
    house: House, clock: StoppedClock, sort: str
) -> None:
    before = opened(house, clock, 8)
    seen = []
    for page in house.pages(sort=sort, limit=3):
        seen += [line.number for line in page.items]
        if len(seen) <= 9:
            opened(house, clock, 2)

    assert len(seen) == len(set(seen))
    assert set(before) <= set(seen)


def test_tickets_changed_between_two_pages_are_seen_again_as_they_are_now(
    house: House, clock: StoppedClock
) -> None:
    first, *_ = before = opened(house, clock, 6)
    clock.at += MINUTE
    pages = house.pages(sort="updated", limit=2)
    seen = [line.number for line in next(pages).items]

    house.move(first, "in_progress")
    house.move(before[4], "in_progress")
    rest = [line for page in pages for line in page.items]

    assert set(before) == {*seen, *(line.number for line in rest)}
    assert [line.status for line in rest if line.number in {first, before[4]}] == [
        "in_progress",
        "in_progress",
    ]


def test_tickets_changed_between_two_pages_keep_their_place_by_opening(
    house: House, clock: StoppedClock
) -> None:
    before = opened(house, clock, 6)
    seen = []
    for page in house.pages(sort="-opened", limit=2):
        seen += [line.number for line in page.items]
        for number in before:
            house.reply(number, public=False)

    assert seen == before[::-1]


def test_due_tickets_come_first_and_those_without_a_due_instant_last(house: House) -> None:
    late, soon, never, none = (house.open() for _ in range(4))
    house.clocks(late, next_due_at=FRIDAY_NIGHT + 2 * MINUTE)
    house.clocks(soon, next_due_at=FRIDAY_NIGHT + MINUTE)
    house.clocks(never, sla_state="paused")

    lines = [line for page in house.pages(sort="due", limit=1) for line in page.items]

    assert [line.number for line in lines] == [t.number for t in (soon, late, never, none)]
    assert [line.next_due_at for line in lines[2:]] == [None, None]


def test_the_newest_change_comes_first_unless_told_otherwise(
    house: House, clock: StoppedClock
) -> None:
    first, second, third = opened(house, clock, 3)
    clock.at += MINUTE
    house.reply(first, public=False)

    assert numbers(house) == [first, third, second]


def test_a_page_that_is_just_full_has_no_next_one(house: House, clock: StoppedClock) -> None:
    opened(house, clock, 2)

    assert house.tickets(limit=2).next_cursor is None


@pytest.mark.parametrize(
    "cursor",
    ["forged", "", cursor_after(Place(at=FRIDAY_NIGHT, serial=1001), sort="due")],
    ids=["forged", "empty", "of another order"],
)
def test_a_cursor_that_is_not_of_this_list_is_refused(house: House, cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        house.tickets(cursor=cursor)

    assert list(refused.value.errors) == ["cursor"]


@pytest.fixture
def desk(house: House, clock: StoppedClock) -> dict[str, str]:
    """One ticket of each kind, by what it is like."""
    joko = Person(name="Joko", email="joko@example.com", language="en")
    found = {
        "new": house.open(subject="VPN putus-putus", impact="high", urgency="high"),
        "held": house.open(subject="Printer lantai 3 mati", kind="service_request"),
        "queued": house.open(subject="Café printer is out of toner", requester=joko),
        "done": house.open(subject="Lupa kata sandi VPN"),
    }
    house.assign(found["held"], assignee="budi")
    house.assign(found["queued"], assignee=None, group="network")
    house.clocks(found["held"], sla_state="breached")
    house.move(found["done"].number, "resolved", resolution=SOLVED)
    house.move(found["done"].number, "closed", actor=BY_SARI, role="requester")
    return {like: ticket.number for like, ticket in found.items()}


FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({"status": ("new",)}, {"new"}),
    ({"status": ("new", "closed")}, {"new", "done"}),
    ({"group": ("network",)}, {"queued"}),
    ({"group": ("network", "service-desk")}, {"queued", "held"}),
    ({"assignee": ("budi",)}, {"held"}),
    ({"assignee": ("none",)}, {"new", "queued", "done"}),
    ({"assignee": ("none", "budi")}, {"new", "held", "queued", "done"}),
    ({"priority": ("P1", "P2")}, {"new"}),
    ({"sla_state": ("breached",)}, {"held"}),
    ({"requester": "JOKO@example.com"}, {"queued"}),
    ({"viewer": "joko@example.com"}, {"queued"}),
    ({"viewer": "joko@example.com", "requester": "sari@example.com"}, set()),
    ({"status": ("triaged",), "group": ("network",), "assignee": ("none",)}, {"queued"}),
    ({"status": ("triaged",), "assignee": ("budi",)}, set()),
    ({"q": "printer"}, {"held", "queued"}),
    ({"q": "  MATI printer "}, {"held"}),
    ({"q": "cafe"}, {"queued"}),
    ({"q": "vpn sandi"}, {"done"}),
    ({"q": "vpn", "viewer": "joko@example.com"}, set()),
    ({"q": "100%_'\\"}, set()),
    ({"q": "?!"}, set()),
    ({"q": " "}, {"new", "held", "queued", "done"}),
    ({"q": "3"}, {"held"}),
]


def test_filters_are_joined_by_and_their_values_by_or(house: House, desk: dict[str, str]) -> None:
    for wish, likes in FILTERS:
        assert set(numbers(house, **wish)) == {desk[like] for like in likes}, wish


def test_a_search_for_a_number_finds_it_and_those_it_begins(
    house: House, desk: dict[str, str]
) -> None:
    assert numbers(house, q=desk["held"]) == [desk["held"]]
    assert numbers(house, q=desk["held"].lower()) == [desk["held"]]
    assert len(numbers(house, q="INC-100")) == 3
    assert len(numbers(house, q="100")) == 4
    assert numbers(house, q="REQ") == []


def test_a_search_that_finds_much_finds_the_same(
    house: House, desk: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.store.listing.FEW", 0)

    assert set(numbers(house, q="printer")) == {desk["held"], desk["queued"]}
    assert numbers(house, q="mati printer") == [desk["held"]]
    assert numbers(house, q=desk["new"]) == [desk["new"]]
    assert len(numbers(house, q="INC-1")) == 3


def test_a_line_shows_what_a_queue_needs(house: House, desk: dict[str, str]) -> None:
    (line,) = house.tickets(q=desk["held"]).items

    assert (line.status, line.assignee, line.group) == ("assigned", "budi", "service-desk")
    assert (line.requester, line.sla_state, line.version) == ("sari@example.com", "breached", 2)
    assert line.opened_at == FRIDAY_NIGHT
    assert line.updated_at - line.opened_at == timedelta(0)
