"""Priority: how much is hurt (impact) and how soon it must be mended (urgency)."""

from collections.abc import Mapping

MATRIX: Mapping[tuple[str, str], str] = {
    # impact, then urgency
    ("high", "high"): "P1",
    ("high", "medium"): "P2",
    ("medium", "high"): "P2",
    ("high", "low"): "P3",
    ("medium", "medium"): "P3",
    ("low", "high"): "P3",
    ("medium", "low"): "P4",
    ("low", "medium"): "P4",
    ("low", "low"): "P5",
}


def priority_of(*, impact: str, urgency: str) -> str:
    """P1 (now) to P5 (when there is time)."""
    return MATRIX[impact, urgency]
