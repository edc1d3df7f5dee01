"""How a law is put to the test."""

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Law = Callable[[st.DataObject], None]
tried = Counter[str]()  # random examples by law, told at the end of a run


def uphold(law: Law, *, examples: int) -> None:
    """Try to break a law with so many random examples."""

    def counted(data: st.DataObject) -> None:
        tried[law.__name__] += 1
        law(data)

    checked: Callable[[], Any] = given(st.data())(counted)
    settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )(checked)()


def uphold_at_length(law: Law, *, examples: int) -> None:
    """Try to break it with many more, or with as many as `MEJA_TEST_LIVES` says.

    A long run is done in parts by giving each a number and `--hypothesis-seed` of its own.
    """
    uphold(law, examples=int(os.environ.get("MEJA_TEST_LIVES", examples)))
