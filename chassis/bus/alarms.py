"""Durable timers: `@on_timers`, and `@on_timer` for one at a time.

A thread sleeps until the next timer is due; it is woken when an earlier one is armed. What is due
is claimed in batches by advisory locks, of which each replica takes those that nobody holds
(PostgreSQL; SQLite has one process a service). A batch is fired in one transaction and deleted in
it, so that across replicas each timer fires once. Nothing is scanned and nothing is kept in memory:
the next due instant is the first entry of an index, however many timers wait behind it.
"""

import json
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from chassis import context, metrics
from chassis.database import Database, Timer, Transaction
from chassis.faults import is_passing

log = logging.getLogger(__name__)

BACKSTOP_SECONDS = 1.0  # another replica may have armed an earlier timer and died
TAKEN_SECONDS = 0.02  # all that is due is being fired elsewhere
BATCH = 40
CREWS = 2  # batches a process fires side by side: one computes while the others wait
WINDOW = 1000  # due timers looked at for a batch that nobody else has claimed
RETRY_AFTER = timedelta(seconds=5)

Handle = Callable[[Sequence[Timer], Transaction], None]


class Alarm(Entrypoint):
    """The entrypoint behind `@on_timers` and `@on_timer`."""

    def __init__(self, *, batch: int, **options: Any) -> None:
        super().__init__(**options)
        self._batch = batch

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
            first = tx.connection.scalars(
                sa.select(timers.c.due_at).order_by(timers.c.due_at).limit(self._batch * CREWS)
            ).all()
            now = tx.now
        if due := sum(due_at <= now for due_at in first):
            return 0.0 if self._fire_batches(-(-due // self._batch)) else TAKEN_SECONDS
        self._next_due = first[0] if first else None
        if self._next_due is None:
            return BACKSTOP_SECONDS
        return min(BACKSTOP_SECONDS, self._database.timekeeper.seconds_until(self._next_due))

    def _fire_batches(self, batches: int) -> int:
        """Fire batches side by side; how many timers that were in all."""
        done = threading.Semaphore(0)
        fired: list[int] = []
        started = 0
        for _ in range(batches):
            if self._stopping:
                break
            try:
                self.container.spawn_worker(self, (), {}, handle_result=partial(_note, fired, done))
                started += 1
            except ContainerBeingKilled:
                break
        for _ in range(started):
            done.acquire()
        return sum(fired)


def _note(
    fired: list[int], done: threading.Semaphore, _worker: Any, result: Any, exc_info: Any
) -> tuple[Any, Any]:
    fired.append(result or 0)
    done.release()
    return result, exc_info


def fire_batch(database: Database, handle: Handle, *, limit: int) -> int:
    """Fire up to `limit` timers that are due and that no other replica fires; how many."""
    timers = database.tables.timers
    with database.write() as tx:
        is_due = timers.c.due_at <= tx.now
        # The window is closed before anything is claimed: else a plan that sorts claims them all.
        first = sa.select(timers.c.key).where(is_due).order_by(timers.c.due_at).limit(WINDOW)
        free = sa.select(first.subquery().c.key).limit(limit)
        if database.is_postgresql:
            free = free.where(_is_free(free.selected_columns.key))
        keys = tx.connection.scalars(free).all()
        return _fire(tx, timers, sa.and_(timers.c.key.in_(keys), is_due), handle)


def fire(database: Database, key: str, due_at: datetime, handle: Handle) -> bool:
    """Fire one timer unless another replica does, or it was moved meanwhile; whether it fired."""
    timers = database.tables.timers
    with database.write() as tx:
        if database.is_postgresql and not tx.connection.scalar(
            sa.select(_is_free(sa.literal(key)))
        ):
            return False
        mine = sa.and_(timers.c.key == key, timers.c.due_at == due_at)
        return _fire(tx, timers, mine, handle) > 0


def _is_free(key: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    return sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(key, 0), type_=sa.Boolean)


def _fire(
    tx: Transaction, timers: sa.Table, claimed: sa.ColumnElement[bool], handle: Handle
) -> int:
    """Fire the timers that were claimed, as far as they are still there.

    The timers' rows are not locked while the handler runs: a handler locks what a timer is about
    first, as everybody else who arms it does, so that two can never wait for each other. And they
    are read after they were claimed: who held the claim before may have fired them.
    """
    rows = tx.connection.execute(sa.select(timers).where(claimed).order_by(timers.c.due_at)).all()
    if not rows:
        return 0
    for row in rows:
        late = (tx.now - row.due_at).total_seconds()
        metrics.TIMER_LATENESS_SECONDS.observe(max(0.0, late))
    handle([Timer(key=key, due_at=at, payload=json.loads(said)) for key, at, said in rows], tx)
    # Before what the handler armed is written: a timer may be armed again for this very instant.
    fired = sa.tuple_(timers.c.key, timers.c.due_at).in_([(row.key, row.due_at) for row in rows])
    tx.connection.execute(sa.delete(timers).where(fired))
    return len(rows)


def due_now(database: Database, *, limit: int) -> Sequence[tuple[str, datetime]]:
    """The first timers that are due, whoever fires them."""
    timers = database.tables.timers
    with database.read() as tx:
        rows = tx.connection.execute(
            sa.select(timers.c.key, timers.c.due_at)
            .where(timers.c.due_at <= tx.now)
            .order_by(timers.c.due_at)
            .limit(limit)
        )
        return [(key, due_at) for key, due_at in rows]


def postpone(database: Database, key: str, due_at: datetime) -> None:
    """Try a timer whose handler failed again a little later, so that it holds up no other."""
    timers = database.tables.timers
    with database.write() as tx:
        tx.connection.execute(
            sa.update(timers)
            .where(timers.c.key == key, timers.c.due_at == due_at)
            .values(due_at=tx.now + RETRY_AFTER)
        )


def on_timers(method: Callable[[Any, Sequence[Timer], Transaction], None]) -> Any:
    """Handle due timers, a batch in a transaction, with a method `(self, timers, tx) -> None`.

    Each timer is handled once across replicas. When a batch fails its timers come one by one, and
    the one at fault is tried again later. The method locks what its timers are about in one order,
    and says what follows from a timer `with context.caused_by_timer(timer.key)`.
    """
    return _alarm(method, method, batch=BATCH)


def on_timer(method: Callable[[Any, Timer, Transaction], None]) -> Any:
    """Handle due timers, each in a transaction, with a method `(self, timer, tx) -> None`."""

    def each(self: Any, timers: Sequence[Timer], tx: Transaction) -> None:
        for timer in timers:
            with context.caused_by_timer(timer.key):
                method(self, timer, tx)

    return _alarm(each, method, batch=1)


def _alarm(
    handle: Callable[[Any, Sequence[Timer], Transaction], None],
    method: Callable[..., None],
    *,
    batch: int,
) -> Any:
    def ring(self: Any) -> int:
        fired: int = self.desk.ring(partial(handle, self), limit=batch)
        return fired

    ring.__name__ = method.__name__
    ring.__doc__ = method.__doc__
    return Alarm.decorator(batch=batch)(ring)
