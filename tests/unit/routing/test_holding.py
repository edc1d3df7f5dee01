import itertools
from collections.abc import Callable
from datetime import UTC, datetime

from services.routing.domain.holding import Holding

T = datetime(2026, 3, 29, 1, 59, 59, tzinfo=UTC)
TICKET = Holding(ticket_id="t-1", number="INC-1", group="desk", assignee="ayu", revision=1)


def test_a_done_ticket_weighs_on_nobody_and_a_reopened_one_on_its_agent_again() -> None:
    done = TICKET.done(seq=5)

    assert (TICKET.bearer, done.bearer, done.reopened(seq=6).bearer) == ("ayu", None, "ayu")


def test_repeated_and_late_events_change_nothing() -> None:
    reopened = TICKET.done(seq=5).reopened(seq=7)

    assert reopened.done(seq=5) is reopened
    assert reopened.reopened(seq=7) is reopened
    assert reopened.done(seq=6) is reopened


def test_any_order_of_arrival_ends_alike() -> None:
    told: list[Callable[[Holding], Holding]] = [
        lambda holding: holding.done(seq=4),
        lambda holding: holding.reopened(seq=6),
        lambda holding: holding.done(seq=8),
        lambda holding: holding.categorised(category="net", seq=3),
        lambda holding: holding.categorised(category="mail", seq=7),
    ]
    ends = set()
    for order in itertools.permutations(told):
        holding = TICKET
        for event in order:
            holding = event(holding)
        ends.add((holding.is_done, holding.life_seq, holding.category))

    assert ends == {(True, 8, "mail")}


def test_a_live_ticket_without_an_agent_waits_others_do_not() -> None:
    waits = TICKET.given(group="desk", assignee=None, now=T)
    done = TICKET.done(seq=2).given(group="desk", assignee=None, now=T)
    replayed = Holding(ticket_id="t", number="n", origin="replay").given(
        group="desk", assignee=None, now=T
    )

    assert waits.queued_at == T
    assert done.queued_at is None
    assert replayed.queued_at is None
    assert waits.done(seq=3).queued_at is None
    assert waits.revision == 2
