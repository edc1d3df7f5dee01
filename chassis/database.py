"""The service's own small database: one transaction helper, on SQLite and PostgreSQL alike.

Beside a service's tables stand four of ours, in the same database and so in the same transaction:

    outbox    events that were announced and not yet confirmed by the broker
    inbox     messages that were handled, so that a repeat does nothing
    answers   what was answered to an idempotency key
    timers    what falls due, and when
"""

import contextlib
import functools
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from chassis import context
from chassis.engines import engine_of
from chassis.ids import new_id
from chassis.statements import Pipeline, Row, Statement
from chassis.timekeeper import Timekeeper
from contracts.grammar import Event, in_iso, to_plain

POOL_SPARE = 4  # relay, timers, housekeeping and health beside the workers


class Instant(TypeDecorator[datetime]):
    """A UTC instant to the microsecond: a number on SQLite, `timestamptz` on PostgreSQL."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """The column type of this database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        return dialect.type_descriptor(sa.BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """What is stored; a naive time is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time is no instant")
        if dialect.name == "postgresql":
            return value
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The instant, in UTC."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return cast("datetime", value).astimezone(UTC)
        return _EPOCH + int(value) * _MICROSECOND


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = datetime.resolution

SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


@dataclass(frozen=True)
class Tables:
    """The chassis' own tables in a service's metadata."""

    outbox: sa.Table
    inbox: sa.Table
    answers: sa.Table
    timers: sa.Table


def tables(metadata: sa.MetaData) -> Tables:
    """Our tables, added to a service's metadata once; its migrations create them with the rest."""
    if "outbox" not in metadata.tables:
        _declare(metadata)
    return Tables(*(metadata.tables[name] for name in ("outbox", "inbox", "answers", "timers")))


def _declare(metadata: sa.MetaData) -> None:
    sa.Table(
        "outbox",
        metadata,
        sa.Column("seq", SERIAL, primary_key=True, autoincrement=True),
        sa.Column("message_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("headers", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
    )
    sa.Table(
        "inbox",
        metadata,
        sa.Column("message_id", sa.String(36), primary_key=True),
        sa.Column("handled_at", Instant, nullable=False),
        # housekeeping: oldest rows first
        sa.Index("inbox_by_age", "handled_at"),
    )
    sa.Table(
        "answers",
        metadata,
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("operation", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_at", Instant, nullable=False),
        # housekeeping: oldest rows first
        sa.Index("answers_by_age", "answered_at"),
    )
    sa.Table(
        "timers",
        metadata,
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        # the next one due
        sa.Index("timers_by_due", "due_at"),
    )


@dataclass(frozen=True, kw_only=True)
class Timer:
    """Something that fell due."""

    key: str
    due_at: datetime
    payload: Mapping[str, Any]


class Transaction:
    """One unit of work: state, announcements and timers are kept together or not at all.

    Attributes:
        connection: the SQLAlchemy connection inside the transaction, for lean statements. It does
            not see what the session holds unwritten; flush the session first where that matters.
        now: the instant of this transaction (UTC).
        dialect: `sqlite` or `postgresql`.
        known: what was found out once and holds until this transaction ends, by name.
    """

    def __init__(
        self,
        connection: Connection,
        own: Tables,
        now: datetime,
        *,
        pipeline: Pipeline | None = None,
    ) -> None:
        self.connection = connection
        self.now = now
        self.dialect = connection.dialect.name
        self.known: dict[str, Any] = {}
        self._pipeline = pipeline
        self._own = own
        self._session: Session | None = None
        self._told: list[dict[str, Any]] = []
        self._timers: dict[str, dict[str, Any] | None] = {}  # None: disarmed
        self.armed_for: datetime | None = None  # the earliest timer that was armed

    @property
    def session(self) -> Session:
        """A SQLAlchemy session inside the transaction; what it holds is written at the end."""
        if self._session is None:
            self._session = Session(self.connection)
        return self._session

    def send(self, statement: Statement, *rows: Row) -> None:
        """Carry out a statement whose answer nobody waits for, once or for each row.

        It is seen by all that is asked later. Build the statement once, as a module's constant. On
        PostgreSQL it goes out with the next statement that is answered (`chassis.statements`).
        """
        if self._pipeline is not None:
            self._pipeline.send(statement, rows or ({},))
        else:
            self.connection.execute(statement, list(rows) or None)

    def announce(self, event: Event) -> str:
        """Tell an event when this transaction commits, after all that was told before it.

        Returns:
            The message id.
        """
        call = context.current()
        message_id = new_id()
        headers = {
            "occurred_at": in_iso(self.now),
            "correlation_id": call.correlation_id,
            "causation_id": call.causation_id,
            **context.outgoing_trace(),
        }
        self._told.append(
            {
                "message_id": message_id,
                "name": event.NAME,
                "headers": json.dumps(headers),
                "body": json.dumps(to_plain(event), ensure_ascii=False),
                "created_at": self.now,
            }
        )
        return message_id

    def arm(self, *, key: str, due_at: datetime, payload: Mapping[str, Any] | None = None) -> None:
        """Fall due at `due_at`; a timer of the same key is replaced."""
        self._timers[key] = {
            "key": key,
            "due_at": due_at,
            "payload": json.dumps(dict(payload or {})),
        }
        self.armed_for = due_at if self.armed_for is None else min(self.armed_for, due_at)

    def disarm(self, *, key: str) -> None:
        """Never fall due; harmless when there is no such timer."""
        self._timers[key] = None

    def write_timers(self) -> None:
        """Write what was armed and disarmed; done at the end if nobody asks for it before."""
        timers, changed, self._timers = self._own.timers, self._timers, {}
        if armed := [row for row in changed.values() if row is not None]:
            self.send(_upsert_timer(timers, self.dialect), *armed)
        if gone := [key for key, row in changed.items() if row is None]:
            self.send(_delete_timer(timers), *({"this": key} for key in gone))

    def keep_answer(self, row: Row) -> None:
        """Keep what is answered to an idempotency key; a key that is there already is refused."""
        self.send(_insert_inline(self._own.answers), row)

    def insert_if_absent(self, table: sa.Table, **values: Any) -> bool:
        """Insert a row unless its key is there already; whether it was inserted."""
        return self.connection.execute(_insert_if_absent(table, self.dialect), values).rowcount == 1

    def keep_heard(self, message_ids: Sequence[str]) -> None:
        """Keep that messages are handled; one that was already is refused."""
        rows = ({"message_id": each, "handled_at": self.now} for each in message_ids)
        self.send(_insert_inline(self._own.inbox), *rows)

    def finish(self) -> bool:
        """Write what is left to write, and commit; whether anything was told."""
        if self._session is not None:
            self._session.flush()
        self.write_timers()
        if self._told:
            self.send(_insert_inline(self._own.outbox), *self._told)
        if self._pipeline is not None:
            self._pipeline.commit()
        return bool(self._told)

    def close(self) -> None:
        """Let go of the session, if there was one, and of what was not committed."""
        if self._session is not None:
            self._session.close()
        if self._pipeline is not None:
            self._pipeline.close()


# Building a statement costs more than running it, so each is built once.


@functools.cache
def _insert_inline(table: sa.Table) -> sa.Insert:
    return sa.insert(table).inline()


@functools.cache
def _insert_if_absent(table: sa.Table, dialect: str) -> Any:
    return _insert_of(dialect)(table).inline().on_conflict_do_nothing()


@functools.cache
def _delete_timer(timers: sa.Table) -> sa.Delete:
    return sa.delete(timers).where(timers.c.key == sa.bindparam("this"))


@functools.cache
def _upsert_timer(timers: sa.Table, dialect: str) -> Any:
    insert = _insert_of(dialect)(timers).inline()
    fresh = {"due_at": insert.excluded.due_at, "payload": insert.excluded.payload}
    return insert.on_conflict_do_update(index_elements=["key"], set_=fresh)


def _insert_of(dialect: str) -> Any:
    return postgresql.insert if dialect == "postgresql" else sqlite.insert


class Database:
    """A service's database: an engine, its transactions, and who is woken when one commits."""

    def __init__(
        self, url: str, metadata: sa.MetaData, *, timekeeper: Timekeeper, workers: int = 10
    ) -> None:
        self.tables = tables(metadata)
        self.engine = engine_of(url, pool_size=workers + POOL_SPARE)
        self.timekeeper = timekeeper
        self.is_postgresql = self.engine.dialect.name == "postgresql"
        # SQLite has one writer. A second one would wait inside C, where green threads cannot yield:
        # two writers then freeze the process for the whole busy timeout. So they queue here.
        self._write_lock = None if self.is_postgresql else threading.Lock()
        self._on_announced: list[Callable[[], None]] = []
        self._on_armed: list[Callable[[datetime], None]] = []

    def wake_on_announcement(self, wake: Callable[[], None]) -> None:
        """Call `wake` after each commit that announced something."""
        self._on_announced.append(wake)

    def wake_on_timer(self, wake: Callable[[datetime], None]) -> None:
        """Call `wake` after each commit that armed a timer, with the earliest due instant."""
        self._on_armed.append(wake)

    @contextlib.contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that is committed at the end, or rolled back when anything is raised."""
        with self._write_lock or contextlib.nullcontext(), self.engine.connect() as connection:
            pipeline = Pipeline(connection) if self.is_postgresql else None
            tx = Transaction(connection, self.tables, self.timekeeper.now(), pipeline=pipeline)
            try:
                with connection.begin():
                    yield tx
                    announced = tx.finish()
            finally:
                tx.close()
        if announced:
            for wake in self._on_announced:
                wake()
        if tx.armed_for is not None:
            for tell in self._on_armed:
                tell(tx.armed_for)

    @contextlib.contextmanager
    def read(self) -> Iterator[Transaction]:
        """A look that changes nothing; on PostgreSQL each statement sees what is committed then."""
        with self.engine.connect().execution_options(meja_reads=True) as connection:
            tx = Transaction(connection, self.tables, self.timekeeper.now())
            try:
                yield tx
            finally:
                tx.close()
                connection.rollback()

    def check(self) -> None:
        """Answer, or raise what the database driver raises."""
        with self.read() as tx:
            tx.connection.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
