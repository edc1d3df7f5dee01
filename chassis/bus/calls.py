"""The server side of calls: `@rpc(operation)`.

A call is decoded, carried out in one transaction and answered; a mutating one keeps its answer
beside its effect, so that asking again with the same idempotency key gives the same answer.
"""

import json
import logging
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import kombu
from kombu.pools import producers
from nameko import rpc as nameko_rpc
from nameko.exceptions import MethodNotFound, serialize

from chassis import topology
from chassis.bus.consumer import LOST, SafeQueueConsumer
from contracts.errors import Invalid, WireError
from contracts.grammar import Operation

log = logging.getLogger(__name__)

Refusals = Mapping[type[Exception], Callable[[Any], WireError]]
REPLY_SECONDS = 5.0


@dataclass(frozen=True)
class Answered:
    """What a call came to: the answer as JSON, or a refusal."""

    body: str = "null"
    refusal: WireError | None = None
    replayed: bool = False


class CallConsumer(nameko_rpc.RpcConsumer):
    """Hears calls on `rpc-<service>` and answers them.

    Replies are transient and unconfirmed: a reply that is lost shows as a deadline passed, and the
    caller asks again with its key. That saves a broker round trip and two disk writes a call.
    """

    queue_consumer = SafeQueueConsumer()
    queue: Any

    def setup(self) -> None:
        """Consume the service's call queue."""
        if self.queue is None:
            self.queue = topology.rpc_queue(self.container.service_name)
            self.queue_consumer.register_provider(self)
            connection = kombu.Connection(
                self.container.config["AMQP_URI"], transport_options={"confirm_publish": False}
            )
            self._replies = producers[connection]

    def handle_message(self, body: Any, message: Any) -> None:
        """Give the call to its method."""
        try:
            provider = self.get_provider_for_method(message.delivery_info["routing_key"])
            provider.handle_message(body, message)
        except MethodNotFound as unknown:
            refusal = Invalid("no_such_operation", f"There is no operation {unknown}.")
            self.handle_result(message, Answered(refusal=refusal), None)
        except Exception:  # noqa: BLE001 – whatever it is, the caller is told
            self.handle_result(message, None, sys.exc_info())

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Send the reply, then acknowledge the call."""
        answered = result if isinstance(result, Answered) else Answered()
        error = answered.refusal or (exc_info[1] if exc_info else None)
        said = json.dumps(_plain(error)) if error else "null"
        try:
            self._reply(message, f'{{"result": {answered.body}, "error": {said}}}', answered)
            self.queue_consumer.ack_message(message)
        except LOST as lost:
            log.warning("reply lost", extra={"error": repr(lost)})
            self.queue_consumer.requeue_message(message)
        return None, exc_info

    def _reply(self, message: Any, body: str, answered: Answered) -> None:
        reply_to = message.properties.get("reply_to")
        if not reply_to:
            return
        # A direct reply-to address lives on the default exchange.
        direct = reply_to.startswith("amq.rabbitmq.reply-to")
        with self._replies.acquire(block=True, timeout=REPLY_SECONDS) as producer:
            producer.publish(
                body,
                exchange="" if direct else topology.RPC_EXCHANGE,
                routing_key=reply_to,
                correlation_id=message.properties.get("correlation_id"),
                content_type="application/json",
                content_encoding="utf-8",
                headers={"replayed": True} if answered.replayed else {},
                delivery_mode=1,
                retry=False,
            )


class Call(nameko_rpc.Rpc):
    """The entrypoint behind `@rpc`."""

    rpc_consumer = CallConsumer()

    def check_signature(self, args: list[Any], kwargs: dict[str, Any]) -> None:
        """One payload, by position."""
        if len(args) != 1 or kwargs:
            raise Invalid("one_payload", "A call carries one payload.")


def _plain(error: BaseException) -> dict[str, Any]:
    said: dict[str, Any] = serialize(error)
    if isinstance(error, WireError):
        said["exc_args"] = list(error.args)  # plain JSON already; nameko makes text of numbers
    return said


def rpc(
    operation: Operation[Any, Any], *, refusals: Refusals | None = None
) -> Callable[[Any], Any]:
    """Answer an operation with a method `(self, question, tx) -> answer`.

    Args:
        operation: its service, name, payloads and whether it mutates.
        refusals: the room's own errors, and what they are on the wire.
    """

    def decorate(method: Callable[[Any, Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def answer(self: Any, payload: Any) -> Any:
            return self.desk.answer(operation, payload, partial(method, self), refusals or {})

        answer.__name__ = operation.name
        answer.__doc__ = method.__doc__
        marked: Callable[[Any, Any], Any] = Call.decorator(answer)
        return marked

    return decorate
