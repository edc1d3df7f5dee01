"""Lists are read to their end while tickets are opened and changed: nothing skipped or doubled."""

from collections import Counter
from typing import Any

import pytest

from deploy.api import Desk
from tests.system.house.conftest import Faults
from tests.system.house.filing import Filing


def walk(desk: Desk, *, sort: str, limit: int) -> list[str]:
    """The numbers of a list, page by page to its end."""
    found: list[str] = []
    asked: dict[str, Any] = {"sort": sort, "limit": limit}
    while True:
        page = desk.get("/tickets", **asked)
        found += [line["number"] for line in page["items"]]
        if page["next_cursor"] is None:
            return found
        asked["cursor"] = page["next_cursor"]


def known(filing: Filing) -> set[str]:
    return {filed.number for filed in list(filing.accepted.values())}


pytestmark = pytest.mark.nightly


# In the other two orders a ticket that is changed meanwhile may move behind the reader's back.
@pytest.mark.parametrize("sort", ["-opened", "updated"])
def test_a_walk_through_a_moving_list_skips_no_ticket(faults: Faults, sort: str) -> None:
    desk = Desk(faults.house.url, faults.house.token)

    with faults.under_load(f"reading the list in order {sort}", at_least=40) as filing:
        for limit in (20, 100):
            before = known(filing) | {filed.number for filed in faults.auditor.filed.values()}
            seen = Counter(walk(desk, sort=sort, limit=limit))
            faults.caused()
            assert before <= seen.keys()
            if sort == "-opened":
                assert set(seen.values()) == {1}
    desk.close()


def test_the_log_is_followed_without_a_gap_while_it_is_written(faults: Faults) -> None:
    desk = Desk(faults.house.url, faults.house.token)
    entries: list[dict[str, Any]] = []
    after = 0

    def follow() -> bool:
        nonlocal after
        page = desk.get("/events", after=after, limit=200)
        entries.extend(page["items"])
        assert page["next_after"] >= after
        after = page["next_after"]
        return bool(page["items"])

    with faults.under_load("following the log", at_least=150) as filing:
        wanted = len(filing.accepted) + 100
        while len(filing.accepted) < wanted:
            follow()
            faults.caused()
    while follow():
        pass

    offsets = [entry["offset"] for entry in entries]
    assert offsets == sorted(set(offsets))
    kept = [(row.ticket_id, row.seq) for row in faults.auditor.log()]
    assert len(entries) == len(kept)
    assert len({(entry["number"], entry["seq"]) for entry in entries}) == len(kept)
    desk.close()
