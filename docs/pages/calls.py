"""The page of calls: what may be asked of whom."""

import inspect
from typing import Any

from contracts import errors
from contracts.catalogue import OPERATIONS, SERVICES
from contracts.grammar import Nothing, Operation
from docs.pages import WARNING, payloads

_INTRO = """# Calls

What the gateway asks of the services. Services never call each other.

- Exchange `nameko-rpc`, routing key `<service>.<call>`, queue `rpc-<service>`; the body is
  `{"args": [<question>], "kwargs": {}}`, the reply `{"result": <answer>, "error": null}`.
- Every call has a deadline. Its message expires in the queue at the same moment, so a call that
  nobody waits for is never carried out.
- A call that *changes* something carries an idempotency key. The answer is kept with the effect, in
  one transaction: asking again with the same key gives the first answer again (`replayed`) and has
  no second effect; the same key with another question is refused (`idempotency_key_reused`).
- A service reads a question tolerantly and ignores fields that it does not know.
"""


def page() -> str:
    """The page as Markdown."""
    sections = [WARNING, _INTRO, _refusals(), _overview()]
    for service in SERVICES:
        sections.append(f"## {service}\n")
        sections += [_call(call) for call in OPERATIONS if call.service == service]
    sections.append("## Payloads and their parts\n")
    sections += [payloads.described(payload) for payload in _payloads()]
    return "\n".join(sections)


def _refusals() -> str:
    drawn = inspect.cleandoc(errors.__doc__ or "").split("\n\n")[1]
    return f"A refusal is one of four:\n\n```text\n{drawn}\n```\n"


def _overview() -> str:
    rows = ["| Call | Asks | Answers | Changes | Deadline |", "|---|---|---|---|---|"]
    rows.extend(
        f"| [`{_name(call)}`](#{_name(call).replace('.', '')}) | {_linked(call.request)} "
        f"| {_linked(call.answer)} | {'yes' if call.mutates else ''} "
        f"| {call.deadline_seconds:g} s |"
        for call in OPERATIONS
    )
    return "\n".join(rows) + "\n"


def _call(call: Operation[Any, Any]) -> str:
    example = payloads.newest_example(_name(call))
    shown = f"{payloads.in_json(example['request'])}\n{payloads.in_json(example['answer'])}"
    return "\n".join(
        (
            f"### {_name(call)}\n",
            f"{payloads.heading(call.request).splitlines()[0]}\n",
            f"Asks {_linked(call.request)}, answers {_linked(call.answer)}.\n",
            payloads.folded(f"Example: {example['about']}", shown),
        )
    )


def _payloads() -> list[type[Any]]:
    spoken = [payload for call in OPERATIONS for payload in (call.request, call.answer)]
    return list(dict.fromkeys([*spoken, *payloads.parts(spoken)]))


def _linked(payload: type[Any]) -> str:
    if payload is Nothing:
        return "nothing"
    return f"[{payload.__name__}](#{payload.__name__.lower()})"


def _name(call: Operation[Any, Any]) -> str:
    return f"{call.service}.{call.name}"
