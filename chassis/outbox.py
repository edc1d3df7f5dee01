"""The relay: publishes what the outbox holds, in order, and deletes what the broker confirmed.

At least once: a process that dies between the confirm and the delete publishes again, and the
listener's inbox knows the repeat. With several processes of a service one relays at a time, under
an advisory lock (PostgreSQL); whoever commits, waits for that lock and so finds its own rows sent.
"""

import contextlib
import json
import logging
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import amqp
import sqlalchemy as sa
from kombu import Connection

from chassis import metrics
from chassis.database import Database
from chassis.topology import events_exchange

log = logging.getLogger(__name__)

RELAY_LOCK = 7_201  # PostgreSQL advisory lock; each service has its own database
BATCH_ROWS = 200
POLL_SECONDS = 0.5
LINGER_SECONDS = 0.02  # under load one round carries what several commits told
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 2.0
CONFIRM_SECONDS = 10.0
HEARTBEAT_SECONDS = 20
READ_SECONDS = 0.001  # what has arrived is there at once


_TAKE_LOCK = sa.select(sa.func.pg_advisory_xact_lock(RELAY_LOCK))


class PublishRefused(Exception):
    """The broker did not take a message, such as when a queue is full."""


class ConfirmedChannel:
    """A channel whose messages are published in one go and confirmed in one wait."""

    def __init__(self, channel: amqp.Channel) -> None:
        self._channel = channel
        self._sent = 0
        self._confirmed = 0  # every delivery tag up to this one
        self._ahead: set[int] = set()
        self._refused = 0
        self._returned: set[str] = set()
        channel.confirm_select()
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)

    def publish(self, message: amqp.Message, *, exchange: str, routing_key: str) -> None:
        """Send without waiting."""
        self._channel._basic_publish(  # noqa: SLF001 – the public one waits for each confirm
            message, exchange=exchange, routing_key=routing_key, mandatory=True
        )
        self._sent += 1

    def wait(self) -> set[str]:
        """Wait until the broker has taken all that was sent.

        Returns:
            Ids of messages that no queue was bound for.

        Raises:
            PublishRefused: at least one was not taken.
            TimeoutError: no word from the broker in time.
        """
        while self._confirmed < self._sent:
            self._channel.connection.drain_events(timeout=CONFIRM_SECONDS)
        refused, self._refused = self._refused, 0
        returned, self._returned = self._returned, set()
        if refused:
            raise PublishRefused(f"the broker refused {refused} messages")
        return returned

    def _on_ack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 – amqp's signature
        if multiple:
            self._confirmed = max(self._confirmed, tag)
            self._ahead = {later for later in self._ahead if later > tag}
        else:
            self._ahead.add(tag)
        while self._confirmed + 1 in self._ahead:
            self._confirmed += 1
            self._ahead.discard(self._confirmed)

    def _on_nack(self, tag: int, multiple: bool, *_: object) -> None:  # noqa: FBT001
        self._refused += 1
        self._on_ack(tag, multiple)

    def _on_return(self, _error: object, _exchange: str, _key: str, message: amqp.Message) -> None:
        self._returned.add(message.properties.get("message_id", ""))


class Relay:
    """Carries a service's announcements to the bus, in a thread of its own."""

    def __init__(self, database: Database, *, amqp_url: str, service: str) -> None:
        self._database = database
        self._amqp_url = amqp_url
        self._exchange = events_exchange(service)
        outbox = database.tables.outbox
        self._oldest = sa.select(outbox).order_by(outbox.c.seq).limit(BATCH_ROWS)
        self._forget = sa.delete(outbox).where(outbox.c.seq == sa.bindparam("relayed"))
        oldest = sa.select(outbox.c.seq).order_by(outbox.c.seq).limit(BATCH_ROWS)
        self._take = sa.delete(outbox).where(outbox.c.seq.in_(oldest)).returning(outbox)
        self._nudge = threading.Event()
        self._stopping = False
        self._pause = FIRST_PAUSE_SECONDS
        self.is_connected = False
        database.wake_on_announcement(self._nudge.set)

    def stop(self) -> None:
        """End after what is in the outbox now was sent, or could not be."""
        self._stopping = True
        self._nudge.set()

    def run(self) -> None:
        """Relay until told to stop; a broker or database that is away is waited for."""
        while True:
            connection = Connection(self._amqp_url, heartbeat=HEARTBEAT_SECONDS, connect_timeout=3)
            try:
                channel = ConfirmedChannel(connection.channel())
                self.is_connected = True
                self._relay_until_stopped(connection, channel)
            except Exception as gone:  # noqa: BLE001 – whatever it is, the rows stay and are sent later
                self.is_connected = False
                # Not close(): it waits for ever on a connection that the broker has blocked.
                connection.collect()
                if self._stopping:
                    return
                log.warning(
                    "relay interrupted",
                    extra={"error": repr(gone), "retry_in_seconds": self._pause},
                )
                threading.Event().wait(self._pause)
                self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
                metrics.RECONNECTS.inc()
            else:
                connection.release()
                return

    def _relay_until_stopped(self, connection: Connection, channel: ConfirmedChannel) -> None:
        while True:
            self._nudge.clear()
            while (relayed := self._relay_batch(channel)) == BATCH_ROWS:
                pass
            self._pause = FIRST_PAUSE_SECONDS  # broker and database both did their part
            if self._stopping:
                return
            if relayed:
                time.sleep(LINGER_SECONDS)
            if not self._nudge.wait(POLL_SECONDS):
                self._measure()
            _hear_the_broker(connection)

    def _relay_batch(self, channel: ConfirmedChannel) -> int:
        if self._database.is_postgresql:
            return self._relay_under_lock(channel)
        # SQLite: one process a service, so nobody else relays; nothing is held while the network
        # is busy.
        with self._database.read() as tx:
            rows = tx.connection.execute(self._oldest).all()
        if rows:
            self._publish(channel, rows)
            with self._database.write() as tx:
                tx.send(self._forget, *({"relayed": row.seq} for row in rows))
        return len(rows)

    def _relay_under_lock(self, channel: ConfirmedChannel) -> int:
        with self._database.write() as tx:
            # Waiting for the lock, rather than giving up when it is taken: the rows that this
            # process has just committed may not have been seen by the relay that holds it.
            tx.send(_TAKE_LOCK)
            # Gone for good only with the commit, which follows the broker's confirm.
            rows = sorted(tx.connection.execute(self._take), key=lambda row: row.seq)
            if rows:
                self._publish(channel, rows)
        return len(rows)

    def _publish(self, channel: ConfirmedChannel, rows: Sequence[sa.Row[Any]]) -> None:
        for row in rows:
            headers = json.loads(row.headers)
            message = amqp.Message(
                row.body,
                content_type="application/json",
                content_encoding="utf-8",
                message_id=row.message_id,
                correlation_id=headers["correlation_id"],
                delivery_mode=2,
                type=row.name,
                application_headers=headers,
            )
            channel.publish(message, exchange=self._exchange, routing_key=row.name)
        unroutable = channel.wait()
        metrics.RELAYED.inc(len(rows))
        if unroutable:
            # Nobody listens to such an event in this house; that is allowed, and worth knowing.
            metrics.UNROUTABLE.inc(len(unroutable))

    def _measure(self) -> None:
        outbox = self._database.tables.outbox
        with self._database.read() as tx:
            rows, oldest = tx.connection.execute(
                sa.select(sa.func.count(), sa.func.min(outbox.c.created_at))
            ).one()
            now = tx.now
        metrics.OUTBOX_ROWS.set(rows)
        metrics.OUTBOX_AGE_SECONDS.set(_age_seconds(oldest, now))


def _hear_the_broker(connection: Connection) -> None:
    """Take in the broker's heartbeats, which nobody else reads while nothing is sent; send ours."""
    with contextlib.suppress(TimeoutError):
        while True:
            connection.drain_events(timeout=READ_SECONDS)
    connection.heartbeat_check()


def _age_seconds(oldest: datetime | None, now: datetime) -> float:
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
