"""Durable timers: `@on_timer`.

A thread sleeps until the next timer is due; it is woken when an earlier one is armed. A timer is
claimed by an advisory lock (PostgreSQL; SQLite has one process a service), fired in a transaction
of its own and deleted in it, so that across replicas each fires once. Nothing is scanned: the next
due instant is the first entry of an index.
"""

import json
import logging
import random
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from chassis import metrics
from chassis.database import Database, Timer, Transaction
from chassis.faults import is_passing

log = logging.getLogger(__name__)

BACKSTOP_SECONDS = 1.0  # another replica may have armed an earlier timer and died
BATCH = 100
RETRY_AFTER = timedelta(seconds=5)


class Alarm(Entrypoint):
    """The entrypoint behind `@on_timer`."""

    def setup(self) -> None:
        """Nothing before the database stands."""
        self._nudge = threading.Event()
        self._stopping = False
        self._next_due: datetime | None = None

    def start(self) -> None:
        """Watch the next due instant."""
        self._database: Database = self.container.config["DATABASE"]
        self._database.wake_on_timer(self._on_armed)
        self._thread = self.container.spawn_managed_thread(self._watch, identifier="timers")

    def stop(self) -> None:
        """Fire nothing more; what was not fired stays due."""
        self._stopping = True
        self._nudge.set()
        self._thread.wait()

    def _on_armed(self, due_at: datetime) -> None:
        # Most timers are due long after the one that is waited for: they need wake nobody.
        if self._next_due is None or due_at < self._next_due:
            self._nudge.set()

    def _watch(self) -> None:
        while not self._stopping:
            self._nudge.clear()
            self._next_due = None  # until it is known, every timer that is armed is news
            try:
                pause = self._fire_due()
            except Exception as error:
                pause = BACKSTOP_SECONDS
                if is_passing(error):
                    log.warning("timers wait for the database", extra={"error": repr(error)})
                else:
                    log.exception("timers could not be read")
            if pause:
                self._nudge.wait(pause)

    def _fire_due(self) -> float:
        """Fire what is due; how long to sleep then."""
        timers = self._database.tables.timers
        with self._database.read() as tx:
            first = tx.connection.execute(
                sa.select(timers.c.key, timers.c.due_at).order_by(timers.c.due_at).limit(BATCH)
            ).all()
            now = tx.now
        due = [(row.key, row.due_at) for row in first if row.due_at <= now]
        if due:
            # Replicas read the same batch; in the same order they would contend for each timer.
            random.shuffle(due)
            self._fire_all(due)
            return 0.0
        self._next_due = first[0].due_at if first else None
        if self._next_due is None:
            return BACKSTOP_SECONDS
        return min(BACKSTOP_SECONDS, self._database.timekeeper.seconds_until(self._next_due))

    def _fire_all(self, due: Sequence[tuple[str, datetime]]) -> None:
        done = threading.Semaphore(0)
        started = 0
        for key, due_at in due:
            if self._stopping:
                break
            try:
                self.container.spawn_worker(
                    self, (key, due_at), {}, handle_result=partial(_count, done)
                )
                started += 1
            except ContainerBeingKilled:
                break
        for _ in range(started):
            done.acquire()


def _count(done: threading.Semaphore, _worker: Any, _result: Any, exc_info: Any) -> tuple[Any, Any]:
    done.release()
    return None, exc_info


def fire(
    database: Database, key: str, due_at: datetime, handle: Callable[[Timer, Transaction], None]
) -> bool:
    """Fire one timer unless another replica does, or it was moved meanwhile; whether it fired.

    The timer's row is not locked while the handler runs: a handler locks what the timer is about
    first, as everybody else who arms it does, so that two can never wait for each other.
    """
    timers = database.tables.timers
    mine = sa.and_(timers.c.key == key, timers.c.due_at == due_at)
    with database.write() as tx:
        if database.is_postgresql and not tx.connection.scalar(
            sa.select(sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(key, 0)))
        ):
            return False
        payload = tx.connection.scalar(sa.select(timers.c.payload).where(mine))
        if payload is None:
            return False
        metrics.TIMER_LATENESS_SECONDS.observe(max(0.0, (tx.now - due_at).total_seconds()))
        handle(Timer(key=key, due_at=due_at, payload=json.loads(payload)), tx)
        tx.connection.execute(sa.delete(timers).where(mine))
    return True


def postpone(database: Database, key: str, due_at: datetime) -> None:
    """Try a timer whose handler failed again a little later, so that it holds up no other."""
    timers = database.tables.timers
    with database.write() as tx:
        tx.connection.execute(
            sa.update(timers)
            .where(timers.c.key == key, timers.c.due_at == due_at)
            .values(due_at=tx.now + RETRY_AFTER)
        )


def on_timer(method: Callable[[Any, Timer, Transaction], None]) -> Callable[[Any, str, Any], Any]:
    """Handle due timers with a method `(self, timer, tx) -> None`, each once across replicas."""

    def ring(self: Any, key: str, due_at: datetime) -> None:
        self.desk.ring(key, due_at, partial(method, self))

    ring.__name__ = method.__name__
    ring.__doc__ = method.__doc__
    marked: Callable[[Any, str, Any], Any] = Alarm.decorator(ring)
    return marked
