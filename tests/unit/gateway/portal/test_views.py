from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contracts import intake, routing, sla
from contracts.intake import Language
from gateway.portal.speech import Speech
from gateway.portal.views import parts, promises, reports, tickets, work
from gateway.portal.views.parts import Names
from tests.unit.gateway import fakes

NOW = datetime(2026, 1, 5, 3, 5, tzinfo=UTC)
SPEECH = Speech(language="en", zone=ZoneInfo("Asia/Jakarta"))
CALLED = Names(groups={"network": "Network"}, agents={"dewi": "Dewi Lestari"})
MINUTE_US = 60_000_000


@pytest.mark.parametrize(
    ("state", "due_in", "text", "tone"),
    [
        ("running", timedelta(minutes=40), "in 40 minutes", "ok"),
        ("at_risk", timedelta(minutes=40), "in 40 minutes", "warn"),
        ("breached", -timedelta(minutes=65), "1 hour 5 minutes over", "danger"),
        ("breached", None, "Overdue", "danger"),
        ("paused", None, "Paused", "muted"),
        ("met", timedelta(minutes=40), "Kept", "ok"),
        ("none", None, "No promise", "muted"),
    ],
)
def test_a_due_badge_says_what_the_service_said(
    state: intake.SlaState, due_in: timedelta | None, text: str, tone: str
) -> None:
    due_at = None if due_in is None else NOW + due_in

    badge = parts.due_badge(state, due_at, speech=SPEECH, now=NOW)

    assert (badge.text, badge.tone) == (text, tone)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Budi", "B"), ("Sri Ayu Wulandari", "SW"), ("budi@nusantara.example", "BN"), ("…", "?")],
)
def test_one_or_two_letters_stand_for_a_person(name: str, letters: str) -> None:
    assert parts.initials(name) == letters


def _clock(**changes: Any) -> sla.Clock:
    values: dict[str, Any] = {
        "kind": "resolution",
        "state": "running",
        "version": 2,
        "target_us": 60 * MINUTE_US,
        "elapsed_us": 45 * MINUTE_US,
        "remaining_us": 15 * MINUTE_US,
        "started_at": NOW,
        "due_at": NOW + timedelta(minutes=15),
    }
    return sla.Clock(**values | changes)


def _card(clock: sla.Clock, *thresholds: sla.ThresholdFired) -> promises.ClockCard:
    found = fakes.clocks(clocks=(clock,), thresholds=thresholds)
    return promises.promises(found, speech=SPEECH, now=NOW, called=CALLED).clocks[0]


def _fired(threshold: int, *, version: int = 2) -> sla.ThresholdFired:
    return sla.ThresholdFired(
        clock="resolution",
        clock_version=version,
        threshold=threshold,
        crossed_at=NOW,
        fired_at=NOW,
    )


def test_a_clock_shows_how_much_is_used_and_left() -> None:
    card = _card(_clock())

    assert (card.percent, card.left) == (75, "15 minutes left")
    assert card.used == "45 minutes of 1 hour used"
    assert card.due is not None
    assert card.due.full == "Mon, 5 Jan 2026 10:20 WIB"


def test_a_clock_that_ran_over_fills_its_bar_and_no_more() -> None:
    card = _card(
        _clock(
            state="breached", elapsed_us=90 * MINUTE_US, remaining_us=-30 * MINUTE_US, due_at=None
        )
    )

    assert (card.percent, card.left, card.state.tone) == (100, "30 minutes over", "danger")


def test_a_paused_clock_has_no_due_time_but_what_is_left() -> None:
    card = _card(_clock(state="paused", due_at=None))

    assert card.due is None
    assert card.left == "15 minutes left when it runs again"


def test_thresholds_of_an_earlier_version_of_a_clock_are_not_its_own() -> None:
    card = _card(_clock(), _fired(50), _fired(90, version=1))

    assert [tick.percent for tick in card.ticks] == [50]
    assert card.state.text == "Running"


def test_a_running_clock_is_at_risk_once_a_late_threshold_fired() -> None:
    assert _card(_clock(), _fired(50), _fired(75)).state.text == "At risk"


@pytest.mark.parametrize(
    ("minutes", "language", "name"),
    [
        (-90, "en", "1 hour 30 minutes before due"),
        (60, "en", "1 hour after due"),
        (-30, "id", "30 menit sebelum tenggat"),
        (60, "id", "1 jam setelah tenggat"),
    ],
)
def test_a_threshold_in_minutes_says_how_long_before_or_after_due(
    minutes: int, language: Language, name: str
) -> None:
    speech = Speech(language=language, zone=SPEECH.zone)
    fired = replace(_fired(60), minutes=minutes)
    found = fakes.clocks(clocks=(_clock(),), thresholds=(fired,))

    (card,) = promises.promises(found, speech=speech, now=NOW, called=CALLED).clocks
    (line,) = work.timeline(
        log=(), assignment=None, thresholds=(fired,), speech=speech, now=NOW, called=CALLED
    )

    assert [(tick.name, tick.percent) for tick in card.ticks] == [(name, 60)]
    assert line.text == name


def test_a_running_clock_is_at_risk_once_its_last_minutes_were_told() -> None:
    assert _card(_clock(), replace(_fired(60), minutes=-30)).state.text == "At risk"


def test_the_slices_of_time_used_make_one_whole() -> None:
    found = fakes.clocks(
        attribution={"tier2:network": 30 * MINUTE_US, "requester": 10 * MINUTE_US, "vendor": 0}
    )

    shares = promises.promises(found, speech=SPEECH, now=NOW, called=CALLED).shares

    assert [(share.name, share.start, share.percent) for share in shares] == [
        ("L2 · Network", 0.0, 75.0),
        ("Requester", 75.0, 25.0),
    ]


def test_a_report_line_without_a_verdict_has_no_percentage() -> None:
    row = sla.PromiseRow(
        key="P5", tickets=4, met=0, missed=0, running=4, cancelled=0, met_percent=None
    )
    found = sla.PromiseReport(
        total=row, by_priority=(row,), by_reassignments=(), reassignments=0, reopened=0
    )

    line = reports.report(found, speech=SPEECH, called=CALLED).by_priority[0]

    assert (line.name, line.percent_text, line.percent) == ("P5 · planned", "–", None)


def test_actions_are_the_services_own_in_its_order() -> None:
    ticket = fakes.ticket(transitions=("in_progress", "pending", "resolved", "spam"))

    found = tickets.actions(ticket, viewpoint="agent", speech=SPEECH)

    assert [(a.to, a.form, a.is_exit) for a in found] == [
        ("in_progress", "none", False),
        ("pending", "pend", False),
        ("resolved", "resolve", False),
        ("spam", "none", True),
    ]


def test_a_requester_confirms_or_says_that_it_still_goes_wrong() -> None:
    ticket = fakes.ticket(status="resolved", transitions=("in_progress", "closed"))

    found = tickets.actions(ticket, viewpoint="requester", speech=SPEECH)

    assert [(a.text, a.form) for a in found] == [
        ("It still goes wrong", "reason"),
        ("Yes, it is solved", "none"),
    ]


def test_a_status_that_the_portal_has_not_learnt_is_shown_as_it_is() -> None:
    ticket = fakes.ticket(status="on_the_moon", transitions=("back_to_earth",))

    found = tickets.actions(ticket, viewpoint="agent", speech=SPEECH)

    assert found[0].text == "back to earth"
    assert tickets.head(ticket, speech=SPEECH, now=NOW, called=CALLED).status.text == "on the moon"


def test_an_internal_note_is_marked_as_such() -> None:
    said = intake.Message(message_id="1", author=fakes.AGENT, public=False, body="x", at=NOW)
    found = intake.Conversation(number="INC-1", items=(said, replace(said, public=True)))

    bubbles = tickets.conversation(found, speech=SPEECH, now=NOW)

    assert [bubble.is_internal for bubble in bubbles] == [True, False]


def test_a_decision_names_the_chosen_first_and_why_others_were_left_out() -> None:
    decision = fakes.decision(
        candidates=(
            routing.Candidate(agent="agus", eligible=False, failed="full"),
            routing.Candidate(agent="siti", eligible=True, score={"load": 0.5, "open_tickets": 9}),
            routing.Candidate(agent="dewi", eligible=True, score={"load": 0.2, "total": 0.2}),
        )
    )
    found = fakes.assignment(decision=decision)

    why = work.holding(found, speech=SPEECH, now=NOW, called=CALLED).why

    assert why is not None
    assert why.summary == "Dewi Lestari fits best among 2 who can take it."
    assert [(c.name, c.why) for c in why.considered] == [
        ("Dewi Lestari", "load 0.2, sum 0.2"),
        ("siti", "load 0.5"),
        ("agus", "no capacity left"),
    ]


def _entry(seq: int, event: str, **facts: Any) -> intake.LogEntry:
    return intake.LogEntry(
        offset=seq, number="INC-1", seq=seq, event=event, at=NOW, actor=fakes.AGENT, facts=facts
    )


def _timeline(
    *log: intake.LogEntry, assignment: routing.Assignment | None = None
) -> tuple[work.Happening, ...]:
    return work.timeline(
        log=log, assignment=assignment, thresholds=(), speech=SPEECH, now=NOW, called=CALLED
    )


def test_the_timeline_is_newest_first_and_by_sequence_at_one_instant() -> None:
    lines = _timeline(
        _entry(1, "ticket.opened.v1"),
        _entry(2, "ticket.replied.v1", public=False),
        _entry(3, "ticket.status_changed.v1", status="pending", pending_reason="vendor"),
    )

    assert [(line.text, line.detail) for line in lines] == [
        ("On hold", "Waiting for a supplier"),
        ("Internal note", ""),
        ("Ticket opened", ""),
    ]


def test_routings_own_record_stands_for_the_tickets_copy_of_an_assignment() -> None:
    copy = _entry(2, "ticket.assigned.v1", group="network", assignee="dewi")

    alone = _timeline(copy)
    both = _timeline(copy, assignment=fakes.assignment())

    assert [line.detail for line in alone] == ["Network – Dewi Lestari"]
    assert [line.text for line in both] == ["Network – Dewi Lestari"]


def test_a_decision_in_the_instant_of_the_opening_follows_it() -> None:
    decided = fakes.assignment(history=(fakes.decision(decided_at=NOW),))

    lines = _timeline(_entry(1, "ticket.opened.v1"), assignment=decided)

    assert [line.text for line in lines] == ["Network – Dewi Lestari", "Ticket opened"]


def test_an_event_that_the_portal_has_not_learnt_is_shown_as_it_is() -> None:
    assert _timeline(_entry(1, "ticket.teleported.v1"))[0].text == "ticket.teleported"
