"""The page of events: who says what, and who listens."""

from contracts.catalogue import EVENTS, SERVICES, SUBSCRIPTIONS
from contracts.grammar import Event
from docs.pages import WARNING, payloads

_INTRO = """# Events

What services tell. An event is a fact that has happened; it leaves after the transaction that made
it true has been committed, at least once, and a listener handles it once
([why](../explanation/why-outbox.md)).

- Exchange `<speaker>.events`, routing key = the event's name, body = JSON of the fields below.
- AMQP properties: `message_id` (UUIDv7; the listener's inbox knows a repeat by it),
  `correlation_id` (one for all that follows from one request), `type` (the name). Headers:
  `occurred_at`, `correlation_id`, `causation_id`, `traceparent`.
- An *instant* is ISO 8601 in UTC, such as `2026-01-05T01:00:00.250000Z`. Fields that end in `_us`
  are whole microseconds.
- Events of one speaker leave in the order they were told. A listener may still see them in another
  order (a retried one comes later), so ticket events carry `seq` and others a `revision`.
- A listener ignores fields that it does not know: events only grow. A changed meaning is a new
  `.v2` beside the `.v1`.
"""


def page() -> str:
    """The page as Markdown."""
    sections = [WARNING, _INTRO, _overview()]
    for service in SERVICES:
        sections.append(f"## {service}\n")
        sections += [_event(event) for event in EVENTS if service == event.SPEAKER]
    sections.append("## Parts\n")
    sections += [payloads.described(part) for part in payloads.parts(EVENTS)]
    return "\n".join(sections)


def _overview() -> str:
    rows = ["| Event | Says | Heard by |", "|---|---|---|"]
    for event in EVENTS:
        first = payloads.heading(event).splitlines()[0]
        rows.append(f"| [`{event.NAME}`](#{_anchor(event)}) | {first} | {_listeners(event)} |")
    return "\n".join(rows) + "\n"


def _event(event: type[Event]) -> str:
    example = payloads.newest_example(event.NAME)
    return "\n".join(
        (
            f"### {event.NAME}\n",
            f"{payloads.heading(event)}\n",
            f"Heard by: {_listeners(event)}\n",
            payloads.table(event),
            payloads.folded(f"Example: {example['about']}", payloads.in_json(example["body"])),
        )
    )


def _listeners(event: type[Event]) -> str:
    found = [one.listener for one in SUBSCRIPTIONS if one.event is event]
    return ", ".join(found) or "nobody yet"


def _anchor(event: type[Event]) -> str:
    return event.NAME.replace(".", "")
