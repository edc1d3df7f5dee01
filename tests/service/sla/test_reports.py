import random
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from contracts import intake, sla
from contracts.errors import Invalid
from services.sla import handlers, models
from tests.service.sla.house import HOUR, House, Ticket, at, policy


def report(house: House, **question: object) -> sla.PromiseReport:
    with house.database.read() as tx:
        return handlers.report_promises(sla.ReportPromises(**question), tx=tx)


def a_busy_week(house: House) -> None:
    house.promise()
    met, missed, late, running, gone, unpromised = (Ticket(f"INC-{n}") for n in range(6))
    house.hear(met.opened(), met.assigned(1), met.resolved(2))
    house.hear(missed.opened(priority="P1"), missed.assigned(1), missed.assigned(2, "network"))
    house.hear(missed.resolved(5), missed.reopened(6), missed.resolved(7))
    house.hear(late.opened(), running.opened(17), gone.opened(), unpromised.opened(priority="P5"))
    house.hear(gone.closed(3, "spam"))
    house.wait(18)


def test_promises_are_counted_by_priority_and_by_changes_of_group(house: House) -> None:
    a_busy_week(house)

    found = report(house)

    assert (found.total.key, found.total.tickets, found.total.met_percent) == ("all", 6, 33.3)
    assert verdicts([found.total]) == [("all", 1, 2)]
    assert (found.total.running, found.total.cancelled) == (1, 1)
    assert verdicts(found.by_priority) == [("P1", 0, 1), ("P3", 1, 1), ("P5", 0, 0)]
    assert [(row.key, row.tickets, row.missed) for row in found.by_reassignments] == [
        ("0", 5, 1),
        ("1", 1, 1),
    ]
    assert (found.reassignments, found.reopened) == (1, 1)


def test_promises_are_counted_by_policy_and_by_the_group_that_had_the_ticket_last(
    house: House,
) -> None:
    a_busy_week(house)

    found = report(house)

    assert verdicts(found.by_policy) == [("", 0, 0), ("standard", 1, 2)]
    assert verdicts(found.by_group) == [("", 0, 1), ("network", 0, 1), ("service-desk", 1, 0)]


def test_missed_promises_say_whose_time_it_was(house: House) -> None:
    house.promise()
    ticket = Ticket()
    house.hear(ticket.opened(priority="P1"), ticket.assigned(1), ticket.pending(2))
    house.hear(ticket.working(5), ticket.assigned(6, "network", tier=2, to=None))
    house.hear(ticket.assigned(6.5, "network", tier=2), ticket.resolved(9))

    (network,) = report(house).by_group

    assert network.blame == {
        "requester": 3 * HOUR,
        "tier2:network": 2.5 * HOUR,
        "tier1:service-desk": 2 * HOUR,
        "unassigned": HOUR,
        "in_transit": HOUR / 2,
    }


def test_a_period_is_cut_into_days_of_the_zone_that_is_asked_for(house: House) -> None:
    house.promise()
    house.hear(Ticket("INC-1").opened(0), Ticket("INC-2").opened(16))  # Monday 08:00 and midnight

    jakarta = report(house, since=at(-8), until=at(40), zone="Asia/Jakarta")
    london = report(house, since=at(-8), until=at(40), zone="Europe/London")

    assert [(row.key, row.tickets) for row in jakarta.by_period] == [
        ("2026-01-05", 1),
        ("2026-01-06", 1),
    ]
    assert [(row.key, row.tickets) for row in london.by_period] == [("2026-01-05", 2)]
    assert jakarta.period_unit == "day"


def test_a_breach_by_a_raised_priority_is_no_penalty_of_the_group(house: House) -> None:
    house.promise()
    raised, kept = Ticket("INC-1"), Ticket("INC-2")
    house.hear(raised.opened(), raised.assigned(1), raised.reprioritised(5, "P1"))
    house.hear(raised.resolved(5.1), kept.opened(), kept.assigned(1), kept.resolved(2))

    found = report(house)

    assert (found.total.missed, found.total.excused, found.total.met_percent) == (1, 1, 50.0)
    assert [(row.key, row.met_percent) for row in found.by_group] == [("service-desk", 100.0)]


def test_cancelling_late_is_not_how_a_breach_is_hidden(house: House) -> None:
    house.promise()
    early, late, merged = (Ticket(f"INC-{n}") for n in range(3))
    house.hear(early.opened(), late.opened(), merged.opened())
    house.hear(early.closed(7, "spam"), late.closed(7.5, "cancelled"), merged.closed(9, "merged"))

    total = report(house).total

    assert (total.cancelled, total.cancelled_late, total.cancelled_late_percent) == (3, 2, 66.7)


def test_times_are_open_time_by_mean_median_and_nine_in_ten(house: House) -> None:
    house.promise(policy("office"))
    for n, hours in enumerate((0.5, 1, 2, 8, 24)):
        ticket = Ticket(f"INC-{n}")
        house.hear(ticket.opened(priority="P1" if n == 0 else "P3"), ticket.resolved(hours))
    house.hear(Ticket("INC-9").opened())

    found = times(house, by="priority")

    # The eighth hour ends after lunch; the office closes between the fourth ticket and the last.
    assert (found.total.tickets, found.total.median_us, found.total.p90_us) == (
        5,
        2 * HOUR,
        8 * HOUR,
    )
    assert found.total.mean_us == 18.5 * HOUR / 5
    assert [(row.key, row.tickets) for row in found.rows] == [("P1", 1), ("P3", 4)]
    assert (found.rows[1].median_us, found.rows[1].p90_us) == (2 * HOUR, 8 * HOUR)


def test_the_backlog_is_what_somebody_has_to_work_on(house: House) -> None:
    house.promise()
    old, young, waiting, done = (Ticket(f"INC-{n}") for n in range(4))
    house.hear(old.opened(0), old.assigned(1, "network"), done.opened(0), done.resolved(1))
    house.hear(waiting.opened(90), waiting.pending(91), young.opened(95))
    house.wait(96)

    found = backlog(house)

    assert [(row.key, row.tickets) for row in found.by_age if row.tickets] == [("1d", 2), ("7d", 1)]
    assert [(row.key, row.tickets, row.missed) for row in found.by_group] == [
        ("", 2, 0),
        ("network", 1, 1),
    ]
    assert (found.total.tickets, found.total.oldest_at) == (3, at(0))


def test_events_late_twice_and_in_any_order_give_the_same_rows(house: House) -> None:
    house.promise()
    orderly, shuffled = Ticket("INC-1"), Ticket("INC-2")

    def story(ticket: Ticket) -> list[intake.TicketEvent]:
        return [
            ticket.opened(),
            ticket.assigned(1),
            ticket.pending(2),
            ticket.working(5),
            ticket.reprioritised(6, "P1"),
            ticket.assigned(7, "network", tier=2, to=None),
            ticket.assigned(8, "network", tier=2),
            ticket.resolved(12),
            ticket.reopened(13),
            ticket.resolved(15),
            ticket.closed(20),
        ]

    house.hear(*story(orderly))
    events = 2 * story(shuffled)
    random.Random(5).shuffle(events)
    house.hear(*events)

    first, second = rows_of(house, orderly), rows_of(house, shuffled)
    assert first == second
    assert first[0]["state"] == "missed"
    assert first[-1]["holder"] == "unassigned"


def rows_of(house: House, ticket: Ticket) -> list[dict[str, object]]:
    """What reports read of a ticket."""
    with house.database.read() as tx:
        clocks = sa.select(models.clocks).order_by("kind", "instance")
        blame = sa.select(models.blame).order_by("holder")
        return [
            {name: value for name, value in row.items() if name != "ticket_id"}
            for found in (clocks, blame)
            for row in tx.connection.execute(found).mappings()
            if row["ticket_id"] == ticket.ticket_id
        ]


def verdicts(rows: Sequence[sla.PromiseRow]) -> list[tuple[str, int, int]]:
    return [(row.key, row.met, row.missed) for row in rows]


def times(house: House, **question: object) -> sla.TimesReport:
    with house.database.read() as tx:
        return handlers.report_times(sla.ReportTimes(**question), tx=tx)


def backlog(house: House, **question: object) -> sla.BacklogReport:
    with house.database.read() as tx:
        return handlers.report_backlog(sla.ReportBacklog(**question), tx=tx)


def test_a_report_counts_tickets_opened_in_its_period(house: House) -> None:
    a_busy_week(house)

    assert report(house, since=at(17), until=at(18)).total.tickets == 1
    assert report(house, until=at(17)).total.tickets == 5
    assert report(house, since=at(17.001)).total.tickets == 0


def test_nothing_judged_has_no_percentage(house: House) -> None:
    house.promise()

    assert report(house).total.met_percent is None
    assert report(house).by_priority == ()


def test_first_responses_are_reported_by_themselves(house: House) -> None:
    a_busy_week(house)

    assert report(house, clock="first_response").total.missed == 4


def test_an_unknown_zone_and_a_period_the_wrong_way_round_are_refused(house: House) -> None:
    with pytest.raises(Invalid, match="zone"):
        report(house, zone="Asia/Nowhere")
    with pytest.raises(Invalid, match="until"):
        times(house, since=at(2), until=at(1))
