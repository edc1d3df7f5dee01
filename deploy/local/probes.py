"""Does it answer? One question for everything the house starts, told apart by the address."""

import http.client
import socket
import time
import urllib.request
from urllib.parse import urlsplit

import sqlalchemy
from kombu.connection import Connection

_HTTP_OK = range(200, 300)
# What we ask runs on this machine: a proxy named in the environment must not stand between.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def answers(url: str, *, timeout_seconds: float = 2) -> bool:
    """Tell whether a server answers at an address as it would to its real clients.

    `tcp` is connected to; `http` must answer 2xx; `amqp` and `postgresql` must accept user and
    password.
    """
    scheme = urlsplit(url).scheme.partition("+")[0]
    return _PROBES[scheme](url, timeout_seconds)


def wait_until_it_answers(url: str, *, timeout_seconds: float) -> bool:
    """Wait for a server and tell whether it answered in time."""
    deadline = time.monotonic() + timeout_seconds
    while not answers(url):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _tcp(url: str, timeout_seconds: float) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout_seconds).close()
    except OSError:
        return False
    return True


def _http(url: str, timeout_seconds: float) -> bool:
    try:
        with _DIRECT.open(url, timeout=timeout_seconds) as answer:
            return answer.status in _HTTP_OK
    except (OSError, http.client.HTTPException):
        return False


def _amqp(url: str, timeout_seconds: float) -> bool:
    connection = Connection(url, connect_timeout=timeout_seconds)
    try:
        # Not `connect()`: that tries again by itself, after a second.
        connection.transport.establish_connection().close()
    except (OSError, *connection.connection_errors, *connection.channel_errors):
        return False  # a wrong password or virtual host is told as a channel's error
    return True


def _postgresql(url: str, timeout_seconds: float) -> bool:
    wait = {"connect_timeout": max(1, int(timeout_seconds))}
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool, connect_args=wait)
    try:
        engine.connect().close()
    except sqlalchemy.exc.OperationalError:
        return False
    return True


_PROBES = {"tcp": _tcp, "http": _http, "amqp": _amqp, "postgresql": _postgresql}
