"""A desk's set-up from a file: faults by line, differences first, twice changes nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from deploy.api import Refused
from deploy.apply.plan import Plan, carry_out, planned, written_down
from deploy.apply.sheet import Sheet, SheetFault, read_sheet
from deploy.demo.content import HERE

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
SETUP = """\
groups:
  - {key: desk, name: Meja Layanan, tier: 1, manager: bos@nusantara.example, next_group: network}
  - {key: network, name: Jaringan, tier: 2, manager: bos@nusantara.example}
agents:
  - {key: budi, name: Budi, email: budi@nusantara.example, groups: [desk]}
calendars:
  - key: office
    name: Jam kerja
    zone: Asia/Jakarta
    week:
      mon: [{start: 08:00, end: 12:00}, {start: 13:00, end: 17:00}]
    closures: [{first: 2026-01-01, last: 2026-01-01, name: Tahun Baru}]
    exceptions: [{on: 2026-01-10, openings: [{start: 08:00, end: 12:00}]}]
policies:
  - key: standard
    name: Standar
    targets:
      - {clock: resolution, priority: P1, minutes: 240, calendar: office}
"""


class FakeDesk:
    """Keeps what is put there."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}
        self.puts: list[str] = []
        self.refuses: dict[str, Any] = {}

    def get(self, path: str) -> Any:
        return {"items": [{"spec": spec} for spec in self.kept.get(path, {}).values()]}

    def put(self, path: str, body: Any) -> None:
        if path in self.refuses:
            raise Refused("PUT", path, 422, self.refuses[path])
        part, _, key = path.rpartition("/")
        self.kept.setdefault(part, {})[key] = body
        self.puts.append(path)


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def hold(sheet: Sheet, desk: FakeDesk) -> Plan:
    return planned(sheet, desk, now=NOW)  # type: ignore[arg-type]


def put(text: str, desk: FakeDesk) -> Plan:
    sheet = read_sheet(text)
    plan = hold(sheet, desk)
    carry_out(plan, desk, sheet=sheet, on_step=lambda _: None)  # type: ignore[arg-type]
    return plan


def faults(text: str, desk: FakeDesk) -> list[tuple[int, str, str]]:
    with pytest.raises(SheetFault) as refused:
        put(text, desk)
    return refused.value.faults


def test_a_file_is_put_in_an_order_in_which_everything_it_names_is_there(desk: FakeDesk) -> None:
    put(SETUP, desk)

    assert desk.puts == [
        "/groups/network",
        "/groups/desk",
        "/agents/budi",
        "/calendars/office",
        "/policies/standard",
    ]
    assert desk.kept["/calendars"]["office"]["week"]["mon"][1] == {"start": "13:00", "end": "17:00"}


def test_applying_twice_changes_nothing(desk: FakeDesk) -> None:
    put(SETUP, desk)
    desk.puts.clear()

    plan = put(SETUP, desk)

    assert plan.to_do == ()
    assert desk.puts == []


def test_a_change_is_shown_field_by_field(desk: FakeDesk) -> None:
    put(SETUP, desk)

    plan = hold(read_sheet(SETUP.replace("17:00", "18:00")), desk)

    (step,) = plan.to_do
    assert (step.part, step.key, step.kind) == ("calendars", "office", "changed")
    assert step.changes == (("week.mon.1.end", "17:00", "18:00"),)


def test_what_a_file_does_not_name_stays(desk: FakeDesk) -> None:
    put(SETUP, desk)

    plan = put("calendars: []", desk)

    assert plan.left == {"calendars": ("office",)}
    assert "office" in desk.kept["/calendars"]


def test_what_is_exported_brings_the_same_desk_back(desk: FakeDesk) -> None:
    put(SETUP, desk)
    other = FakeDesk()

    text = yaml.safe_dump(written_down(desk), sort_keys=False)  # type: ignore[arg-type]
    put(text, other)

    assert other.kept == desk.kept
    assert "capacity" not in text


def test_working_hours_of_agents_are_carried_both_ways(desk: FakeDesk) -> None:
    hours = "hours: {zone: Asia/Jakarta, week: {mon: [{start: 22:00, end: 06:00}]}}, lead: true"
    other = FakeDesk()

    put(SETUP.replace("groups: [desk]}", f"groups: [desk], {hours}}}"), desk)
    put(yaml.safe_dump(written_down(desk), sort_keys=False), other)  # type: ignore[arg-type]

    kept = other.kept["/agents"]["budi"]
    assert kept["hours"]["week"] == {"mon": [{"start": "22:00", "end": "06:00"}]}
    assert kept["lead"] is True


def test_thresholds_in_minutes_are_brought_back_too(desk: FakeDesk) -> None:
    around = "minute_thresholds: [{minutes_before: 30}, {minutes_after: 60}]"
    own = "clocks: [{clock: resolution, thresholds: [80, 100]}]"
    put(f"{SETUP}    {around}\n    {own}\n", desk)
    other = FakeDesk()

    put(yaml.safe_dump(written_down(desk), sort_keys=False), other)  # type: ignore[arg-type]

    policy = other.kept["/policies"]["standard"]
    assert other.kept == desk.kept
    assert policy["minute_thresholds"][0]["minutes_before"] == 30
    assert policy["clocks"][0]["thresholds"] == [80, 100]


def test_a_threshold_before_the_start_of_every_clock_is_refused(desk: FakeDesk) -> None:
    text = f"{SETUP}    minute_thresholds: [{{minutes_before: 240}}]\n"

    ((_, path, problem),) = faults(text, desk)

    assert (path, problem) == (
        "policies.0.minute_thresholds.0.minutes_before",
        "No target of it is longer than that.",
    )


def test_the_demonstrations_desk_can_be_applied(desk: FakeDesk) -> None:
    said = yaml.safe_load((HERE / "desk.yaml").read_text())
    parts = {part: said[part] for part in ("groups", "agents", "rules", "calendars", "policies")}

    plan = put(yaml.safe_dump(parts, sort_keys=False), desk)

    assert len(plan.to_do) == sum(len(entries) for entries in parts.values())


@pytest.mark.parametrize(
    ("was", "now", "line", "problem"),
    [
        ("13:00, end: 17:00", "11:00, end: 17:00", 11, "Overlaps another opening."),
        ("zone: Asia/Jakarta", "zone: Asia/Nowhere", 9, "Not a zone"),
        ("minutes: 240", "minutes: 0", 18, "greater than or equal to 1"),
        ("minutes: 240", "minutes: 5000000", 18, "not open so long in five years"),
        ("calendar: office", "calendar: night", 18, "There is no 'night'"),
        ("first: 2026-01-01, last", "first: 2026-02-30, last", 12, "no such date"),
        ("groups: [desk]", "groups: [desk, sales]", 5, "There is no 'sales'"),
        ("    zone: Asia/Jakarta", "    zoen: Asia/Jakarta", 9, "Unknown field"),
        ("tier: 2,", "tier: two,", 3, "Not a valid integer"),
        ("    name: Standar", "    name: Standar\n    name: Standard", 17, "stands here twice"),
        ("key: network", "key: desk", 3, "A second desk."),
        ("agents:", "people:", 4, "Not one of: groups, agents"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_fault_is_named_with_its_line_and_nothing_is_changed(
    was: str, now: str, line: int, problem: str, desk: FakeDesk
) -> None:
    found = faults(SETUP.replace(was, now, 1), desk)

    assert any(at == line and problem in text for at, _, text in found), found
    assert desk.puts == []


def test_a_calendar_that_never_opens_is_refused(desk: FakeDesk) -> None:
    text = "calendars:\n  - key: never\n    name: Never\n    zone: UTC\n    week: {mon: []}\n"

    assert faults(text, desk) == [(5, "calendars.0.week", "The calendar never opens.")]


def test_what_the_desk_refuses_is_named_with_its_line(desk: FakeDesk) -> None:
    errors = [{"field": "targets.0.minutes", "message": "Too long."}]
    desk.refuses["/policies/standard"] = {"errors": errors}

    assert faults(SETUP, desk) == [(18, "policies.0.targets.0.minutes", "Too long.")]


def test_a_file_that_is_no_yaml_names_the_line(desk: FakeDesk) -> None:
    ((line, _, _),) = faults("groups:\n  - {key: desk\n", desk)

    assert line == 3
