"""A service that kills itself at one moment: `python -m tests.system.house.doomed <service>`.

It is the real service on the real runner, one replica beside the others; `DIE` names the moment.
"""

import os
import signal
import sys
from typing import Any, NoReturn

from chassis import runner  # first: it patches the standard library
from chassis.bus import alarms
from chassis.bus.calls import CallConsumer
from chassis.bus.inbox import Inbox
from chassis.outbox import ConfirmedChannel
from services.sla import handlers


def die(*_: object, **__: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def publish_and_die() -> None:
    """The broker has taken the events; their rows are still in the outbox."""
    wait = ConfirmedChannel.wait

    def wait_and_die(self: ConfirmedChannel) -> NoReturn:
        wait(self)
        die()

    ConfirmedChannel.wait = wait_and_die  # type: ignore[method-assign]


def commit_and_die() -> None:
    """The effect of an event is committed; the broker does not know yet."""
    Inbox.settle = die  # type: ignore[method-assign]


def carry_out_and_die() -> None:
    """What a caller asked for is committed; they were not answered yet."""
    CallConsumer._reply = die  # type: ignore[method-assign]


def handle_and_die() -> None:
    """A threshold is written down and announced; nothing of it is committed yet."""
    ring = handlers.ring

    def ring_and_die(*given: Any, **named: Any) -> NoReturn:
        ring(*given, **named)
        die()

    handlers.ring = ring_and_die
    alarms.BACKSTOP_SECONDS = 0.01  # it looks often, for the others look too


MOMENTS = {
    "after_publish": publish_and_die,
    "before_acknowledge": commit_and_die,
    "before_answer": carry_out_and_die,
    "in_timer": handle_and_die,
}

if __name__ == "__main__":
    MOMENTS[os.environ["DIE"]]()
    sys.exit(runner.main(sys.argv[1]))
