from services.sla.domain.instants import HOUR, MINUTE
from tests.unit.sla.histories import Life, at, policy


def attribution(life: Life, hours: float, *policies: object) -> dict[str, float]:
    parts = life.fold(*policies).attribution(now=at(hours))
    return {who: spent / HOUR for who, spent in parts.items()}


def test_resolution_time_is_split_by_who_had_the_ticket() -> None:
    life = (
        Life()
        .assigned(0.5, "service-desk")
        .assigned(5.5, "network", assignee=None, tier=2)
        .assigned(6, "network", tier=2)
        .pending(7, "requester")
        .working(8)
        .pending(8.5, "vendor")
        .working(20.5)
        .resolved(21)
    )

    assert attribution(life, 999) == {
        "unassigned": 0.5,
        "tier1:service-desk": 5,
        "in_transit": 0.5,
        "tier2:network": 2,
        "requester": 1,
        "vendor": 12,
    }


def test_only_open_time_is_attributed() -> None:
    office = policy({"P3": (HOUR, 8 * HOUR)}, calendar="office")

    assert attribution(Life().assigned(0, "desk"), 24 * 7, office) == {"tier1:desk": 40}


def test_time_between_resolving_and_reopening_belongs_to_nobody() -> None:
    life = Life().assigned(0, "desk").resolved(2).reopened(50)

    assert attribution(life, 51) == {"tier1:desk": 3}


def test_waiting_for_a_change_a_visit_or_a_date_is_the_groups_own_time() -> None:
    life = Life().assigned(0, "desk").pending(1, "change").pending(2, "visit").pending(3, "date")

    assert attribution(life, 4) == {"tier1:desk": 4}


def test_a_ticket_handed_over_stays_in_transit_until_somebody_takes_it() -> None:
    life = (
        Life()
        .assigned(0, "desk")
        .assigned(1, "network", assignee=None)
        .assigned(2, "network", assignee=None)
        .assigned(3, "network", assignee="sari")
        .assigned(4, "network", assignee=None)
    )

    assert attribution(life, 5) == {
        "tier1:desk": 1,
        "in_transit": 2,
        "tier1:network": 1,
        "unassigned": 1,
    }


def test_a_group_whose_tier_nobody_said_is_named_without_it() -> None:
    life = Life().assigned(0, "desk", tier=None)

    assert attribution(life, 1) == {"desk": 1}


def test_the_parts_add_up_to_used_and_paused_time() -> None:
    life = Life().assigned(0.1, "desk").pending(1).working(1 + MINUTE / HOUR).resolved(3)
    clock = life.resolution(4)

    assert sum(life.fold().attribution(now=at(4)).values()) == clock.elapsed + MINUTE


def test_without_a_resolution_target_nothing_is_attributed() -> None:
    assert attribution(Life(priority="P5"), 4) == {}


def test_changes_of_group_and_reopenings_are_counted() -> None:
    life = Life().assigned(0, "desk").assigned(1, "net").assigned(2, "net", "sari")
    standing = life.assigned(3, "desk").resolved(4).reopened(5).fold().standing

    assert (standing.group_changes, standing.reopenings) == (2, 1)


def test_time_from_the_earlier_opening_of_a_merged_ticket_is_unassigned() -> None:
    earlier = policy(on_merge="earlier_opening")
    life = Life(opened=5).assigned(5, "desk").absorbed(6, opened=2)

    assert attribution(life, 9, earlier) == {"unassigned": 3, "tier1:desk": 4}
