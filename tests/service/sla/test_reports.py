from contracts import sla
from services.sla import handlers
from tests.service.sla.house import House, Ticket, at


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

    assert found.total == sla.PromiseRow(
        key="all", tickets=6, met=1, missed=2, running=1, cancelled=1, met_percent=33.3
    )
    assert [(row.key, row.met, row.missed) for row in found.by_priority] == [
        ("P1", 0, 1),
        ("P3", 1, 1),
        ("P5", 0, 0),
    ]
    assert [(row.key, row.tickets, row.missed) for row in found.by_reassignments] == [
        ("0", 5, 1),
        ("1", 1, 1),
    ]
    assert (found.reassignments, found.reopened) == (1, 1)


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
