"""Live updates: who is told what, and when to read again."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import falcon.testing
import pytest

from gateway.app import create_app
from gateway.clients import Clients
from gateway.errors import Busy
from gateway.live import BACKLOG, RESYNC, Follower, Hint, Interest, Live, hint_of
from gateway.settings import GatewaySettings
from tests.unit.gateway.fakes import FakeCaller

ALL = Interest(number=None, is_requester=False)
OWN = Interest(number="INC-1042-7", is_requester=True)


class FakeBus:
    """A bus that says what the test says."""

    def __init__(self) -> None:
        self.tell: Callable[[Hint], None]
        self.stopped = threading.Event()
        self.listening = threading.Event()

    def listen(self, tell: Callable[[Hint], None], began: Callable[[], None]) -> None:
        self.tell, self.began = tell, began
        began()
        self.listening.set()
        self.stopped.wait(5)

    def stop(self) -> None:
        self.stopped.set()


class Stage:
    def __init__(self, *, limit: int = 2) -> None:
        self.at = 0.0
        self.buses: list[FakeBus] = []
        self.live = Live(self._bus, limit=limit, monotonic=lambda: self.at)

    def _bus(self) -> FakeBus:
        self.buses.append(FakeBus())
        return self.buses[-1]

    def follow(self, interest: Interest = ALL, last_id: str | None = None) -> Follower:
        follower = self.live.follow(interest, last_id=last_id)
        assert self.buses[-1].listening.wait(5)
        return follower

    def tell(self, *hints: Hint) -> None:
        for hint in hints:
            self.buses[-1].tell(hint)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def _hint(number: str = "INC-1042-7", name: str = "ticket.replied.v1", **facts: Any) -> Hint:
    return hint_of(f"id-{number}-{name}", name, {"number": number, "public": True} | facts)


def test_a_stream_begins_with_when_to_come_back_and_to_read_again(stage: Stage) -> None:
    first, second = stage.follow(), stage.follow()

    assert next(first) == next(second) == RESYNC
    assert RESYNC.startswith(b"retry: 2000\n")


def test_a_hint_names_event_and_ticket_and_nothing_else(stage: Stage) -> None:
    follower = stage.follow()
    next(follower)

    stage.tell(_hint(body="rahasia"))

    text = next(follower).decode()
    assert text.startswith("id: id-INC-1042-7-ticket.replied.v1\nevent: change\ndata: ")
    data = json.loads(text.split("data: ")[1])
    assert data == {"event": "ticket.replied.v1", "number": "INC-1042-7"}


def test_a_follower_of_one_ticket_hears_of_no_other(stage: Stage) -> None:
    follower = stage.follow(Interest(number="INC-1042-7", is_requester=False))
    next(follower)

    stage.tell(_hint("INC-7-7"), _hint())

    assert b"INC-1042-7" in next(follower)


@pytest.mark.parametrize(
    ("name", "facts", "is_told"),
    [
        ("ticket.replied.v1", {"public": True}, True),
        ("ticket.replied.v1", {"public": False}, False),
        ("ticket.resolved.v1", {}, True),
        ("escalation.raised.v1", {}, False),
        ("target.breached.v1", {}, False),
    ],
)
def test_a_requester_hears_only_what_their_page_shows(
    name: str, facts: dict[str, Any], is_told: bool
) -> None:
    assert OWN.covers(_hint(name=name, **facts)) is is_told


def test_who_comes_back_gets_what_was_missed(stage: Stage) -> None:
    stage.follow()
    stage.tell(_hint("INC-1-1"), _hint("INC-2-2"), _hint("INC-3-3"))

    back = stage.follow(last_id="id-INC-1-1-ticket.replied.v1")

    assert b"INC-2-2" in next(back)
    assert b"INC-3-3" in next(back)


def test_who_was_away_too_long_reads_again(stage: Stage) -> None:
    stage.follow()
    stage.tell(_hint())

    assert next(stage.follow(last_id="forgotten")) == RESYNC


def test_a_new_connection_to_the_broker_tells_everybody_to_read_again(stage: Stage) -> None:
    follower = stage.follow()
    next(follower)

    stage.buses[-1].began()

    assert next(follower) == RESYNC


def test_a_follower_too_slow_reads_again_instead_of_filling_memory(stage: Stage) -> None:
    follower = stage.follow()
    next(follower)

    for _ in range(BACKLOG + 1):
        stage.tell(_hint())

    assert next(follower) == RESYNC
    assert follower._waiting.empty()


def test_a_quiet_stream_beats(stage: Stage) -> None:
    follower = stage.follow()
    next(follower)

    stage.at = 15.0

    assert next(follower).startswith(b":")


def test_a_stream_ends_after_ten_minutes_and_leaves(stage: Stage) -> None:
    follower = stage.follow()
    stage.at = 600.0

    assert list(follower) == []
    assert stage.buses[0].stopped.is_set()


def test_the_bus_is_heard_only_while_somebody_follows(stage: Stage) -> None:
    assert stage.buses == []
    one, other = stage.follow(), stage.follow()
    one.close()
    assert not stage.buses[0].stopped.is_set()
    other.close()
    assert stage.buses[0].stopped.is_set()

    stage.follow()

    assert len(stage.buses) == 2


def test_one_stream_too_many_is_refused_until_one_leaves() -> None:
    stage = Stage(limit=1)
    first = stage.follow()

    with pytest.raises(Busy):
        stage.live.follow(ALL)
    first.close()

    assert stage.follow()


def test_a_stop_ends_every_stream_within_a_second_or_two(stage: Stage) -> None:
    follower = stage.follow()
    next(follower)
    began = time.monotonic()

    stage.live.stop()

    assert list(follower) == []
    assert time.monotonic() - began < 2
    with pytest.raises(Busy):
        stage.live.follow(ALL)


@pytest.fixture
def served(
    caller: FakeCaller, database: Any, settings: GatewaySettings, someone: Any
) -> Callable[..., Any]:
    stage = Stage(limit=1)
    app = create_app(clients=Clients(caller), database=database, settings=settings, live=stage.live)

    def asker(role: str) -> Any:
        found = someone(role)
        found.client = falcon.testing.TestClient(app)
        stage.live.stop()
        return found

    return asker


def test_a_requester_must_name_a_ticket_of_theirs(served: Any, caller: FakeCaller) -> None:
    requester = served("requester")

    unnamed = requester.get("/api/v1/stream")
    del caller.answers["get_ticket"]
    foreign = requester.get("/api/v1/stream", query_string="ticket=INC-1042-7")

    assert (unnamed.status_code, foreign.status_code) == (422, 404)


def test_no_room_is_503_with_retry_after(served: Any) -> None:
    result = served("agent").get("/api/v1/stream")

    assert result.status_code == 503
    assert result.headers["Retry-After"] == "5"
