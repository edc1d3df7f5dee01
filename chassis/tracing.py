"""Tracing: W3C context travels with every call and event.

Spans are exported where `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector. Without it nothing is
recorded, and the context that came in is passed on.
"""

from opentelemetry import trace

from chassis.settings import tracing_endpoint


def start(*, service: str) -> bool:
    """Export the spans of this process if there is a collector; whether there is."""
    if not tracing_endpoint():
        return False
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 – costs memory, so only when used
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True


TRACER = trace.get_tracer("meja")
