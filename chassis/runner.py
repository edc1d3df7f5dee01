"""Runs one service: `python -m chassis.runner services.intake.service:IntakeService`.

Not nameko's own command, which hangs on a second SIGTERM, sees a signal late when idle, and needs a
part of setuptools that is gone. Ends with 0 after a clean drain, 1 when the service died, 70 when
the drain deadline passed.
"""

import warnings

# eventlet says at import that its support ends; we know (ADR-0003), and keep the way out open.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import eventlet

    eventlet.monkey_patch()

# Everything below must see the patched standard library.
import logging
import os
import signal
import sys
import threading
import time
from importlib import import_module
from typing import Any

import kombu
import sqlalchemy as sa
from nameko.containers import ServiceContainer

from chassis import tracing
from chassis.health import Health, serve
from chassis.logs import start_logging
from chassis.settings import ServiceSettings, SettingsWrong, read

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.1
EXIT_DIED = 1
EXIT_DRAIN_DEADLINE = 70


def main(target: str) -> int:
    """Run the service named `module:Class` until a signal or its death; the exit status."""
    module, _, name = target.partition(":")
    try:
        settings = read(ServiceSettings)
    except SettingsWrong as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    service: Any = getattr(import_module(module), name)
    start_logging(service=service.name, level=settings.log_level)
    tracing.start(service=service.name)
    signals: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: signals.append(received))
    if not _wait_for_surroundings(settings, signals):
        return 0
    health = Health()
    container = ServiceContainer(service, configuration(settings, health))
    if settings.health_port:
        serve(health, host=settings.health_host, port=settings.health_port)
    return _run(container, signals, drain_seconds=settings.drain_seconds)


def configuration(settings: ServiceSettings, health: Health) -> dict[str, Any]:
    """What nameko's container and our extensions read."""
    return {
        "AMQP_URI": settings.amqp_url,
        "HEARTBEAT": 20,
        "max_workers": settings.workers,
        "serializer": "json",
        "RETRY_DELAYS_SECONDS": settings.retry_delays_seconds,
        "HEALTH": health,
    }


def _run(container: ServiceContainer, signals: list[int], *, drain_seconds: float) -> int:
    started = time.monotonic()
    try:
        container.start()
    except Exception:
        log.exception("service did not start")
        return EXIT_DIED
    log.info("service started", extra={"seconds": round(time.monotonic() - started, 3)})
    died = eventlet.spawn(container.wait)
    while not signals and not died.dead:
        time.sleep(LOOK_SECONDS)  # wakes the hub, so that a signal is seen at once
    if not signals:
        try:
            died.wait()
        except Exception:
            log.exception("service died")
        return EXIT_DIED
    log.info("service draining", extra={"signal": signals[0], "deadline_seconds": drain_seconds})
    deadline = threading.Timer(drain_seconds, _give_up)
    deadline.daemon = True
    deadline.start()
    container.stop()
    deadline.cancel()
    log.info("service stopped")
    return 0


def _give_up() -> None:
    # What is still in hand is not acknowledged, so that another process does it.
    log.error("drain deadline passed")
    os._exit(EXIT_DRAIN_DEADLINE)


def _wait_for_surroundings(settings: ServiceSettings, signals: list[int]) -> bool:
    """Wait until broker and database answer; False when told to stop meanwhile."""
    pause = 0.2
    while not signals:
        problem = _missing(settings)
        if problem is None:
            return True
        log.warning("waiting", extra={"for": problem})
        time.sleep(pause)
        pause = min(pause * 1.5, 3.0)
    return False


def _missing(settings: ServiceSettings) -> str | None:
    try:
        with kombu.Connection(settings.amqp_url, connect_timeout=3) as connection:
            connection.connect()
    except Exception as error:  # noqa: BLE001 – any reason is a reason to wait
        return f"broker: {error!r}"
    engine = sa.create_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1 FROM outbox LIMIT 1"))
    except Exception as error:  # noqa: BLE001 – migrations may still run
        return f"database: {str(error).splitlines()[0]}"
    finally:
        engine.dispose()
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
