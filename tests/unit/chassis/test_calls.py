"""What is said back to a caller."""

import json

from chassis.bus import calls
from contracts.errors import Conflict


def test_the_facts_of_a_refusal_stay_what_they_are() -> None:
    refusal = Conflict("stale_version", "Changed meanwhile.", {"version": 7, "allowed": ["a"]})

    said = json.loads(json.dumps(calls._plain(refusal)))

    assert Conflict(*said["exc_args"]).facts == {"version": 7, "allowed": ["a"]}
