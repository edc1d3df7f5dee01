"""What is measured, in which order, and what it comes to."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from deploy.bench import machine, seed
from deploy.bench.house import BenchHouse
from deploy.bench.listener import Listener
from deploy.bench.load import Ask, Connection, Measured, as_body, closed_loop, steady, summary
from deploy.bench.profile import profiled

SERVERS = {"rabbitmq", "postgresql", "epmd"}
STEADY_RATE = 50.0
CLIENTS = (1, 8, 32)
READERS = (1, 8)
PATIENCE_SECONDS = 180.0
SUBJECTS = (
    "VPN putus sejak pagi",
    "Printer lantai 3 macet",
    "Cannot log in to SAP",
    "Laptop sangat lambat",
    "Email tidak terkirim",
    "Please reset my password",
    "Wi-Fi di gudang lemot",
    "Shared drive access needed",
)
LEVELS = ("low", "medium", "high")


@dataclass(kw_only=True)
class Report:
    """All figures of one run.

    Attributes:
        ratios: what the desk takes, as a multiple of the floor measured in the same run.
        processor_ms_per_ticket: of each process, over the steady load, from accept to clocked.
        profile: of each of our processes, kind of work to percent, under a load of its own.
    """

    rows: list[Measured] = field(default_factory=list)
    ratios: dict[str, str] = field(default_factory=dict)
    memory_mb: dict[str, int] = field(default_factory=dict)
    house_mb: int = 0
    processor_ms_per_ticket: dict[str, float] = field(default_factory=dict)
    profile: dict[str, dict[str, float]] = field(default_factory=dict)


class Bench:
    """One run over a standing house."""

    def __init__(
        self, house: BenchHouse, *, seconds: float, tickets: int, say: Callable[[str], None]
    ) -> None:
        self._house = house
        self._seconds = seconds
        self._tickets = tickets
        self._say = say
        self._report = Report()

    def run(self) -> Report:
        """Measure everything; the house is warm after the first rows."""
        floor = self._floor()
        self._accept(1)  # to warm up; measured again below
        self._report.rows.clear()
        self._report.rows += floor.values()
        accepted = {clients: self._accept(clients) for clients in CLIENTS}
        self._sustained()
        self._steadily()
        for clients in READERS:
            self._read_one(clients)
        for count in sorted({min(10_000, self._tickets), self._tickets}):
            self._list_among(count)
        self._weigh()
        self._look_inside()
        hello, commit = floor["hello"], floor["commit"]
        self._report.ratios = {
            "accept at 1 client / (hello + broker round trip + 2 commits), p50": _ratio(
                accepted[1].p50_ms, hello.p50_ms + floor["broker"].p50_ms + 2 * commit.p50_ms
            ),
            "hello / accept, requests a second": _ratio(
                hello.per_second, accepted[CLIENTS[-1]].per_second
            ),
        }
        return self._report

    def _connect(self) -> Connection:
        return Connection(self._house.url, token=self._house.token)

    def _row(self, measured: Measured) -> Measured:
        self._say(f"{measured.name}: {measured.per_second:g}/s, p99 {measured.p99_ms:g} ms")
        self._report.rows.append(measured)
        return measured

    def _floor(self) -> dict[str, Measured]:
        brief = min(3.0, self._seconds)
        hello = Ask(method="GET", path="/health/live")
        return {
            "broker": self._row(machine.broker_round_trip(self._house.amqp_url, seconds=brief)),
            "commit": self._row(machine.single_row_commit(self._house.intake_url, seconds=brief)),
            "hello": self._row(
                closed_loop(
                    "gateway hello, 8 clients",
                    self._connect,
                    lambda _turn: hello,
                    clients=8,
                    seconds=brief,
                )
            ),
        }

    def _accept(self, clients: int) -> Measured:
        name = f"accept a ticket, {clients} clients"
        with self._hearing() as listener:
            numbers: set[str] = set()
            measured = closed_loop(
                name,
                self._connect,
                _opening,
                clients=clients,
                seconds=self._seconds,
                on_answer=_note(numbers),
            )
            listener.wait_for(numbers, seconds=PATIENCE_SECONDS)
        return self._row(measured)

    def _sustained(self) -> None:
        """Accept as fast as it goes, and count until the last one is routed and clocked."""
        with self._hearing() as listener:
            numbers: set[str] = set()
            began = time.perf_counter()
            closed_loop(
                "sustained",
                self._connect,
                _opening,
                clients=16,
                seconds=self._seconds,
                on_answer=_note(numbers),
            )
            took = listener.wait_for(numbers, seconds=PATIENCE_SECONDS) - began
            waits = [listener.clocked[number] - began for number in numbers & set(listener.clocked)]
        done = summary("accepted, routed and clocked, flat out", waits, failed=0, seconds=took)
        missing = len(numbers) - len(waits)
        self._row(_replaced(done, failed=missing))

    def _steadily(self) -> None:
        """At a steady rate: from the answer to the client to assigned and clocked."""
        before = self._processor()
        accepted: dict[str, float] = {}
        with self._hearing() as listener:

            def note(body: bytes) -> None:
                if number := _number(body):
                    accepted[number] = time.perf_counter()

            load = steady(
                f"accept at {STEADY_RATE:g}/s",
                self._connect,
                _opening,
                rate=STEADY_RATE,
                clients=16,
                seconds=self._seconds,
                on_answer=note,
            )
            listener.wait_for(set(accepted), seconds=PATIENCE_SECONDS)
            waits = [
                max(0.0, max(listener.assigned[number], listener.clocked[number]) - at)
                for number, at in accepted.items()
                if number in listener.assigned and number in listener.clocked
            ]
        after = self._processor()
        self._row(load)
        name = f"from accept to routed and clocked, at {STEADY_RATE:g}/s"
        waited = summary(name, waits, failed=len(accepted) - len(waits), seconds=load.seconds)
        self._row(waited)
        self._report.processor_ms_per_ticket = {
            process: round((after[process] - before[process]) * 1000 / max(1, len(accepted)), 1)
            for process in before
        }

    def _read_one(self, clients: int) -> None:
        _, body = self._connect().send(_opening(0))
        ask = Ask(method="GET", path=f"/api/v1/tickets/{_number(body)}")
        self._row(
            closed_loop(
                f"read one ticket, {clients} clients",
                self._connect,
                lambda _turn: ask,
                clients=clients,
                seconds=self._seconds,
            )
        )

    def _list_among(self, count: int) -> None:
        have = seed.fill(self._house.intake_url, up_to=count)
        asks = [
            Ask(method="GET", path=f"/api/v1/tickets?limit=50&{words}")
            for words in ("sort=-updated", "status=assigned&sort=due", "group=network&sort=due")
        ]
        for clients in READERS:
            self._row(
                closed_loop(
                    f"list 50 of {have:,}, {clients} clients",
                    self._connect,
                    lambda turn: asks[turn % len(asks)],
                    clients=clients,
                    seconds=self._seconds,
                )
            )

    def _look_inside(self) -> None:
        """Sample our own processes while tickets come in as fast as they are taken."""
        ours = {name: pid for name, pid in self._house.pids.items() if name not in SERVERS}
        with self._hearing() as listener:
            numbers: set[str] = set()
            with profiled(ours, seconds=self._seconds) as profile:
                closed_loop(
                    "under the profiler",
                    self._connect,
                    _opening,
                    clients=16,
                    seconds=self._seconds,
                    on_answer=_note(numbers),
                )
            listener.wait_for(numbers, seconds=PATIENCE_SECONDS)
        self._report.profile = profile.shares

    def _weigh(self) -> None:
        sizes = {
            name: round(machine.resident_megabytes(pid)) for name, pid in self._house.pids.items()
        }
        self._report.memory_mb = sizes
        self._report.house_mb = sum(size for name, size in sizes.items() if name not in SERVERS)

    def _processor(self) -> dict[str, float]:
        return {name: machine.processor_seconds(pid) for name, pid in self._house.pids.items()}

    def _hearing(self) -> Listener:
        return Listener(self._house.amqp_url)


def _opening(turn: int) -> Ask:
    body = {
        "kind": "incident",
        "subject": SUBJECTS[turn % len(SUBJECTS)],
        "body": f"Mohon bantuannya. {SUBJECTS[(turn + 3) % len(SUBJECTS)]}.",
        "channel": "api",
        "impact": LEVELS[turn % 2],
        "urgency": LEVELS[turn % 3],
        "requester": {"name": f"User {turn % 500}", "email": f"user{turn % 500}@example.com"},
    }
    return Ask(
        method="POST",
        path="/api/v1/tickets",
        body=as_body(body),
        headers={"Idempotency-Key": uuid.uuid4().hex},
    )


def _note(numbers: set[str]) -> Callable[[bytes], None]:
    def note(body: bytes) -> None:
        if number := _number(body):
            numbers.add(number)

    return note


def _number(body: bytes) -> str | None:
    """The number in an answer; read without parsing the rest, which the clients' time is too."""
    _, found, rest = body.partition(b'"number": "')
    if not found:
        _, found, rest = body.partition(b'"number":"')
    return rest.partition(b'"')[0].decode() if found else None


def _replaced(measured: Measured, *, failed: int) -> Measured:
    return Measured(**{**measured.__dict__, "failed": failed})


def _ratio(whole: float, part: float) -> str:
    return f"{whole / part:.1f}" if part else "unknown"
