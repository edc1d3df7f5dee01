"""What the room keeps and tells of a ticket's promises."""

import itertools

import pytest
import sqlalchemy as sa

from contracts.errors import NotFound
from contracts.sla import (
    ClocksChanged,
    ExplainClocks,
    GetClocks,
    MinuteThreshold,
    TargetAtRisk,
    TargetBreached,
    TargetMet,
    TargetSpec,
)
from services.sla import handlers
from services.sla.models import clocks, thresholds, ticket_log
from tests.service.sla.house import HOUR, MONDAY, REQUESTER, House, Ticket, at, policy


def test_an_opened_ticket_gets_its_clocks_and_others_are_told(house: House) -> None:
    house.promise()

    house.hear(Ticket().opened())

    (told,) = house.said()
    assert isinstance(told, ClocksChanged)
    assert (told.revision, told.sla_state, told.next_due_at) == (1, "running", at(1))
    assert [(clock.kind, clock.due_at) for clock in told.clocks] == [
        ("first_response", at(1)),
        ("resolution", at(10)),
    ]
    assert told.clocks[1].policy_version == 1
    assert house.timers() == [(house.timers()[0][0], at(0.5))]


def test_an_agreement_behind_the_desk_is_no_deadline_that_others_are_told(house: House) -> None:
    soon = TargetSpec(clock="ola", priority="P3", minutes=30, calendar="always")
    house.promise(policy(targets=(*policy().targets, soon)))
    house.hear((ticket := Ticket()).opened(), ticket.assigned(0))

    told = house.said(ClocksChanged)[-1]

    assert told.next_due_at == house.clocks().next_due_at == at(1)
    assert [one.due_at for one in told.clocks if one.kind == "ola"] == [at(0.5)]


def test_a_late_first_event_counts_from_when_it_happened(house: House) -> None:
    house.promise()
    house.clock.at = at(3)

    house.hear(Ticket().opened())

    assert house.clock_named("first_response").state == "breached"
    (breach,) = house.said(TargetBreached)
    assert (breach.breached_at, breach.lateness_us) == (at(1), 3 * HOUR // 2)


def test_thresholds_are_told_at_their_instants_once_each(house: House) -> None:
    house.promise()
    house.hear(Ticket().opened())

    house.wait(20)

    told = house.said(TargetAtRisk, TargetBreached)
    assert [(one.clock, one.threshold, one.lateness_us) for one in told] == [
        ("first_response", 50, 0),
        ("first_response", 75, 0),
        ("first_response", 90, 0),
        ("first_response", 100, 0),
        ("first_response", 150, 0),
        ("resolution", 50, 0),
        ("resolution", 75, 0),
        ("resolution", 90, 0),
        ("resolution", 100, 0),
        ("resolution", 150, 0),
    ]
    assert [one.crossed_at for one in told[5:8]] == [at(5), at(7.5), at(9)]
    assert {(one.breached_at, one.cause) for one in told[8:]} == {(at(10), "elapsed")}
    assert house.timers() == []


def test_after_downtime_only_the_highest_missed_threshold_is_told(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened(), ticket.replied(0.1))

    house.wait(9.5, asleep=True)

    (told,) = house.said(TargetAtRisk)
    assert (told.threshold, told.lateness_us) == (90, HOUR // 2)
    fired = house.clocks().thresholds
    assert [(one.threshold, one.superseded) for one in fired] == [
        (50, True),
        (75, True),
        (90, False),
    ]
    assert {one.fired_at for one in fired} == {at(9.5)}


def test_a_reply_meets_the_first_response_and_says_so(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened(), ticket.assigned(0.2), ticket.replied(0.4))

    (met,) = house.said(TargetMet)
    assert (met.clock, met.met_at, met.elapsed_us) == ("first_response", at(0.4), 0.4 * HOUR)
    assert (met.group, met.assignee, met.priority) == ("service-desk", "budi", "P3")
    assert house.timers()[0][1] == at(5)


def test_resolving_in_time_says_who_had_the_ticket_for_how_long(house: House) -> None:
    house.promise()
    house.hear(
        (ticket := Ticket()).opened(),
        ticket.replied(0.4),
        ticket.assigned(0.5),
        ticket.assigned(1, "network", tier=2, to="sari"),
        ticket.pending(2),
        ticket.working(3),
        ticket.resolved(4),
    )

    met = house.said(TargetMet)[-1]
    assert met.attribution == {
        "unassigned": HOUR // 2,
        "tier1:service-desk": HOUR // 2,
        "tier2:network": 2 * HOUR,
        "requester": HOUR,
    }
    assert met.elapsed_us == 3 * HOUR
    assert house.clocks().attribution == met.attribution
    assert house.clocks().sla_state == "met"


def test_pausing_disarms_the_timer_and_resuming_arms_it_later(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened(), ticket.replied(0.1), ticket.pending(1))
    assert house.timers() == []
    assert house.clocks().next_due_at is None
    assert house.clocks().sla_state == "paused"

    house.hear(ticket.working(101))

    assert house.timers()[0][1] == at(105)
    assert house.clocks().next_due_at == at(110)


def test_what_moves_no_clock_is_told_to_nobody(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened())

    house.hear(
        ticket.assigned(0.1), ticket.replied(0.2, by=REQUESTER), ticket.replied(0.3, public=False)
    )

    assert len(house.said()) == 1


def test_a_priority_raised_too_late_is_a_breach_at_that_moment(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened(), ticket.replied(0.1))

    house.hear(ticket.reprioritised(4.5, "P1"))

    (breach,) = house.said(TargetBreached)
    assert (breach.breached_at, breach.cause, breach.priority) == (at(4.5), "reprioritised", "P1")
    assert [due for _, due in house.timers()] == [at(6)]


def test_a_threshold_that_is_ahead_again_is_told_again_under_its_new_version(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened(priority="P1"), ticket.replied(0.1))
    house.wait(2.5)
    house.hear(ticket.reprioritised(2.5, "P3"))

    house.wait(6)

    told = house.said(TargetAtRisk)
    assert [(one.threshold, one.clock_version, one.crossed_at) for one in told] == [
        (50, 1, at(2)),
        (50, 2, at(5)),
    ]


AROUND = (MinuteThreshold(minutes_before=60), MinuteThreshold(minutes_after=30))


def test_thresholds_in_minutes_are_told_before_and_after_due_once_each(house: House) -> None:
    house.promise(policy(thresholds=(100,), minute_thresholds=AROUND))
    house.hear((ticket := Ticket()).opened(), ticket.replied(0.1))

    house.wait(20)

    told = house.said(TargetAtRisk, TargetBreached)
    assert [(type(one), one.threshold, one.minutes) for one in told] == [
        (TargetAtRisk, 90, -60),
        (TargetBreached, 100, None),
        (TargetBreached, 105, 30),
    ]
    assert (told[0].crossed_at, told[0].due_at, told[2].breached_at) == (at(9), at(10), at(10))
    fired = house.clocks().thresholds
    assert [(one.threshold, one.minutes) for one in fired] == [(90, -60), (100, None), (105, 30)]


def test_of_missed_thresholds_in_minutes_only_the_highest_is_told(house: House) -> None:
    house.promise(policy(minute_thresholds=AROUND))
    house.hear((ticket := Ticket()).opened(), ticket.replied(0.1))

    house.wait(10.75, asleep=True)

    (told,) = house.said(TargetAtRisk, TargetBreached)
    assert (told.threshold, told.minutes, told.lateness_us) == (105, 30, HOUR // 4)
    assert sum(one.superseded for one in house.clocks().thresholds) == 5


def test_a_threshold_in_minutes_that_is_ahead_again_is_told_again(house: House) -> None:
    house.promise(policy(thresholds=(100,), minute_thresholds=AROUND))
    house.hear((ticket := Ticket()).opened(priority="P1"), ticket.replied(0.1))
    house.wait(3.5)
    house.hear(ticket.reprioritised(3.5, "P3"), ticket.pending(8), ticket.working(28))

    house.wait(29)

    told = house.said(TargetAtRisk)
    assert [(one.threshold, one.minutes, one.crossed_at) for one in told] == [
        (75, -60, at(3)),
        (90, -60, at(29)),
    ]
    assert told[0].clock_version < told[1].clock_version


def test_events_in_any_order_and_twice_give_the_same_state(house: House) -> None:
    house.promise()

    def story(number: str) -> list[object]:
        ticket = Ticket(number)
        return [
            ticket.opened(),
            ticket.replied(0.4),
            ticket.pending(1),
            ticket.working(2),
            ticket.resolved(3),
        ]

    house.hear(*story("INC-0"))
    house.clock.at = at(4)
    expected = house.clocks("INC-0").clocks

    orders = [(4, 3, 2, 1, 0), (1, 0, 3, 2, 4), (0, 4, 4, 1, 3, 0, 2), (2, 0, 1, 4, 3)]
    for n, order in enumerate(orders, start=1):
        events = story(f"INC-{n}")
        house.hear(*(events[place] for place in order))
        assert house.clocks(f"INC-{n}").clocks == expected

    last = {told.number: told.clocks for told in house.said(ClocksChanged)}
    assert len(last) == len(orders) + 1
    assert {clock.state for clocks in last.values() for clock in clocks} == {"met"}


def test_what_follows_a_gap_waits_for_it(house: House) -> None:
    house.promise()
    ticket = Ticket()
    opened, replied, resolved = ticket.opened(), ticket.replied(0.4), ticket.resolved(3)

    house.hear(opened, resolved)
    assert house.clock_named("resolution").state == "running"
    house.hear(replied)

    assert house.clock_named("resolution").state == "met"
    revisions = [one.revision for one in house.said(ClocksChanged)]
    assert revisions == sorted(set(revisions))


def test_before_the_opening_is_heard_there_is_a_ticket_without_clocks(house: House) -> None:
    house.promise()
    ticket = Ticket()
    ticket.opened()

    house.hear(ticket.replied(0.4))

    assert (house.clocks().clocks, house.clocks().sla_state) == ((), "none")
    assert house.said() == []


def test_a_ticket_nobody_told_of_is_not_found(house: House) -> None:
    with pytest.raises(NotFound):
        house.clocks("INC-404")


def test_a_ticket_without_a_promise_has_no_clocks(house: House) -> None:
    house.promise()

    house.hear(Ticket().opened(priority="P5"))

    assert house.clocks().sla_state == "none"
    assert house.said() == []


@pytest.mark.parametrize("status", ["merged", "duplicate", "cancelled", "spam"])
def test_a_side_exit_cancels_the_clocks_and_the_timer(house: House, status: str) -> None:
    house.promise()

    house.hear((ticket := Ticket()).opened(), ticket.closed(0.2, status))

    assert {(clock.state, clock.cause) for clock in house.clocks().clocks} == {
        ("cancelled", status)
    }
    assert house.timers() == []


def test_a_closed_ticket_keeps_its_verdicts(house: House) -> None:
    house.promise()

    house.hear((ticket := Ticket()).opened(), ticket.resolved(0.5), ticket.closed(200))

    assert {clock.state for clock in house.clocks().clocks} == {"met"}


def test_a_reopened_ticket_goes_on_with_the_same_clock(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened(), ticket.replied(0.1), ticket.resolved(9))
    assert house.clock_named("resolution").provisional

    house.hear(ticket.reopened(100))
    house.wait(102)

    clock = house.clock_named("resolution")
    assert (clock.state, clock.breached_at) == ("breached", at(101))
    assert [one.threshold for one in house.said(TargetBreached)] == [100]


def test_another_desks_past_is_judged_but_wakes_and_alarms_nobody(house: House) -> None:
    house.promise()
    ticket = Ticket(origin="replay")
    events = [ticket.opened(-9000), ticket.assigned(-8999.8), ticket.resolved(-8985)]
    house.clock.at = MONDAY

    for event in events:
        house.hear(event)

    assert house.said(TargetAtRisk, TargetBreached, TargetMet) == []
    assert [one.sla_state for one in house.said(ClocksChanged)] == ["running", "breached"]
    assert house.clock_named("resolution").state == "missed"
    assert (house.timers(), house.clocks().thresholds) == ([], ())


def test_clocks_count_by_the_office_calendar(house: House) -> None:
    house.promise(policy("office"))
    friday_1630 = 4 * 24 + 8.5

    house.hear(Ticket().opened(friday_1630))

    assert house.clock_named("first_response").due_at == at(7 * 24 + 0.5)
    assert house.clock_named("first_response").calendar == "office"


def test_each_clock_and_each_log_entry_has_one_row(house: House) -> None:
    house.promise()
    house.hear((ticket := Ticket()).opened(), ticket.replied(0.95))
    house.wait(8)

    with house.database.read() as tx:
        counts = [
            tx.connection.scalar(sa.select(sa.func.count()).select_from(table))
            for table in (ticket_log, clocks, thresholds)
        ]
        rows = tx.connection.execute(sa.select(clocks.c.kind, clocks.c.state)).all()

    assert counts == [2, 2, 5]
    assert set(rows) == {("first_response", "met"), ("resolution", "running")}


def test_an_event_costs_few_statements(house: House) -> None:
    house.promise()
    ticket = Ticket()
    house.hear(ticket.opened(), ticket.assigned(0.1))
    statements: list[str] = []
    sa.event.listen(
        house.database.engine,
        "before_cursor_execute",
        lambda _conn, _cursor, statement, *_rest: statements.append(statement),
    )

    house.hear(ticket.pending(0.2))

    # BEGIN on SQLite and the outbox are the chassis' own.
    own = [one for one in statements if not one.startswith(("BEGIN", "INSERT INTO outbox"))]
    assert len(own) <= 6, own


def test_a_timer_of_a_ticket_that_is_gone_rings_in_vain(house: House) -> None:
    with house.database.write() as tx:
        tx.arm(key="ticket:x", due_at=at(1), payload={"ticket_id": "x"})

    house.wait(2)

    assert house.timers() == []


def test_many_tickets_due_at_once_are_all_told(house: House) -> None:
    house.promise()
    for n in range(30):
        house.hear(Ticket(f"INC-{n}").opened())

    house.wait(1.4)

    breached = [one.number for one in house.said(TargetBreached)]
    assert sorted(breached) == sorted(f"INC-{n}" for n in range(30))
    assert len(list(itertools.groupby(sorted(breached)))) == 30


def test_what_was_believed_then_is_told_again_with_the_reasons(house: House) -> None:
    house.promise()
    ticket = Ticket()
    house.hear(ticket.opened(), ticket.pending(2), ticket.working(5), ticket.resolved(7))
    house.wait(9)

    with house.database.read() as tx:
        then = handlers.get_clocks(GetClocks(number=ticket.number, at=at(3)), tx=tx)
        why = handlers.explain_clocks(
            ExplainClocks(number=ticket.number, at=at(3), language="id"), tx=tx
        )

    assert (then.as_of, then.sla_state) == (at(3), "breached")
    assert [clock.state for clock in then.clocks] == ["breached", "paused"]
    assert {one.threshold for one in then.thresholds} == {50, 75, 90, 100, 150}
    assert why.log_seq == 2
    assert [(span.why, span.counts, span.open_us // HOUR) for span in why.clocks[1].spans] == [
        ("open", True, 2),
        ("paused", False, 1),
    ]
    assert "Karena: menunggu pemohon." in why.clocks[1].words


def test_nobody_knows_why_a_ticket_that_was_never_heard_of_stands_as_it_does(house: House) -> None:
    with house.database.read() as tx, pytest.raises(NotFound):
        handlers.explain_clocks(ExplainClocks(number="INC-9"), tx=tx)


def test_each_exchange_and_each_group_has_its_row(house: House) -> None:
    lengths = {"clock": "next_response", "priority": "P3", "minutes": 60, "calendar": "always"}
    own = tuple(TargetSpec(**lengths | {"clock": kind}) for kind in ("next_response", "ola"))
    house.promise(policy(targets=own))
    ticket = Ticket()

    house.hear(ticket.opened(), ticket.assigned(0), ticket.replied(0.5))
    house.hear(ticket.replied(1, by=REQUESTER), ticket.replied(1.5), ticket.assigned(2, "network"))
    house.hear(ticket.replied(3, by=REQUESTER))

    found = house.clocks().clocks
    assert [(one.kind, one.instance, one.state, one.group) for one in found] == [
        ("next_response", 0, "met", None),
        ("next_response", 1, "running", None),
        ("ola", 0, "missed", "service-desk"),
        ("ola", 1, "breached", "network"),
    ]
    with house.database.read() as tx:
        kept = tx.connection.execute(sa.select(clocks.c.kind, clocks.c.instance)).all()
    assert {("next_response", 0), ("next_response", 1), ("ola", 0), ("ola", 1)} <= set(
        map(tuple, kept)
    )
