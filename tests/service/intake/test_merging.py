"""Merge, its undo, and split: by reference, nothing copied, nothing lost, nobody else shown."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from contracts import intake as contract
from contracts.errors import Conflict, Invalid, NotFound, WireError
from tests.service.intake.house import (
    BUDI,
    BY_SARI,
    MINUTE,
    SOLVED,
    House,
    StoppedClock,
)

DEWI = contract.Person(name="Dewi", email="dewi@example.com")
BY_DEWI = contract.Actor(kind="requester", id="dewi@example.com", name="Dewi")
SARIS, DEWIS = "sari@example.com", "dewi@example.com"


def bodies(found: contract.Conversation) -> list[str]:
    return [message.body for message in found.items]


def told(house: House, name: str) -> list[dict[str, Any]]:
    return [body for event, body in house.announced() if event == name]


def of_dewi(house: House, **facts: Any) -> contract.Ticket:
    return house.open(requester=DEWI, actor=BY_DEWI, **facts)


@pytest.fixture(autouse=True)
def _time_goes_on(house: House, clock: StoppedClock) -> None:
    def going_on(work: Any) -> Any:
        def step(*given: Any) -> Any:
            clock.at += MINUTE
            return work(*given)

        return step

    house.do = going_on(house.do)  # type: ignore[method-assign]


def test_oracle_9_messages_are_conserved_by_merge_and_by_undo_each_once_and_in_order(
    house: House,
) -> None:
    first = house.open(body="satu").number
    second = house.open(body="dua").number
    house.reply(first, body="tiga")
    third = house.open(body="empat").number
    house.reply(second, body="lima", public=False)
    house.reply(third, actor=BY_SARI, body="enam")

    house.merge(first, second)
    house.merge(second, third)
    house.reply(third, body="tujuh")

    chain = house.messages(third)
    assert bodies(chain) == ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh"]
    origins = [first, second, first, third, second, third, third]
    assert [message.number for message in chain.items] == origins
    assert bodies(house.messages(second)) == ["satu", "dua", "tiga", "lima"]

    house.unmerge(second)
    assert bodies(house.messages(third)) == ["empat", "enam", "tujuh"]
    assert bodies(house.messages(second)) == ["satu", "dua", "tiga", "lima"]
    house.unmerge(first)
    assert bodies(house.messages(second)) == ["dua", "lima"]
    assert bodies(house.messages(first)) == ["satu", "tiga"]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_merged_and_undone_the_survivors_show_every_message_once(
    house: House, seed: int
) -> None:
    chance = random.Random(seed)
    numbers = [(house.open() if chance.random() < 0.5 else of_dewi(house)).number for _ in range(6)]
    written = Counter(m.message_id for n in numbers for m in house.messages(n).items)

    for _ in range(40):
        number, other = chance.choice(numbers), chance.choice(numbers)
        try:
            deed = chance.random()
            if deed < 0.4:
                house.merge(number, other, confirm_other_requester=True)
            elif deed < 0.6:
                house.unmerge(number)
            else:
                actor = chance.choice([BUDI, BY_SARI])
                viewer = SARIS if actor == BY_SARI else None
                written[house.reply(number, actor=actor, viewer=viewer).message_id] += 1
        except (Conflict, Invalid, NotFound):
            continue

    found: Counter[str] = Counter()
    for number in numbers:
        if house.get(number).status != "merged":
            shown = house.messages(number).items
            assert [m.at for m in shown] == sorted(m.at for m in shown)
            found.update(m.message_id for m in shown)
    assert found == written
    assert set(written.values()) == {1}


def test_a_merged_ticket_says_so_and_undo_brings_back_what_it_was(house: House) -> None:
    source, survivor = house.open().number, house.open().number
    house.move(source, "pending", pending_reason="vendor")

    merged = house.merge(source, survivor, note="Kerusakan yang sama")

    assert (merged.status, merged.pending_reason, merged.transitions) == ("merged", None, ())
    assert (merged.merged_into, merged.survivor) == (survivor, survivor)
    assert house.get(survivor).absorbed == (source,)
    back = house.unmerge(source)
    assert (back.status, back.pending_reason, back.merged_into) == ("pending", "vendor", None)
    assert back.closed_at is None
    assert house.get(survivor).absorbed == ()
    assert house.messages(survivor).items[0].number == survivor


def test_merge_and_undo_are_told_on_both_tickets_with_contiguous_seq(house: House) -> None:
    source, survivor = of_dewi(house), house.open()

    house.merge(source.number, survivor.number, confirm_other_requester=True, note="sama")
    house.unmerge(source.number)

    (merged,) = told(house, "ticket.merged.v1")
    assert (merged["into"], merged["into_ticket_id"]) == (survivor.number, survivor.ticket_id)
    assert (merged["was"], merged["other_requester"], merged["reason"]) == ("new", True, "sama")
    (absorbed,) = told(house, "ticket.absorbed.v1")
    assert (absorbed["source"], absorbed["source_ticket_id"]) == (source.number, source.ticket_id)
    (unmerged,) = told(house, "ticket.unmerged.v1")
    assert (unmerged["out_of"], unmerged["status"]) == (survivor.number, "new")
    assert unmerged["category"] == "queued"
    (released,) = told(house, "ticket.released.v1")
    assert released["source"] == source.number
    for number in (source.number, survivor.number):
        assert [one.seq for one in house.log(number=number).items] == [1, 2, 3]
        assert house.get(number).version == 3


def test_a_decision_that_came_while_it_was_merged_counts_after_the_undo(house: House) -> None:
    source, survivor = house.open(), house.open()
    house.merge(source.number, survivor.number)

    house.assign(source)

    assert house.get(source.number).status == "merged"
    assert house.unmerge(source.number).status == "assigned"


def refused(house: House, number: str, into: str) -> WireError:
    before = [(house.get(one).version, house.get(one).status) for one in {number, into}]
    log = house.log().items
    with pytest.raises(WireError) as no:
        house.merge(number, into)
    assert [(house.get(one).version, house.get(one).status) for one in {number, into}] == before
    assert house.log().items == log
    return no.value


def test_oracle_35_a_merge_that_is_refused_changes_nothing_and_says_which_field(
    house: House,
) -> None:
    one, two, three = (house.open().number for _ in range(3))

    itself = refused(house, one, one)
    assert itself.facts["errors"] == {"into": ["A ticket cannot be merged into itself."]}
    request = house.open(kind="service_request").number
    assert refused(house, one, request).facts["reason"] == "other_kind"
    house.merge(one, two)
    assert refused(house, one, three).facts["field"] == "number"
    gone = refused(house, two, one)
    assert (gone.facts["field"], gone.facts["status"]) == ("into", "merged")
    house.move(three, "spam")
    assert refused(house, two, three).facts["status"] == "spam"
    assert refused(house, three, two).facts["field"] == "number"
    four = house.open().number
    house.move(four, "resolved", resolution=SOLVED)
    assert refused(house, two, four).facts["reason"] == "is_resolved"


def test_a_merge_into_nothing_and_an_undo_of_nothing_are_refused(house: House) -> None:
    number = house.open().number

    for into in ("INC-9999-9", "nonsense"):
        with pytest.raises(Invalid) as no:
            house.merge(number, into)
        assert list(no.value.errors) == ["into"]
    with pytest.raises(NotFound):
        house.merge("INC-9999-9", number)
    with pytest.raises(Conflict) as never:
        house.unmerge(number)
    assert never.value.facts["reason"] == "not_merged"
    assert house.get(number).version == 1


def test_different_requesters_need_a_confirmation(house: House) -> None:
    source, survivor = of_dewi(house).number, house.open().number

    with pytest.raises(Invalid) as no:
        house.merge(source, survivor)

    assert no.value.code == "other_requester"
    assert list(no.value.errors) == ["confirm_other_requester"]
    assert no.value.facts["requester"] == DEWIS
    assert house.merge(source, survivor, confirm_other_requester=True).status == "merged"
    assert house.get(survivor).other_requesters is True


def test_a_stale_version_is_refused_for_merge_undo_and_split(house: House) -> None:
    source, survivor = house.open().number, house.open().number

    with pytest.raises(Conflict, match="stale_version"):
        house.merge(source, survivor, version=7)
    house.merge(source, survivor, version=1)
    with pytest.raises(Conflict, match="stale_version"):
        house.unmerge(source, version=1)
    with pytest.raises(Conflict, match="stale_version"):
        house.split(survivor, version=1)


def test_a_reply_to_a_merged_number_lands_in_the_final_survivor(house: House) -> None:
    one, two, three = (house.open().number for _ in range(3))
    house.move(three, "pending", pending_reason="requester")
    house.merge(one, two)
    house.merge(two, three)

    said = house.reply(one, actor=BY_SARI, viewer=SARIS, body="Masih mati.")
    note = house.reply(one, body="Dicek", public=False)

    assert note.number == three
    assert house.get(three).status == "triaged"
    assert said.message_id in {m.message_id for m in house.messages(three).items}
    entry = house.log(number=three).items[-3]
    assert entry.facts["addressed_to"] == one
    # Undone, the requester's words go with the ticket they meant.
    house.unmerge(two)
    house.unmerge(one)
    assert "Masih mati." in bodies(house.messages(one))
    assert "Masih mati." not in bodies(house.messages(three))


def test_a_reply_finds_its_way_out_of_a_circle(house: House) -> None:
    # No command makes one; a restored backup might.
    one, two = house.open().number, house.open().number
    house.merge(one, two)
    with house.database.write() as tx:
        tx.connection.execute(
            sa.text(
                "INSERT INTO merges (source, survivor, survivor_seq, merged_at, was_status)"
                " SELECT survivor, source, 1, merged_at, 'new' FROM merges"
            )
        )
        tx.connection.execute(sa.text("UPDATE tickets SET status = 'merged'"))

    with pytest.raises(Conflict, match="ticket_closed"):
        house.reply(one)
    assert len(house.messages(one).items) == 2


def test_a_merged_requester_sees_their_own_words_and_what_the_desk_says_since(
    house: House,
) -> None:
    hers = of_dewi(house, body="Dari Dewi").number
    his = house.open(body="Dari Sari").number
    house.reply(his, body="Sebelum digabung")
    house.merge(hers, his, confirm_other_requester=True)

    house.reply(hers, actor=BY_DEWI, viewer=DEWIS, body="Dewi lagi")
    house.reply(his, actor=BY_SARI, viewer=SARIS, body="Sari lagi")
    house.reply(his, body="Untuk semua")
    house.reply(his, body="Rahasia", public=False)

    seen = house.messages(hers, viewer=DEWIS)
    assert bodies(seen) == ["Dari Dewi", "Dewi lagi", "Untuk semua"]
    assert {message.number for message in seen.items} == {hers}
    seen = house.messages(his, viewer=SARIS)
    assert bodies(seen) == ["Dari Sari", "Sebelum digabung", "Sari lagi", "Untuk semua"]
    assert {message.number for message in seen.items} == {his}
    everything = house.messages(his)
    assert len(everything.items) == 7
    # Neither finds a word of the other anywhere.
    for number, viewer, other in ((hers, DEWIS, his), (his, SARIS, hers)):
        said = repr(house.log(number=number, viewer=viewer)) + repr(house.log(viewer=viewer))
        said += repr(house.get(number, viewer=viewer)) + repr(house.tickets(viewer=viewer))
        assert other not in said
        assert "merge" not in said.replace("merged_into=None", "")
        assert "absorbed" not in said.replace("absorbed=()", "")


def test_a_requester_whose_ticket_is_in_anothers_sees_it_live_on(house: House) -> None:
    hers, his = of_dewi(house).number, house.open().number
    house.merge(hers, his, confirm_other_requester=True)
    assert house.get(hers, viewer=DEWIS).status == "new"

    house.move(his, "resolved", resolution=SOLVED)

    shown = house.get(hers, viewer=DEWIS)
    assert (shown.status, shown.status_category) == ("resolved", "done")
    assert shown.resolution == SOLVED
    assert shown.transitions == ()
    assert house.tickets(viewer=DEWIS).items[0].status == "resolved"
    with pytest.raises(Conflict) as no:
        house.move(hers, "closed", role="requester", viewer=DEWIS)
    assert no.value.facts["from"] == "resolved"
    house.reply(hers, actor=BY_DEWI, viewer=DEWIS, body="Masih mati.")
    assert house.get(his).status == "in_progress"


def test_the_same_requester_sees_the_whole_conversation_and_where_it_goes_on(
    house: House,
) -> None:
    one, two = house.open(body="satu").number, house.open(body="dua").number
    house.merge(one, two)
    house.reply(two, body="tiga")

    assert bodies(house.messages(one, viewer=SARIS)) == ["satu", "dua", "tiga"]
    assert bodies(house.messages(two, viewer=SARIS)) == ["satu", "dua", "tiga"]
    assert house.get(one, viewer=SARIS).merged_into == two
    assert house.get(two, viewer=SARIS).absorbed == (one,)
    told = [entry.event for entry in house.log(number=one, viewer=SARIS).items]
    assert told == ["ticket.opened.v1", "ticket.merged.v1"]
    with pytest.raises(NotFound):
        house.messages(one, viewer=DEWIS)


def test_between_three_people_each_sees_what_is_theirs(house: House) -> None:
    hers = of_dewi(house, body="Dewi 1").number
    his = house.open(body="Sari 1").number
    also_hers = of_dewi(house, body="Dewi 2").number
    house.merge(hers, his, confirm_other_requester=True)
    house.reply(his, body="Jawab 1")
    house.merge(his, also_hers, confirm_other_requester=True)
    house.reply(also_hers, body="Jawab 2")

    assert bodies(house.messages(hers, viewer=DEWIS)) == ["Dewi 1", "Dewi 2", "Jawab 1", "Jawab 2"]
    assert bodies(house.messages(his, viewer=SARIS)) == ["Sari 1", "Jawab 1", "Jawab 2"]
    shown = house.get(hers, viewer=DEWIS)
    assert (shown.merged_into, shown.survivor) == (None, also_hers)


def test_a_split_opens_a_ticket_for_the_requester_and_shows_the_chosen_messages(
    house: House,
) -> None:
    parent = house.open(body="Printer dan pindai", category="printing", impact="high")
    said = house.reply(parent.number, actor=BY_SARI, body="Pindai juga gagal")
    house.reply(parent.number, body="Kami cek")

    child = house.split(parent.number, message_ids=(said.message_id,), urgency="low")

    assert (child.requester.email, child.channel) == (SARIS, "portal")
    assert (child.category, child.impact, child.urgency) == ("printing", "high", "low")
    assert child.split_from == parent.number
    assert house.get(parent.number).split_into == (child.number,)
    shown = house.messages(child.number)
    assert bodies(shown) == ["Pindai juga gagal", "Juga: pindai ke surel gagal"]
    assert [message.number for message in shown.items] == [parent.number, child.number]
    assert bodies(house.messages(child.number, viewer=SARIS)) == bodies(shown)
    (opened,) = [one for one in told(house, "ticket.opened.v1") if one["split_from"]]
    assert (opened["split_from"], opened["actor"]["kind"]) == (parent.number, "agent")
    (event,) = told(house, "ticket.split.v1")
    assert (event["child"], event["message_ids"]) == (child.number, [said.message_id])
    assert len(house.messages(parent.number).items) == 3
    # Merged back, each message is still there once.
    house.merge(child.number, parent.number)
    assert len(house.messages(parent.number).items) == 4


def test_a_split_takes_only_messages_of_the_conversation(house: House) -> None:
    number, other = house.open().number, house.open().number
    strange = house.messages(other).items[0].message_id

    with pytest.raises(Invalid) as no:
        house.split(number, message_ids=(strange,))

    assert list(no.value.errors) == ["message_ids.0"]
    house.move(number, "spam")
    with pytest.raises(Conflict, match="ticket_closed"):
        house.split(number)
    assert len(house.tickets().items) == 2


@pytest.mark.usefixtures("replicas")
def test_two_replicas_merging_crosswise_one_wins_and_none_waits_for_ever(house: House) -> None:
    for _ in range(10):
        one, two = house.open().number, house.open().number
        with ThreadPoolExecutor(2) as pool:
            works = [pool.submit(_tried, house, a, b) for a, b in ((one, two), (two, one))]
            outcomes = [work.result(timeout=20) for work in works]

        assert sorted(outcomes) == ["merge_refused", "merged"]
        statuses = sorted(house.get(number).status for number in (one, two))
        assert statuses == ["merged", "new"]


@pytest.mark.usefixtures("replicas")
@pytest.mark.parametrize("way", [1, -1], ids=["into the newer", "into the older"])
def test_replies_beside_merges_and_undos_are_all_there_once(house: House, way: int) -> None:
    one, two, three = [house.open().number for _ in range(3)][::way]

    def stir(number: str, into: str) -> None:
        for _ in range(12):
            _tried(house, number, into)
            try:
                house.unmerge(number)
            except WireError:
                continue

    def write() -> list[str]:
        return [house.reply(one, public=False).message_id for _ in range(20)]

    with ThreadPoolExecutor(3) as pool:
        stirring = [pool.submit(stir, one, two), pool.submit(stir, two, three)]
        written = pool.submit(write).result(timeout=60)
        for work in stirring:
            work.result(timeout=60)

    found = Counter(
        message.message_id
        for number in (one, two, three)
        if house.get(number).status != "merged"
        for message in house.messages(number).items
    )
    assert set(found.values()) == {1}
    assert set(written) <= set(found)
    assert len(found) == 23


def _tried(house: House, number: str, into: str) -> str:
    try:
        return str(house.merge(number, into).status)
    except WireError as no:
        return no.code
