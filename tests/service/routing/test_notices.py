"""Whom people are told of what, when, and how often."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from contracts.errors import Invalid, NotFound
from contracts.routing import ACKNOWLEDGE_NOTICES, ASSIGN, ESCALATE, PUT_AGENT
from services.routing.models import TriggerRow
from tests.service.routing.house import LEAD, House

# The house's time starts on Friday, half a second before midnight in Jakarta.
OFFICE = {
    "zone": "Asia/Jakarta",
    "week": {
        day: [{"start": "08:00", "end": "17:00"}] for day in ("mon", "tue", "wed", "thu", "fri")
    },
}
MONDAY = datetime(2028, 1, 3, 1, 0, tzinfo=UTC)
AYU = {"kind": "agent", "id": "ayu@desk.example", "name": "Ayu"}


@pytest.fixture
def office(house: House) -> House:
    """One group; Ayu works there by office hours, and its manager is no agent."""
    house.group("desk")
    house.agent("ayu", "desk", hours=OFFICE, capacity=100)
    return house


def acknowledge(house: House, page, *, agent: str = "ayu", actor=None):
    ids = [each.id for each in page.items]
    email = f"{agent}@desk.example"
    return house.ask(
        ACKNOWLEDGE_NOTICES, email=email, agent=agent, ids=ids, actor=actor or {**AYU, "id": email}
    )


def outcomes(house: House) -> list[str]:
    with house.database.read() as tx:
        return list(tx.session.scalars(sa.select(TriggerRow.outcome).order_by(TriggerRow.heard_at)))


# Who is told


def test_a_threshold_is_told_to_whoever_has_the_ticket(staffed) -> None:
    ticket = staffed.opened()

    staffed.at_risk(ticket, 75)

    (told,) = staffed.told("notice.given")
    assert (told.recipient, told.email, told.count) == ("ayu", "ayu@desk.example", 1)
    (notice,) = told.notices
    assert (notice.kind, notice.number, notice.clock, notice.threshold, notice.major) == (
        "threshold",
        ticket.number,
        "resolution",
        75,
        False,
    )


def test_a_threshold_in_minutes_is_told_however_early_it_comes(staffed) -> None:
    percent, minutes = staffed.opened(), staffed.opened()

    staffed.at_risk(percent, 25)
    staffed.at_risk(minutes, 25, minutes=-360)

    assert [each.notices[0].number for each in staffed.told("notice.given")] == [minutes.number]


def test_two_thresholds_in_minutes_at_one_percent_are_told_both(staffed) -> None:
    ticket = staffed.opened()

    for minutes in (-40, -38, -40):
        staffed.at_risk(ticket, 89, minutes=minutes)

    told = [each.notices[0] for each in staffed.told("notice.given")]
    assert [(each.threshold, each.minutes) for each in told] == [(89, -40), (89, -38)]


def test_a_threshold_of_a_ticket_that_nobody_has_is_told_to_the_manager(house) -> None:
    house.group("desk")
    ticket = house.opened()

    house.at_risk(ticket, 75)

    assert house.given() == [("boss@desk.example", 1, "threshold 75")]


def test_an_escalation_says_it_already_so_the_threshold_is_not_told_again(house) -> None:
    house.group("desk")
    ticket = house.opened()

    house.breached(ticket, clock="first_response")

    assert house.given() == [("boss@desk.example", 1, "escalation 100")]
    assert {fate[1:] for fate in house.fates()} == {("given", ""), ("dropped", "covered")}


def test_one_notice_a_threshold_however_often_and_in_whatever_order_it_is_heard(staffed) -> None:
    ticket = staffed.opened()

    for threshold in (50, 75, 50, 75, 50):
        staffed.at_risk(ticket, threshold)
    staffed.ask(ASSIGN, number=ticket.number, actor=LEAD, assignee="budi")
    staffed.at_risk(ticket, 75)

    assert staffed.given() == [("ayu", 1, "threshold 50"), ("ayu", 1, "threshold 75")]


def test_a_lower_threshold_that_comes_late_is_not_told(staffed) -> None:
    ticket = staffed.opened()

    staffed.at_risk(ticket, 75)
    staffed.at_risk(ticket, 50)

    assert staffed.given() == [("ayu", 1, "threshold 75")]
    assert ("ayu", "dropped", "superseded") in staffed.fates()


def test_a_clock_that_is_paused_and_armed_anew_does_not_repeat_itself(staffed) -> None:
    ticket = staffed.opened()
    staffed.at_risk(ticket, 75)

    staffed.at_risk(ticket, 75, clock_version=2)
    staffed.clock.at += timedelta(minutes=16)
    staffed.at_risk(ticket, 75, clock_version=3)

    assert len(staffed.given()) == 2
    assert [fate[2] for fate in staffed.fates()] == ["", "cooldown", ""]


def test_clocks_of_one_kind_are_told_apart(staffed) -> None:
    ticket = staffed.opened()

    for instance in (0, 1):
        staffed.breached(ticket, clock="next_response", instance=instance)

    assert len(staffed.given()) == 2


def test_what_is_heard_before_the_opening_is_told_after_it(staffed) -> None:
    ticket = staffed.ticket()
    staffed.breached(ticket, clock="next_response")
    staffed.at_risk(ticket)
    staffed.at_risk(ticket)

    staffed.hear(ticket)
    staffed.ring()
    staffed.at_risk(ticket)
    staffed.ring()

    assert sorted(staffed.given()) == [
        ("ayu", 1, "threshold 100"),
        ("ayu", 1, "threshold 90"),
        ("boss@desk.example", 1, "escalation 90"),
    ]


def test_replayed_and_done_tickets_are_told_to_nobody(staffed) -> None:
    replayed = staffed.opened(group="desk", origin="replay")
    done = staffed.opened()
    staffed.resolved(done)

    staffed.at_risk(replayed, 75)
    staffed.at_risk(done, 75)

    assert staffed.given() == []
    assert [fate[1:] for fate in staffed.fates()] == [("dropped", "done")]


def test_escalating_to_nobody_is_told_to_the_groups_manager(staffed) -> None:
    staffed.agent("citra", "network", away=True)
    ticket = staffed.opened()

    staffed.breached(ticket)

    assert ("boss@network.example", 1, "unreached 100") in staffed.given()


def test_where_no_manager_can_be_told_the_leads_are(staffed) -> None:
    staffed.agent("lia", "desk", lead=True, capacity=1)
    staffed.agent("boss", "desk", email="boss@network.example", away=True)
    staffed.agent("citra", "network", away=True)
    ticket = staffed.opened()

    staffed.breached(ticket)

    assert ("lia", 1, "unreached 100") in staffed.given()


def test_with_nobody_there_at_all_the_manager_is_told_rather_than_nobody(staffed) -> None:
    staffed.agent("boss", "desk", email="boss@network.example", away=True)
    staffed.agent("citra", "network", away=True)
    ticket = staffed.opened()

    staffed.breached(ticket)

    assert ("boss", 1, "unreached 100") in staffed.given()


def test_who_never_works_is_passed_over_for_the_manager(office) -> None:
    office.agent("ayu", "desk", hours={"zone": "Asia/Jakarta", "week": {}})
    ticket = office.opened()

    office.at_risk(ticket, 75)

    (told,) = office.told("notice.given")
    assert (told.recipient, told.notices[0].meant_for) == ("boss@desk.example", "ayu")


def test_an_article_to_be_read_again_is_told_to_its_owner(office) -> None:
    office.review_due("Ayu@desk.example")
    office.review_due("boss@desk.example", key="wifi")
    office.review_due("boss@desk.example", key="wifi")

    assert office.given() == [("boss@desk.example", 1, "review wifi")]
    assert ("ayu", "waiting", "") in office.fates()


# When


def test_a_notice_waits_for_the_shift_and_is_given_once(office) -> None:
    ticket = office.opened()
    office.at_risk(ticket, 75)
    office.clock.at = MONDAY - timedelta(seconds=1)
    assert office.ring() == 0
    assert office.given() == []

    office.clock.at = MONDAY
    office.ring()
    office.ring()

    assert office.given() == [("ayu", 1, "threshold 75")]


def test_a_major_ticket_waits_for_nobodys_hours(office) -> None:
    ticket = office.opened(priority="P1")

    office.breached(ticket, clock="next_response")

    assert office.given() == [("ayu", 1, "threshold 100")]


def test_what_is_major_is_the_groups_to_say(office) -> None:
    office.group("desk", major_priorities=["P1", "P2"])

    office.at_risk(office.opened(priority="P2"), 75, priority="P2")
    office.at_risk(office.opened(priority="P3"), 75)

    assert len(office.given()) == 1


def test_a_ticket_that_becomes_major_waits_no_longer(office) -> None:
    ticket = office.opened()
    office.at_risk(ticket, 75)

    office.reprioritised(ticket, "P1")
    office.ring()

    assert [told.notices[0].major for told in office.told("notice.given")] == [True]


def test_what_became_moot_while_it_waited_is_dropped_with_its_reason(office) -> None:
    resolved, moved_on = office.opened(), office.opened()
    office.at_risk(resolved, 75)
    for threshold in (50, 75, 90):
        office.at_risk(moved_on, threshold, clock="next_response")
    office.resolved(resolved)

    office.clock.at = MONDAY
    office.ring()

    assert office.given() == [("ayu", 1, "threshold 90")]
    assert [fate[1:] for fate in office.fates()] == [
        ("dropped", "done"),
        ("dropped", "superseded"),
        ("dropped", "superseded"),
        ("given", ""),
    ]


def test_a_waiting_notice_follows_its_ticket(office) -> None:
    office.agent("budi", "desk")
    ticket = office.opened()
    office.ask(ASSIGN, number=ticket.number, actor=LEAD, assignee="ayu")
    office.at_risk(ticket, 75)

    office.ask(ASSIGN, number=ticket.number, actor=LEAD, assignee="budi")
    office.clock.at = MONDAY
    office.ring()

    assert office.given() == [("budi", 1, "threshold 75")]


def test_who_is_away_when_the_shift_begins_is_passed_over(office) -> None:
    ticket = office.opened()
    office.at_risk(ticket, 75)

    office.agent("ayu", "desk", hours=OFFICE, away=True)
    office.ring()

    assert office.given() == [("boss@desk.example", 1, "threshold 75")]


def test_changed_hours_count_for_what_waits(office) -> None:
    ticket = office.opened()
    office.at_risk(ticket, 75)

    office.agent("ayu", "desk")
    office.ring()

    assert office.given() == [("ayu", 1, "threshold 75")]


def test_after_a_downtime_what_fell_due_is_given_once(office) -> None:
    office.at_risk(office.opened(), 75)
    url = str(office.database.engine.url.render_as_string(hide_password=False))
    office.database.close()

    again = House(url)
    again.clock.at = MONDAY + timedelta(minutes=10)
    again.ring()
    again.ring()

    assert again.given() == [("ayu", 1, "threshold 75")]
    again.database.close()


def test_a_digest_that_would_come_after_the_shift_waits_for_the_next(office) -> None:
    office.clock.at = MONDAY + timedelta(hours=8, minutes=55)
    for _ in range(6):
        office.at_risk(office.opened(), 75)

    office.clock.at += timedelta(minutes=10)
    office.ring()
    assert len(office.given()) == 5
    office.clock.at = MONDAY + timedelta(days=1)
    office.ring()

    assert [count for _, count, _ in office.given()] == [1] * 6


# How often


def test_what_waited_for_the_shift_comes_one_by_one_while_it_is_little(office) -> None:
    for _ in range(5):
        office.at_risk(office.opened(), 75)

    office.clock.at = MONDAY
    office.ring()

    assert [count for _, count, _ in office.given()] == [1] * 5


def test_what_waited_for_the_shift_is_one_digest_when_it_is_much(office) -> None:
    for _ in range(6):
        office.at_risk(office.opened(), 75)

    office.clock.at = MONDAY
    office.ring()

    (told,) = office.told("notice.given")
    assert (told.count, len(told.notices)) == (6, 6)
    assert {notice.digest for notice in told.notices} == {told.digest}


def test_a_major_notice_is_gathered_only_behind_as_many_major_ones(staffed) -> None:
    minor, major = staffed.opened(), staffed.opened(priority="P1")
    staffed.ask(ASSIGN, number=major.number, actor=LEAD, assignee="ayu")
    for instance in range(6):
        staffed.breached(minor, clock="next_response", instance=instance)
    assert len(staffed.given()) == 5

    for instance in range(6):
        staffed.breached(major, clock="next_response", instance=instance)

    assert len(staffed.given()) == 10
    staffed.clock.at += timedelta(minutes=11)
    staffed.ring()
    assert staffed.given()[10:] == [("ayu", 2, "threshold 100")]
    assert staffed.told("notice.given")[-1].notices[0].major


def test_a_burst_is_a_few_notices_and_a_digest_a_window(staffed) -> None:
    ticket = staffed.opened()
    began = staffed.clock.at
    for n in range(60):
        staffed.clock.at = max(staffed.clock.at, began + timedelta(seconds=20 * n))
        if n == 30:
            staffed.clock.at += timedelta(seconds=1)
            staffed.ring()
        staffed.breached(ticket, clock="next_response", instance=n)

    staffed.clock.at = began + timedelta(minutes=20, seconds=5)
    staffed.ring()

    counts = [event.count for event in staffed.told("notice.given")]
    assert counts == [1] * 5 + [25] + [1] * 4 + [26]
    assert staffed.notices("ayu").unread == 60


# What people do with them


def test_acknowledging_an_escalation_stops_the_ladder_of_that_clock(staffed) -> None:
    staffed.agent("boss", "desk", email="boss@desk.example", capacity=1)
    staffed.agent("boss", "network", email="boss@desk.example", capacity=1)
    ticket = staffed.opened()
    staffed.at_risk(ticket)
    acknowledge(staffed, staffed.notices("boss"), agent="boss")

    staffed.clock.at += timedelta(hours=1)
    staffed.breached(ticket)
    staffed.breached(ticket, clock="first_response")

    raised = staffed.told("escalation.raised")
    assert [(each.kind, each.trigger) for each in raised] == [
        ("hierarchic", "resolution.at_risk.90"),
        ("functional", "resolution.breached.100"),
        ("hierarchic", "first_response.breached.100"),
    ]
    assert "authority knows of it" in raised[1].reason
    (known,) = [each for each in staffed.notices("boss").items if each.acknowledged_at]
    assert known.acknowledged_by.id == "boss@desk.example"


def test_a_ladder_of_authority_alone_that_was_acknowledged_ends_with_that_reason(staffed) -> None:
    staffed.agent("boss", "desk", email="boss@network.example", capacity=1)
    ticket = staffed.opened("vpn")
    staffed.at_risk(ticket)
    acknowledge(staffed, staffed.notices("boss"), agent="boss")

    staffed.clock.at += timedelta(hours=1)
    staffed.breached(ticket)

    assert outcomes(staffed) == ["acted", "acknowledged"]
    assert len(staffed.told("escalation.raised")) == 1


def test_acknowledging_a_threshold_stops_no_ladder_and_hands_are_never_tied(staffed) -> None:
    ticket = staffed.opened()
    staffed.at_risk(ticket)
    acknowledge(staffed, staffed.notices("ayu"))

    staffed.clock.at += timedelta(hours=1)
    staffed.breached(ticket)
    staffed.ask(ESCALATE, number=ticket.number, kind="hierarchic", actor=LEAD, reason="Again.")

    assert [each.kind for each in staffed.told("escalation.raised")] == [
        "hierarchic",
        "functional",
        "hierarchic",
        "hierarchic",
    ]


def test_notices_are_listed_newest_first_by_pages_and_acknowledged_once(staffed) -> None:
    ticket = staffed.opened()
    for threshold in (50, 75, 90):
        staffed.at_risk(ticket, threshold, clock="next_response")

    first = staffed.notices("ayu", limit=2)
    rest = staffed.notices("ayu", limit=2, cursor=first.next_cursor)

    assert [each.threshold for each in (*first.items, *rest.items)] == [90, 75, 50]
    assert (first.unread, rest.next_cursor) == (3, None)
    known = acknowledge(staffed, first)
    again = acknowledge(staffed, first, actor=LEAD)
    assert known.unread == 1
    assert again.items == known.items
    assert [each.threshold for each in staffed.notices("ayu", unread=True).items] == [50]


def test_a_notice_of_somebody_else_is_not_there(staffed) -> None:
    staffed.at_risk(staffed.opened(), 75)

    with pytest.raises(NotFound):
        acknowledge(staffed, staffed.notices("ayu"), agent="budi")

    assert staffed.notices("budi").items == ()


@pytest.mark.parametrize("cursor", ["x", "1.x", "99999999999999999.0", "٣.00000000"])
def test_a_cursor_of_another_make_is_refused(staffed, cursor) -> None:
    with pytest.raises(Invalid):
        staffed.notices("ayu", cursor=cursor)


def test_hours_of_a_zone_that_is_none_are_refused(office) -> None:
    with pytest.raises(Invalid) as refused:
        office.agent("ayu", "desk", hours=OFFICE | {"zone": "Mars/Olympus"})

    assert list(refused.value.errors) == ["hours.zone"]


def test_hours_and_lead_come_back_as_they_were_saved(office) -> None:
    spec = {"key": "lia", "name": "Lia", "email": "lia@desk.example", "groups": ["desk"]}

    for _ in range(2):
        saved = office.ask(PUT_AGENT, **spec, hours=OFFICE, lead=True)

    assert saved.hours.week["fri"][0].end == "17:00"


# Whatever happens between two lines


def test_a_crash_at_any_statement_leaves_nothing_behind_and_a_repeat_tells_once(staffed) -> None:
    ticket = staffed.opened()
    engine = staffed.database.engine
    left = [1000]

    def fall(*_: object) -> None:
        left[0] -= 1
        if left[0] < 0:  # whoever is dead stays dead
            raise RuntimeError("killed")

    sa.event.listen(engine, "before_cursor_execute", fall)
    crashes = 0
    for statement in range(200):
        left[0] = statement
        try:
            staffed.breached(ticket)
        except RuntimeError:
            crashes += 1
            left[0] = 1000
            assert staffed.fates() == []
            assert staffed.told("notice.given") == []
        else:
            break
    sa.event.remove(engine, "before_cursor_execute", fall)

    assert crashes > 5
    assert sorted(staffed.given()) == [
        ("boss@desk.example", 1, "escalation 100"),
        ("citra", 1, "threshold 100"),
    ]
