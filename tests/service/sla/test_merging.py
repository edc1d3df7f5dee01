"""Merges as they are heard: late, twice, out of order; told, counted and never a breach."""

import itertools

from contracts.sla import ClocksChanged, ReportPromises, TargetBreached
from services.sla import handlers
from tests.service.sla.house import House, Ticket, at, policy


def test_a_merged_ticket_wakes_nobody_and_its_undo_arms_the_clock_again(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened(), ticket.replied(0.1), ticket.merged(2))
    assert house.timers() == []
    house.wait(48)
    assert house.said(TargetBreached) == []

    house.hear(ticket.unmerged(48))

    assert house.clock_named("resolution").due_at == at(56)
    house.wait(60)
    (breach,) = house.said(TargetBreached)
    assert (breach.breached_at, breach.cause) == (at(56), "elapsed")


def test_merge_and_undo_in_any_order_and_twice_end_alike(house: House) -> None:
    house.promise(policy(on_merge="earlier_opening"))
    seen = []
    for n, order in enumerate(itertools.permutations(range(5))):
        ticket = Ticket(f"INC-{2000 + n}")
        log = [
            ticket.opened(),
            ticket.absorbed(1, opened=-2),
            ticket.merged(2),
            ticket.unmerged(4),
            ticket.released(5),
        ]
        house.hear(*(log[place] for place in order), log[order[0]], log[2])
        clocks = house.clocks(ticket.number).clocks
        seen.append([(c.kind, c.state, c.due_at, c.version) for c in clocks])
        if n > 30:
            break

    assert all(one == seen[0] for one in seen)
    assert seen[0][1][2] == at(12)


def test_a_merged_clock_is_counted_as_cancelled_and_left_out_of_the_percentage(
    house: House,
) -> None:
    house.promise()
    early, late, kept = Ticket("INC-1"), Ticket("INC-2"), Ticket("INC-3")
    house.hear(early.opened(), late.opened(), kept.opened())
    house.hear(early.merged(1), kept.resolved(2), late.merged(8))

    with house.database.read() as tx:
        report = handlers.report_promises(ReportPromises(clock="resolution"), tx=tx)

    assert (report.total.met, report.total.missed, report.total.cancelled) == (1, 0, 2)
    assert report.total.met_percent == 100.0
    assert report.total.cancelled_late == 1


def test_a_split_moves_no_clock_and_leaves_no_gap(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened(), ticket.replied(0.5))
    before = house.said(ClocksChanged)

    house.hear(ticket.split(1))
    assert house.said(ClocksChanged) == before

    house.hear(ticket.resolved(2))
    assert house.clock_named("resolution").state == "met"


def test_an_earlier_opening_that_makes_it_late_is_told_once_with_its_cause(house: House) -> None:
    house.promise(policy(on_merge="earlier_opening"))
    house.hear((ticket := Ticket()).opened(11), ticket.replied(11.1))

    house.hear(ticket.absorbed(12, opened=0))
    house.wait(14)

    (breach,) = house.said(TargetBreached)
    assert (breach.breached_at, breach.cause) == (at(12), "merged")
    assert house.clock_named("resolution").excused
