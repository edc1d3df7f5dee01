"""What was published is known by every process of kb, also when one dies while it is told."""

from itertools import count, islice

import pytest

from deploy.api import Desk
from deploy.bench.knowledge.replicas import known_at
from tests.system.house.standing import House, wait_until

BOTH = ("kb-1", "kb-2")
ARTICLES = 24
ASKS = 8  # in a row: which process answers is the broker's choice

_runs = count()


class Publisher:
    """Publishes articles, and withdraws every second of them."""

    def __init__(self, house: House) -> None:
        self._desk = Desk(house.url, house.token)
        self._word = f"zzconverge{next(_runs)}"
        self._turns = count()
        self.shown: set[str] = set()
        self.version = 0

    def publish(self, times: int) -> None:
        for turn in islice(self._turns, times):
            key = f"{self._word}-{turn}"
            self._put(key, "published")
            if turn % 2:
                self._put(key, "draft")
            else:
                self.shown.add(key)

    def _put(self, key: str, status: str) -> None:
        article = {"title": f"{self._word} {key}", "body": "Isi.", "category": "test"}
        said = article | {"status": status, "note": "A fault is caused."}
        saved = self._desk.put(f"/kb/articles/{key}/id", said)
        self.version = max(self.version, saved["version"])

    def found(self) -> set[str]:
        hits = self._desk.get("/kb/articles", q=self._word, limit=100)["items"]
        return {hit["key"] for hit in hits}


@pytest.mark.parametrize("doomed", [("kb-1",), BOTH], ids=["one", "both"])
def test_a_process_that_dies_while_others_publish_knows_all_again(
    house: House, doomed: tuple[str, ...]
) -> None:
    house.wait_until_healthy()
    before = house.restarts(*BOTH)
    publisher = Publisher(house)

    publisher.publish(ARTICLES // 3)
    house.kill(*doomed)
    publisher.publish(ARTICLES // 3)
    house.wait_until_healthy()
    publisher.publish(ARTICLES // 3)

    doors = [house.health_port(name) for name in BOTH]
    wait_until(lambda: all(known_at(door) >= publisher.version for door in doors))
    assert house.restarts(*BOTH) == before + len(doomed)
    assert all(publisher.found() == publisher.shown for _ in range(ASKS))
