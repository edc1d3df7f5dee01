"""The dials of the gateway, read once from `MEJA_…` variables."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """What the front door needs.

    Attributes:
        amqp_url: the broker, `amqp://user:password@host:port/vhost`.
        database_url: the gateway's own database, `sqlite:////path` or `postgresql+psycopg2://…`.
        http_workers: processes; each has one connection to the broker.
        http_threads: requests handled side by side in one process.
        drain_seconds: how long a stop waits for requests under way.
        body_bytes: the longest body that is read.
        import_bytes: the longest zip of articles that is read.
        rate_per_second: requests one token or session may make, per process, in the long run.
        rate_burst: how many of them at once.
        streams: live streams one process holds open; each keeps one of its threads.
        session_idle_minutes: a session that was not used for so long has ended.
        session_hours: a session ends after so long in any case.
        proof_cache_seconds: a revoked token may still be let in for so long.
        secure_cookies: the portal is reached by https only.
        time_zone: the zone that the portal shows times in, a name of the tz database.
        desk_calendar: the calendar by which the hotline says when somebody is there; the one that
            most policies use when it is not set.
        clock_file: a steered clock for tests and demonstrations.
    """

    amqp_url: str
    database_url: str
    http_host: str = "127.0.0.1"
    http_port: int = 8080
    http_workers: int = 2
    http_threads: int = 16
    drain_seconds: float = 20.0
    body_bytes: int = 1_048_576
    import_bytes: int = 16_777_216
    rate_per_second: float = 500.0
    rate_burst: int = 1000
    streams: int = 8
    session_idle_minutes: int = 120
    session_hours: int = 12
    proof_cache_seconds: float = 5.0
    secure_cookies: bool = False
    time_zone: str = "Asia/Jakarta"
    desk_calendar: str | None = None
    log_level: str = "INFO"
    clock_file: str | None = None
