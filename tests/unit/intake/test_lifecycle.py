"""The transition table: what it allows, what it needs, and what it refuses."""

from typing import get_args

import pytest

from contracts.intake import PendingReason, Status, StatusCategory
from services.intake.domain.lifecycle import (
    CATEGORIES,
    ENDS,
    PENDING_CATEGORIES,
    TRANSITIONS,
    FieldsRefused,
    TransitionRefused,
    category_of,
    moves_allowed,
    transition,
)

STATUSES = get_args(Status)

# All that a role may do, written out once more by hand.
AGENT = {
    "new": "triaged in_progress pending resolved cancelled duplicate spam",
    "triaged": "in_progress pending resolved cancelled duplicate spam",
    "assigned": "in_progress pending resolved cancelled duplicate spam",
    "in_progress": "pending verifying resolved cancelled duplicate spam",
    "pending": "in_progress pending verifying resolved cancelled duplicate spam",
    "verifying": "in_progress pending resolved cancelled duplicate spam",
    "resolved": "in_progress closed",
}
REQUESTER = {
    **dict.fromkeys(
        ("new", "triaged", "assigned", "in_progress", "pending", "verifying"), "cancelled"
    ),
    "resolved": "in_progress closed",
}
SYSTEM = {
    "new": "triaged assigned in_progress",
    "triaged": "assigned in_progress",
    "assigned": "triaged in_progress",
    "pending": "triaged in_progress",
    "resolved": "closed",
}
NEEDED = {"pending": ["pending_reason"], "resolved": ["resolution"]}


def needed(to: str, role: str) -> list[str]:
    reason = ["reason"] if role == "agent" and to in {"cancelled", "duplicate"} else []
    return NEEDED.get(to, reason)


@pytest.mark.parametrize("role", ["agent", "requester", "system"])
@pytest.mark.parametrize("was", STATUSES)
@pytest.mark.parametrize("to", STATUSES)
def test_the_table_allows_these_moves_and_no_others(was: str, to: str, role: str) -> None:
    allowed = {"agent": AGENT, "requester": REQUESTER, "system": SYSTEM}[role]
    if to in allowed.get(was, "").split():
        assert transition(was=was, to=to, role=role, given=needed(to, role)).to == to
    else:
        with pytest.raises(TransitionRefused) as refused:
            transition(was=was, to=to, role=role, given=needed(to, role))
        assert set(refused.value.allowed) == set(allowed.get(was, "").split())


def test_each_role_has_one_rule_for_a_move() -> None:
    keys = [(move.was, move.to, role) for move in TRANSITIONS for role in move.roles]

    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("status", sorted(ENDS))
def test_no_move_leaves_an_end(status: str) -> None:
    assert not any(
        moves_allowed(was=status, role=role) for role in ("agent", "requester", "system")
    )


def test_nothing_leads_to_merged_by_hand() -> None:
    assert "merged" not in {move.to for move in TRANSITIONS}


def test_resolving_needs_a_resolution() -> None:
    with pytest.raises(FieldsRefused) as refused:
        transition(was="in_progress", to="resolved", role="agent")

    assert list(refused.value.errors) == ["resolution"]


def test_pending_needs_a_reason_code() -> None:
    with pytest.raises(FieldsRefused) as refused:
        transition(was="in_progress", to="pending", role="agent", given=["reason"])

    assert list(refused.value.errors) == ["pending_reason"]


def test_a_requester_may_withdraw_without_a_reason_but_an_agent_needs_one() -> None:
    assert transition(was="new", to="cancelled", role="requester").event == "closed"
    with pytest.raises(FieldsRefused, match="reason"):
        transition(was="new", to="cancelled", role="agent")


def test_a_field_without_a_meaning_in_the_move_is_refused() -> None:
    with pytest.raises(FieldsRefused) as refused:
        transition(was="new", to="in_progress", role="agent", given=["until", "resolution"])

    assert set(refused.value.errors) == {"until", "resolution"}


def test_every_status_has_one_of_the_five_categories() -> None:
    assert set(CATEGORIES) == set(STATUSES) - {"pending"}
    assert set(PENDING_CATEGORIES) == set(get_args(PendingReason))
    categories = {*CATEGORIES.values(), *PENDING_CATEGORIES.values()}
    assert categories == set(get_args(StatusCategory))


def test_waiting_for_the_requester_is_told_apart_from_other_waiting() -> None:
    assert category_of(status="pending", pending_reason="requester") == "waiting_requester"
    assert category_of(status="pending", pending_reason="vendor") == "waiting_other"
    assert category_of(status="verifying", pending_reason=None) == "active"
