"""The listening side of events: `@subscribe(Event)`.

Every event a service hears comes through one quorum queue, `<service>.inbox`. The inbox row and the
effect are one transaction, so a repeat does nothing. A failure is tried again after a growing delay
and ends in the dead-letter queue with its traceback; a database that is away is waited for.

Events of one kind that pile up while earlier ones are handled share a transaction: under load the
price of a commit is paid once for many, and nobody waits for a batch to fill when there is none. A
batch that fails is handled again one by one, so that a bad event spoils no other.
"""

import collections
import logging
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import kombu
from kombu.pools import producers
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, ProviderCollector, SharedExtension

from chassis import topology
from chassis.bus.consumer import SafeQueueConsumer
from chassis.faults import is_passing
from chassis.topology import ATTEMPT, ERROR, TRACEBACK
from contracts.errors import Invalid
from contracts.grammar import Event

log = logging.getLogger(__name__)

PARK_SECONDS = 5.0
BATCH_EVENTS = 16
PREFETCH_BATCHES = 4
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
    is_quick = True
    prefetch = BATCH_EVENTS * PREFETCH_BATCHES

    def setup(self) -> None:
        """Consume the service's inbox."""
        self._listeners: dict[str, Listener] = {}
        self._leaving: set[Any] = set()
        self._left = threading.Event()
        self.queue = topology.inbox_queue(self.container.service_name)
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
        """Put the event on its listener's pile."""
        name = message.properties.get("type") or message.delivery_info["routing_key"]
        listener = self._listeners.get(name)
        if listener is None:
            unknown = Invalid("nobody_listens", f"nobody listens to {name!r} here")
            self.container.spawn_managed_thread(partial(self.settle, message, name, unknown))
        else:
            listener.take(body, message)

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
    """The entrypoint behind `@subscribe`: one batch at a time, of at most `batch` events."""

    inbox = Inbox()

    def __init__(self, name: str, *, batch: int = BATCH_EVENTS, **kwargs: Any) -> None:
        self._name = name
        self._batch = batch
        super().__init__(**kwargs)

    def setup(self) -> None:
        """Listen from the start."""
        self._pile: collections.deque[tuple[Any, Heard]] = collections.deque()
        self._lock = threading.Lock()
        self._is_working = False
        self.inbox.register_provider(self)

    def start(self) -> None:
        """Known by the event's name."""
        self.inbox.listen(self._name, self)

    def stop(self) -> None:
        """Listen no more; the inbox stops as a whole."""
        self.inbox.unregister_provider(self)

    def take(self, body: Any, message: Any) -> None:
        """Put an event on the pile, and see that somebody works on it."""
        heard = Heard(
            message_id=message.properties.get("message_id") or "",
            body=body,
            headers=dict(message.headers or {}),
        )
        with self._lock:
            self._pile.append((message, heard))
            if self._is_working:
                return
            self._is_working = True
        self.container.spawn_managed_thread(self._work, identifier=f"inbox {self._name}")

    def _work(self) -> None:
        while batch := self._next_batch():
            done = threading.Event()
            try:
                self.container.spawn_worker(
                    self,
                    ([heard for _, heard in batch],),
                    {},
                    handle_result=partial(self._handled, batch, done),
                )
            except ContainerBeingKilled:
                for message, _ in batch:
                    self.inbox.queue_consumer.requeue_message(message)
            else:
                done.wait()

    def _next_batch(self) -> list[tuple[Any, Heard]]:
        with self._lock:
            count = min(len(self._pile), self._batch)
            self._is_working = count > 0
            return [self._pile.popleft() for _ in range(count)]

    def _handled(
        self,
        batch: list[tuple[Any, Heard]],
        done: threading.Event,
        _worker: Any,
        result: Any,
        exc_info: Any,
    ) -> tuple[Any, Any]:
        errors = [exc_info[1]] * len(batch) if exc_info else result
        try:
            for (message, _), error in zip(batch, errors, strict=True):
                self.inbox.settle(message, self._name, error)
        finally:
            done.set()
        return None, None


def subscribe(event: type[Event], *, batch: int = BATCH_EVENTS) -> Callable[[Any], Any]:
    """Hear an event with a method `(self, event, tx) -> None`, once for each message.

    Args:
        event: what is heard.
        batch: how many events may share a transaction; a handler that locks more than what its
            event is about takes 1, so that two batches never wait for each other.
    """

    def decorate(method: Callable[[Any, Any, Any], None]) -> Callable[[Any, list[Heard]], Any]:
        def hear(self: Any, heard: list[Heard]) -> list[BaseException | None]:
            found: list[BaseException | None] = self.desk.hear(event, heard, partial(method, self))
            return found

        hear.__name__ = method.__name__
        hear.__doc__ = method.__doc__
        marked: Callable[[Any, list[Heard]], Any] = Listener.decorator(event.NAME, batch=batch)(
            hear
        )
        return marked

    return decorate
