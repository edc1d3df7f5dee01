from xml.etree import ElementTree as ET

from deploy.sla.chart import drawn

JOB = {
    "clocks": [
        {"clock": "resolution", "was": {"met": 90, "missed": 10}, "would_be": {"breached": 1}},
    ],
    "blame_was": {"tier1:a<b": 7_200_000_000},
    "blame_would_be": {"requester": 36_000_000_000},
}


def test_a_what_if_is_drawn_with_what_each_bar_says() -> None:
    picture = ET.fromstring(drawn(JOB, title="January & February"))  # noqa: S314 – our own

    said = ["".join(text.itertext()) for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert "January & February" in said
    assert "90.0 % of 100 kept" in said
    assert "0.0 % of 1 kept" in said
    assert {"tier1:a<b", "requester", "2 h", "10 h"} <= set(said)
