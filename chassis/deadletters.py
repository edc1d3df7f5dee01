"""Dead letters: events that a service could not handle, for an operator to look at and replay."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import amqp
from kombu import Connection

from chassis.topology import ATTEMPT, ERROR, TRACEBACK, dead_name, inbox_name

MAX_LOOK = 10_000


@dataclass(frozen=True, kw_only=True)
class DeadLetter:
    """An event that ended in a dead-letter queue.

    Attributes:
        listener: the service that could not handle it.
        event: its name, such as `ticket.opened.v1`.
    """

    listener: str
    message_id: str
    event: str
    occurred_at: str
    attempts: int
    error: str
    traceback: str
    body: str


def list_dead(amqp_url: str, listeners: Iterable[str]) -> list[DeadLetter]:
    """Every dead letter, oldest first for each listener; they stay where they are."""
    found: list[DeadLetter] = []
    for listener in listeners:
        with _channel(amqp_url) as channel:
            found += [_read(listener, message) for message in _all(channel, listener)]
            # Closing the channel gives everything back in its place.
    return found


def replay(amqp_url: str, listener: str, message_ids: Iterable[str] | None = None) -> int:
    """Put dead letters back into the listener's inbox, all of them or those named.

    The inbox knows a message that was handled after all, so replaying twice is harmless.

    Returns:
        How many were put back.
    """
    wanted = None if message_ids is None else set(message_ids)
    count = 0
    with _channel(amqp_url) as channel:
        channel.confirm_select()
        for message in list(_all(channel, listener)):
            if wanted is not None and message.properties.get("message_id") not in wanted:
                continue
            channel.basic_publish_confirm(
                _fresh(message), exchange="", routing_key=inbox_name(listener), mandatory=True
            )
            channel.basic_ack(message.delivery_tag)
            count += 1
    return count


@contextmanager
def _channel(amqp_url: str) -> Iterator[amqp.Channel]:
    with Connection(amqp_url, connect_timeout=5) as connection:
        channel = connection.channel()
        try:
            yield channel
        finally:
            channel.close()


def _all(channel: amqp.Channel, listener: str) -> Iterator[Any]:
    for _ in range(MAX_LOOK):
        message = channel.basic_get(dead_name(listener))
        if message is None:
            return
        yield message


def _fresh(message: Any) -> amqp.Message:
    headers = dict(message.headers or {})
    for name in (ATTEMPT, ERROR, TRACEBACK, "x-death", "x-delivery-count"):
        headers.pop(name, None)
    kept = ("content_type", "content_encoding", "message_id", "correlation_id", "type")
    properties = {name: message.properties[name] for name in kept if name in message.properties}
    properties |= {
        "content_type": message.content_type,
        "content_encoding": message.content_encoding,
    }
    return amqp.Message(message.body, delivery_mode=2, application_headers=headers, **properties)


def _read(listener: str, message: Any) -> DeadLetter:
    headers = dict(message.headers or {})
    body = message.body
    return DeadLetter(
        listener=listener,
        message_id=message.properties.get("message_id", ""),
        event=message.properties.get("type", ""),
        occurred_at=str(headers.get("occurred_at", "")),
        attempts=int(headers.get(ATTEMPT, 0)),
        error=str(headers.get(ERROR, "")),
        traceback=str(headers.get(TRACEBACK, "")),
        body=body if isinstance(body, str) else body.decode(errors="replace"),
    )


def as_lines(letters: Iterable[DeadLetter]) -> str:
    """One JSON object a line, for programs."""
    return "\n".join(json.dumps(letter.__dict__, ensure_ascii=False) for letter in letters)
