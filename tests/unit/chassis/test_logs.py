"""A log line is one JSON object that says where and why."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from chassis import context
from chassis.logs import start_logging


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    start_logging(service="bakery", stream=out)
    yield out
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_carries_its_facts_and_the_work_s_correlation(stream: io.StringIO) -> None:
    with context.entered(context.Call(correlation_id="c-1")):
        logging.getLogger("oven").info("oven lit", extra={"degrees": 230})

    line = json.loads(stream.getvalue())
    assert line["message"] == "oven lit"
    assert line["degrees"] == 230
    assert (line["service"], line["level"], line["correlation_id"]) == ("bakery", "INFO", "c-1")


def test_a_traceback_stays_on_the_line(stream: io.StringIO) -> None:
    try:
        raise RuntimeError("burnt")
    except RuntimeError:
        logging.getLogger("oven").exception("bread lost")

    (text,) = stream.getvalue().splitlines()
    assert "RuntimeError: burnt" in json.loads(text)["exception"]
