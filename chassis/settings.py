"""Settings: the environment is read once, at start, and everything that is wrong is said at once.

A settings class is a frozen dataclass. Its field `drain_seconds` is read from `MEJA_DRAIN_SECONDS`;
units stand in the name.
"""

import dataclasses
import os
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

T = TypeVar("T")
PREFIX = "MEJA_"


class SettingsWrong(Exception):
    """Settings are missing or unreadable; the message lists every one of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("settings: " + "; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class BrokerSettings:
    """Where the broker is, and how failed events wait.

    Attributes:
        amqp_url: the broker, `amqp://user:password@host:port/vhost`.
        retry_delays_seconds: how long a failed event waits before each further try; the same for
            every process of a house, since each delay is a queue.
    """

    amqp_url: str
    retry_delays_seconds: tuple[float, ...] = (1.0, 5.0, 30.0, 120.0)


@dataclass(frozen=True, kw_only=True)
class DatabaseSettings:
    """Where a service's own database is.

    Attributes:
        database_url: `sqlite:////path` or `postgresql+psycopg2://user:password@host/name`.
    """

    database_url: str


@dataclass(frozen=True, kw_only=True)
class ServiceSettings(BrokerSettings, DatabaseSettings):
    """What every service process needs, beside broker and database.

    Attributes:
        workers: calls and events handled side by side in this process.
        drain_seconds: how long a stop waits for work in hand.
        health_port: where /health/* and /metrics are served; 0 serves none.
        clock_file: a steered clock for tests and demonstrations.
        inbox_days: how long a handled message is remembered; longer than any redelivery.
        answer_hours: how long the answer to an idempotency key is kept.
    """

    workers: int = 10
    drain_seconds: float = 20.0
    health_host: str = "127.0.0.1"
    health_port: int = 0
    log_level: str = "INFO"
    clock_file: str | None = None
    inbox_days: int = 14
    answer_hours: int = 24


def read(kind: type[T], environ: Mapping[str, str] | None = None) -> T:
    """A settings object read from the environment.

    Raises:
        SettingsWrong: naming every variable that is missing or cannot be read.
    """
    environ = os.environ if environ is None else environ
    hints = typing.get_type_hints(kind)
    found: dict[str, Any] = {}
    problems: list[str] = []
    for field in dataclasses.fields(cast("Any", kind)):
        name = PREFIX + field.name.upper()
        text = environ.get(name, "")
        if text:
            try:
                found[field.name] = _value(hints[field.name], text)
            except ValueError as wrong:
                problems.append(f"{name}: {wrong}")
        elif _is_required(field):
            problems.append(f"{name} is missing")
    if problems:
        raise SettingsWrong(problems)
    return kind(**found)


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _value(hint: Any, text: str) -> Any:
    if isinstance(hint, types.UnionType):
        hint = next(arm for arm in typing.get_args(hint) if arm is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, part.strip()) for part in text.split(",") if part.strip())
    return _READERS[hint](text)


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"{text!r} is neither true nor false")


_READERS: dict[Any, Callable[[str], Any]] = {str: str, int: int, float: float, bool: _flag}


def tracing_endpoint() -> str | None:
    """Where spans go, by OpenTelemetry's own variable."""
    return os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or None
