"""Families of merged tickets: who is whose, who sees what; and what a merge refuses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.merging import (
    Family,
    Former,
    Member,
    MergeRefused,
    OtherRequester,
    alone,
    merge,
    split,
    unmerge,
)
from services.intake.domain.ticket import Ticket, TicketHasEnded

LEAP_NIGHT = datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)


def ticket(serial: int = 1001, **facts: object) -> Ticket:
    values: dict[str, object] = {
        "serial": serial,
        "ticket_id": f"t-{serial}",
        "version": 1,
        "kind": "incident",
        "channel": "portal",
        "origin": "live",
        "subject": "Printer mati",
        "requester": "sari@example.com",
        "status": "new",
        "priority": "P3",
        "impact": "medium",
        "urgency": "medium",
        "opened_at": LEAP_NIGHT,
        "updated_at": LEAP_NIGHT,
    }
    return Ticket(**values | facts)  # type: ignore[arg-type]


def member(serial: int, survivor: int | None = None, **facts: object) -> Member:
    values: dict[str, object] = {
        "serial": serial,
        "ticket_id": f"t-{serial}",
        "kind": "incident",
        "requester": "sari@example.com",
        "status": "new" if survivor is None else "merged",
        "survivor": survivor,
    }
    return Member(**values | facts)  # type: ignore[arg-type]


def family(this: int, *members: Member) -> Family:
    return Family(this=this, members={one.serial: one for one in members})


@st.composite
def forests(draw: st.DrawFn) -> list[Member]:
    """Tickets of which each may be merged into one further on."""
    count = draw(st.integers(1, 9))
    return [
        member(n, draw(st.none() | st.integers(n + 1, count - 1)) if n < count - 1 else None)
        for n in range(count)
    ]


@given(forests())
def test_every_ticket_is_shown_by_exactly_one_survivor(forest: list[Member]) -> None:
    roots = [one for one in forest if one.survivor is None]

    shown = [home for root in roots for home in family(root.serial, *forest).seen_by_agents().homes]

    assert sorted(shown) == sorted(one.ticket_id for one in forest)
    for one in forest:
        assert family(one.serial, *forest).survivor in roots


def test_a_circle_ends_the_way_up() -> None:
    found = family(1, member(1, 2), member(2, 3), member(3, 1))

    assert found.way_up(1) == [1, 2, 3]
    assert found.survivor.serial == 3


def test_a_ticket_alone_is_its_own_survivor() -> None:
    found = alone(ticket())

    assert (found.parent, found.survivor, found.absorbed()) == (None, found.me, [])
    assert found.seen_by_agents().homes == ("t-1001",)


def test_answers_count_from_the_first_of_a_requesters_tickets_that_was_merged_in() -> None:
    found = family(
        1,
        member(1, 3, requester="dewi@example.com", survivor_seq=9),
        member(2, 3, requester="dewi@example.com", survivor_seq=4),
        member(3),
    )

    seen = found.seen_by("dewi@example.com")

    assert seen.homes == ("t-1", "t-2")
    assert seen.answers == {"t-3": 4}
    assert seen.others == {"sari@example.com"}


def test_a_requesters_own_survivor_needs_no_exception() -> None:
    seen = family(1, member(1, 2), member(2)).seen_by("sari@example.com")

    assert (seen.homes, seen.answers, seen.others) == (("t-1", "t-2"), {}, frozenset())


@pytest.mark.parametrize(
    ("source", "survivor", "field", "reason"),
    [
        ({"serial": 2}, {}, "into", "itself"),
        ({"status": "merged"}, {}, "number", "has_ended"),
        ({"status": "closed"}, {"status": "spam"}, "number", "has_ended"),
        ({}, {"status": "merged"}, "into", "has_ended"),
        ({}, {"status": "resolved"}, "into", "is_resolved"),
        ({}, {"kind": "service_request"}, "into", "other_kind"),
    ],
    ids=str,
)
def test_what_a_merge_refuses(
    source: dict[str, object], survivor: dict[str, object], field: str, reason: str
) -> None:
    one, two = replace(ticket(1), **source), replace(ticket(2), **survivor)  # type: ignore[arg-type]

    with pytest.raises(MergeRefused) as refused:
        merge(one, two, is_confirmed=True, note="", at=LEAP_NIGHT)

    assert (refused.value.field, refused.value.reason) == (field, reason)


def test_a_merge_of_two_peoples_tickets_is_confirmed_or_not_done() -> None:
    hers = ticket(1, requester="dewi@example.com")

    with pytest.raises(OtherRequester):
        merge(hers, ticket(2), is_confirmed=False, note="", at=LEAP_NIGHT)

    source, survivor = merge(hers, ticket(2), is_confirmed=True, note="", at=LEAP_NIGHT)
    assert source.entries[0].facts["other_requester"]
    assert survivor.entries[0].facts["other_requester"]


def test_an_undo_is_the_merge_read_backwards() -> None:
    waits = ticket(1, status="pending", pending_reason="date", pending_until=LEAP_NIGHT)
    merged, survivor = merge(waits, ticket(2), is_confirmed=False, note="", at=LEAP_NIGHT)
    former = Former(status="pending", pending_reason="date", pending_until=LEAP_NIGHT)

    back, _ = unmerge(merged.ticket, survivor.ticket, former=former, note="")

    assert back.ticket == replace(waits, is_linked=True)
    assert back.entries[0].facts["category"] == "waiting_other"


@pytest.mark.parametrize(("assignee", "status"), [("budi", "assigned"), (None, "triaged")])
def test_routed_meanwhile_it_comes_back_where_routing_put_it(
    assignee: str | None, status: str
) -> None:
    merged = ticket(1, status="merged", group="desk", assignee=assignee)

    back, _ = unmerge(merged, ticket(2), former=Former(status="new"), note="")

    assert back.ticket.status == status


def test_a_ticket_that_ended_is_not_split() -> None:
    later = LEAP_NIGHT + timedelta(microseconds=1)
    with pytest.raises(TicketHasEnded):
        split(ticket(status="spam", closed_at=later), ticket(2), message_ids=())
