"""Every kind of clock under the conditions it usually has."""

import pytest

from services.sla.domain.clock import Clock, ticket_state
from services.sla.domain.definitions import (
    ACCEPT,
    FIRST_RESPONSE,
    NEXT_RESPONSE,
    OLA,
    PERIODIC_UPDATE,
    RESOLUTION,
    VENDOR,
)
from services.sla.domain.facts import StatusChanged
from services.sla.domain.fold import Rebase, fold
from services.sla.domain.instants import HOUR, MINUTE
from services.sla.domain.policy import Policy, Target, read_policy
from tests.unit.sla.histories import Life, at, book, policy

BASE = {
    "key": "standard",
    "targets": [
        {"clock": FIRST_RESPONSE, "priority": "P3", "minutes": 60, "calendar": "always"},
        {"clock": RESOLUTION, "priority": "P3", "minutes": 600, "calendar": "always"},
    ],
}


def promise(kind: str, *, priority: str = "P3", minutes: int = 120, **more: object) -> Policy:
    target = {"clock": kind, "priority": priority, "minutes": minutes, "calendar": "always"}
    return read_policy({"key": "one", "targets": [target], **more}, version=1)


def clocks(life: Life, hours: float, one: Policy, kind: str) -> list[Clock]:
    return [clock for clock in life.fold(one).clocks(now=at(hours)) if clock.kind == kind]


def states(found: list[Clock]) -> list[tuple[str, float]]:
    return [(clock.state, clock.elapsed / HOUR) for clock in found]


# Next response


def test_before_the_first_answer_another_message_begins_no_next_response() -> None:
    life = Life().replied(1, by="requester").replied(2).replied(3, by="requester")

    found = clocks(life, 4, promise(NEXT_RESPONSE), NEXT_RESPONSE)

    assert [(clock.started_at, clock.due_at) for clock in found] == [(at(3), at(5))]


def test_further_messages_of_the_requester_do_not_restart_the_next_response() -> None:
    life = Life().replied(1).replied(2, by="requester").replied(3, by="requester")

    assert clocks(life, 3.5, promise(NEXT_RESPONSE), NEXT_RESPONSE)[0].due_at == at(4)


def test_each_exchange_has_its_own_verdict() -> None:
    life = Life().replied(1)
    life.replied(2, by="requester").replied(3).replied(4, by="requester").replied(7)

    found = clocks(life, 8, promise(NEXT_RESPONSE), NEXT_RESPONSE)

    assert states(found) == [("met", 1), ("missed", 3)]


def test_the_next_response_waits_with_the_ticket() -> None:
    life = Life().replied(1).replied(2, by="requester").pending(3, "vendor").working(8)

    assert clocks(life, 8, promise(NEXT_RESPONSE), NEXT_RESPONSE)[0].due_at == at(9)


def test_the_next_response_ends_when_the_ticket_is_resolved() -> None:
    life = Life().replied(1).replied(2, by="requester").resolved(3)

    assert states(clocks(life, 99, promise(NEXT_RESPONSE), NEXT_RESPONSE)) == [("met", 1)]


def test_an_internal_note_answers_no_exchange() -> None:
    life = Life().replied(1).replied(2, by="requester").replied(3, public=False)

    assert states(clocks(life, 3, promise(NEXT_RESPONSE), NEXT_RESPONSE)) == [("running", 1)]


# Periodic update


def test_every_public_message_of_an_agent_begins_the_next_regular_update() -> None:
    life = Life().replied(1).replied(2.5).replied(6)

    found = clocks(life, 7, promise(PERIODIC_UPDATE), PERIODIC_UPDATE)

    assert states(found) == [("met", 1), ("met", 1.5), ("missed", 3.5), ("running", 1)]


def test_who_waits_for_a_vendor_wants_to_hear_of_it() -> None:
    life = Life().pending(1, "vendor")

    assert states(clocks(life, 3, promise(PERIODIC_UPDATE), PERIODIC_UPDATE)) == [("breached", 3)]


# Accept


def test_a_ticket_that_a_rule_gave_to_somebody_is_accepted_when_they_begin() -> None:
    life = Life().assigned(0, "desk", "budi", by="system").working(1.5)

    assert states(clocks(life, 9, promise(ACCEPT), ACCEPT)) == [("met", 1.5)]


def test_whoever_takes_a_ticket_from_the_queue_has_accepted_it() -> None:
    life = Life(group="desk").assigned(1, "desk", "budi")

    assert states(clocks(life, 9, promise(ACCEPT), ACCEPT)) == [("met", 1)]


def test_a_reply_is_not_an_acceptance() -> None:
    life = Life(group="desk").replied(0.5)

    assert states(clocks(life, 1, promise(ACCEPT), ACCEPT)) == [("running", 1)]


def test_a_ticket_given_back_waits_for_somebody_anew() -> None:
    life = Life(group="desk").assigned(1, "desk", "budi").assigned(3, "desk", None)

    assert states(clocks(life, 4, promise(ACCEPT), ACCEPT)) == [("met", 1), ("running", 1)]


def test_the_queue_that_is_left_owes_nothing_any_more() -> None:
    life = Life(group="desk").assigned(1, "network", None)

    found = clocks(life, 2, promise(ACCEPT), ACCEPT)

    assert [(clock.state, clock.cause, clock.group) for clock in found] == [
        ("cancelled", "left_group", "desk"),
        ("running", None, "network"),
    ]


def test_accepting_never_pauses() -> None:
    life = Life(group="desk").pending(0.5, "vendor")

    assert states(clocks(life, 1, promise(ACCEPT), ACCEPT)) == [("running", 1)]


# OLA


def test_moving_from_one_group_to_another_gives_the_second_its_own_full_target() -> None:
    life = Life().assigned(0, "desk").assigned(1.5, "network", tier=2).resolved(4)

    found = clocks(life, 5, promise(OLA), OLA)

    assert [(one.group, one.tier, one.state, one.judged_due_at) for one in found] == [
        ("desk", 1, "met", at(2)),
        ("network", 2, "missed", at(3.5)),
    ]


def test_the_next_group_may_get_only_what_the_last_one_left() -> None:
    life = Life().assigned(0, "desk").assigned(1.5, "network", tier=2)

    found = clocks(life, 1.5, promise(OLA, on_transfer="remainder"), OLA)

    assert (found[1].due_at, found[1].remaining) == (at(2), HOUR // 2)


def test_a_tier_and_a_group_may_have_targets_of_their_own() -> None:
    target = {"clock": OLA, "priority": "P3", "calendar": "always"}
    own = read_policy(
        {
            "key": "own",
            "targets": [
                {**target, "minutes": 60},
                {**target, "minutes": 120, "tier": 2},
                {**target, "minutes": 180, "group": "platform"},
            ],
        },
        version=1,
    )
    life = Life(group="desk").assigned(1, "desk").assigned(2, "network", tier=2)
    life.assigned(3, "platform", tier=2)

    assert [clock.target / HOUR for clock in clocks(life, 4, own, OLA)] == [1, 2, 3]


def test_the_tier_that_becomes_known_after_the_opening_brings_its_target() -> None:
    target = {"clock": OLA, "priority": "P3", "calendar": "always"}
    own = read_policy({"key": "own", "targets": [{**target, "minutes": 180, "tier": 1}]}, version=1)
    life = Life(group="desk").assigned(1, "desk", tier=1)

    assert [(clock.started_at, clock.due_at) for clock in clocks(life, 1, own, OLA)] == [
        (at(0), at(3))
    ]


# Vendor


def test_the_contract_with_a_vendor_runs_while_the_ticket_waits_for_the_vendor() -> None:
    life = Life().pending(1, "vendor").working(2).pending(3, "vendor").pending(6, "requester")

    assert states(clocks(life, 9, promise(VENDOR), VENDOR)) == [("met", 1), ("missed", 3)]


def test_a_merged_ticket_owes_and_is_owed_nothing() -> None:
    life = Life().pending(1, "vendor").cancelled(2, "merged")

    found = clocks(life, 9, promise(VENDOR), VENDOR)

    assert [(clock.state, clock.cause) for clock in found] == [("cancelled", "merged")]


def test_agreements_behind_the_desk_do_not_colour_the_promise_to_the_requester() -> None:
    both = read_policy(
        {
            **BASE,
            "targets": [
                *BASE["targets"],
                {"clock": OLA, "priority": "P3", "minutes": 60, "calendar": "always"},
            ],
        },
        version=1,
    )
    folded = Life(group="desk").replied(0.5).fold(both)

    found = folded.clocks(now=at(2))

    assert [(clock.kind, clock.state) for clock in found][-1] == (OLA, "breached")
    assert ticket_state(found, standing=folded.standing) == "running"


# Conditions as data


def rule(kind: str, **conditions: object) -> Policy:
    return promise(kind, clocks=[{"clock": kind, **conditions}])


def test_a_policy_may_say_that_a_ticket_opened_by_an_agent_was_answered_at_once() -> None:
    answered = rule(FIRST_RESPONSE, stops_on=["agent_replied", "opened_by_agent"])

    assert states(clocks(Life(by="agent"), 1, answered, FIRST_RESPONSE)) == [("met", 0)]
    assert states(clocks(Life(), 1, answered, FIRST_RESPONSE)) == [("running", 1)]


def test_a_policy_may_pause_the_first_response() -> None:
    pausing = rule(FIRST_RESPONSE, pauses_while=["requester"])

    found = clocks(Life().pending(1).working(3), 3, pausing, FIRST_RESPONSE)

    assert found[0].due_at == at(4)


def test_a_signal_may_end_a_pause_before_the_waiting_ends() -> None:
    resuming = rule(RESOLUTION, resumes_on=["requester_replied"])
    life = Life().pending(1).replied(2, by="requester").noted(2.5)

    assert states(clocks(life, 3, resuming, RESOLUTION)) == [("breached", 2)]
    assert states(clocks(life.working(4).pending(5), 6, resuming, RESOLUTION))[0][1] == 4


def test_a_policy_may_restart_a_clock() -> None:
    restarting = rule(RESOLUTION, resets_on=["reopened"], reopens_on=[])
    life = Life().replied(1)

    assert clocks(life.reopened(1.5), 2, restarting, RESOLUTION)[1].due_at == at(3.5)


def test_a_ticket_opened_in_a_paused_status_is_born_paused_for_every_clock_that_pauses() -> None:
    everything = policy(
        targets={(kind, "P3"): Target(length=HOUR, calendar="always") for kind in (RESOLUTION, OLA)}
    )
    life = Life(group="desk", status_category="waiting_requester", pending_reason="requester")

    found = life.fold(everything).clocks(now=at(99))

    assert [(clock.state, clock.elapsed) for clock in found] == [("paused", 0)] * 2


# Change while running


@pytest.mark.parametrize(
    ("option", "due"),
    [("retroactive", 1), ("keep_fraction", 2.25), ("restart", 2.5)],
)
def test_a_new_target_takes_over_as_much_of_the_time_used_as_the_policy_says(
    option: str, due: float
) -> None:
    targets = [
        {"clock": RESOLUTION, "priority": priority, "minutes": minutes, "calendar": "always"}
        for priority, minutes in (("P3", 360), ("P1", 60))
    ]
    one = read_policy({"key": "one", "targets": targets, "on_new_target": option}, version=1)
    life = Life().reprioritised(1.5, "P1")

    found = clocks(life, 1.5, one, RESOLUTION)

    # A quarter of six hours was used: of one hour three quarters are left, or all of it, or none.
    assert found[0].judged_due_at == at(due)
    assert found[0].state == ("breached" if option == "retroactive" else "running")


def test_a_carried_fraction_is_judged_to_the_microsecond() -> None:
    targets = [
        {"clock": RESOLUTION, "priority": priority, "minutes": minutes, "calendar": "always"}
        for priority, minutes in (("P3", 360), ("P1", 60))
    ]
    one = read_policy(
        {"key": "one", "targets": targets, "on_new_target": "keep_fraction"}, version=1
    )
    life = Life().reprioritised(1.5, "P1").pending(1.75).working(4).resolved(4.5)

    found = clocks(life, 9, one, RESOLUTION)

    assert (found[0].state, found[0].elapsed) == ("met", HOUR)
    assert found[0].judged_due_at == at(4.5)


@pytest.mark.parametrize(("blames", "excused"), [(False, True), (True, False)])
def test_a_breach_by_a_new_priority_counts_against_the_group_only_if_the_policy_says_so(
    blames: bool, excused: bool
) -> None:
    found = Life().reprioritised(9, "P1").resolution(9.5, policy(blames_new_targets=blames))

    assert (found.state, found.cause, found.excused) == ("breached", "reprioritised", excused)


def test_an_ordinary_breach_is_never_excused() -> None:
    assert not Life().resolution(11).excused


def test_accepting_does_not_wait_for_a_status_that_was_active_before() -> None:
    changed = StatusChanged(seq=2, occurred_at=at(1), status_category="active")

    assert changed.signals(Life().working(0).fold().standing) == ()


def test_a_ticket_that_enters_a_group_may_get_the_policy_of_that_group() -> None:
    network = policy(
        {"P3": (10 * MINUTE, 2 * HOUR)}, key="network", groups=frozenset({"network"}), position=1
    )
    life = Life(group="desk").assigned(1, "network")

    found = life.resolution(1, network, policy())

    assert (found.policy, found.due_at) == ("network", at(2))


# Other rules from now on


def rebased(life: Life, hours: float, another: Policy) -> list[Clock]:
    seq = len(life.facts)
    chosen = Rebase(seq=seq, at=at(hours), book=book(another))
    return list(fold(life.facts, book=book(), rebases=[chosen]).clocks(now=at(hours)))


def test_a_rebase_keeps_the_time_used_and_counts_on_by_the_new_calendar() -> None:
    in_the_office = policy({"P3": (HOUR, 10 * HOUR)}, calendar="office", version=3)

    found = rebased(Life().replied(0.5), 7, in_the_office)[1]

    # Seven hours round the clock are used; three are left, by the office's clock: two hours today.
    assert (found.elapsed, found.due_at, found.policy_version) == (7 * HOUR, at(25), 3)


def test_a_rebase_keeps_pauses_and_what_has_ended() -> None:
    shorter = policy({"P3": (HOUR, 4 * HOUR)}, version=3)
    life = Life().replied(0.5).pending(2).working(5)

    found = rebased(life, 6, shorter)

    assert (found[0].state, found[0].policy_version) == ("met", 2)
    assert (found[1].elapsed, found[1].due_at) == (3 * HOUR, at(7))


def test_a_rebase_whose_due_is_past_breaches_then_and_is_excused() -> None:
    shorter = policy({"P3": (HOUR, 4 * HOUR)}, version=3)

    found = rebased(Life(), 6, shorter)[1]

    assert (found.breached_at, found.cause, found.excused) == (at(6), "rebased", True)


def test_a_rebase_never_takes_a_breach_back() -> None:
    longer = policy({"P3": (HOUR, 40 * HOUR)}, version=3)

    assert rebased(Life(), 11, longer)[1].breached_at == at(10)


@pytest.mark.parametrize("kind", [ACCEPT, OLA])
def test_a_decision_that_comes_after_the_end_starts_no_clock(kind: str) -> None:
    life = Life().cancelled(1, "spam").assigned(1, "network", assignee=None)

    assert clocks(life, 99, promise(kind), kind) == []
