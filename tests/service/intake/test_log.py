"""The desk's event log from an offset: nothing skipped, nothing twice."""

import threading
from typing import Any

import pytest

from contracts.intake import LogEntry
from services.intake.store import log
from tests.service.intake.house import House, Side


def steps(entries: tuple[LogEntry, ...]) -> list[tuple[str, int]]:
    return [(entry.number, entry.seq) for entry in entries]


def test_the_log_is_read_from_offset_to_offset(house: House) -> None:
    first, second = house.open(), house.open()
    house.reply(first.number)

    pages = [house.log(limit=3)]
    pages.append(house.log(limit=3, after=pages[-1].next_after))
    pages.append(house.log(limit=3, after=pages[-1].next_after))

    assert steps(pages[0].items + pages[1].items) == [
        (first.number, 1),
        (second.number, 1),
        (first.number, 2),
        (first.number, 3),
    ]
    assert pages[2].items == ()
    assert pages[2].next_after == pages[1].next_after


def test_a_viewers_page_may_be_empty_and_still_lead_on(house: House) -> None:
    house.open()

    page = house.log(viewer="joko@example.com")

    assert (page.items, page.next_after) == ((), 1)


@pytest.mark.usefixtures("replicas")
def test_an_entry_of_an_unfinished_transaction_is_waited_for_and_never_skipped(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "_PAUSES", 2)
    first = house.open().number
    slow = Side(house, house.open_in)  # takes an offset and does not commit
    last = house.open().number  # takes the next one and commits

    before = house.log()
    slow.commit()
    after = house.log(after=before.next_after)

    assert steps(before.items) == [(first, 1)]
    assert len(after.items) == 2
    assert steps(after.items)[1] == (last, 1)


@pytest.mark.usefixtures("replicas")
def test_an_offset_that_was_rolled_back_does_not_hold_the_log_up(house: House) -> None:
    house.open()
    given_up = Side(house, house.open_in)
    last = house.open().number
    given_up.give_up()

    assert [entry.number for entry in house.log().items][1:] == [last]


@pytest.mark.usefixtures("replicas")
def test_a_transaction_that_ends_while_the_log_is_read_is_in_it(house: House) -> None:
    house.open()
    slow = Side(house, house.open_in)
    house.open()
    timer = threading.Timer(0.05, slow.commit)
    timer.start()

    entries = house.log().items

    timer.join()
    assert [entry.offset for entry in entries] == [1, 2, 3]


@pytest.mark.usefixtures("replicas")
def test_a_reader_beside_busy_writers_sees_every_entry_once(house: House) -> None:
    house.open()
    left = threading.Semaphore(0)

    def write() -> None:
        for count in range(15):
            if count % 5 == 4:
                _open_and_give_up(house)
            else:
                house.open()
        left.release()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    seen: list[int] = []
    while any(writer.is_alive() for writer in writers):
        _read_on(house, seen)
    for writer in writers:
        writer.join()
    while _read_on(house, seen):
        pass

    assert seen == sorted(set(seen))
    assert len(seen) == 1 + 3 * 12


def _read_on(house: House, seen: list[int]) -> bool:
    page = house.log(after=seen[-1] if seen else 0, limit=7)
    seen += [entry.offset for entry in page.items]
    return bool(page.items)


def _open_and_give_up(house: House) -> None:
    def give_up(_command: Any, **given: Any) -> None:
        house.open_in(given["tx"])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        house.do(give_up, None)
