"""Hears every breach on the bus, as a bystander, with how late it was."""

import contextlib
import threading
import time
from datetime import datetime
from typing import Any, Self

from kombu import Connection, Consumer, Exchange, Queue

from chassis.timekeeper import WallClock
from chassis.topology import events_exchange
from contracts.sla import TargetBreached

LOOK_SECONDS = 0.2


class Breaches:
    """Notes each ticket's breach.

    Attributes:
        lateness: seconds from the threshold to its claim, by ticket number.
        arrivals: seconds from the threshold to when it was heard here, by ticket number.
        repeats: breaches of a ticket that was heard of before.
        first_at, last_at: when the first and the last was heard, on `time.perf_counter`.
    """

    def __init__(self, amqp_url: str) -> None:
        self._amqp_url = amqp_url
        self._clock = WallClock()
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.lateness: dict[str, float] = {}
        self.arrivals: dict[str, float] = {}
        self.repeats = 0
        self.first_at = self.last_at = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)

    def wait_for(self, numbers: set[str], *, seconds: float) -> None:
        """Wait until all these were heard of, and a moment longer for repeats."""
        deadline = time.perf_counter() + seconds
        while not numbers <= self.lateness.keys() and time.perf_counter() < deadline:
            time.sleep(0.1)
        time.sleep(1)

    def _listen(self) -> None:
        exchange = Exchange(events_exchange("sla"), "topic")
        queue = Queue(
            exclusive=True,
            auto_delete=True,
            durable=False,
            exchange=exchange,
            routing_key=TargetBreached.NAME,
        )
        with (
            Connection(self._amqp_url) as connection,
            Consumer(connection, queues=[queue], callbacks=[self._note], no_ack=True),
        ):
            self._ready.set()
            while not self._stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=LOOK_SECONDS)

    def _note(self, body: dict[str, Any], _message: Any) -> None:
        number = body["number"]
        if number in self.lateness:
            self.repeats += 1
            return
        self.last_at = time.perf_counter()
        self.first_at = self.first_at or self.last_at
        self.lateness[number] = body["lateness_us"] / 1_000_000
        crossed = datetime.fromisoformat(body["breached_at"])
        self.arrivals[number] = (self._clock.now() - crossed).total_seconds()
