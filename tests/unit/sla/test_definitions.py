"""Other clocks are only other data: group queues, exchanges, agreements between groups."""

from services.sla.domain import facts
from services.sla.domain.clock import Clock
from services.sla.domain.definitions import ClockDefinition
from services.sla.domain.instants import HOUR
from services.sla.domain.policy import Target
from tests.unit.sla.histories import Life, at, policy


def clocks(definition: ClockDefinition, life: Life, hours: float) -> tuple[Clock, ...]:
    special = policy(
        definitions=(definition,),
        targets={(definition.kind, "P3"): Target(length=2 * HOUR, calendar="always")},
    )
    return life.fold(special).clocks(now=at(hours))


OLA = ClockDefinition(
    kind="ola",
    starts_on=frozenset({facts.ENTERED_GROUP, facts.REOPENED}),
    stops_on=frozenset({facts.LEFT_GROUP, facts.RESOLVED}),
    pauses_while=frozenset({"vendor"}),
    repeats=True,
)
PERIODIC_UPDATE = ClockDefinition(
    kind="periodic_update",
    starts_on=frozenset({facts.OPENED, facts.AGENT_REPLIED, facts.REOPENED}),
    stops_on=frozenset({facts.AGENT_REPLIED, facts.RESOLVED}),
    repeats=True,
)


def test_each_group_that_has_the_ticket_gets_its_own_full_target() -> None:
    life = Life().assigned(0, "desk").assigned(1.5, "network").assigned(4, "desk").resolved(5)

    found = clocks(OLA, life, 6)

    assert [(clock.instance, clock.state, clock.elapsed / HOUR) for clock in found] == [
        (0, "met", 1.5),
        (1, "missed", 2.5),
        (2, "met", 1),
    ]
    assert found[1].judged_due_at == at(3.5)


def test_a_reopened_ticket_gives_its_group_a_new_clock() -> None:
    found = clocks(OLA, Life().assigned(0, "desk").resolved(1).reopened(5), 6)

    assert [(clock.state, clock.started_at) for clock in found] == [
        ("met", at(0)),
        ("running", at(5)),
    ]


def test_each_exchange_is_judged_by_itself() -> None:
    found = clocks(PERIODIC_UPDATE, Life().replied(1).replied(4).resolved(5), 6)

    assert [clock.state for clock in found] == ["met", "missed", "met"]


def test_accepting_stops_the_clock_of_the_queue() -> None:
    accept = ClockDefinition(
        kind="accept",
        starts_on=frozenset({facts.ENTERED_GROUP}),
        stops_on=frozenset({facts.ACCEPTED}),
        repeats=True,
    )
    life = Life(group="desk").assigned(1, "desk").assigned(2, "network", None)

    assert clocks(accept, Life(), 9) == ()
    found = clocks(accept, life.assigned(5, "network", "sari"), 6)

    assert [(clock.state, clock.elapsed / HOUR) for clock in found] == [("met", 1), ("missed", 3)]


def test_reset_counts_again_from_zero_as_a_new_instance() -> None:
    restarting = ClockDefinition(
        kind="restarting",
        starts_on=frozenset({facts.OPENED}),
        stops_on=frozenset({facts.RESOLVED}),
        resets_on=frozenset({facts.REQUESTER_REPLIED}),
    )

    found = clocks(restarting, Life().replied(1.5, by="requester"), 2)

    assert [(clock.state, clock.cause) for clock in found] == [
        ("cancelled", "reset"),
        ("running", None),
    ]
    assert found[1].due_at == at(3.5)


def test_a_new_priority_reaches_the_running_instance_and_leaves_the_ended_ones() -> None:
    special = policy(
        definitions=(OLA, PERIODIC_UPDATE),
        targets={
            (kind, priority): Target(length=length, calendar="always")
            for kind in ("ola", "periodic_update")
            for priority, length in (("P3", 2 * HOUR), ("P1", HOUR))
        },
    )
    life = Life().assigned(0, "desk").replied(0.5).assigned(1.5, "net").reprioritised(1.7, "P1")

    found = life.replied(2).fold(special).clocks(now=at(2.2))

    assert [(clock.kind, clock.state, clock.target / HOUR) for clock in found] == [
        ("ola", "met", 2),
        ("ola", "running", 1),
        ("periodic_update", "met", 2),
        ("periodic_update", "missed", 1),
        ("periodic_update", "running", 1),
    ]
    assert found[1].due_at == at(2.5)
