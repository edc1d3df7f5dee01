"""One multiplexed RPC client a process, for plain threads: the front door, tools and tests use it.

py-amqp reads the socket even while it publishes, so exactly one thread owns the connection. Callers
hand their request to it and wait on their own small queue; replies come back by RabbitMQ's direct
reply-to. A call has a deadline, and its message expires in the queue at the same moment.
"""

import collections
import contextlib
import itertools
import json
import logging
import os
import queue
import select
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

import amqp
from kombu.utils.url import parse_url

from chassis import context
from chassis.ids import new_id
from chassis.topology import RPC_EXCHANGE
from contracts.errors import WIRE_ERRORS, Unavailable, WireError
from contracts.grammar import Operation, from_plain, to_plain

log = logging.getLogger(__name__)

Q = TypeVar("Q")
A = TypeVar("A")

MAX_PENDING = 1000
HEARTBEAT_SECONDS = 20
CONNECT_WAIT_SECONDS = 1.0


class RemoteFault(Exception):
    """The service failed in a way it did not foresee; the text stays in its log."""


@dataclass(frozen=True)
class _Reply:
    body: str
    replayed: bool


class Lost(Unavailable):
    """The broker was lost while waiting: whether the call was carried out is unknown."""


class PendingCall(Generic[A]):
    """A call that was sent.

    Attributes:
        replayed: after `result`, whether it is the stored answer to a repeated idempotency key.
    """

    def __init__(
        self, client: "RpcClient", request: "_Request", answer: type[A], *, until: float
    ) -> None:
        self._client = client
        self._request = request
        self._answer = answer
        self._until = until
        self.replayed = False

    def result(self) -> A:
        """The answer.

        Raises:
            WireError: the service refused, or `Unavailable` when nobody answered in time.
            RemoteFault: the service failed.
        """
        try:
            reply = self._client.wait_for(self._request, until=self._until)
        except Lost:
            if self._request.key is None or time.monotonic() >= self._until:
                raise
            # The key makes asking again safe, whether or not the first one was carried out.
            self._request = self._client.send(self._request.again())
            reply = self._client.wait_for(self._request, until=self._until)
        self.replayed = reply.replayed
        said = json.loads(reply.body)
        if error := said.get("error"):
            raise _rebuilt(error)
        return from_plain(self._answer, said["result"])


def _rebuilt(error: dict[str, Any]) -> Exception:
    kind = WIRE_ERRORS.get(error.get("exc_type", ""))
    if kind and error.get("exc_path", "").startswith("contracts.errors."):
        return kind(*error["exc_args"])
    return RemoteFault(error.get("exc_type", "unknown"))


@dataclass(frozen=True, kw_only=True)
class _Request:
    call_id: str
    routing_key: str
    body: str
    headers: dict[str, Any]
    expires_ms: int
    key: str | None

    def again(self) -> "_Request":
        return _Request(**{**self.__dict__, "call_id": f"{self.call_id}-again"})

    def as_message(self) -> amqp.Message:
        return amqp.Message(
            self.body,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=1,
            reply_to="amq.rabbitmq.reply-to",
            correlation_id=self.call_id,
            expiration=str(self.expires_ms),
            application_headers=self.headers,
        )


class RpcClient:
    """Calls services; safe to use from many threads, starts by itself in each process."""

    def __init__(self, amqp_url: str) -> None:
        self._url = amqp_url
        self._pid: int | None = None
        self._start_lock = threading.Lock()
        self._pending: dict[str, queue.SimpleQueue[_Reply | WireError]] = {}
        self._outgoing: collections.deque[_Request] = collections.deque()
        self._ids = itertools.count()
        self._prefix = ""
        self._up = threading.Event()
        self._closing = False
        self._wake = -1
        self._thread: threading.Thread | None = None

    @property
    def is_connected(self) -> bool:
        """Whether the broker can be reached now."""
        self._start()
        return self._up.wait(CONNECT_WAIT_SECONDS)

    def call(
        self,
        operation: Operation[Q, A],
        question: Q,
        *,
        key: str | None = None,
        timeout_seconds: float | None = None,
    ) -> A:
        """Ask and wait for the answer; see `start_call`."""
        return self.start_call(
            operation, question, key=key, timeout_seconds=timeout_seconds
        ).result()

    def start_call(
        self,
        operation: Operation[Q, A],
        question: Q,
        *,
        key: str | None = None,
        timeout_seconds: float | None = None,
    ) -> PendingCall[A]:
        """Ask without waiting, so that several services can be asked side by side.

        Args:
            operation: what is asked, of whom.
            question: its payload.
            key: idempotency key; a mutating call gets a fresh one when it is left out.
            timeout_seconds: deadline; the operation's own when it is left out.

        Raises:
            Unavailable: there is no connection, or too many calls wait already.
        """
        timeout = timeout_seconds or operation.deadline_seconds
        until = time.monotonic() + timeout
        if operation.mutates and key is None:
            key = new_id()
        self._start()
        request = _Request(
            call_id=f"{self._prefix}-{next(self._ids)}",
            routing_key=f"{operation.service}.{operation.name}",
            body=json.dumps({"args": [to_plain(question)], "kwargs": {}}),
            headers=_headers(key),
            expires_ms=max(1, round(timeout * 1000)),
            key=key,
        )
        return PendingCall(self, self.send(request), operation.answer, until=until)

    def send(self, request: _Request) -> _Request:
        """Hand a request to the I/O thread."""
        if not self._up.wait(CONNECT_WAIT_SECONDS):
            raise Unavailable("broker_unreachable", "The message broker cannot be reached.")
        if len(self._pending) >= MAX_PENDING:
            raise Unavailable("too_many_calls", "Too many calls are waiting for an answer.")
        self._pending[request.call_id] = queue.SimpleQueue()
        self._outgoing.append(request)
        os.eventfd_write(self._wake, 1)
        return request

    def wait_for(self, request: _Request, *, until: float) -> _Reply:
        """The reply to a request, by `until` on the monotonic clock."""
        try:
            reply = self._pending[request.call_id].get(timeout=max(0.001, until - time.monotonic()))
        except queue.Empty:
            raise Unavailable(
                "deadline_passed", f"No answer to {request.routing_key} in time."
            ) from None
        finally:
            self._pending.pop(request.call_id, None)
        if isinstance(reply, WireError):
            raise reply
        return reply

    def close(self) -> None:
        """End the connection; calls that wait are told."""
        if self._pid == os.getpid() and self._thread:
            self._closing = True
            os.eventfd_write(self._wake, 1)
            self._thread.join(5)

    def _start(self) -> None:
        if self._pid == os.getpid():
            return
        with self._start_lock:
            if self._pid == os.getpid():
                return
            # A forked child must not use its parent's connection, so each process has its own.
            self._pending, self._outgoing = {}, collections.deque()
            self._prefix, self._up = uuid.uuid4().hex[:12], threading.Event()
            self._closing, self._wake = False, os.eventfd(0, os.EFD_NONBLOCK)
            self._thread = threading.Thread(target=self._run, name="rpc-io", daemon=True)
            self._pid = os.getpid()
            self._thread.start()

    # What follows runs in the I/O thread.

    def _run(self) -> None:
        pause = 0.1
        while not self._closing:
            connection = _connection(self._url)
            try:
                channel = self._open(connection)
                pause = 0.1
                self._up.set()
                self._pump(connection, channel)
            except Exception as gone:  # noqa: BLE001 – whatever it is, callers are told and we reconnect
                if not self._closing:
                    log.warning("broker connection lost", extra={"error": repr(gone)})
            self._up.clear()
            self._outgoing.clear()
            for call_id in list(self._pending):
                self._settle(
                    call_id, Lost("connection_lost", "The outcome of the call is unknown.")
                )
            with contextlib.suppress(Exception):
                connection.collect()
            if not self._closing:
                time.sleep(pause)
                pause = min(pause * 2, 3.0)

    def _open(self, connection: amqp.Connection) -> amqp.Channel:
        connection.connect()
        channel = connection.channel()
        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.basic_consume("amq.rabbitmq.reply-to", callback=self._on_reply, no_ack=True)
        channel.events["basic_return"].add(self._on_return)
        return channel

    def _pump(self, connection: amqp.Connection, channel: amqp.Channel) -> None:
        socket = connection.transport.sock.fileno()
        beat = time.monotonic()
        with select.epoll() as poll:
            poll.register(socket, select.EPOLLIN)
            poll.register(self._wake, select.EPOLLIN)
            while not self._closing:
                ready = {descriptor for descriptor, _ in poll.poll(1.0)}
                if self._wake in ready:
                    with contextlib.suppress(BlockingIOError):
                        os.eventfd_read(self._wake)
                self._publish_outgoing(channel)
                if socket in ready or connection.transport._read_buffer:  # noqa: SLF001
                    _drain(connection)
                if time.monotonic() - beat > HEARTBEAT_SECONDS / 4:
                    beat = time.monotonic()
                    connection.heartbeat_tick()

    def _publish_outgoing(self, channel: amqp.Channel) -> None:
        while self._outgoing:
            request = self._outgoing.popleft()
            if request.call_id in self._pending:  # its caller may have given up
                channel.basic_publish(
                    request.as_message(),
                    exchange=RPC_EXCHANGE,
                    routing_key=request.routing_key,
                    mandatory=True,
                )

    def _on_reply(self, message: amqp.Message) -> None:
        headers = message.properties.get("application_headers") or {}
        body = cast("str | bytes", message.body)
        text = body.decode() if isinstance(body, bytes) else body
        reply = _Reply(text, replayed=bool(headers.get("replayed")))
        self._settle(message.properties.get("correlation_id", ""), reply)

    def _on_return(self, _error: object, _exchange: str, key: str, message: amqp.Message) -> None:
        service = key.split(".", maxsplit=1)[0]
        self._settle(
            message.properties.get("correlation_id", ""),
            Unavailable("service_unknown", f"No service {service} was ever started."),
        )

    def _settle(self, call_id: str, reply: "_Reply | WireError") -> None:
        if waiting := self._pending.get(call_id):
            waiting.put(reply)


def _headers(key: str | None) -> dict[str, Any]:
    call = context.current()
    headers = {"nameko.correlation_id": call.correlation_id}
    headers |= {f"nameko.{name}": value for name, value in context.outgoing_trace().items()}
    if key is not None:
        headers["nameko.idempotency_key"] = key
    return headers


def _connection(url: str) -> amqp.Connection:
    parts = parse_url(url)
    return amqp.Connection(
        host=f"{parts['hostname'] or '127.0.0.1'}:{parts['port'] or 5672}",
        userid=parts["userid"] or "guest",
        password=parts["password"] or "guest",
        virtual_host=parts["virtual_host"] or "/",
        heartbeat=HEARTBEAT_SECONDS,
        connect_timeout=3,
        read_timeout=10,
        write_timeout=10,
    )


def _drain(connection: amqp.Connection) -> None:
    with contextlib.suppress(TimeoutError, BlockingIOError):
        while True:
            connection.drain_events(timeout=0)  # 0: does not block
