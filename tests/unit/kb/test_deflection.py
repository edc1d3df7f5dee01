"""What suggestions spare: counted late, and against people who were shown none."""

from datetime import UTC, datetime, timedelta

import pytest

from services.kb.domain.deflection import Ask, Group, is_held_out, measure
from services.kb.domain.ranking import solved_bonus

NOW = datetime(2028, 2, 29, 23, 59, tzinfo=UTC)
ASKED = NOW - timedelta(days=10)
READ = (ASKED + timedelta(minutes=2), "vpn")


def ask(**facts: object) -> Ask:
    return Ask(**{"asked_at": ASKED, "is_held_out": False, "shown": ("vpn",)} | facts)


def shown(*asks: Ask) -> Group:
    return measure(asks, days=7, now=NOW).shown


def test_a_read_article_that_no_ticket_followed_spared_one() -> None:
    assert shown(ask(readings=(READ,))) == Group(asks=1, read=1, deflected=1, without_ticket=1)


def test_an_article_that_nobody_read_spared_nothing() -> None:
    assert shown(ask()) == Group(asks=1, read=0, deflected=0, without_ticket=1)


def test_a_ticket_within_the_days_takes_it_back() -> None:
    late = ASKED + timedelta(days=7) - timedelta(microseconds=1)

    assert shown(ask(readings=(READ,), ticket_at=late)).deflected == 0


def test_a_ticket_when_the_days_have_passed_is_another_matter() -> None:
    assert shown(ask(readings=(READ,), ticket_at=ASKED + timedelta(days=7))).deflected == 1


def test_what_was_read_after_the_ticket_did_not_spare_it() -> None:
    ticket_at = ASKED + timedelta(minutes=1)

    assert shown(ask(readings=(READ,), ticket_at=ticket_at)).read == 0


@pytest.mark.parametrize(
    "reading",
    [
        (ASKED - timedelta(seconds=1), "vpn"),
        (ASKED + timedelta(days=1, seconds=1), "vpn"),
        (ASKED + timedelta(minutes=2), "another"),
    ],
    ids=["before", "days later", "not suggested"],
)
def test_only_what_was_suggested_and_read_soon_counts(reading: tuple[datetime, str]) -> None:
    assert shown(ask(readings=(reading,))).read == 0


def test_an_ask_whose_days_have_not_passed_is_not_counted_yet() -> None:
    fresh = ask(asked_at=NOW - timedelta(days=7) + timedelta(microseconds=1))

    found = measure([fresh], days=7, now=NOW)

    assert (found.shown.asks, found.undecided) == (0, 1)


def test_the_effect_is_the_difference_to_those_held_out_with_its_interval() -> None:
    shown_asks = [ask(ticket_at=ASKED if n < 50 else None) for n in range(100)]
    held_out = [ask(is_held_out=True, ticket_at=ASKED if n < 80 else None) for n in range(100)]

    effect = measure([*shown_asks, *held_out], days=7, now=NOW).effect

    assert effect is not None
    assert effect[0] == 0.3
    assert 0.15 < effect[1] < 0.3 < effect[2] < 0.45


def test_without_anybody_held_out_no_effect_is_claimed() -> None:
    assert measure([ask(readings=(READ,))], days=7, now=NOW).effect is None


def test_the_same_person_is_always_in_the_same_group_and_about_the_share_is_held_out() -> None:
    people = [f"user{number}@example.com" for number in range(4000)]

    held_out = [each for each in people if is_held_out(each, percent=5)]

    assert 140 < len(held_out) < 260
    assert all(is_held_out(each.upper(), percent=5) for each in held_out)
    assert not any(is_held_out(each, percent=0) for each in people)
    assert all(is_held_out(each, percent=100) for each in people)


def test_a_ticket_that_only_shares_a_word_hardly_counts() -> None:
    stems = frozenset({"vpn", "putus"})

    like = solved_bonus(stems, [("vpn", "putus")])
    unlike = solved_bonus(stems, [("vpn", "kantor", "surabaya", "gateway", "lambat")])

    assert like == 0.25
    assert unlike < 0.05
    assert solved_bonus(stems, []) == solved_bonus(stems, [()]) == 0.0
