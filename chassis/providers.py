"""The desk: what a service's methods find as `self.desk` – database, relay, time and settings."""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from nameko.extensions import DependencyProvider

from chassis import context, metrics, topology
from chassis.bus.alarms import Handle, due_now, fire, fire_batch, postpone
from chassis.bus.calls import Answered, Refusals
from chassis.bus.consumer import SafeQueueConsumer
from chassis.bus.inbox import Heard
from chassis.database import Database, Transaction
from chassis.faults import is_passing
from chassis.health import Health
from chassis.outbox import Relay
from chassis.settings import ServiceSettings, read
from chassis.timekeeper import timekeeper
from chassis.tracing import TRACER
from contracts.errors import Invalid, Unavailable, WireError
from contracts.grammar import Event, Operation, Subscription, from_plain, to_plain

log = logging.getLogger(__name__)

S = TypeVar("S", bound=ServiceSettings)

TRIES = 3  # of a transaction that lost its connection or a lock; nothing of it was kept
HOUSEKEEPING_SECONDS = 600.0
HOUSEKEEPING_ROWS = 1000
OUTBOX_LATE_SECONDS = 30.0


class Desk(DependencyProvider, Generic[S]):
    """Gives a service its database and carries its announcements.

    Args:
        metadata: the service's tables; ours are added.
        services: every service of the house.
        subscriptions: who hears what; the bus is laid out from it before anything is said.
        settings: the service's settings class.
    """

    def __init__(
        self,
        metadata: sa.MetaData,
        *,
        services: Iterable[str],
        subscriptions: Iterable[Subscription],
        settings: type[S] = ServiceSettings,  # type: ignore[assignment]
    ) -> None:
        self._metadata = metadata
        self._services = tuple(services)
        self._subscriptions = tuple(subscriptions)
        self._kind = settings

    def setup(self) -> None:
        """Open the database and lay out the bus."""
        config = self.container.config
        self.settings: S = config.get("SETTINGS") or read(self._kind)
        self.database = Database(
            self.settings.database_url,
            self._metadata,
            timekeeper=timekeeper(self.settings.clock_file),
            workers=self.settings.workers,
        )
        config["DATABASE"] = self.database
        topology.declare(
            self.settings.amqp_url,
            services=self._services,
            subscriptions=self._subscriptions,
            delays_seconds=self.settings.retry_delays_seconds,
        )
        self.relay = Relay(
            self.database, amqp_url=self.settings.amqp_url, service=self.container.service_name
        )
        self._stopping = threading.Event()
        self._watch_health(config.get("HEALTH") or Health())

    def start(self) -> None:
        """Relay and keep house until stopped."""
        self._threads = [
            self.container.spawn_managed_thread(self.relay.run, identifier="relay"),
            self.container.spawn_managed_thread(self._keep_house, identifier="housekeeping"),
        ]

    def stop(self) -> None:
        """Send what was announced, then close the database."""
        self.relay.stop()
        self._stopping.set()
        for thread in self._threads:
            thread.wait()
        self.database.close()

    def get_dependency(self, worker_ctx: Any) -> "AtTheDesk[S]":
        """The desk for one call or event."""
        return AtTheDesk(self.database, self.settings, worker_ctx.data)

    def _watch_health(self, health: Health) -> None:
        def broker() -> str | None:
            consumers = [
                extension
                for extension in self.container.shared_extensions.values()
                if isinstance(extension, SafeQueueConsumer)
            ]
            return None if all(each.is_consuming for each in consumers) else "not consuming"

        def relay() -> str | None:
            return None if self.relay.is_connected else "not connected"

        def outbox() -> str | None:
            table = self.database.tables.outbox
            with self.database.read() as tx:
                oldest = tx.connection.scalar(sa.select(sa.func.min(table.c.created_at)))
                age = (tx.now - oldest).total_seconds() if oldest else 0.0
            return f"oldest event waits {age:.0f} s" if age > OUTBOX_LATE_SECONDS else None

        health.needs("database", self.database.check)
        health.needs("broker", broker)
        health.wants("relay", relay)
        health.wants("outbox", outbox)

    def _keep_house(self) -> None:
        while not self._stopping.wait(HOUSEKEEPING_SECONDS):
            try:
                clean(
                    self.database,
                    inbox_days=self.settings.inbox_days,
                    answer_hours=self.settings.answer_hours,
                )
            except Exception as error:  # noqa: BLE001 – tried again in a while
                log.warning("housekeeping failed", extra={"error": repr(error)})


def clean(database: Database, *, inbox_days: int, answer_hours: int) -> int:
    """Forget handled messages and old answers, a thousand rows a transaction.

    Returns:
        How many rows went.
    """
    own = database.tables
    gone = 0
    for table, key, at, age in (
        (own.inbox, own.inbox.c.message_id, own.inbox.c.handled_at, timedelta(days=inbox_days)),
        (own.answers, own.answers.c.key, own.answers.c.answered_at, timedelta(hours=answer_hours)),
    ):
        while True:
            with database.write() as tx:
                old = sa.select(key).where(at < tx.now - age).order_by(at).limit(HOUSEKEEPING_ROWS)
                keys = tx.connection.scalars(old).all()
                tx.connection.execute(sa.delete(table).where(key.in_(keys)))
            gone += len(keys)
            if len(keys) < HOUSEKEEPING_ROWS:
                break
    return gone


class _RepeatedError(Exception):
    """A message is here twice; each is looked at alone."""


class AtTheDesk(Generic[S]):
    """The desk as one call or event sees it.

    Attributes:
        database: the service's own.
        settings: the service's settings.
    """

    def __init__(self, database: Database, settings: S, data: Mapping[str, Any]) -> None:
        self.database = database
        self.settings = settings
        self._data = data

    def answer(
        self,
        operation: Operation[Any, Any],
        payload: Any,
        method: Callable[[Any, Transaction], Any],
        refusals: Refusals,
    ) -> Answered:
        """Carry out a call: decode, one transaction, encode."""
        started = time.perf_counter()
        call = context.Call(
            correlation_id=self._data.get("correlation_id") or context.current().correlation_id,
            idempotency_key=self._data.get("idempotency_key"),
        )
        outcome = "failed"
        metrics.WORKERS_BUSY.inc()
        try:
            with (
                context.entered(call, _trace(self._data)),
                TRACER.start_as_current_span(f"rpc {operation.service}.{operation.name}"),
            ):
                answered = self._refusing(operation, payload, method, refusals)
            outcome = "refused" if answered.refusal else "ok"
            return answered
        finally:
            metrics.WORKERS_BUSY.dec()
            took = time.perf_counter() - started
            metrics.RPC_SECONDS.labels(operation.name, outcome).observe(took)

    def _refusing(
        self,
        operation: Operation[Any, Any],
        payload: Any,
        method: Callable[[Any, Transaction], Any],
        refusals: Refusals,
    ) -> Answered:
        try:
            question = from_plain(operation.request, payload)
            run = self._once if operation.mutates else self._ask
            return _persistently(lambda: run(operation, question, payload, method))
        except WireError as refusal:
            refused = refusal
        except tuple(refusals) as error:
            refused = next(say(error) for kind, say in refusals.items() if isinstance(error, kind))
        except Exception as error:
            if not is_passing(error):
                raise
            log.warning(
                "call could not be carried out",
                extra={"operation": operation.name, "error": repr(error)},
            )
            refused = Unavailable("database_unavailable", "The service's database is away.")
        log.info("call refused", extra={"operation": operation.name, "code": refused.code})
        return Answered(refusal=refused)

    def _ask(
        self,
        _operation: Operation[Any, Any],
        question: Any,
        _payload: Any,
        method: Callable[[Any, Transaction], Any],
    ) -> Answered:
        with self.database.read() as tx:
            return Answered(_json(to_plain(method(question, tx))))

    def _once(
        self,
        operation: Operation[Any, Any],
        question: Any,
        payload: Any,
        method: Callable[[Any, Transaction], Any],
    ) -> Answered:
        key = context.current().idempotency_key
        if not key:
            raise Invalid("idempotency_key_missing", "A call that changes something needs a key.")
        digest = _digest(operation.name, payload)
        try:
            return self._first_answer(operation, question, method, key=key, digest=digest)
        except Exception as error:
            # Nothing of this try was kept. A repeat is rare, so the stored answer is looked for
            # only now: when it is in the way, or when what it did makes the repeat be refused.
            if is_passing(error) or (kept := self._kept_answer(key, digest)) is None:
                raise
            return kept

    def _first_answer(
        self,
        operation: Operation[Any, Any],
        question: Any,
        method: Callable[[Any, Transaction], Any],
        *,
        key: str,
        digest: str,
    ) -> Answered:
        with self.database.write() as tx:
            answer = _json(to_plain(method(question, tx)))
            # Refused by the database when the key was answered before, or meanwhile.
            tx.keep_answer(
                {
                    "key": key,
                    "operation": operation.name,
                    "digest": digest,
                    "answer": answer,
                    "answered_at": tx.now,
                }
            )
        return Answered(answer)

    def _kept_answer(self, key: str, digest: str) -> Answered | None:
        answers = self.database.tables.answers
        with self.database.read() as tx:
            kept = tx.connection.execute(
                sa.select(answers.c.digest, answers.c.answer).where(answers.c.key == key)
            ).first()
        if kept is None:
            return None
        if kept.digest != digest:
            raise Invalid(
                "idempotency_key_reused", "This idempotency key was used for another request."
            )
        return Answered(kept.answer, replayed=True)

    def hear(
        self,
        event: type[Event],
        heard: Sequence[Heard],
        method: Callable[[Any, Transaction], None],
    ) -> list[BaseException | None]:
        """Handle events of one kind, each once.

        Returns:
            What went wrong with each, if anything, in the order they came.
        """
        started = time.perf_counter()
        metrics.WORKERS_BUSY.inc()
        try:
            try:
                outcomes = self._hear_together(event, heard, method)
            except Exception:  # noqa: BLE001 – found again, and told, by whom it belongs to
                outcomes = [self._hear_alone(event, one, method) for one in heard]
        finally:
            metrics.WORKERS_BUSY.dec()
        took = (time.perf_counter() - started) / len(heard)
        for outcome in outcomes:
            name = outcome if isinstance(outcome, str) else "retried"
            metrics.EVENT_SECONDS.labels(event.NAME, name).observe(took)
        return [None if isinstance(outcome, str) else outcome for outcome in outcomes]

    def _hear_together(
        self,
        event: type[Event],
        heard: Sequence[Heard],
        method: Callable[[Any, Transaction], None],
    ) -> list[str | BaseException]:
        facts = [(_fact(event, one), one) for one in heard]
        if len({one.message_id for one in heard}) < len(heard):
            raise _RepeatedError
        # In one order everywhere, so that two transactions lock the same things in the same order.
        facts.sort(key=lambda pair: pair[0].about())
        with self.database.write() as tx:
            # A repeat is refused by the database, with all that was done here, and found alone.
            tx.keep_heard([one.message_id for one in heard])
            for fact, one in facts:
                self._hear_in(tx, event, fact, one, method)
        return ["ok"] * len(heard)

    def _hear_alone(
        self, event: type[Event], heard: Heard, method: Callable[[Any, Transaction], None]
    ) -> str | BaseException:
        def work() -> str:
            with self.database.write() as tx:
                inbox = self.database.tables.inbox
                if not tx.insert_if_absent(inbox, message_id=heard.message_id, handled_at=tx.now):
                    return "repeated"
                self._hear_in(tx, event, fact, heard, method)
            return "ok"

        try:
            fact = _fact(event, heard)
            return _persistently(work)
        except Exception as error:  # noqa: BLE001 – the inbox decides what becomes of the event
            return error

    def _hear_in(
        self,
        tx: Transaction,
        event: type[Event],
        fact: Any,
        heard: Heard,
        method: Callable[[Any, Transaction], None],
    ) -> None:
        call = context.Call(
            correlation_id=heard.headers.get("correlation_id") or heard.message_id,
            causation_id=heard.message_id,
        )
        if occurred_at := heard.headers.get("occurred_at"):
            lag = (tx.now - datetime.fromisoformat(occurred_at)).total_seconds()
            metrics.EVENT_LAG_SECONDS.labels(event.NAME).observe(max(0.0, lag))
        with (
            context.entered(call, _trace(heard.headers)),
            TRACER.start_as_current_span(f"event {event.NAME}"),
        ):
            method(fact, tx)

    def ring(self, method: Handle, *, limit: int) -> int:
        """Fire a batch of timers; how many. After a failure each is fired by itself."""
        try:
            return _persistently(lambda: fire_batch(self.database, method, limit=limit))
        except Exception as error:  # noqa: BLE001 – found again, and told, by whom it belongs to
            if is_passing(error):
                log.warning("timers wait", extra={"error": repr(error)})
                return 0
            due = due_now(self.database, limit=limit)
            return sum(self._ring_alone(key, due_at, method) for key, due_at in due)

    def _ring_alone(self, key: str, due_at: datetime, method: Handle) -> int:
        """Fire one timer; one that fails is tried again a little later."""
        try:
            return _persistently(lambda: fire(self.database, key, due_at, method))
        except Exception as error:
            if is_passing(error):
                log.warning("timer waits", extra={"timer": key, "error": repr(error)})
                return 0
            log.exception("timer failed", extra={"timer": key})
            postpone(self.database, key, due_at)
            return 0


R = TypeVar("R")


def _persistently(work: Callable[[], R]) -> R:
    """Do work that is one transaction; try again when it lost a lock or its connection."""
    for left in reversed(range(TRIES)):
        try:
            return work()
        except Exception as error:
            if left == 0 or not is_passing(error):
                raise
            time.sleep(0.02 * (TRIES - left))
    raise AssertionError("unreachable")


def _fact(event: type[Event], heard: Heard) -> Any:
    if not heard.message_id:
        # Of two such messages the second would be taken for a repeat of the first.
        raise Invalid("message_id_missing", "An event needs a message id.")
    return from_plain(event, heard.body)


def _digest(operation: str, payload: Any) -> str:
    said = f"{operation} {json.dumps(payload, sort_keys=True)}"
    return hashlib.sha256(said.encode()).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _trace(headers: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(headers[name]) for name in ("traceparent", "tracestate") if headers.get(name)}
