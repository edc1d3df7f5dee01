"""The layout of the bus: every exchange, queue and binding, declared before anything is said.

    <speaker>.events                 topic exchange, one a speaking service
    <listener>.inbox                 quorum queue, bound to every event the service hears
    <listener>.inbox.wait-<ms>ms     where a failed event waits before its next try
    <listener>.inbox.dead            where an event ends that could not be handled
    nameko-rpc, rpc-<service>        calls; they expire with their callers' deadlines

An event that is published before its listener was ever started finds its queue all the same.
Dead-lettering is at-least-once (quorum queues with reject-publish): with the default strategy a
broker that dies loses the messages that are on their way out of a wait queue.
"""

import sys
from collections.abc import Iterable
from importlib import import_module

from kombu import Connection, Exchange, Queue

from chassis import settings
from contracts.grammar import Subscription

RPC_EXCHANGE = "nameko-rpc"
# Headers of an event that failed.
ATTEMPT, ERROR, TRACEBACK = "x-attempt", "x-error", "x-traceback"
DELIVERY_LIMIT = 25  # redeliveries of a message whose handler kills the process
QUORUM = {"x-queue-type": "quorum"}
AT_LEAST_ONCE = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


def events_exchange(speaker: str) -> str:
    """The name of the exchange where a service tells its events."""
    return f"{speaker}.events"


def inbox_name(listener: str) -> str:
    """The name of the queue where a service hears events."""
    return f"{listener}.inbox"


def dead_name(listener: str) -> str:
    """The name of the queue of events that a service could not handle."""
    return f"{listener}.inbox.dead"


def wait_name(listener: str, delay_seconds: float) -> str:
    """The name of the queue where a failed event waits `delay_seconds`."""
    return f"{listener}.inbox.wait-{round(delay_seconds * 1000)}ms"


def inbox_queue(listener: str) -> Queue:
    """The queue where a service hears events."""
    return Queue(
        inbox_name(listener),
        durable=True,
        queue_arguments=QUORUM
        | AT_LEAST_ONCE
        | {
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": dead_name(listener),
            "x-delivery-limit": DELIVERY_LIMIT,
        },
    )


def rpc_queue(service: str) -> Queue:
    """The queue where a service hears calls.

    It is a classic queue on purpose (ADR-0005): a call is worth nothing after its deadline, and is
    asked again with its idempotency key.
    """
    return Queue(
        f"rpc-{service}",
        exchange=Exchange(RPC_EXCHANGE, type="topic", durable=True),
        routing_key=f"{service}.*",
        durable=True,
    )


def _waiting(listener: str, delay_seconds: float) -> Queue:
    return Queue(
        wait_name(listener, delay_seconds),
        durable=True,
        queue_arguments=QUORUM
        | AT_LEAST_ONCE
        | {
            # One delay a queue: with a delay a message, a long one would hold up a short one.
            "x-message-ttl": round(delay_seconds * 1000),
            "x-dead-letter-exchange": "",
            "x-dead-letter-routing-key": inbox_name(listener),
        },
    )


def declare(
    amqp_url: str,
    *,
    services: Iterable[str],
    subscriptions: Iterable[Subscription],
    delays_seconds: Iterable[float],
) -> int:
    """Declare the whole layout; repeating it changes nothing.

    Returns:
        How many queues there are.

    Raises:
        amqp.exceptions.PreconditionFailed: a queue exists with other arguments.
    """
    services = tuple(services)
    delays = tuple(delays_seconds)
    with Connection(amqp_url, connect_timeout=5) as connection:
        channel = connection.default_channel
        for service in services:
            Exchange(events_exchange(service), type="topic", durable=True)(channel).declare()
        queues = [queue for service in services for queue in _queues(service, delays)]
        for queue in queues:
            queue(channel).declare()
        for subscription in subscriptions:
            channel.queue_bind(
                queue=inbox_name(subscription.listener),
                exchange=events_exchange(subscription.event.SPEAKER),
                routing_key=subscription.event.NAME,
            )
    return len(queues)


def _queues(service: str, delays: tuple[float, ...]) -> list[Queue]:
    return [
        rpc_queue(service),
        inbox_queue(service),
        Queue(dead_name(service), durable=True, queue_arguments=QUORUM),
        *(_waiting(service, delay) for delay in delays),
    ]


def main(catalogue: str) -> None:
    """Declare what a catalogue module (`SERVICES`, `SUBSCRIPTIONS`) lays out, then end."""
    found = import_module(catalogue)
    chosen = settings.read(settings.BrokerSettings)
    count = declare(
        chosen.amqp_url,
        services=found.SERVICES,
        subscriptions=found.SUBSCRIPTIONS,
        delays_seconds=chosen.retry_delays_seconds,
    )
    sys.stdout.write(f"{count} queues declared\n")


if __name__ == "__main__":
    main(sys.argv[1])
