"""Statements that travel together: fewer round trips to PostgreSQL, in the order they were said.

A round trip costs more than most statements. What a transaction sends without waiting for an answer
goes out in front of the next statement that is answered, or with the commit. PostgreSQL takes any
number of statements in one message (its simple query protocol, which psycopg2 speaks) and answers
the last. So nothing is seen out of order, and an error shows at the statement that others travelled
with.

SQLite lives in our own process: there each statement runs at once.
"""

import re
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, Engine

Row = Mapping[str, Any]
Statement = sa.Insert | sa.Update | sa.Delete | sa.Select[Any]

_WAITING: Final = "meja_waiting"
_TUPLE: Final = re.compile(r" VALUES (\((?:[^()]|\([^()]*\))*\))")
ALONE: Final = {"no_parameters": True}  # text that holds its values already
IDLE: Final = 0  # psycopg2.extensions.TRANSACTION_STATUS_IDLE


class Prepared:
    """A statement as text, worked out once for the columns it is given.

    Raises:
        TypeError: a column has a default that Python would have to work out for each row.
    """

    def __init__(self, statement: Statement, names: Iterable[str], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        if getattr(compiled, "insert_prefetch", None) or getattr(compiled, "update_prefetch", None):
            raise TypeError(f"{statement} leaves values to Python")
        self._text = str(compiled)
        self._fixed = compiled.params
        processors = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for bind, name in compiled.bind_names.items()
        }
        self._processors: dict[str, Callable[[Any], Any]] = {
            name: process for name, process in processors.items() if process
        }

    def text(self, rows: Sequence[Row], cursor: Any) -> str:
        """The statement for these rows; of an insert, one statement for all."""
        if len(rows) == 1:
            return self._said(self._text, rows[0], cursor)
        found = _TUPLE.search(self._text)
        if found is None:
            return ";".join(self._said(self._text, row, cursor) for row in rows)
        head, tail = self._text[: found.start(1)], self._text[found.end(1) :]
        values = ",".join(self._said(found[1], row, cursor) for row in rows)
        return f"{head}{values}{tail}"

    def _said(self, template: str, row: Row, cursor: Any) -> str:
        values = {**self._fixed, **row}
        for name, process in self._processors.items():
            values[name] = process(values[name])
        said: bytes = cursor.mogrify(template, values)
        return said.decode()


class Waiting:
    """What goes out in front of the next statement on a connection."""

    def __init__(self, *, begin: str) -> None:
        self._begin = begin
        self._sent: list[tuple[Prepared, Sequence[Row]]] = []
        self.has_begun = False

    def add(self, prepared: Prepared, rows: Sequence[Row]) -> None:
        """One more, after those before it."""
        self._sent.append((prepared, rows))

    def __bool__(self) -> bool:
        return bool(self._sent) or not self.has_begun

    def take(self, cursor: Any) -> str:
        """All of it as text, and none of it waits any more."""
        said = [] if self.has_begun else [self._begin]
        said += [prepared.text(rows, cursor) for prepared, rows in self._sent]
        self._sent = []
        self.has_begun = True
        return ";".join(said) + ";"

    @property
    def is_idle(self) -> bool:
        """Whether nothing was said, and nothing waits to be."""
        return not (self.has_begun or self._sent)


class Pipeline:
    """One transaction's statements on a PostgreSQL connection in autocommit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting = Waiting(begin="BEGIN READ WRITE")
        connection.info[_WAITING] = self._waiting

    def send(self, statement: Statement, rows: Sequence[Row]) -> None:
        """Carry out a statement with whatever is said next."""
        self._waiting.add(_prepared(statement, rows[0], self._connection.dialect), rows)

    def commit(self) -> None:
        """End the transaction with all that waits."""
        if not self._waiting.is_idle:
            self._connection.exec_driver_sql("COMMIT", execution_options=ALONE)

    def close(self) -> None:
        """Roll back what was not committed, and leave the connection as it was found."""
        if self._connection.closed or self._connection.invalidated:
            return
        self._connection.info.pop(_WAITING, None)
        try:
            _roll_back(self._connection.connection.dbapi_connection)
        except Exception as broken:  # noqa: BLE001 – whatever it is, nobody uses this connection again
            self._connection.invalidate(broken)


def _prepared(statement: Statement, row: Row, dialect: Dialect) -> Prepared:
    known = _all_prepared.setdefault(statement, {})
    names = frozenset(row)
    if names not in known:
        known[names] = Prepared(statement, names, dialect)
    return known[names]


# As long as the statement lives: those of the busy paths are built once, by their modules.
_all_prepared: weakref.WeakKeyDictionary[Statement, dict[frozenset[str], Prepared]] = (
    weakref.WeakKeyDictionary()
)


def travel_together(engine: Engine) -> None:
    """Let what waits on a connection of this engine go out with its next statement."""
    sa.event.listen(engine, "before_cursor_execute", _send_along, retval=True)
    sa.event.listen(engine, "handle_error", _name_the_last)
    sa.event.listen(engine, "reset", _reset)


def _send_along(
    connection: Connection,
    cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    executemany: bool,  # noqa: FBT001 – SQLAlchemy's signature
) -> tuple[str, Any]:
    waiting: Waiting | None = connection.info.get(_WAITING)
    if not waiting:
        return statement, parameters
    text = waiting.take(cursor)
    if executemany:
        cursor.execute(text)
        return statement, parameters
    if not context.no_parameters:
        text = text.replace("%", "%%")
    return text + statement, parameters


def _name_the_last(context: Any) -> None:
    # The text of those that travelled along holds people's words, which belong in no log.
    error = context.sqlalchemy_exception
    if error is not None and error.statement:
        error.statement = error.statement.rpartition(";")[2]
        error.params = None


def _reset(dbapi_connection: Any, _record: Any, state: Any) -> None:
    if not state.terminate_only:
        _roll_back(dbapi_connection)


def _roll_back(dbapi_connection: Any) -> None:
    """End a transaction that is open; of one that is not, the driver knows without asking."""
    if dbapi_connection is not None and dbapi_connection.get_transaction_status() != IDLE:
        with dbapi_connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
