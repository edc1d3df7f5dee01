"""How a service is asked: now, side by side, or as a part that a page can be shown without.

A question that changes something carries an idempotency key. When the connection was lost meanwhile
the carrier asks once more with the same key, which makes that safe.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Never, Protocol, TypeVar

from chassis.rpc_client import RemoteFault
from contracts.errors import Unavailable, WireError
from contracts.grammar import Operation

Q = TypeVar("Q")
A = TypeVar("A")
A_co = TypeVar("A_co", covariant=True)

PART_SECONDS = 1.5
"""How long a page waits for a part that it can be shown without."""

REST_SECONDS = 2.0
"""How long a service that did not answer is not asked for parts again.

Else every page would hold its thread for `PART_SECONDS`, and one service away would slow all.
"""


class Pending(Protocol[A_co]):
    """A call under way."""

    def result(self) -> A_co:
        """The answer; waits for it, at most until the call's deadline.

        Raises:
            WireError: the refusal.
        """

    @property
    def replayed(self) -> bool:
        """Once answered: whether it was the stored answer to a key used before."""


class Caller(Protocol):
    """What carries a call to a service and its answer back; safe to use from many threads."""

    def start_call(
        self,
        operation: Operation[Q, A],
        question: Q,
        *,
        key: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Pending[A]:
        """Send the question; the answer is waited for with `result()`."""

    @property
    def is_connected(self) -> bool:
        """Whether the broker can be reached just now."""


@dataclass(frozen=True)
class Reply(Generic[A]):
    """An answer to a changing call, and whether it is a replayed one."""

    answer: A
    replayed: bool


class Client:
    """Asks the services; what each can be asked, the classes built on it say."""

    def __init__(self, caller: Caller, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._caller = caller
        self._monotonic = monotonic
        self._rests_until: dict[str, float] = {}

    def _ask(self, operation: Operation[Q, A], question: Q) -> A:
        return self._start(operation, question).result()

    def _start(
        self, operation: Operation[Q, A], question: Q, timeout_seconds: float | None = None
    ) -> Pending[A]:
        return self._caller.start_call(operation, question, timeout_seconds=timeout_seconds)

    def _start_part(self, operation: Operation[Q, A], question: Q) -> Pending[A]:
        service = operation.service
        if self._monotonic() < self._rests_until.get(service, 0):
            return _Away(Unavailable("service_away", f"{service} did not answer just now."))
        try:
            pending = self._start(operation, question, PART_SECONDS)
        except Unavailable as away:
            return _Away(away)
        return _Part(pending, when_away=lambda: self._let_rest(service))

    def _let_rest(self, service: str) -> None:
        self._rests_until[service] = self._monotonic() + REST_SECONDS

    def _tell(self, operation: Operation[Q, A], command: Q, key: str) -> Reply[A]:
        pending = self._caller.start_call(operation, command, key=key)
        answer = pending.result()
        return Reply(answer, pending.replayed)


class _Part(Generic[A]):
    """A call whose failure is remembered for a moment."""

    replayed = False

    def __init__(self, pending: Pending[A], *, when_away: Callable[[], None]) -> None:
        self._pending = pending
        self._when_away = when_away

    def result(self) -> A:
        try:
            return self._pending.result()
        except Unavailable:
            self._when_away()
            raise


class _Away:
    """A call that could not even be sent."""

    replayed = False

    def __init__(self, error: Unavailable) -> None:
        self._error = error

    def result(self) -> Never:
        raise self._error


def lives(pending: Pending[object]) -> bool:
    """Whether a probed service said anything at all."""
    try:
        pending.result()
    except Unavailable:
        return False
    except (WireError, RemoteFault):
        return True
    return True
