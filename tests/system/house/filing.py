"""People who file tickets and go on until each is accepted, whatever happens to the house."""

import itertools
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from tests.system.house.standing import House, wait_until

THREADS = 6
PATIENCE_SECONDS = 150.0
REST_SECONDS = 0.3
# What a caller may be told while the house is broken, each with the invitation to ask again.
AGAIN = frozenset({429, 503})
NO_ANSWER = 0  # the connection was refused or lost, or nothing came in time

AGENT = {"kind": "agent", "id": "rina.wulandari@nusantara-sentosa.example", "name": "Rina"}
SOLVED = {"text": "Diganti dengan yang baru.", "code": "permanent_fix", "cause": "wear"}
SUBJECTS = (
    "Printer lantai 3 mati",
    "VPN putus setiap sepuluh menit",
    "Password expired, locked out",
    "Laptop blue screen pagi ini",
    "Minta akses folder keuangan",
    "Server database disk full",
    "Excel macro tidak jalan",
    "Telepon ekstensi tidak berbunyi",
)


@dataclass
class Filed:
    """A ticket as its requester knows it."""

    subject: str
    number: str
    replies: list[str] = field(default_factory=list)
    status: str | None = None  # where the last move took it


class Filing:
    """A load of tickets: opened, some asked for twice, replied to, pended, resolved.

    Attributes:
        accepted: by subject, which is unlike any other's.
        told: how often callers were told what, by HTTP status.
        longest_stall: the longest time between a first asking and its acceptance, in seconds.
    """

    def __init__(self, house: House, *, at_least: int, per_second: float = 15) -> None:
        self._house = house
        self._at_least = at_least
        self._per_second = per_second
        self._name = uuid.uuid4().hex[:8]
        self._turns = itertools.count()
        self._enough = threading.Event()
        self._lock = threading.Lock()
        self._began = 0.0
        self.accepted: dict[str, Filed] = {}
        self.told: Counter[int] = Counter()
        self.longest_stall = 0.0
        self.complaints: list[str] = []
        self._threads = [threading.Thread(target=self._work) for _ in range(THREADS)]

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failed: object) -> None:
        """Go on until there are enough, unless the fault could not even be caused."""
        if failed[0] is None:
            wait_until(self._is_enough, seconds=PATIENCE_SECONDS + 60)
        self._enough.set()
        for thread in self._threads:
            thread.join()
        assert failed[0] is not None or not self.complaints, self.complaints[:5]

    def wait_for(self, count: int) -> None:
        """Wait until so many more tickets are accepted: the load runs, or runs again."""
        wanted = len(self.accepted) + count
        wait_until(
            lambda: len(self.accepted) >= wanted or bool(self.complaints),
            seconds=PATIENCE_SECONDS,
        )

    def _is_enough(self) -> bool:
        return len(self.accepted) >= self._at_least or bool(self.complaints)

    def _work(self) -> None:
        headers = {"Authorization": f"Bearer {self._house.token}"}
        with httpx.Client(
            base_url=f"{self._house.url}/api/v1", headers=headers, timeout=30
        ) as http:
            while not self._enough.is_set() and not self.complaints:
                turn = next(self._turns)
                due = self._began + turn / self._per_second
                self._enough.wait(max(0.0, due - time.monotonic()))
                try:
                    self._file(http, turn)
                except Exception as error:  # noqa: BLE001 – shown where the load ends
                    self.complaints.append(repr(error))

    def _file(self, http: httpx.Client, turn: int) -> None:
        subject = f"{SUBJECTS[turn % len(SUBJECTS)]} [{self._name}-{turn}]"
        wish = {
            "kind": "service_request" if turn % 5 == 1 else "incident",
            "subject": subject,
            "body": "Sudah dicoba dua kali.",
            "impact": ("high", "medium", "low")[turn % 3],
            "urgency": ("high", "medium")[turn % 2],
            "requester": {"name": "Sari", "email": f"sari{turn % 50}@example.com"},
        }
        key = uuid.uuid4().hex
        number = self._ask(http, "/tickets", wish, key=key)["number"]
        filed = Filed(subject=subject, number=number)
        with self._lock:
            self.accepted[subject] = filed
        if turn % 4 == 0:
            again = self._ask(http, "/tickets", wish, key=key)["number"]
            assert again == number, f"asked twice with one key: {number} and {again}"
        self._work_on(http, filed, turn)

    def _work_on(self, http: httpx.Client, filed: Filed, turn: int) -> None:
        if turn % 3 == 0:
            self._reply(http, filed, AGENT)
        if turn % 6 == 0:
            self._move(http, filed, to="pending", pending_reason="requester")
        if turn % 12 == 0:
            self._reply(http, filed, {"kind": "requester", "id": "sari@example.com"})
            filed.status = None  # where to is the desk's own rule
        if turn % 5 == 0:
            self._move(http, filed, to="resolved", resolution=SOLVED)

    def _reply(self, http: httpx.Client, filed: Filed, actor: dict[str, str]) -> None:
        body = f"Kami cek. {uuid.uuid4().hex}"
        path = f"/tickets/{filed.number}/replies"
        self._ask(http, path, {"body": body, "actor": actor}, key=uuid.uuid4().hex)
        filed.replies.append(body)

    def _move(self, http: httpx.Client, filed: Filed, **wish: Any) -> None:
        path = f"/tickets/{filed.number}/transitions"
        self._ask(http, path, wish | {"actor": AGENT}, key=uuid.uuid4().hex)
        filed.status = wish["to"]

    def _ask(self, http: httpx.Client, path: str, body: dict[str, Any], *, key: str) -> Any:
        """Ask until it is accepted, always with the same key."""
        began = time.monotonic()
        while True:
            status, answer = _post(http, path, body, key)
            took = time.monotonic() - began
            with self._lock:
                self.told[status] += 1
                self.longest_stall = max(self.longest_stall, took)
            if status in {200, 201}:
                return answer
            assert status in AGAIN or status == NO_ANSWER, f"{path}: {status} {answer}"
            assert took < PATIENCE_SECONDS, f"{path}: not accepted in {took:.0f} s, {status}"
            time.sleep(REST_SECONDS)


def _post(http: httpx.Client, path: str, body: dict[str, Any], key: str) -> tuple[int, Any]:
    try:
        answer = http.post(path, json=body, headers={"Idempotency-Key": key})
    except httpx.TransportError as lost:
        return NO_ANSWER, repr(lost)
    try:
        return answer.status_code, answer.json()
    except ValueError:
        return answer.status_code, answer.text[:300]
