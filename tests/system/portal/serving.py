"""The portal over a fake desk, on a port of its own, in threads of this process."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from chassis.database import Database
from gateway.accounts import Accounts
from gateway.app import create_app
from gateway.clients import Clients
from gateway.live import Hint, Live, hint_of
from gateway.models import Base
from gateway.portal.portal import Portal
from gateway.schemas import AccountBody
from gateway.settings import GatewaySettings
from tests.system.portal.desk import Desk

PASSWORD = "rahasia-sekali-2026"  # noqa: S105 – of accounts that live as long as a test
PEOPLE = (
    ("budi@nusantara.example", "Budi Santoso", "requester", None),
    ("dewi@nusantara.example", "Dewi Lestari", "agent", "dewi"),
    ("rina@nusantara.example", "Rina Wijaya", "lead", None),
)


class Standing:
    """Time as the desk has it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def now(self) -> datetime:
        return self._desk.now

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self._desk.now).total_seconds())


class Bus:
    """Hints as the test gives them."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._tell: Callable[[Hint], None] | None = None

    def listen(self, tell: Callable[[Hint], None], began: Callable[[], None]) -> None:
        self._tell = tell
        began()
        self._stopped.wait()

    def stop(self) -> None:
        self._stopped.set()

    def hint(self, number: str) -> None:
        if self._tell is not None:
            self._tell(hint_of("1", "ticket.replied.v1", {"number": number, "public": True}))


class _Threads(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def portal_over(desk: Desk, *, folder: Path, bus: Bus | None = None) -> Iterator[str]:
    """The address of the portal while it stands."""
    bus = bus or Bus()
    settings = GatewaySettings(amqp_url="amqp://nobody", database_url="", proof_cache_seconds=0)
    clock = Standing(desk)
    database = Database(
        f"sqlite:///{folder}/gateway.db", Base.metadata, timekeeper=clock, workers=4
    )
    with database.write() as tx:
        Base.metadata.create_all(tx.connection)
    for email, name, role, agent_key in PEOPLE:
        body = AccountBody(
            email=email, name=name, role=role, password=PASSWORD, agent_key=agent_key
        )  # type: ignore[arg-type]
        Accounts(database).create(body, key=email)
    app = create_app(
        clients=Clients(desk),
        database=database,
        settings=settings,
        live=Live(lambda: bus, limit=8),
        pages=Portal(settings, clock=clock),
    )
    server = make_server("127.0.0.1", 0, app, server_class=_Threads, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        bus.stop()
        app.live.stop()
        server.shutdown()
        server.server_close()
        database.close()
