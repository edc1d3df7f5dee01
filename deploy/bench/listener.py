"""Hears on the bus when each ticket was assigned and clocked, as a bystander."""

import contextlib
import threading
import time
from typing import Any, Self

from kombu import Connection, Consumer, Exchange, Queue, binding

from chassis.topology import events_exchange
from contracts.intake import TicketAssigned
from contracts.sla import ClocksChanged

LOOK_SECONDS = 0.2


class Listener:
    """Notes when a ticket's assignment and its clocks were first told.

    Attributes:
        assigned: by ticket number, on `time.perf_counter`.
        clocked: likewise.
    """

    def __init__(self, amqp_url: str) -> None:
        self._amqp_url = amqp_url
        self.assigned: dict[str, float] = {}
        self.clocked: dict[str, float] = {}
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(5)

    def wait_for(self, numbers: set[str], *, seconds: float) -> float:
        """Wait until all these tickets are assigned and clocked.

        Returns:
            When the last one was, on `time.perf_counter`.
        """
        deadline = time.perf_counter() + seconds
        while time.perf_counter() < deadline:
            if numbers <= self.assigned.keys() and numbers <= self.clocked.keys():
                break
            time.sleep(0.05)
        return max(
            max((self.assigned.get(number, deadline) for number in numbers), default=0.0),
            max((self.clocked.get(number, deadline) for number in numbers), default=0.0),
        )

    def _listen(self) -> None:
        heard = {TicketAssigned.NAME: self.assigned, ClocksChanged.NAME: self.clocked}
        bindings = [
            binding(Exchange(events_exchange(event.SPEAKER), "topic"), routing_key=event.NAME)
            for event in (TicketAssigned, ClocksChanged)
        ]
        queue = Queue(exclusive=True, auto_delete=True, durable=False, bindings=bindings)

        def note(body: Any, message: Any) -> None:
            at = heard[message.delivery_info["routing_key"]]
            at.setdefault(body["number"], time.perf_counter())

        with (
            Connection(self._amqp_url) as connection,
            Consumer(connection, queues=[queue], callbacks=[note], no_ack=True),
        ):
            self._ready.set()
            while not self._stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=LOOK_SECONDS)
