"""The demo desk as it is shipped."""

import unicodedata
from collections import Counter

import pytest

from contracts.routing import RuleSpec
from deploy.demo.desk import Desk, read_desk
from deploy.demo.tickets import Day, DemoTicket, minute_of, read_day


@pytest.fixture(scope="module")
def desk() -> Desk:
    return read_desk()


@pytest.fixture(scope="module")
def day(desk: Desk) -> Day:
    return read_day(desk)


def deeds(ticket: DemoTicket) -> list[str]:
    return [act.do for act in ticket.acts]


def test_six_groups_stand_on_three_tiers(desk: Desk) -> None:
    assert Counter(desk.tiers.values()) == {1: 1, 2: 4, 3: 1}


def test_every_group_but_the_deepest_has_somewhere_to_escalate_to(desk: Desk) -> None:
    assert [group.key for group in desk.groups if group.next_group is None] == ["platform"]


def test_every_group_can_answer_in_both_languages(desk: Desk) -> None:
    spoken = {
        group.key: {
            language
            for agent in desk.agents
            if group.key in agent.groups
            for language in agent.languages
        }
        for group in desk.groups
    }

    assert all(languages == {"id", "en"} for languages in spoken.values())


def test_about_twenty_agents_of_different_skill(desk: Desk) -> None:
    levels = {level for agent in desk.agents for level in agent.skills.values()}

    assert 18 <= len(desk.agents) <= 24
    assert levels == {1, 2, 3}


def test_everybody_writes_from_the_house_s_own_domain(desk: Desk, day: Day) -> None:
    addresses = [
        *(agent.email for agent in desk.agents),
        *(group.manager for group in desk.groups),
        *(person.email for person in day.people.values()),
    ]

    assert {address.rpartition("@")[2] for address in addresses} == {desk.organisation.email_domain}


def test_every_policy_promises_both_clocks_for_every_priority(desk: Desk) -> None:
    promised = {
        policy.key: {(target.clock, target.priority) for target in policy.targets}
        for policy in desk.policies
    }

    assert all(len(targets) == 10 for targets in promised.values())


def test_urgent_incidents_are_promised_around_the_clock(desk: Desk) -> None:
    incidents = next(policy for policy in desk.policies if policy.key == "incidents")

    calendars = {target.priority: target.calendar for target in incidents.targets}

    assert calendars["P1"] == calendars["P2"] == "around-the-clock"
    assert calendars["P3"] == "jakarta-office-hours"


def test_a_more_urgent_priority_is_promised_sooner(desk: Desk) -> None:
    for policy in desk.policies:
        for clock in ("first_response", "resolution"):
            minutes = [t.minutes for t in policy.targets if t.clock == clock]
            assert minutes == sorted(minutes)
            assert len(set(minutes)) == len(minutes)


def test_the_office_is_closed_on_public_holidays(desk: Desk) -> None:
    office = next(c for c in desk.calendars if c.key == "jakarta-office-hours")

    closed = [closure.first for closure in office.closures]

    assert closed == sorted(closed)
    assert {"2026-08-17", "2026-12-24", "2027-01-01", "2027-08-17"} <= set(closed)


def test_at_least_sixty_four_tickets_of_varied_kind_urgency_and_channel(day: Day) -> None:
    assert len(day.tickets) >= 64
    assert {t.kind for t in day.tickets} == {"incident", "service_request"}
    assert {t.impact for t in day.tickets} == {"high", "medium", "low"}
    assert {t.urgency for t in day.tickets} == {"high", "medium", "low"}
    assert {t.channel for t in day.tickets} == {"portal", "phone", "email", "chat", "api"}


def test_both_languages_are_spoken_about_equally_often(day: Day) -> None:
    languages = Counter(day.people[t.requester].language for t in day.tickets)

    assert min(languages.values()) / len(day.tickets) > 0.4


def test_no_two_tickets_say_the_same(day: Day) -> None:
    assert len({t.subject for t in day.tickets}) == len(day.tickets)
    assert len({t.body for t in day.tickets}) == len(day.tickets)


def test_everybody_asks_for_something(day: Day) -> None:
    assert {t.requester for t in day.tickets} == set(day.people)


def test_about_two_thirds_of_the_tickets_are_worked_on(day: Day) -> None:
    assert 43 <= sum(bool(t.acts) for t in day.tickets) <= 55


def test_the_day_shows_every_deed(day: Day) -> None:
    done = {deed for t in day.tickets for deed in deeds(t)}

    assert done == {
        "reply",
        "note",
        "answer",
        "pend",
        "transfer",
        "escalate",
        "amend",
        "resolve",
        "reopen",
        "close",
        "cancel",
    }


def test_two_critical_tickets_are_left_to_breach_both_promises(desk: Desk, day: Day) -> None:
    evening = minute_of("17:00")
    resolution = next(
        target.minutes
        for policy in desk.policies
        if policy.key == "incidents"
        for target in policy.targets
        if (target.clock, target.priority) == ("resolution", "P1")
    )

    left = [t for t in day.tickets if (t.impact, t.urgency) == ("high", "high") and not t.acts]

    assert len(left) == 2
    assert all(minute_of(t.at) + resolution < evening for t in left)


def test_the_whole_day_fits_between_eight_and_five(day: Day) -> None:
    instants = [at for t in day.tickets for at in (t.at, *(act.at for act in t.acts))]

    assert minute_of(min(instants)) == minute_of("08:00")
    assert minute_of(max(instants)) <= minute_of("17:00")
    assert all(minute_of(at) % 5 == 0 for at in instants)


def test_every_resolution_tells_all_that_the_desk_asks_for(day: Day) -> None:
    resolutions = [act.resolution for t in day.tickets for act in t.acts if act.resolution]

    assert len(resolutions) >= 38
    assert all(r.text and r.steps and r.prevention and r.minutes_spent for r in resolutions)
    assert {r.code for r in resolutions} == {"permanent_fix", "workaround"}


def test_the_rules_send_every_ticket_where_its_story_expects_it(desk: Desk, day: Day) -> None:
    went = {t.key: (r.key, r.category, r.group) for t in day.tickets for r in [rule_for(t, desk)]}

    strayed = {
        t.key: went[t.key]
        for t in day.tickets
        if went[t.key][1:] != (t.expect.category, t.expect.group)
    }

    assert strayed == {}


def test_every_rule_decides_about_some_ticket(desk: Desk, day: Day) -> None:
    used = {rule_for(t, desk).key for t in day.tickets}

    assert used == {rule.key for rule in desk.rules}


def test_a_transfer_always_leads_to_another_group(day: Day) -> None:
    for ticket in day.tickets:
        group = ticket.expect.group
        for act in ticket.acts:
            if act.group:
                assert act.group != group, ticket.key
                group = act.group


def rule_for(ticket: DemoTicket, desk: Desk) -> RuleSpec:
    """The first rule whose words stand in the ticket, case and accents ignored."""
    text = plain(f"{ticket.subject} {ticket.body}")
    return next(
        rule
        for rule in desk.rules
        if not rule.words or any(plain(word) in text for word in rule.words)
    )


def plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = (c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return f" {' '.join(''.join(letters).split())} "
