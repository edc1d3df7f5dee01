"""What happens to a ticket: moves, replies, assignments and corrections."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.intake.domain import ticket as rules
from services.intake.domain.lifecycle import FieldsRefused, TransitionRefused
from services.intake.domain.ticket import Change, Ticket, TicketHasEnded, TimeRunsBackwards

FRIDAY_NIGHT = datetime(2026, 12, 25, 16, 59, 59, 999_999, tzinfo=UTC)  # 23:59 in Jakarta
LEAP_DAY = datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)
TICK = timedelta(microseconds=1)
RESOLUTION = {"text": "Toner replaced.", "code": "permanent_fix", "cause": "wear"}


def ticket(**facts: Any) -> Ticket:
    opened = Ticket(
        serial=1001,
        ticket_id="t",
        version=1,
        kind="incident",
        channel="portal",
        origin="live",
        subject="Printer mati",
        requester="sari@example.com",
        status="new",
        priority="P3",
        impact="medium",
        urgency="medium",
        opened_at=FRIDAY_NIGHT,
        updated_at=FRIDAY_NIGHT,
    )
    return dataclasses.replace(opened, **facts)


def told(change: Change) -> list[str]:
    return [entry.event for entry in change.entries]


def test_resolving_stamps_the_solution() -> None:
    change = rules.move(
        ticket(status="in_progress"),
        to="resolved",
        role="agent",
        at=LEAP_DAY,
        resolution=RESOLUTION,
    )

    assert change.ticket.resolved_at == LEAP_DAY
    assert change.ticket.resolution == RESOLUTION
    assert change.entries[0].facts == {"was": "in_progress", "resolution": RESOLUTION}


def test_reopening_removes_the_solution_and_counts() -> None:
    solved = ticket(status="resolved", resolved_at=FRIDAY_NIGHT, resolution=RESOLUTION)

    change = rules.move(solved, to="in_progress", role="requester", at=LEAP_DAY, reason="mati lagi")

    assert told(change) == ["reopened"]
    assert change.ticket.reopen_count == 1
    assert change.ticket.resolved_at is None
    assert change.ticket.resolution is None


def test_confirming_closes_and_keeps_the_solution() -> None:
    solved = ticket(status="resolved", resolved_at=FRIDAY_NIGHT, resolution=RESOLUTION)

    after = rules.move(solved, to="closed", role="requester", at=LEAP_DAY).ticket

    assert (after.status, after.closed_at, after.resolution) == ("closed", LEAP_DAY, RESOLUTION)


def test_a_side_exit_is_told_as_closed_with_its_status() -> None:
    change = rules.move(ticket(), to="spam", role="agent", at=LEAP_DAY)

    assert change.entries[0].event == "closed"
    assert change.entries[0].facts["status"] == "spam"
    assert change.ticket.resolved_at is None


def test_waiting_for_a_date_needs_the_date() -> None:
    with pytest.raises(FieldsRefused) as refused:
        rules.move(ticket(), to="pending", role="agent", at=LEAP_DAY, pending_reason="date")

    assert list(refused.value.errors) == ["until"]


def test_a_date_to_wait_for_lies_after_the_move_by_a_microsecond_at_least() -> None:
    wait = {"to": "pending", "role": "agent", "at": LEAP_DAY, "pending_reason": "date"}
    with pytest.raises(FieldsRefused):
        rules.move(ticket(), **wait, until=LEAP_DAY)

    assert rules.move(ticket(), **wait, until=LEAP_DAY + TICK).ticket.pending_until


def test_leaving_pending_clears_its_reason_and_date() -> None:
    waiting = ticket(status="pending", pending_reason="date", pending_until=LEAP_DAY)

    after = rules.move(waiting, to="in_progress", role="agent", at=LEAP_DAY).ticket

    assert (after.pending_reason, after.pending_until) == (None, None)


def test_a_pending_ticket_may_go_on_waiting_for_something_else() -> None:
    waiting = ticket(status="pending", pending_reason="requester")

    change = rules.move(waiting, to="pending", role="agent", at=LEAP_DAY, pending_reason="vendor")

    assert change.entries[0].facts["category"] == "waiting_other"


def test_a_requester_cannot_resolve() -> None:
    with pytest.raises(TransitionRefused) as refused:
        rules.move(ticket(), to="resolved", role="requester", at=LEAP_DAY, resolution=RESOLUTION)

    assert refused.value.allowed == ("cancelled",)


def reply(before: Ticket, role: str, *, public: bool = True) -> Change:
    return rules.reply(before, message_id="m", role=role, public=public, at=LEAP_DAY)


@pytest.mark.parametrize("status", ["new", "triaged", "assigned"])
def test_an_agents_public_reply_takes_up_the_work(status: str) -> None:
    change = reply(ticket(status=status), "agent")

    assert told(change) == ["replied", "status_changed"]
    assert change.ticket.status == "in_progress"


@pytest.mark.parametrize(
    ("role", "public"), [("agent", False), ("system", True), ("requester", True)]
)
def test_notes_automatic_answers_and_requesters_do_not_take_up_the_work(
    role: str, public: bool
) -> None:
    change = reply(ticket(status="assigned"), role, public=public)

    assert told(change) == ["replied"]
    assert change.ticket.status == "assigned"


def test_the_awaited_reply_brings_a_ticket_back_to_its_assignee() -> None:
    waiting = ticket(status="pending", pending_reason="requester", assignee="budi")

    after = reply(waiting, "requester").ticket

    assert (after.status, after.pending_reason) == ("in_progress", None)


def test_the_awaited_reply_to_nobody_brings_a_ticket_back_to_the_queue() -> None:
    waiting = ticket(status="pending", pending_reason="requester", group="network")

    assert reply(waiting, "requester").ticket.status == "triaged"


@pytest.mark.parametrize("reason", ["vendor", "change", "visit", "date"])
def test_a_reply_does_not_end_another_wait(reason: str) -> None:
    assert told(reply(ticket(status="pending", pending_reason=reason), "requester")) == ["replied"]


def test_an_agents_reply_does_not_end_the_wait_for_the_requester() -> None:
    waiting = ticket(status="pending", pending_reason="requester", assignee="budi")

    assert told(reply(waiting, "agent")) == ["replied"]


def test_a_requesters_reply_reopens_a_resolved_ticket() -> None:
    change = reply(ticket(status="resolved", reopen_count=1), "requester")

    assert told(change) == ["replied", "reopened"]
    assert change.entries[1].facts["reopen_count"] == 2


def test_an_agents_reply_leaves_a_resolved_ticket_resolved() -> None:
    assert told(reply(ticket(status="resolved"), "agent")) == ["replied"]


@pytest.mark.parametrize("status", ["closed", "merged", "duplicate", "cancelled", "spam"])
@pytest.mark.parametrize("role", ["requester", "agent"])
def test_a_ticket_that_has_ended_takes_no_public_reply(status: str, role: str) -> None:
    with pytest.raises(TicketHasEnded):
        reply(ticket(status=status), role)


def test_agents_may_leave_a_note_on_a_ticket_that_has_ended() -> None:
    assert told(reply(ticket(status="closed"), "agent", public=False)) == ["replied"]


def assign(before: Ticket, **decision: Any) -> Change:
    facts: dict[str, Any] = {
        "revision": 1,
        "group": "service-desk",
        "tier": 1,
        "assignee": "budi",
        "reason_code": "rule",
        "category": None,
        "at": LEAP_DAY,
    }
    return rules.assign(before, **facts | decision)


def test_an_assignee_makes_a_new_ticket_assigned() -> None:
    change = assign(ticket())

    assert told(change) == ["assigned"]
    assert (change.ticket.status, change.ticket.assignee) == ("assigned", "budi")
    facts = change.entries[0].facts
    assert (facts["status"], facts["status_category"]) == ("assigned", "queued")


def test_a_group_alone_makes_a_new_ticket_triaged() -> None:
    change = assign(ticket(), assignee=None)

    assert change.ticket.status == "triaged"
    assert change.entries[0].facts["assignee"] is None


def test_taking_the_assignee_away_puts_the_ticket_back_into_the_queue() -> None:
    held = ticket(status="assigned", assignee="budi", group="network", assignment_revision=3)

    assert assign(held, revision=4, assignee=None).ticket.status == "triaged"


@pytest.mark.parametrize("status", ["in_progress", "verifying", "resolved", "closed", "cancelled"])
def test_a_transfer_leaves_a_later_status_as_it_is(status: str) -> None:
    change = assign(ticket(status=status), group="network", tier=2)

    assert told(change) == ["assigned"]
    assert (change.ticket.status, change.ticket.group) == (status, "network")


@pytest.mark.parametrize("revision", [3, 2, 1])
def test_an_old_or_repeated_decision_changes_nothing(revision: int) -> None:
    before = ticket(status="assigned", assignee="ani", assignment_revision=3)

    assert assign(before, revision=revision) == Change(ticket=before)


def test_routing_names_the_category_of_a_ticket_without_one() -> None:
    change = assign(ticket(), category="printing")

    assert told(change) == ["assigned"]
    assert change.ticket.category == change.entries[0].facts["category"] == "printing"


def test_routing_never_overrules_a_category() -> None:
    change = assign(ticket(category="network"), category="printing")

    assert change.ticket.category == "network"


def test_amending_gives_the_new_priority() -> None:
    change = rules.amend(ticket(), impact="high", urgency="high")

    assert change.ticket.priority == "P1"
    assert change.entries[0].facts == {
        "was": "P3",
        "priority": "P1",
        "impact": "high",
        "urgency": "high",
    }


def test_amending_to_the_same_values_tells_nothing() -> None:
    assert told(rules.amend(ticket(category="vpn"), impact="medium", category="vpn")) == []


def test_another_impact_with_the_same_priority_is_told_all_the_same() -> None:
    before = ticket(impact="high", urgency="medium", priority="P2")

    change = rules.amend(before, impact="medium", urgency="high")

    assert told(change) == ["reprioritised"]
    assert change.ticket.priority == "P2"


def test_a_ticket_that_has_ended_is_not_amended() -> None:
    with pytest.raises(TicketHasEnded):
        rules.amend(ticket(status="closed"), impact="high")


def test_without_an_instant_a_command_takes_effect_now() -> None:
    assert rules.instant_of(occurred_at=None, now=LEAP_DAY, after=FRIDAY_NIGHT) == LEAP_DAY


def test_a_clock_that_is_behind_never_turns_a_tickets_time_back() -> None:
    assert rules.instant_of(occurred_at=None, now=FRIDAY_NIGHT, after=LEAP_DAY) == LEAP_DAY


@pytest.mark.parametrize("occurred_at", [LEAP_DAY, FRIDAY_NIGHT], ids=["now", "last change"])
def test_an_importer_may_name_any_instant_from_the_last_change_to_now(
    occurred_at: datetime,
) -> None:
    found = rules.instant_of(occurred_at=occurred_at, now=LEAP_DAY, after=FRIDAY_NIGHT)

    assert found == occurred_at


@pytest.mark.parametrize(
    "occurred_at", [LEAP_DAY + TICK, FRIDAY_NIGHT - TICK], ids=["future", "before last change"]
)
def test_an_instant_one_microsecond_outside_is_refused(occurred_at: datetime) -> None:
    with pytest.raises(TimeRunsBackwards):
        rules.instant_of(occurred_at=occurred_at, now=LEAP_DAY, after=FRIDAY_NIGHT)


@pytest.mark.parametrize(
    "attributes",
    [{"a": float("nan")}, {"a": "\ud800"}, {"a": "x" * 16_384}],
    ids=["not a number", "lone surrogate", "too long"],
)
def test_attributes_that_cannot_be_kept_everywhere_are_refused(attributes: dict[str, Any]) -> None:
    with pytest.raises(FieldsRefused, match="attributes"):
        rules.check_attributes(attributes)
