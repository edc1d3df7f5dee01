"""How gunicorn serves the front door: `gunicorn -c gateway/gunicorn_conf.py`.

The application is `gateway.app:get_app()`.

Threads, not green ones: each waits for a service's answer while one connection a process carries
all calls. A stop ends live streams at once and lets requests under way finish within the drain.
"""

import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import Any

from chassis.settings import read
from gateway.settings import GatewaySettings

_SETTINGS = read(GatewaySettings)

bind = f"{_SETTINGS.http_host}:{_SETTINGS.http_port}"
worker_class = "gthread"
workers = _SETTINGS.http_workers
threads = _SETTINGS.http_threads
graceful_timeout = round(_SETTINGS.drain_seconds)
timeout = 60
keepalive = 15

# Larger ones are refused while they are read, before they cost anything.
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190

# The gateway writes its own line for a request, without query strings and headers.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "chassis.logs.JsonLines", "service": "gateway"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "lines",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"level": _SETTINGS.log_level, "handlers": ["stderr"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        # These say in many lines what our own log says in one.
        "amqp": {"level": "WARNING"},
        "kombu": {"level": "WARNING"},
    },
}

# prometheus_client counts over several processes in files, in a folder it finds by this variable.
_MULTIPROC = "PROMETHEUS_MULTIPROC_DIR"
_OWN_FOLDER = None
if _MULTIPROC not in os.environ:  # noqa: TID251
    _OWN_FOLDER = tempfile.mkdtemp(prefix="meja-metrics-")
    os.environ[_MULTIPROC] = _OWN_FOLDER  # noqa: TID251


def on_starting(_server: Any) -> None:
    """Start counting from nothing: files of an earlier run would be added."""
    for left in Path(os.environ[_MULTIPROC]).glob("*.db"):  # noqa: TID251
        left.unlink()


def post_worker_init(worker: Any) -> None:
    """Let a stop end the live streams, which would else hold it up until its deadline."""

    def stop(number: int, frame: Any) -> None:
        worker.wsgi.live.stop()
        worker.handle_exit(number, frame)

    signal.signal(signal.SIGTERM, stop)


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the gauges of a process that ended."""
    from prometheus_client import multiprocess  # noqa: PLC0415 – reads the variable set above

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """Leave nothing behind."""
    if _OWN_FOLDER:
        shutil.rmtree(_OWN_FOLDER, ignore_errors=True)
