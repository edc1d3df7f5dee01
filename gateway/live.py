"""Live updates: what changes on the bus is hinted to browsers as server-sent events.

One thread a process listens to every `<service>.events` exchange, on a queue of its own that goes
when the connection does, and only while somebody follows. A follower gets hints, not contents: the
event's name and the ticket's number; what it may see of the ticket it reads from the API.

A follower is told `resync` when it may have missed something: at its start, after the broker was
away, when it was too slow. It then reads again what it shows. Who reconnects with a `Last-Event-ID`
that is still remembered gets what came after it instead.

Limits: `streams` followers a process, since each holds one of its threads; a stream ends after ten
minutes, so that an ended sign-in is noticed, and its browser connects again; 500 hints remembered.
"""

import collections
import contextlib
import json
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, Self

from amqp.exceptions import AMQPError
from kombu import Connection, Consumer, Exchange, Queue, binding
from kombu.exceptions import KombuError
from prometheus_client import Gauge

from chassis.topology import events_exchange
from contracts.catalogue import SERVICES
from gateway.errors import Busy

log = logging.getLogger(__name__)

STREAMS = Gauge("meja_http_streams", "Live streams open.", multiprocess_mode="livesum")

REMEMBERED = 500
BACKLOG = 200
BEAT_SECONDS = 15.0
LONGEST_SECONDS = 600.0
LOOK_SECONDS = 1.0
RECONNECT_SECONDS = 2.0
RETRY_MS = 2000

# What a requester's own page shows no trace of.
FOR_AGENTS = frozenset(
    {
        "escalation.raised.v1",
        "target.at_risk.v1",
        "target.breached.v1",
        "target.met.v1",
        "notice.given.v1",
    }
)
NOTICE = "notice.given.v1"
REPLY = "ticket.replied.v1"


@dataclass(frozen=True, kw_only=True)
class Hint:
    """Something changed.

    Attributes:
        id: the message's id.
        event: its name, such as `ticket.replied.v1`.
        number: the ticket, if it is about one.
        is_for_agents: a requester is not told.
        recipients: the names of the one person it is for; none when it is for all.
    """

    id: str
    event: str
    number: str | None
    is_for_agents: bool
    recipients: frozenset[str] = frozenset()

    def as_event(self) -> bytes:
        """As it stands in the stream."""
        data = json.dumps({"event": self.event, "number": self.number})
        return f"id: {self.id}\nevent: change\ndata: {data}\n\n".encode()


def hint_of(message_id: str, name: str, facts: dict[str, Any]) -> Hint:
    """The hint for an event of the bus."""
    return Hint(
        id=message_id,
        event=name,
        number=facts.get("number"),
        is_for_agents=_is_for_agents(name, facts),
        recipients=_recipients(facts) if name == NOTICE else frozenset(),
    )


def _is_for_agents(name: str, facts: dict[str, Any]) -> bool:
    is_internal = name == REPLY and not facts.get("public")
    # It tells of another requester's ticket that was merged with this one.
    return name in FOR_AGENTS or is_internal or bool(facts.get("other_requester"))


def _recipients(facts: dict[str, Any]) -> frozenset[str]:
    # Nobody is called so: a notice without names is hinted to nobody rather than to all.
    named = {str(facts.get(name) or "-") for name in ("recipient", "email")}
    return frozenset(each.lower() for each in named)


@dataclass(frozen=True, kw_only=True)
class Interest:
    """What a follower wants and may know; a requester always names a ticket of theirs.

    Attributes:
        names: the follower's own, under which they are given notices.
        notices_only: nothing else is hinted.
    """

    number: str | None
    is_requester: bool
    names: frozenset[str] = frozenset()
    notices_only: bool = False

    def covers(self, hint: Hint) -> bool:
        """Whether the follower is told."""
        if self.is_requester and hint.is_for_agents:
            return False
        if hint.recipients:
            return not hint.recipients.isdisjoint(self.names)
        if self.notices_only:
            return False
        return self.number is None or hint.number == self.number


RESYNC = f"retry: {RETRY_MS}\nevent: resync\ndata: {{}}\n\n".encode()
BEAT = b": still here\n\n"


class Bus(Protocol):
    """Where hints come from."""

    def listen(self, tell: Callable[[Hint], None], began: Callable[[], None]) -> None:
        """Tell every hint until `stop` is called; `began` after each connection made."""

    def stop(self) -> None:
        """End `listen`."""


class Live:
    """Who follows, and what they are told."""

    def __init__(
        self,
        bus: Callable[[], Bus],
        *,
        limit: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make_bus = bus
        self._limit = limit
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._followers: set[Follower] = set()
        self._remembered: collections.deque[Hint] = collections.deque(maxlen=REMEMBERED)
        self._bus: Bus | None = None
        self.is_stopping = False

    def follow(self, interest: Interest, *, last_id: str | None = None) -> "Follower":
        """A stream of server-sent events.

        Raises:
            Busy: this process holds as many as it may, or is stopping.
        """
        with self._lock:
            if self.is_stopping or len(self._followers) >= self._limit:
                raise Busy("No room for another live stream; ask again, or poll.", retry_seconds=5)
            follower = Follower(self, interest, monotonic=self._monotonic)
            self._welcome(follower, last_id)
            self._followers.add(follower)
            STREAMS.set(len(self._followers))
            if self._bus is None:
                self._bus = self._make_bus()
                listen = threading.Thread(
                    target=self._bus.listen,
                    args=(self._tell, self._resync),
                    name="live",
                    daemon=True,
                )
                listen.start()
        return follower

    def _welcome(self, follower: "Follower", last_id: str | None) -> None:
        ids = [hint.id for hint in self._remembered]
        if last_id in ids:
            for hint in list(self._remembered)[ids.index(last_id) + 1 :]:
                follower.tell(hint)
        elif self._bus is not None:
            follower.resync()
        # else the listener's first connection tells everybody to read again

    def leave(self, follower: "Follower") -> None:
        """Tell a follower nothing more; the last one to leave ends the listening."""
        with self._lock:
            self._followers.discard(follower)
            STREAMS.set(len(self._followers))
            if not self._followers and self._bus is not None:
                self._bus.stop()
                self._bus = None
                self._remembered.clear()

    def stop(self) -> None:
        """End every stream within a second, and take no more; safe in a signal handler."""
        self.is_stopping = True

    def _tell(self, hint: Hint) -> None:
        with self._lock:
            self._remembered.append(hint)
            for follower in self._followers:
                follower.tell(hint)

    def _resync(self) -> None:
        with self._lock:
            self._remembered.clear()
            for follower in self._followers:
                follower.resync()


class Follower:
    """One stream: an iterator of bytes that a WSGI server sends, and closes when it is left."""

    def __init__(self, live: Live, interest: Interest, *, monotonic: Callable[[], float]) -> None:
        self._live = live
        self._interest = interest
        self._monotonic = monotonic
        self._ends_at = monotonic() + LONGEST_SECONDS
        self._beats_at = monotonic() + BEAT_SECONDS
        self._waiting: queue.Queue[bytes] = queue.Queue(BACKLOG)

    def tell(self, hint: Hint) -> None:
        """Add a hint; a follower too slow for it is told to read again instead."""
        if not self._interest.covers(hint):
            return
        try:
            self._waiting.put_nowait(hint.as_event())
        except queue.Full:
            self.resync()

    def resync(self) -> None:
        """Forget what waits: the follower reads everything again."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._waiting.get_nowait()
        self._waiting.put(RESYNC)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        while not self._live.is_stopping and self._monotonic() < self._ends_at:
            with contextlib.suppress(queue.Empty):
                return self._sent(self._waiting.get(timeout=LOOK_SECONDS))
            if self._monotonic() >= self._beats_at:
                return self._sent(BEAT)
        self.close()
        raise StopIteration

    def _sent(self, text: bytes) -> bytes:
        self._beats_at = self._monotonic() + BEAT_SECONDS
        return text

    def close(self) -> None:
        """Leave."""
        self._live.leave(self)


class AmqpBus:
    """Hints from RabbitMQ, on a connection of its own."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End `listen` within a second."""
        self._stopped.set()

    def listen(self, tell: Callable[[Hint], None], began: Callable[[], None]) -> None:
        """Tell every hint; reconnect when the broker was away."""
        while not self._stopped.is_set():
            try:
                self._listen_once(tell, began)
            except (OSError, AMQPError, KombuError) as gone:
                log.warning("live updates interrupted", extra={"error": repr(gone)})
                self._stopped.wait(RECONNECT_SECONDS)

    def _listen_once(self, tell: Callable[[Hint], None], began: Callable[[], None]) -> None:
        with Connection(self._url, connect_timeout=3, heartbeat=20) as connection:
            queue = Queue(exclusive=True, auto_delete=True, durable=False, bindings=_bindings())
            consumer = Consumer(
                connection,
                queues=[queue],
                no_ack=True,
                callbacks=[lambda facts, message: tell(_hint(facts, message))],
            )
            with consumer:
                began()
                while not self._stopped.is_set():
                    with contextlib.suppress(TimeoutError):
                        connection.drain_events(timeout=LOOK_SECONDS)
                    connection.heartbeat_check()


def _bindings() -> list[binding]:
    return [
        binding(Exchange(events_exchange(service), type="topic", durable=True), routing_key="#")
        for service in SERVICES
    ]


def _hint(facts: Any, message: Any) -> Hint:
    return hint_of(
        str(message.properties.get("message_id", "")),
        str(message.delivery_info["routing_key"]),
        facts if isinstance(facts, dict) else {},
    )
