"""Engines: how we speak to SQLite and PostgreSQL."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from chassis.statements import travel_together


def engine_of(url: str, *, pool_size: int) -> Engine:
    """An engine on whose connections transactions are begun and ended by us."""
    if not url.startswith("sqlite"):
        # A statement or a lock that takes longer than this is a fault; the work is tried again.
        limits = "-c statement_timeout=30000 -c lock_timeout=10000 -c timezone=UTC"
        # Statements are short: compiling one costs more than it saves, and reports sort in memory.
        limits += " -c jit=off -c work_mem=32MB"
        # A look needs no transaction of its own; a write says that it is one.
        limits += " -c default_transaction_read_only=on"
        engine = sa.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_recycle=1800,
            isolation_level="AUTOCOMMIT",
            executemany_mode="values_plus_batch",  # many rows go in few round trips, also upserts
            connect_args={"options": limits, "connect_timeout": 5},
        )
        travel_together(engine)
        return engine
    engine = sa.create_engine(
        url, pool_size=pool_size, max_overflow=0, connect_args={"check_same_thread": False}
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # what was accepted survives a power cut
        "foreign_keys=ON",
        "busy_timeout=10000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: a writer that starts as a reader can be refused half-way when another one commits.
    reads = connection.get_execution_options().get("meja_reads")
    connection.exec_driver_sql("BEGIN DEFERRED" if reads else "BEGIN IMMEDIATE")
