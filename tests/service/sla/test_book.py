"""Calendars, policies and what happens to open tickets when they change."""

from dataclasses import replace

import pytest

from contracts import sla
from contracts.errors import Invalid
from services.sla import handlers
from services.sla.domain.errors import InvalidDefinition
from services.sla.schemas import refused
from services.sla.store import book
from tests.service.sla.house import ALL_DAY, ALWAYS, HOUR, OFFICE, House, Ticket, at, policy


def put(house: House, spec: sla.CalendarSpec | sla.PolicySpec) -> int:
    with house.database.write() as tx:
        if isinstance(spec, sla.CalendarSpec):
            return handlers.put_calendar(spec, tx=tx).version
        return handlers.put_policy(spec, tx=tx).version


def test_saving_the_same_again_is_no_new_version(house: House) -> None:
    house.promise()

    assert [put(house, spec) for spec in (ALWAYS, OFFICE, policy())] == [1, 1, 1]
    with house.database.read() as tx:
        assert book.latest_number(tx) == 3


def test_saving_a_change_is_a_new_version_and_the_lists_show_it(house: House) -> None:
    house.promise(policy(position=20), policy(key="gold", position=10, active=False))

    assert put(house, replace(OFFICE, name="Kantor")) == 2
    assert put(house, policy(position=5)) == 2

    with house.database.read() as tx:
        calendars = handlers.list_calendars(tx=tx).items
        policies = handlers.list_policies(tx=tx).items
    assert [(one.spec.key, one.version) for one in calendars] == [("always", 1), ("office", 2)]
    assert calendars[1].spec == replace(OFFICE, name="Kantor")
    assert [(one.spec.key, one.version) for one in policies] == [("standard", 2), ("gold", 1)]


def test_a_calendar_keeps_the_days_off_that_were_found_when_it_was_saved(house: House) -> None:
    feast = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260106\nEND:VEVENT\n"
    spec = replace(
        OFFICE,
        holidays=(sla.CountryHolidays(country="ID", joint_leave=True),),
        icalendars=(sla.ICalendarFile(name="feast", text=f"{feast}END:VCALENDAR\n"),),
    )

    assert [put(house, OFFICE), put(house, spec), put(house, spec)] == [1, 2, 2]

    with house.database.read() as tx:
        saved = handlers.list_calendars(tx=tx).items[0]
        timetable = book.book(tx, book.latest_number(tx)).timetables["office"]
    assert saved.spec == spec
    assert {"2026-01-06", "2026-03-20"} <= {one.first for one in saved.days_off.closures}
    assert timetable.open_time(start=at(16), end=at(40)) == 0


def test_an_open_ticket_keeps_the_promise_it_was_opened_under(house: House) -> None:
    house.promise(policy("office"))
    house.hear((old := Ticket("INC-1")).opened())

    put(house, policy("always"))
    put(house, replace(OFFICE, week={"tue": ALL_DAY}))
    house.hear(Ticket("INC-2").opened(), old.assigned(0.1))
    house.hear(old.reprioritised(0.2, "P1"))

    kept, fresh = house.clock_named("resolution", "INC-1"), house.clock_named("resolution", "INC-2")
    assert (kept.policy_version, kept.calendar, kept.calendar_version) == (1, "office", 1)
    assert kept.due_at == at(4)
    assert (fresh.policy_version, fresh.calendar) == (2, "always")


def test_a_withdrawn_policy_promises_nothing_to_new_tickets(house: House) -> None:
    house.promise()
    put(house, policy(active=False))

    house.hear(Ticket().opened())

    assert house.clocks().clocks == ()


def test_the_first_policy_that_fits_decides_and_a_category_may_bring_another(
    house: House,
) -> None:
    quick = policy(key="core", position=1, categories=("core",), reopen_days=1)
    house.promise(quick, policy("office"))

    house.hear((ticket := Ticket()).opened())
    assert house.clock_named("resolution").policy == "standard"
    house.hear(ticket.categorised(0.1, "core"))

    assert house.clock_named("resolution").policy == "core"


def test_a_ticket_opened_before_anything_was_promised_has_no_clocks(house: House) -> None:
    house.hear(ticket := Ticket().opened())
    house.promise()

    assert house.clocks(ticket.number).clocks == ()


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        (replace(OFFICE, zone="Asia/Batavia"), "zone"),
        (replace(OFFICE, week={}), "week"),
        (policy("nowhere"), "targets.0.calendar"),
        (policy(thresholds=(0,)), "thresholds.0"),
        (
            policy(minute_thresholds=(sla.MinuteThreshold(minutes_before=600),)),
            "minute_thresholds.0.minutes_before",
        ),
    ],
    ids=["zone", "empty calendar", "unknown calendar", "threshold", "before every start"],
)
def test_what_cannot_be_meant_is_refused_naming_the_field(
    house: House, spec: sla.CalendarSpec | sla.PolicySpec, path: str
) -> None:
    house.promise()

    with pytest.raises(InvalidDefinition) as error:
        put(house, spec)

    answer = refused(error.value)
    assert isinstance(answer, Invalid)
    assert path in answer.errors
    assert answer.detail.startswith(path)
    with house.database.read() as tx:
        assert book.latest_number(tx) == 3


def test_a_process_reads_an_edition_once(house: House) -> None:
    house.promise()
    with house.database.read() as tx:
        first = book.book(tx, 3)
        again = book.book(tx, 3)

    assert first is again


def test_a_process_forgets_editions_when_it_remembers_too_many(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book, "BOOKS_KEPT", 1)
    house.promise()
    with house.database.read() as tx:
        first = book.book(tx, 3)
        book.book(tx, 2)

        assert book.book(tx, 3) is not first


def rebasing(house: House, *, choose: bool, **asked: object) -> sla.Rebased:
    with house.database.write() as tx:
        call = handlers.rebase_tickets if choose else handlers.preview_rebase
        return call(sla.Rebasing(**asked), tx=tx)


def test_a_preview_says_what_a_rebase_would_change_and_changes_nothing(house: House) -> None:
    house.promise()
    house.hear(Ticket("INC-1").opened(), Ticket("INC-2").opened(priority="P1"))
    house.hear((done := Ticket("INC-3")).opened(), done.resolved(0.1))
    house.wait(2)
    shorter = policy()
    targets = [replace(one, minutes=max(1, one.minutes // 10)) for one in shorter.targets]
    put(house, replace(shorter, targets=tuple(targets)))

    found = rebasing(house, choose=False)

    # First responses were missed already; of the resolutions one is past at once.
    assert (found.tickets, found.clocks, found.changed, found.newly_breached) == (2, 4, 2, 2)
    assert house.clock_named("resolution", "INC-1").due_at == at(10)


def test_running_clocks_follow_the_new_rules_once_somebody_chose_it(house: House) -> None:
    house.promise()
    house.hear((open_one := Ticket("INC-1")).opened())
    house.wait(2)
    longer = policy()
    targets = [replace(one, minutes=2 * one.minutes) for one in longer.targets]
    put(house, replace(longer, targets=tuple(targets)))

    found = rebasing(house, choose=True)

    clock = house.clock_named("resolution", "INC-1")
    assert (found.changed, found.saved, found.newly_breached) == (1, 1, 0)
    assert (clock.due_at, clock.policy_version) == (at(20), 2)
    # The missed first response stays as it was judged.
    assert house.clock_named("first_response", "INC-1").policy_version == 1
    assert rebasing(house, choose=True).tickets == 0
    house.hear(open_one.replied(3))
    assert house.clock_named("resolution", "INC-1").due_at == at(20)


def test_before_the_choice_the_old_rules_were_believed(house: House) -> None:
    house.promise(policy("office"))
    house.hear(Ticket("INC-1").opened())
    house.wait(2)
    put(house, policy("always"))
    rebasing(house, choose=True)
    house.wait(4)

    with house.database.read() as tx:
        then = handlers.get_clocks(sla.GetClocks(number="INC-1", at=at(1)), tx=tx)
        now = handlers.get_clocks(sla.GetClocks(number="INC-1"), tx=tx)

    assert [clock.calendar for clock in then.clocks] == ["office", "office"]
    assert now.clocks[1].calendar == "always"
    assert now.clocks[1].due_at == at(10)


def test_a_new_priority_after_a_rebase_keeps_the_time_before_as_it_was_counted(
    house: House,
) -> None:
    house.promise(policy("office"))
    house.hear((ticket := Ticket("INC-1")).opened(), ticket.replied(0.1))
    house.wait(4)
    put(house, replace(OFFICE, week={"mon": (sla.Opening(start="08:00", end="10:00"),)}))
    rebasing(house, choose=True)

    house.hear(ticket.reprioritised(4.5, "P1"))

    # Four hours by the calendar of then; the new one would have counted two.
    found = house.clock_named("resolution", "INC-1")
    assert (found.elapsed_us, found.state, found.cause) == (4 * HOUR, "breached", "reprioritised")


def test_only_the_tickets_of_a_policy_or_calendar_are_rebased_when_one_is_named(
    house: House,
) -> None:
    house.promise(policy("office"))
    house.hear(*(Ticket(f"INC-{n}").opened() for n in range(1, 4)))
    put(house, replace(OFFICE, week={"tue": ALL_DAY}))

    assert rebasing(house, choose=False, policy="other").tickets == 0
    assert rebasing(house, choose=False, calendar="always").tickets == 0
    first = rebasing(house, choose=False, calendar="office", limit=2)
    rest = rebasing(house, choose=False, calendar="office", limit=2, after=first.next)
    assert (first.tickets, rest.tickets, rest.next) == (2, 1, None)
