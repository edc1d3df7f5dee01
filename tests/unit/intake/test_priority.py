"""Impact × urgency."""

import itertools

import pytest

from services.intake.domain.priority import MATRIX, priority_of


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"),
    [
        ("high", "high", "P1"),
        ("high", "medium", "P2"),
        ("medium", "high", "P2"),
        ("high", "low", "P3"),
        ("medium", "medium", "P3"),
        ("low", "high", "P3"),
        ("medium", "low", "P4"),
        ("low", "medium", "P4"),
        ("low", "low", "P5"),
    ],
)
def test_impact_and_urgency_give_the_priority(impact: str, urgency: str, priority: str) -> None:
    assert priority_of(impact=impact, urgency=urgency) == priority


def test_more_impact_or_urgency_never_lowers_the_priority() -> None:
    levels = ("low", "medium", "high")
    for level, more in itertools.pairwise(levels):
        for other in levels:
            assert MATRIX[more, other] <= MATRIX[level, other]
            assert MATRIX[other, more] <= MATRIX[other, level]
