"""Statements that nobody waits for: sent together on PostgreSQL, yet never seen out of order."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database import Database, Transaction, tables

NOW = datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)

metadata = sa.MetaData()
tables(metadata)
loaves = sa.Table(
    "loaves",
    metadata,
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("facts", sa.JSON),
)
ADD = sa.insert(loaves).inline()
CHANGE = sa.update(loaves).where(loaves.c.name == sa.bindparam("this"))
COUNT = sa.select(loaves.c.count).where(loaves.c.name == sa.bindparam("this"))


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, metadata, timekeeper=StoppedClock())
    with database.write() as tx:
        metadata.create_all(tx.connection)
    yield database
    database.close()


def everything(database: Database) -> dict[str, Any]:
    with database.read() as tx:
        return {
            row.name: (row.count, row.facts) for row in tx.connection.execute(sa.select(loaves))
        }


def count_of(tx: Transaction, name: str) -> int | None:
    return tx.connection.scalar(COUNT, {"this": name})


def test_what_was_sent_is_seen_by_the_next_question_and_by_the_next_change(
    database: Database,
) -> None:
    with database.write() as tx:
        tx.send(ADD, {"name": "rye", "count": 1, "facts": None})
        tx.send(CHANGE, {"this": "rye", "count": 2})
        assert count_of(tx, "rye") == 2
        tx.send(CHANGE, {"this": "rye", "count": 3})

    assert everything(database)["rye"][0] == 3


def test_many_rows_of_one_statement_keep_their_values(database: Database) -> None:
    names = ["50% off; --", "it's", "%(name)s", "%%", "); DROP TABLE loaves; --", 'kata "roti" \\']
    rows = [{"name": name, "count": at, "facts": {"told": name}} for at, name in enumerate(names)]
    with database.write() as tx:
        tx.send(ADD, *rows)
        assert count_of(tx, "%%") == names.index("%%")

    assert everything(database) == {name: (at, {"told": name}) for at, name in enumerate(names)}


def test_what_was_sent_goes_when_the_transaction_fails(database: Database) -> None:
    def send_and_fail() -> None:
        with database.write() as tx:
            tx.send(ADD, {"name": "rye", "count": 1, "facts": None})
            assert count_of(tx, "rye") == 1
            tx.send(CHANGE, {"this": "rye", "count": 2})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        send_and_fail()

    assert everything(database) == {}


def test_a_statement_that_is_refused_takes_with_it_what_it_travelled_with(
    database: Database,
) -> None:
    with database.write() as tx:
        tx.send(ADD, {"name": "rye", "count": 1, "facts": None})

    def send_twice() -> None:
        with database.write() as tx:
            tx.send(ADD, {"name": "white", "count": 1, "facts": None})
            tx.send(ADD, {"name": "rye", "count": 9, "facts": {"secret": "words of people"}})

    with pytest.raises(sa.exc.IntegrityError) as refused:
        send_twice()

    assert everything(database) == {"rye": (1, None)}
    if database.is_postgresql:
        assert "words of people" not in str(refused.value)


def test_the_connection_of_a_failed_transaction_is_as_good_as_new(database: Database) -> None:
    for _ in range(30):  # more than there are connections
        with pytest.raises(sa.exc.DBAPIError), database.write() as tx:
            tx.connection.execute(sa.text("SELECT nothing FROM nowhere"))

    with database.write() as tx:
        tx.send(ADD, {"name": "rye", "count": 1, "facts": None})
    assert everything(database)["rye"][0] == 1


def test_a_look_cannot_write(database: Database) -> None:
    if not database.is_postgresql:
        pytest.skip("on SQLite what a look wrote is rolled back")

    with pytest.raises(sa.exc.DBAPIError, match="read-only"), database.read() as tx:
        tx.connection.execute(ADD, {"name": "rye", "count": 1, "facts": None})


def test_a_naive_time_is_refused_when_it_is_sent(database: Database) -> None:
    timers = database.tables.timers

    def send_naive() -> None:
        with database.write() as tx:
            row = {"key": "a", "due_at": NOW.replace(tzinfo=None), "payload": "{}"}
            tx.send(sa.insert(timers).inline(), row)

    with pytest.raises((sa.exc.StatementError, ValueError), match="naive"):
        send_naive()


def test_a_column_that_python_would_fill_in_is_refused(database: Database) -> None:
    if not database.is_postgresql:
        pytest.skip("on SQLite the statement runs at once, with its defaults")
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", default=1))

    with pytest.raises(TypeError, match="Python"), database.write() as tx:
        tx.send(sa.insert(table).inline(), {"a": 1})
