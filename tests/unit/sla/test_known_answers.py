"""Deadlines other people computed: every exact case of the collected answers, to the second."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from services.sla.domain.calendar import WEEKDAYS, Calendar, Closure, ExceptionalOpening, Opening
from services.sla.domain.instants import MINUTE
from services.sla.domain.timetable import Timetable


def wall(pairs: list[list[str]]) -> list[tuple[int, int]]:
    def minutes(text: str) -> int:
        return int(text[:2]) * 60 + int(text[3:])

    return [
        (minutes(start), minutes(end) if minutes(end) > minutes(start) else minutes(end) + 1440)
        for start, end in pairs
    ]


def without(
    openings: list[tuple[int, int]], breaks: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    for start, end in breaks:
        openings = [
            part
            for left, right in openings
            for part in ((left, min(right, start)), (max(left, end), right))
            if part[0] < part[1]
        ]
    return openings


def timetable(spec: Mapping[str, Any]) -> Timetable:
    """Special hours and breaks replace a day: it is closed, and opened for what is left."""
    week = [wall(spec["week"].get(name, [])) for name in WEEKDAYS]
    holidays = [date.fromisoformat(day) for day in spec.get("holidays", [])]
    closures = [Closure(first=day, last=day) for day in holidays]
    for recurring in spec.get("recurring_holidays", []):
        day = date.fromisoformat(f"2000-{recurring}")
        closures.append(Closure(first=day, last=day, yearly=True))
    exceptions = []
    for text in spec.get("date_hours", {}) | spec.get("breaks", {}):
        day = date.fromisoformat(text)
        if day in holidays:
            continue
        hours = wall(spec.get("date_hours", {}).get(text, [])) or week[day.weekday()]
        left = without(hours, wall(spec.get("breaks", {}).get(text, [])))
        closures.append(Closure(first=day, last=day))
        exceptions.append(
            ExceptionalOpening(on=day, openings=tuple(Opening(*pair) for pair in left))
        )
    return Timetable(
        Calendar(
            key="case",
            version=1,
            zone=spec["tz"],
            week=tuple(tuple(Opening(*pair) for pair in day) for day in week),
            closures=tuple(closures),
            exceptions=tuple(exceptions),
        )
    )


def elapsed(table: Timetable, case: Mapping[str, Any]) -> float:
    start, end = (datetime.fromisoformat(case[name]) for name in ("start", "end"))
    minutes = table.open_time(start=start, end=end) / MINUTE
    unit = case.get("truncated_to_minutes")
    return minutes - minutes % unit if unit else minutes


def answer(case: Mapping[str, Any]) -> object:
    table = timetable(case["calendar"])
    start = datetime.fromisoformat(case["start"])
    target = round(case.get("minutes", 0) * MINUTE)
    answers = {
        "add": lambda: (
            table.due_at(start=start, target=target) if target else table.next_opening(start)
        ),
        "subtract": lambda: (
            table.start_for(end=start, target=target) if target else table.previous_closing(start)
        ),
        "elapsed": lambda: elapsed(table, case),
        "is_open": lambda: table.is_open(start),
        "next_open": lambda: table.next_opening(start),
        "prev_open": lambda: table.previous_closing(start),
        "next_close": lambda: table.next_closing(start),
    }
    return answers[case["op"]]()


def cases(real_data: Path, match: str) -> list[dict[str, Any]]:
    lines = (real_data / "sla-cases" / "cases.jsonl").read_text().splitlines()
    return [case for case in map(json.loads, lines) if case["match"] == match]


def same(found: object, expected: object) -> bool:
    if isinstance(found, datetime):
        return abs(found - datetime.fromisoformat(str(expected))) < timedelta(seconds=1)
    if isinstance(found, bool):
        return found is expected
    return abs(float(str(found)) - float(str(expected))) < 1 / 60


def test_every_exact_answer_is_found_to_the_second(real_data: Path) -> None:
    collected = cases(real_data, "exact")

    assert [case["id"] for case in collected if not same(answer(case), case["expected"])] == []
    assert len(collected) > 400


def test_other_answers_differ_by_closed_time_only(real_data: Path) -> None:
    for case in cases(real_data, "equal_in_working_time"):
        found = answer(case)
        expected = datetime.fromisoformat(case["expected"])

        assert isinstance(found, datetime)
        assert timetable(case["calendar"]).open_time(start=found, end=expected) == 0, case["id"]
