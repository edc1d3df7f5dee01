"""Intake as its door drives it: one transaction a call, refusals in the words of the wire."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from chassis.database import Database, Transaction
from contracts import intake as contract
from contracts.grammar import to_plain
from contracts.routing import AssignmentMade
from contracts.sla import ClocksChanged
from services.intake import handlers
from services.intake.schemas import REFUSALS

FRIDAY_NIGHT = datetime(2026, 12, 25, 16, 59, 59, 999_999, tzinfo=UTC)  # 23:59 in Jakarta
MINUTE = timedelta(minutes=1)

SARI = contract.Person(name="Sari", email="Sari@Example.com", organisation="Keuangan")
BY_SARI = contract.Actor(kind="requester", id="sari@example.com", name="Sari")
BUDI = contract.Actor(kind="agent", id="budi@example.com", name="Budi")
ROUTING = contract.Actor(kind="system", id="routing")
SOLVED = contract.Resolution(text="Toner diganti.", code="permanent_fix", cause="wear")


class StoppedClock:
    """Time stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = FRIDAY_NIGHT

    def now(self) -> datetime:
        return self.at

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self.at).total_seconds())


class House:
    """Intake as its door drives it, with the questions tests ask most."""

    def __init__(self, database: Database, clock: StoppedClock) -> None:
        self.database = database
        self.clock = clock

    def do(self, handler: Callable[..., Any], command: Any) -> Any:
        with _refusing(), self.database.write() as tx:
            return _sayable(handler(command, tx=tx))

    def ask(self, handler: Callable[..., Any], question: Any) -> Any:
        with _refusing(), self.database.read() as tx:
            return _sayable(handler(question, tx=tx))

    def open(self, **facts: Any) -> contract.Ticket:
        return self.do(handlers.open_ticket, self._wish(**facts))

    def open_in(self, tx: Transaction, **facts: Any) -> None:
        handlers.open_ticket(self._wish(**facts), tx=tx)

    def _wish(self, **facts: Any) -> contract.OpenTicket:
        wish: dict[str, Any] = {
            "kind": "incident",
            "subject": "Printer lantai 3 mati",
            "body": "Sudah dicoba dua kali.",
            "channel": "portal",
            "requester": SARI,
            "actor": BY_SARI,
        }
        return contract.OpenTicket(**wish | facts)

    def get(self, number: str, viewer: str | None = None) -> contract.Ticket:
        return self.ask(handlers.get_ticket, contract.GetTicket(number=number, viewer=viewer))

    def reply(self, number: str, *, actor: contract.Actor = BUDI, **facts: Any) -> contract.Message:
        wish: dict[str, Any] = {"body": "Kami cek.", "public": True}
        command = contract.AddReply(number=number, actor=actor, **wish | facts)
        return self.do(handlers.add_reply, command)

    def move(self, number: str, to: str, **facts: Any) -> contract.Ticket:
        return self.do(handlers.change_status, self._move(number, to, **facts))

    def move_in(self, tx: Transaction, number: str, to: str, **facts: Any) -> None:
        handlers.change_status(self._move(number, to, **facts), tx=tx)

    def _move(self, number: str, to: str, **facts: Any) -> contract.ChangeStatus:
        wish: dict[str, Any] = {"number": number, "to": to, "actor": BUDI}
        return contract.ChangeStatus(**wish | facts)

    def amend(self, number: str, **facts: Any) -> contract.Ticket:
        command = contract.AmendTicket(number=number, actor=BUDI, **facts)
        return self.do(handlers.amend_ticket, command)

    def merge(self, number: str, into: str, **facts: Any) -> contract.Ticket:
        return self.do(handlers.merge_ticket, self._merge(number, into, **facts))

    def merge_in(self, tx: Transaction, number: str, into: str) -> None:
        handlers.merge_ticket(self._merge(number, into), tx=tx)

    def _merge(self, number: str, into: str, **facts: Any) -> contract.MergeTicket:
        return contract.MergeTicket(number=number, into=into, actor=BUDI, **facts)

    def unmerge(self, number: str, **facts: Any) -> contract.Ticket:
        command = contract.UnmergeTicket(number=number, actor=BUDI, **facts)
        return self.do(handlers.unmerge_ticket, command)

    def split(self, number: str, **facts: Any) -> contract.Ticket:
        wish: dict[str, Any] = {"subject": "Juga: pindai ke surel gagal"}
        command = contract.SplitTicket(number=number, actor=BUDI, **wish | facts)
        return self.do(handlers.split_ticket, command)

    def tickets(self, **wish: Any) -> contract.TicketPage:
        return self.ask(handlers.list_tickets, contract.ListTickets(**wish))

    def pages(self, **wish: Any) -> Iterator[contract.TicketPage]:
        page = self.tickets(**wish)
        yield page
        while page.next_cursor:
            page = self.tickets(**wish, cursor=page.next_cursor)
            yield page

    def messages(self, number: str, viewer: str | None = None) -> contract.Conversation:
        return self.ask(handlers.list_messages, contract.GetTicket(number=number, viewer=viewer))

    def log(self, **wish: Any) -> contract.LogPage:
        return self.ask(handlers.read_log, contract.ReadLog(**wish))

    def assign(self, ticket: contract.Ticket, **facts: Any) -> None:
        decision: dict[str, Any] = {
            "ticket_id": ticket.ticket_id,
            "number": ticket.number,
            "revision": 1,
            "decided_at": self.clock.at,
            "group": "service-desk",
            "tier": 1,
            "reason_code": "rule",
            "reason": "Words: printer.",
            "actor": ROUTING,
            "assignee": "budi",
        }
        self.do(handlers.copy_assignment, AssignmentMade(**decision | facts))

    def clocks(self, ticket: contract.Ticket, **facts: Any) -> None:
        state: dict[str, Any] = {
            "ticket_id": ticket.ticket_id,
            "number": ticket.number,
            "revision": 1,
            "clocks": (),
            "sla_state": "running",
        }
        self.do(handlers.copy_clocks, ClocksChanged(**state | facts))

    def announced(self) -> list[tuple[str, dict[str, Any]]]:
        """What waits in the outbox, in order."""
        outbox = self.database.tables.outbox
        with self.database.read() as tx:
            rows = tx.session.execute(sa.select(outbox).order_by(outbox.c.seq)).all()
        return [(row.name, json.loads(row.body)) for row in rows]


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except tuple(REFUSALS) as error:
        refusal = next(say(error) for kind, say in REFUSALS.items() if isinstance(error, kind))
        raise refusal from error


def _sayable(answer: Any) -> Any:
    if answer is not None:
        json.dumps(to_plain(answer), allow_nan=False)
    return answer


class Statements:
    """What a piece of work says to the database, transaction control left out.

    On PostgreSQL statements travel together: there each entry is one round trip.
    """

    def __init__(self, database: Database) -> None:
        self.said: list[str] = []
        sa.event.listen(database.engine, "before_cursor_execute", self._note)

    def _note(self, _c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement not in {"BEGIN IMMEDIATE", "BEGIN DEFERRED"}:
            self.said.append(statement)


class Side:
    """A second transaction beside the test's own: it does its work and waits to be let go."""

    def __init__(self, house: House, work: Callable[[Transaction], None]) -> None:
        self._done = threading.Event()
        self._go = threading.Event()
        self._keep = True
        self._thread = threading.Thread(target=self._run, args=(house, work), daemon=True)
        self._thread.start()
        assert self._done.wait(10)

    def _run(self, house: House, work: Callable[[Transaction], None]) -> None:
        with contextlib.suppress(_GivenUp), house.database.write() as tx:
            work(tx)
            tx.connection.execute(sa.text("SELECT 1"))  # sends what waited to travel with others
            self._done.set()
            self._go.wait(10)
            self._end()

    def _end(self) -> None:
        if not self._keep:
            raise _GivenUp

    def commit(self) -> None:
        self._go.set()
        self._thread.join(10)

    def give_up(self) -> None:
        self._keep = False
        self.commit()


class _GivenUp(Exception):
    pass


class Follower:
    """Work that has to wait for a `Side`; it must not get through before that is let go."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._work = self._pool.submit(work)
        assert not wait([self._work], timeout=0.3).done

    def wait(self) -> None:
        try:
            self._work.result(timeout=10)
        finally:
            self._pool.shutdown()
