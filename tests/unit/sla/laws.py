"""How a law is put to the test."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def uphold(law: Callable[[st.DataObject], None], *, examples: int) -> None:
    """Try to break a law with so many random examples."""
    checked: Callable[[], Any] = given(st.data())(law)
    settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )(checked)()
