from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.routing.domain.directory import Directory, Group, Rule
from services.routing.domain.escalation import (
    MAX_LEVEL,
    Climb,
    Trigger,
    Verdict,
    judge,
    next_group,
    refusal,
    rule_for,
)
from services.routing.domain.holding import Holding

T = datetime(2027, 1, 1, 0, 0, tzinfo=UTC)
COOLDOWN = timedelta(minutes=15)
TICKET = Holding(
    ticket_id="t-1", number="INC-1", group="desk", assignee="ayu", category="net", revision=1
)
BREACHED = Trigger(crossing="breached", clock="resolution", clock_version=1, threshold=100)


def group(key: str, tier: int, **parts: Any) -> Group:
    return Group(key=key, name=key.title(), tier=tier, manager=f"{key}@boss.example", **parts)


def rule(key: str, group: str, category: str) -> Rule:
    return Rule(key=key, position=1, group=group, name=key, category=category)


def directory(*groups: Group, rules: tuple[Rule, ...] = ()) -> Directory:
    found = groups or (group("desk", 1, next_group="network"), group("network", 2))
    return Directory(groups={each.key: each for each in found}, rules=rules)


def judged(trigger: Trigger = BREACHED, **parts: Any) -> Verdict:
    values = {"holding": TICKET, "past": (), "directory": directory(), "now": T}
    return judge(trigger, **{**values, "cooldown": COOLDOWN} | parts)


def past(rule: str = "resolution-breached", at: datetime = T, level: int = 1) -> Climb:
    return Climb(
        kind="hierarchic",
        level=level,
        rule=rule,
        trigger="resolution.breached.100",
        reason="",
        from_group="desk",
        raised_at=at,
        told="desk@boss.example",
    )


@pytest.mark.parametrize(
    ("crossing", "clock", "threshold", "steps"),
    [
        ("at_risk", "resolution", 75, None),
        ("at_risk", "resolution", 90, ("hierarchic",)),
        ("at_risk", "resolution", 99, ("hierarchic",)),
        ("breached", "resolution", 100, ("functional", "hierarchic")),
        ("breached", "resolution", 150, ("functional", "hierarchic")),
        ("at_risk", "first_response", 90, None),
        ("breached", "first_response", 100, ("hierarchic",)),
    ],
)
def test_the_table_says_which_crossing_leads_where(
    crossing: Any, clock: str, threshold: int, steps: tuple[str, ...] | None
) -> None:
    trigger = Trigger(crossing=crossing, clock=clock, clock_version=1, threshold=threshold)

    found = rule_for(trigger)

    assert (found.steps if found else None) == steps


def test_a_crossing_without_a_rule_leads_nowhere() -> None:
    early = Trigger(crossing="at_risk", clock="resolution", clock_version=1, threshold=50)

    assert judged(early) == Verdict(refused="no_rule")


def test_a_breach_moves_the_ticket_and_tells_the_manager() -> None:
    functional, hierarchic = judged().climbs

    assert (functional.kind, functional.to_group, functional.level) == ("functional", "network", 1)
    assert functional.reason == (
        "The resolution time is breached (100 %): Desk hands over to Network."
    )
    assert (hierarchic.kind, hierarchic.told, hierarchic.level) == (
        "hierarchic",
        "desk@boss.example",
        2,
    )
    assert functional.trigger == "resolution.breached.100"


def test_without_a_group_above_the_manager_is_told_once_and_why() -> None:
    verdict = judged(directory=directory(group("desk", 1)))

    assert [climb.kind for climb in verdict.climbs] == ["hierarchic"]
    assert "no group stands above Desk" in verdict.climbs[0].reason


@pytest.mark.parametrize(
    ("holding", "refused"),
    [
        (replace(TICKET, is_done=True), "done"),
        (replace(TICKET, origin="replay"), "replayed"),
        (replace(TICKET, group=None, revision=0), "no_group"),
    ],
)
def test_done_and_replayed_tickets_never_climb(holding: Holding, refused: str) -> None:
    assert judged(holding=holding) == Verdict(refused=refused)


def test_a_ticket_climbs_at_most_five_times() -> None:
    four = tuple(past("first-response-breached", level=level) for level in range(1, 5))

    last = judged(holding=replace(TICKET, escalation_level=4), past=four)
    none = judged(
        holding=replace(TICKET, escalation_level=MAX_LEVEL), past=(*four, past("x", level=5))
    )

    assert [climb.level for climb in last.climbs] == [5]
    assert none.refused == "depth"


def test_one_rule_rests_on_a_ticket_until_its_cooldown_is_over() -> None:
    just_now = (past(at=T - COOLDOWN + timedelta(microseconds=1)),)
    long_ago = (past(at=T - COOLDOWN),)

    assert judged(past=just_now).refused == "cooldown"
    assert judged(past=long_ago).climbs


def test_a_warning_does_not_silence_the_breach_that_follows() -> None:
    assert judged(past=(past("resolution-at-risk"),)).climbs


def test_the_groups_own_next_one_is_used_while_it_is_active() -> None:
    desk = group("desk", 1, next_group="network")
    closed = directory(desk, group("network", 2, active=False))

    assert next_group(desk, category=None, directory=directory()) == group("network", 2)
    assert next_group(desk, category=None, directory=closed) is None


def test_else_the_nearest_higher_tier_that_shares_a_category() -> None:
    desk = group("desk", 1)
    house = directory(
        desk,
        group("apps", 2),
        group("network", 2),
        group("platform", 3),
        rules=(
            rule("1", "desk", "net"),
            rule("2", "desk", "erp"),
            rule("3", "network", "net"),
            rule("4", "apps", "erp"),
            rule("5", "platform", "net"),
        ),
    )

    by_ticket = next_group(desk, category="net", directory=house)
    by_group = next_group(desk, category=None, directory=house)

    assert by_ticket is not None
    assert by_ticket.key == "network"
    assert by_group is not None
    assert by_group.key == "apps"


def test_a_group_that_shares_nothing_is_not_above() -> None:
    desk = group("desk", 1)
    house = directory(desk, group("apps", 2), rules=(rule("1", "apps", "erp"),))

    assert next_group(desk, category="net", directory=house) is None


@pytest.mark.parametrize(
    ("holding", "code"),
    [
        (TICKET, None),
        (replace(TICKET, is_done=True), "ticket_done"),
        (replace(TICKET, origin="replay"), "replayed"),
        (replace(TICKET, escalation_level=5), "escalation_depth"),
    ],
)
def test_what_stands_against_raising_a_ticket_by_hand(holding: Holding, code: str | None) -> None:
    found = refusal(holding)

    assert (found[0] if found else None) == code
