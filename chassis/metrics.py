"""Metrics every process exports, in Prometheus' form. Buckets are seconds."""

from prometheus_client import Counter, Gauge, Histogram

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

RPC_SECONDS = Histogram(
    "meja_rpc_seconds",
    "Time to answer a call, by operation and outcome (ok, refused, failed).",
    ["operation", "outcome"],
    buckets=BUCKETS,
)
EVENT_SECONDS = Histogram(
    "meja_event_seconds",
    "Time to handle an event, by name and outcome (ok, repeated, retried, dead).",
    ["event", "outcome"],
    buckets=BUCKETS,
)
EVENT_LAG_SECONDS = Histogram(
    "meja_event_lag_seconds",
    "Time from the speaker's transaction to the start of handling.",
    ["event"],
    buckets=BUCKETS,
)
RELAYED = Counter("meja_outbox_relayed_total", "Events confirmed by the broker.")
UNROUTABLE = Counter("meja_outbox_unroutable_total", "Events no queue was bound for.")
OUTBOX_ROWS = Gauge("meja_outbox_rows", "Events waiting in the outbox.")
OUTBOX_AGE_SECONDS = Gauge("meja_outbox_age_seconds", "Age of the oldest event in the outbox.")
TIMER_LATENESS_SECONDS = Histogram(
    "meja_timer_lateness_seconds", "How late a timer was fired.", buckets=BUCKETS
)
WORKERS_BUSY = Gauge("meja_workers_busy", "Calls and events being handled.")
RECONNECTS = Counter("meja_broker_reconnects_total", "Connections to the broker made anew.")
