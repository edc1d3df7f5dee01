"""A ticket's life: replies, moves, corrections; each step one log entry and one event."""

from datetime import timedelta
from typing import Any

import pytest

from contracts import intake as contract
from contracts.errors import Conflict, Invalid, NotFound
from tests.service.intake.house import (
    BUDI,
    BY_SARI,
    FRIDAY_NIGHT,
    MINUTE,
    SOLVED,
    Follower,
    House,
    Side,
    Statements,
    StoppedClock,
)


def test_every_step_is_logged_and_told_once_with_contiguous_seq(
    house: House, clock: StoppedClock
) -> None:
    number = house.open().number
    for step in (
        lambda: house.reply(number),
        lambda: house.move(number, "pending", pending_reason="requester"),
        lambda: house.reply(number, actor=BY_SARI),
        lambda: house.amend(number, impact="high", category="printing"),
        lambda: house.move(number, "resolved", resolution=SOLVED),
        lambda: house.reply(number, actor=BY_SARI, body="Mati lagi."),
        lambda: house.move(number, "resolved", resolution=SOLVED),
        lambda: house.move(number, "closed", actor=BY_SARI, role="requester"),
    ):
        clock.at += MINUTE
        step()

    entries = house.log(number=number).items
    assert [entry.event.split(".")[1] for entry in entries] == [
        "opened",
        "replied",
        "status_changed",
        "status_changed",
        "replied",
        "status_changed",
        "reprioritised",
        "categorised",
        "resolved",
        "replied",
        "reopened",
        "resolved",
        "closed",
    ]
    assert [entry.seq for entry in entries] == list(range(1, 14))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    told = house.announced()
    assert [name for name, _ in told] == [entry.event for entry in entries]
    assert [body["seq"] for _, body in told] == [entry.seq for entry in entries]
    assert house.get(number).version == 13


def test_a_log_entry_holds_the_facts_of_its_event(house: House) -> None:
    number = house.open().number
    house.move(number, "pending", pending_reason="date", until=FRIDAY_NIGHT + MINUTE)

    entry = house.log(number=number).items[1]

    assert entry.facts == {
        "was": "new",
        "status": "pending",
        "category": "waiting_other",
        "pending_reason": "date",
        "until": "2026-12-25T17:00:59.999999Z",
        "reason": "",
    }


def test_a_resolved_ticket_shows_how_it_was_solved(house: House, clock: StoppedClock) -> None:
    number = house.open().number
    clock.at += MINUTE

    answered = house.move(number, "resolved", resolution=SOLVED)

    assert answered.resolution == SOLVED
    assert answered.resolved_at == FRIDAY_NIGHT + MINUTE
    assert answered.transitions == ("in_progress", "closed")
    assert answered == house.get(number)


def test_reopening_empties_the_resolution(house: House) -> None:
    number = house.open().number
    house.move(number, "resolved", resolution=SOLVED)

    house.move(number, "in_progress", actor=BY_SARI, role="requester", reason="Mati lagi.")

    found = house.get(number)
    assert (found.resolution, found.resolved_at, found.reopen_count) == (None, None, 1)


def test_a_refused_move_names_the_moves_allowed_and_changes_nothing(house: House) -> None:
    number = house.open().number

    with pytest.raises(Conflict) as refused:
        house.move(number, "verifying")

    assert refused.value.code == "transition_refused"
    assert refused.value.facts == {
        "from": "new",
        "to": "verifying",
        "allowed": [
            "triaged",
            "in_progress",
            "pending",
            "resolved",
            "cancelled",
            "duplicate",
            "spam",
        ],
    }
    assert house.get(number).version == 1


@pytest.mark.parametrize(
    ("to", "facts", "field"),
    [
        ("resolved", {}, "resolution"),
        ("pending", {}, "pending_reason"),
        ("pending", {"pending_reason": "date"}, "until"),
        ("pending", {"pending_reason": "date", "until": FRIDAY_NIGHT}, "until"),
        ("cancelled", {}, "reason"),
        ("in_progress", {"resolution": SOLVED}, "resolution"),
        ("in_progress", {"occurred_at": FRIDAY_NIGHT + MINUTE}, "occurred_at"),
        ("in_progress", {"occurred_at": FRIDAY_NIGHT - MINUTE}, "occurred_at"),
    ],
)
def test_what_is_wrong_with_a_move_names_its_field(
    house: House, to: str, facts: dict[str, Any], field: str
) -> None:
    number = house.open().number

    with pytest.raises(Invalid) as refused:
        house.move(number, to, **facts)

    assert list(refused.value.errors) == [field]


def test_a_stale_version_is_refused_with_the_present_one(house: House) -> None:
    opened = house.open()
    house.reply(opened.number, public=False)

    with pytest.raises(Conflict) as refused:
        house.move(opened.number, "in_progress", version=opened.version)

    assert refused.value.code == "stale_version"
    assert refused.value.facts == {"version": 2}
    assert house.move(opened.number, "in_progress", version=2).version == 3


def test_a_stale_correction_is_refused(house: House) -> None:
    opened = house.open()
    house.reply(opened.number, public=False)

    with pytest.raises(Conflict, match="stale_version"):
        house.amend(opened.number, impact="high", version=1)


def test_a_correction_that_corrects_nothing_is_no_change(house: House) -> None:
    number = house.open().number

    assert house.amend(number, impact="medium").version == 1


def test_an_empty_correction_is_refused(house: House) -> None:
    number = house.open().number

    with pytest.raises(Invalid, match="nothing_to_change"):
        house.amend(number)


def test_a_closed_ticket_takes_no_reply(house: House) -> None:
    number = house.open().number
    house.move(number, "cancelled", actor=BY_SARI, role="requester")

    with pytest.raises(Conflict) as refused:
        house.reply(number, actor=BY_SARI)

    assert refused.value.code == "ticket_closed"
    assert refused.value.facts == {"status": "cancelled"}


def test_a_requester_writes_no_internal_message(house: House) -> None:
    number = house.open().number

    with pytest.raises(Invalid) as refused:
        house.reply(number, actor=BY_SARI, public=False)

    assert list(refused.value.errors) == ["public"]


def test_a_viewer_is_a_requester_whatever_the_command_says(house: House) -> None:
    number = house.open().number

    with pytest.raises(Conflict, match="transition_refused"):
        house.move(number, "resolved", resolution=SOLVED, role="agent", viewer="sari@example.com")
    with pytest.raises(Invalid):
        house.reply(number, actor=BUDI, public=False, viewer="sari@example.com")


def test_another_persons_ticket_is_refused_like_one_that_does_not_exist(house: House) -> None:
    number = house.open().number
    house.reply(number)
    stranger = "orang.lain@example.com"

    for refused, there_is_none in (
        (
            lambda: house.get(number, viewer=stranger),
            lambda: house.get("INC-1009-1", viewer=stranger),
        ),
        (
            lambda: house.messages(number, viewer=stranger),
            lambda: house.messages("INC-1009-1", viewer=stranger),
        ),
        (
            lambda: house.reply(number, actor=BY_SARI, viewer=stranger),
            lambda: house.reply("INC-1009-1", actor=BY_SARI, viewer=stranger),
        ),
        (
            lambda: house.move(number, "cancelled", viewer=stranger, version=77),
            lambda: house.move("INC-1009-1", "cancelled", viewer=stranger, version=77),
        ),
        (
            lambda: house.log(number=number, viewer=stranger),
            lambda: house.log(number="INC-1009-1", viewer=stranger),
        ),
    ):
        with pytest.raises(NotFound) as one:
            refused()
        with pytest.raises(NotFound) as other:
            there_is_none()
        assert str(one.value).replace(number, "?") == str(other.value).replace("INC-1009-1", "?")
        assert one.value.code == other.value.code
    assert house.tickets(viewer=stranger).items == ()
    assert house.tickets(viewer=stranger, q=number).items == ()
    assert house.tickets(viewer=stranger, requester="sari@example.com").items == ()
    assert house.log(viewer=stranger).items == ()


def test_a_problem_is_shown_to_no_requester_whoever_it_names(house: House) -> None:
    number = house.open(kind="problem", actor=BUDI).number
    house.move(number, "resolved", resolution=SOLVED)
    sari = "sari@example.com"

    for ask in (house.get, house.messages):
        with pytest.raises(NotFound):
            ask(number, viewer=sari)
    with pytest.raises(NotFound):
        house.reply(number, actor=BY_SARI, viewer=sari)
    assert house.tickets(viewer=sari).items == ()
    assert house.log(viewer=sari).items == ()
    assert house.get(number).requester.email == sari


def test_events_that_end_a_ticket_tell_its_kind(house: House) -> None:
    number = house.open(kind="problem", actor=BUDI).number
    house.move(number, "resolved", resolution=SOLVED)
    house.move(number, "in_progress", reason="It came back.")
    house.move(number, "cancelled", reason="Two of them.")

    told = {name: body["kind"] for name, body in house.announced() if "kind" in body}
    assert told == dict.fromkeys(
        ("ticket.opened.v1", "ticket.resolved.v1", "ticket.reopened.v1", "ticket.closed.v1"),
        "problem",
    )


def test_an_empty_viewer_is_nobody_and_not_an_agent(house: House) -> None:
    number = house.open().number

    with pytest.raises(NotFound):
        house.get(number, viewer="")
    assert house.tickets(viewer="").items == ()
    assert house.log(viewer="").items == ()


def test_a_requester_sees_no_internal_message_in_conversation_or_log(house: House) -> None:
    number = house.open().number
    house.reply(number, body="Pengguna VIP.", public=False)
    house.reply(number, body="Kami cek.")

    messages = house.messages(number, viewer="SARI@example.com").items
    mine = house.log(number=number, viewer="SARI@example.com")
    desk = house.log(viewer="SARI@example.com")
    assert [message.body for message in messages] == ["Sudah dicoba dua kali.", "Kami cek."]
    assert [entry.seq for entry in mine.items] == [1, 3, 4]
    assert [entry.seq for entry in desk.items] == [1, 3, 4]
    assert len(house.messages(number).items) == 3


def test_a_requester_is_offered_only_their_own_moves(house: House) -> None:
    number = house.open().number

    assert house.get(number, viewer="sari@example.com").transitions == ("cancelled",)


def test_an_importer_names_each_instant_in_order(house: House, clock: StoppedClock) -> None:
    opened_at = FRIDAY_NIGHT - timedelta(days=10)
    number = house.open(occurred_at=opened_at, origin="replay").number

    replied = house.reply(number, occurred_at=opened_at + MINUTE)
    resolved = house.move(number, "resolved", resolution=SOLVED, occurred_at=opened_at + 2 * MINUTE)

    assert replied.at == opened_at + MINUTE
    assert resolved.resolved_at == resolved.updated_at == opened_at + 2 * MINUTE
    assert {body["origin"] for _, body in house.announced()} == {"replay"}


def test_a_machine_whose_clock_is_behind_does_not_turn_the_log_back(
    house: House, clock: StoppedClock
) -> None:
    number = house.open().number
    clock.at -= MINUTE

    house.reply(number)

    assert {entry.at for entry in house.log(number=number).items} == {FRIDAY_NIGHT}


@pytest.mark.usefixtures("replicas")
def test_two_replicas_changing_one_ticket_take_turns(house: House) -> None:
    number = house.open().number
    side = Side(house, lambda tx: house.move_in(tx, number, "in_progress"))
    follower = Follower(lambda: house.reply(number, public=False))

    side.commit()
    follower.wait()

    assert [entry.seq for entry in house.log(number=number).items] == [1, 2, 3]


@pytest.mark.usefixtures("replicas")
def test_of_two_writers_who_saw_the_same_version_one_is_refused(house: House) -> None:
    number = house.open().number
    side = Side(house, lambda tx: house.move_in(tx, number, "in_progress", version=1))
    follower = Follower(lambda: house.move(number, "spam", version=1))

    side.commit()

    with pytest.raises(Conflict, match="stale_version"):
        follower.wait()


def test_a_move_takes_two_round_trips_with_the_outbox(house: House, statements: Statements) -> None:
    number = house.open().number
    statements.said.clear()

    house.move(number, "in_progress")

    expected = 2 if house.database.is_postgresql else 4
    assert len(statements.said) == expected, statements.said


def test_a_conversation_keeps_its_order_within_one_instant(house: House) -> None:
    number = house.open().number
    for count in range(5):
        house.reply(number, body=f"{count}")

    bodies = [message.body for message in house.messages(number).items]

    assert bodies[1:] == ["0", "1", "2", "3", "4"]


def test_a_long_conversation_shows_its_newest_messages(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.intake.store.tickets.MAX_MESSAGES", 2)
    number = house.open().number
    for count in range(3):
        house.reply(number, body=f"{count}")

    assert [message.body for message in house.messages(number).items] == ["1", "2"]


def test_the_answer_to_a_reply_is_the_message_as_it_is_shown(house: House) -> None:
    number = house.open().number

    answered = house.reply(number, actor=contract.Actor(kind="agent", id="ani@example.com"))

    assert house.messages(number).items[-1] == answered
