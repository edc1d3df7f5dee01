"""What is wrong in a content file is said by file and field."""

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.demo.content import HERE, ContentFault, parse
from deploy.demo.desk import Desk, read_desk
from deploy.demo.tickets import minute_of, read_day

Change = Callable[[dict[str, Any]], None]


def faults_of_desk(tmp_path: Path, change: Change) -> dict[str, list[str]]:
    with pytest.raises(ContentFault) as fault:
        read_desk(changed(tmp_path, "desk.yaml", change))
    assert fault.value.file == "desk.yaml"
    return fault.value.errors


def faults_of_day(tmp_path: Path, change: Change) -> dict[str, list[str]]:
    with pytest.raises(ContentFault) as fault:
        read_day(the_desk(), changed(tmp_path, "tickets.yaml", change))
    assert fault.value.file == "tickets.yaml"
    return fault.value.errors


@cache
def the_desk() -> Desk:
    return read_desk()


def changed(tmp_path: Path, name: str, change: Change) -> Path:
    content = copy.deepcopy(shipped(name))
    change(content)
    path = tmp_path / name
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return path


@cache
def shipped(name: str) -> dict[str, Any]:
    """The shipped content; of the day its first three tickets, as the rest takes long to read."""
    content: dict[str, Any] = yaml.safe_load((HERE / name).read_text("utf-8"))
    if "tickets" in content:
        del content["tickets"][3:]
    return content


def put(path: str, value: Any) -> Change:
    """A change that sets one value, such as `groups.0.tier`."""

    def change(content: dict[str, Any]) -> None:
        *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        place: Any = content
        for step in steps:
            place = place[step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("groups.0.tier", 4),
        ("groups.1.next_group", "nowhere"),
        ("groups.5.next_group", "service-desk"),
        ("agents.0.groups.0", "nowhere"),
        ("agents.0.skills.account", 9),
        ("agents.3.email", "not an address"),
        ("rules.0.group", "nowhere"),
        ("rules.0.category", "nothing"),
        ("rules.0.skill", "juggling"),
        ("organisation.zone", "Asia/Atlantis"),
        ("calendars.0.zone", "Asia/Atlantis"),
        ("calendars.0.closures.0.last", "2025-12-31"),
        ("policies.0.targets.2.calendar", "nothing"),
        ("policies.0.targets.2.minutes", 0),
        ("policies.1.colour", "red"),
    ],
)
def test_a_fault_of_the_desk_names_its_field(tmp_path: Path, path: str, value: object) -> None:
    assert path in faults_of_desk(tmp_path, put(path, value))


def test_a_fault_inside_a_mapping_names_the_entry(tmp_path: Path) -> None:
    errors = faults_of_desk(tmp_path, put("calendars.0.week.mon.0.start", "8 o'clock"))

    assert [path.split(".")[:4] for path in errors] == [["calendars", "0", "week", "mon"]]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        put("rules.0.group", "nowhere")(content)
        put("policies.0.targets.2.calendar", "nothing")(content)

    assert len(faults_of_desk(tmp_path, change)) >= 2


def test_a_key_may_stand_only_once_in_a_list(tmp_path: Path) -> None:
    errors = faults_of_desk(tmp_path, put("groups.1.key", "service-desk"))

    assert errors["groups.1.key"][0] == "'service-desk' stands here twice."


def test_a_group_needs_somebody_who_works_in_it(tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["groups"].append({**content["groups"][5], "key": "empty"})

    assert "groups.6.key" in faults_of_desk(tmp_path, change)


def test_the_last_rule_must_catch_every_ticket(tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["rules"].pop()

    errors = faults_of_desk(tmp_path, change)

    assert list(errors.values()) == [["The last rule must fit every ticket."]]


def test_rules_are_tried_in_the_order_of_the_file() -> None:
    positions = [rule.position for rule in read_desk().rules]

    assert positions == sorted(set(positions))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tickets.0.requester", "nobody"),
        ("tickets.0.expect.group", "nowhere"),
        ("tickets.0.expect.category", "nothing"),
        ("tickets.0.impact", "enormous"),
        ("tickets.0.subject", ""),
        ("tickets.2.at", "07:59"),
        ("tickets.0.acts.0.do", "dance"),
        ("tickets.0.acts.0.at", "07:55"),
        ("tickets.0.acts.0.group", "platform"),
        ("tickets.0.acts.1.resolution.cause", "ghosts"),
        ("tickets.0.acts.1.resolution.code", "magic"),
        ("tickets.0.colour", "red"),
    ],
)
def test_a_fault_of_the_day_names_its_field(tmp_path: Path, path: str, value: object) -> None:
    assert path in faults_of_day(tmp_path, put(path, value))


def test_a_transfer_needs_a_group_a_reason_and_a_word(tmp_path: Path) -> None:
    errors = faults_of_day(tmp_path, put("tickets.0.acts", [{"at": "08:10", "do": "transfer"}]))

    assert set(errors) == {
        "tickets.0.acts.0.group",
        "tickets.0.acts.0.reason_code",
        "tickets.0.acts.0.text",
    }


@pytest.mark.parametrize(
    ("acts", "fault"),
    [
        (["close"], "Cannot close a ticket that is open."),
        (["reopen"], "Cannot reopen a ticket that is open."),
        (["cancel", "reply"], "Cannot reply a ticket that is over."),
    ],
)
def test_a_story_follows_the_life_of_a_ticket(tmp_path: Path, acts: list[str], fault: str) -> None:
    told = [{"at": "08:30", "do": deed, "text": "Baik."} for deed in acts]

    errors = faults_of_day(tmp_path, put("tickets.0.acts", told))

    assert errors == {f"tickets.0.acts.{len(acts) - 1}.do": [fault]}


def test_a_key_given_twice_in_yaml_is_refused_not_dropped() -> None:
    with pytest.raises(ContentFault, match="'tier' stands here twice"):
        parse("tier: 1\ntier: 2\n", file="desk.yaml")


@pytest.mark.parametrize("text", ["", "- a list", "a: [1", "? [a]\n: 1"])
def test_what_is_no_yaml_mapping_is_refused(text: str) -> None:
    with pytest.raises(ContentFault, match=r"desk\.yaml"):
        parse(text, file="desk.yaml")


def test_minutes_are_counted_from_midnight() -> None:
    assert minute_of("08:05") == 485
