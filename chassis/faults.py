"""Which faults pass by themselves: a database or broker that is away, a lock that was not free."""

import socket

import sqlalchemy.exc

PASSING = (
    sqlalchemy.exc.OperationalError,  # connection refused or lost, deadlock, lock timeout
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,  # no connection free in the pool
    sqlalchemy.exc.ResourceClosedError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
)

# PostgreSQL says so while it stops or starts, and when two transactions wait for each other.
_PASSING_CODES = ("57P", "08", "40", "53", "55P03")


def is_passing(error: BaseException) -> bool:
    """Whether the same work is worth trying again later."""
    if isinstance(error, PASSING):
        return True
    if isinstance(error, sqlalchemy.exc.DBAPIError):
        code = getattr(error.orig, "pgcode", None) or ""
        return error.connection_invalidated or code.startswith(_PASSING_CODES)
    return False
