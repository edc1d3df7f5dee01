"""What travels along with the work at hand: correlation, cause, key and trace.

Each worker (green or native thread) has its own; it is entered once where the work comes in.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from opentelemetry import context as trace_context
from opentelemetry import propagate

from chassis.ids import new_id


@dataclass(frozen=True, kw_only=True)
class Call:
    """The work at hand.

    Attributes:
        correlation_id: one id for all that follows from one request at the front door.
        causation_id: the message or call that caused this work.
        idempotency_key: the caller's key, when it sent one.
    """

    correlation_id: str = field(default_factory=new_id)
    causation_id: str | None = None
    idempotency_key: str | None = None


_current: ContextVar[Call | None] = ContextVar("call", default=None)


def current() -> Call:
    """The work at hand; a fresh one outside any."""
    return _current.get() or Call()


def is_inside() -> bool:
    """Whether any work is at hand here."""
    return _current.get() is not None


@contextlib.contextmanager
def entered(call: Call, trace: dict[str, str] | None = None) -> Iterator[Call]:
    """Do what follows as part of `call`, under the W3C trace context that came with it."""
    token = _current.set(call)
    trace_token = trace_context.attach(propagate.extract(trace or {}))
    try:
        yield call
    finally:
        trace_context.detach(trace_token)
        _current.reset(token)


def caused_by_timer(key: str) -> contextlib.AbstractContextManager[Call]:
    """Do what follows because a timer fell due."""
    return entered(Call(causation_id=f"timer:{key}"))


def outgoing_trace() -> dict[str, str]:
    """W3C headers (`traceparent`, …) for what is said on; empty when nothing is traced."""
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier
