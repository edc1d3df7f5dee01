"""nameko's consumer, hardened where a broker outage or a rolling restart breaks it.

Every entrypoint of a service must share this one class: nameko shares an extension by its type.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import amqp.exceptions
import kombu.exceptions
from nameko.messaging import QueueConsumer

from chassis import metrics

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS, PAUSE_GROWTH_SECONDS, LONGEST_PAUSE_SECONDS = 0.2, 0.2, 2.0

# What a lost connection looks like. The broker gives unsettled messages to somebody else.
LOST = (OSError, amqp.exceptions.AMQPError, kombu.exceptions.KombuError)


class SafeQueueConsumer(QueueConsumer):
    """Consumes all queues of a service over one connection and survives its loss.

    Differences from nameko's own: a broker that comes back is found within two seconds (it would be
    thirty); settling a message on a lost connection is no error (it would kill the container); the
    connection stays open until the last message in hand is settled (it would be carried out again
    after every restart); what cannot be decoded goes to the dead-letter queue (it would be
    dropped).
    """

    def __init__(self) -> None:
        super().__init__()
        self._in_hand: set[Any] = set()
        self.is_consuming = False

    def consume(
        self, limit: Any = None, timeout: Any = None, safety_interval: float = 0.1, **kwargs: Any
    ) -> Any:
        """Look every tenth of a second whether to stop; the stock second makes every stop slow."""
        return super().consume(limit, timeout=timeout, safety_interval=safety_interval, **kwargs)

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        """Look for a broker that is away again and again; the stock pause grows to 30 seconds."""
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error,
                self.connect_max_retries,
                interval_start=FIRST_PAUSE_SECONDS,
                interval_step=PAUSE_GROWTH_SECONDS,
                interval_max=LONGEST_PAUSE_SECONDS,
            )
            yield connection

    def get_consumers(self, consumer_cls: Any, _channel: Any) -> Any:
        """One consumer a queue, each with its own limit of unsettled messages."""
        for provider in self._providers:
            consumer = consumer_cls(
                queues=[provider.queue],
                callbacks=[partial(self.handle_message, provider)],
                accept=self.accept,
            )
            consumer.qos(prefetch_count=getattr(provider, "prefetch", self.prefetch_count))
            self._consumers[provider] = consumer
        return self._consumers.values()

    def handle_message(self, provider: Any, body: Any, message: Any) -> None:
        """Pass a message on and remember it until it is settled."""
        self._in_hand.add(message)
        super().handle_message(provider, body, message)

    def ack_message(self, message: Any) -> None:
        """It is done."""
        self._settle(message, "ack")

    def requeue_message(self, message: Any) -> None:
        """Somebody should do it again."""
        self._settle(message, "requeue")

    def reject_message(self, message: Any) -> None:
        """To the dead-letter queue, where there is one."""
        self._settle(message, "reject")

    def _settle(self, message: Any, how: str) -> None:
        self._in_hand.discard(message)
        if not _is_open(message) or message.acknowledged:
            return
        try:
            getattr(message, how)()
        except LOST as lost:
            log.info("message not settled, the broker redelivers it", extra={"error": repr(lost)})

    def on_iteration(self) -> None:
        """Stop only when no consumer and no message is left."""
        self._cancel_consumers_if_requested()
        self._in_hand = {message for message in self._in_hand if _is_open(message)}
        if not self._consumers and not self._in_hand:
            self.should_stop = True

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """What cannot be read is kept for a person to look at."""
        queue = message.delivery_info.get("routing_key")
        log.error("undecodable message", extra={"routing_key": queue, "error": str(exc)})
        message.reject()

    def on_consume_ready(
        self, connection: Any, channel: Any, consumers: Any, **kwargs: Any
    ) -> None:
        """Consuming again, for health."""
        self.is_consuming = True
        super().on_consume_ready(connection, channel, consumers, **kwargs)

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        """The broker is away; kombu tries again by itself."""
        self.is_consuming = False
        metrics.RECONNECTS.inc()
        log.warning("broker unreachable", extra={"error": repr(exc), "retry_in_seconds": interval})

    def on_consume_end(self, connection: Any, channel: Any) -> None:
        """Not consuming until the next `on_consume_ready`."""
        self.is_consuming = False
        super().on_consume_end(connection, channel)


def _is_open(message: Any) -> bool:
    return message.channel is not None and bool(message.channel.connection)
