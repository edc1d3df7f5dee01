"""The listening side of events: `@subscribe(Event)`.

Every event a service hears comes through one quorum queue, `<service>.inbox`. The inbox row and the
effect are one transaction, so a repeat does nothing. A failure is tried again after a growing delay
and ends in the dead-letter queue with its traceback; a database that is away is waited for.
"""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import kombu
from kombu.pools import producers
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from chassis import metrics, topology
from chassis.bus.consumer import SafeQueueConsumer
from chassis.faults import is_passing
from chassis.topology import ATTEMPT, ERROR, TRACEBACK
from contracts.errors import Invalid
from contracts.grammar import Event

log = logging.getLogger(__name__)

PARK_SECONDS = 5.0
TRACEBACK_CHARACTERS = 4000


@dataclass(frozen=True)
class Heard:
    """An event as it arrived."""

    message_id: str
    body: Any
    headers: dict[str, Any]


class Inbox(SharedExtension, ProviderCollector):
    """Hears events on `<service>.inbox` and parks those that fail."""

    queue_consumer = SafeQueueConsumer()

    def setup(self) -> None:
        """Consume the service's inbox."""
        self._listeners: dict[str, Listener] = {}
        self._leaving: set[Any] = set()
        self._left = threading.Event()
        self.queue = topology.inbox_queue(self.container.service_name)
        # Half of the workers at most: calls, for which somebody waits, always find one free.
        self.prefetch = max(1, self.container.max_workers // 2)
        self._delays = self.container.config["RETRY_DELAYS_SECONDS"]
        connection = kombu.Connection(
            self.container.config["AMQP_URI"], transport_options={"confirm_publish": True}
        )
        self._parking = producers[connection]
        self.queue_consumer.register_provider(self)

    def unregister_provider(self, provider: Any) -> None:
        """Take no more events once the last listener stops; all wait until that is so."""
        self._leaving.add(provider)
        if self._leaving >= self._providers:
            self.queue_consumer.unregister_provider(self)
            self._left.set()
        self._left.wait()
        super().unregister_provider(provider)

    def listen(self, name: str, listener: "Listener") -> None:
        """Give events called `name` to this listener."""
        self._listeners[name] = listener

    def handle_message(self, body: Any, message: Any) -> None:
        """Give the event to its listener."""
        name = message.properties.get("type") or message.delivery_info["routing_key"]
        listener = self._listeners.get(name)
        if listener is None:
            unknown = Invalid("nobody_listens", f"nobody listens to {name!r} here")
            self.settle(message, name, unknown)
        else:
            listener.handle_message(body, message)

    def settle(self, message: Any, name: str, error: BaseException | None) -> None:
        """Acknowledge what was handled; park what was not, then acknowledge it."""
        if error is None:
            self.queue_consumer.ack_message(message)
            return
        try:
            self._park(message, name, error)
        except Exception as lost:  # noqa: BLE001 – parked nowhere, so it must stay where it is
            log.warning("event not parked, requeued", extra={"event": name, "error": repr(lost)})
            self.queue_consumer.requeue_message(message)
        else:
            self.queue_consumer.ack_message(message)

    def _park(self, message: Any, name: str, error: BaseException) -> None:
        headers = dict(message.headers or {})
        headers.pop("x-death", None)
        attempt = int(headers.get(ATTEMPT, 0))
        headers[ERROR] = f"{type(error).__name__}: {str(error)[:500]}"
        target = self._next_stop(attempt, error)
        facts = {
            "event": name,
            "attempt": attempt + 1,
            "error": headers[ERROR],
            "correlation_id": message.properties.get("correlation_id"),
        }
        if target == topology.dead_name(self.container.service_name):
            headers[TRACEBACK] = "".join(traceback.format_exception(error))[-TRACEBACK_CHARACTERS:]
            headers[ATTEMPT] = attempt + 1
            log.error("event dead-lettered", extra=facts, exc_info=error)
        elif is_passing(error):
            log.warning("event waits for what is away", extra=facts)
        else:
            headers[ATTEMPT] = attempt + 1
            log.warning("event waits for its next try", extra=facts, exc_info=error)
        with self._parking.acquire(block=True, timeout=PARK_SECONDS) as producer:
            producer.publish(
                message.body,
                exchange="",
                routing_key=target,
                mandatory=True,
                delivery_mode=2,
                headers=headers,
                content_type=message.content_type,
                content_encoding=message.content_encoding,
                message_id=message.properties.get("message_id"),
                correlation_id=message.properties.get("correlation_id"),
                type=name,
                retry=False,
                confirm_timeout=PARK_SECONDS,
            )

    def _next_stop(self, attempt: int, error: BaseException) -> str:
        service = self.container.service_name
        if is_passing(error):
            # Not the event's fault: it waits as long as it takes and is never dead-lettered.
            return topology.wait_name(service, self._delays[min(attempt, 1, len(self._delays) - 1)])
        if isinstance(error, Invalid) or attempt >= len(self._delays):
            return topology.dead_name(service)
        return topology.wait_name(service, self._delays[attempt])


class Listener(Entrypoint):
    """The entrypoint behind `@subscribe`."""

    inbox = Inbox()

    def __init__(self, name: str, **kwargs: Any) -> None:
        self._name = name
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Listen from the start."""
        self.inbox.register_provider(self)

    def start(self) -> None:
        """Known by the event's name."""
        self.inbox.listen(self._name, self)

    def stop(self) -> None:
        """Listen no more; the inbox stops as a whole."""
        self.inbox.unregister_provider(self)

    def handle_message(self, body: Any, message: Any) -> None:
        """Run the method in a worker."""
        heard = Heard(
            message_id=message.properties.get("message_id") or "",
            body=body,
            headers=dict(message.headers or {}),
        )
        try:
            self.container.spawn_worker(
                self, (heard,), {}, handle_result=partial(self._handled, message)
            )
        except ContainerBeingKilled:
            self.inbox.queue_consumer.requeue_message(message)

    def _handled(self, message: Any, _worker: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self.inbox.settle(message, self._name, result if exc_info is None else exc_info[1])
        return None, None


def subscribe(event: type[Event]) -> Callable[[Any], Any]:
    """Hear an event with a method `(self, event, tx) -> None`, once for each message."""

    def decorate(method: Callable[[Any, Any, Any], None]) -> Callable[[Any, Heard], Any]:
        def hear(self: Any, heard: Heard) -> BaseException | None:
            started = time.perf_counter()
            error, outcome = self.desk.hear(event, heard, partial(method, self))
            took = time.perf_counter() - started
            metrics.EVENT_SECONDS.labels(event.NAME, outcome).observe(took)
            return error  # type: ignore[no-any-return]

        hear.__name__ = method.__name__
        hear.__doc__ = method.__doc__
        marked: Callable[[Any, Heard], Any] = Listener.decorator(event.NAME)(hear)
        return marked

    return decorate
