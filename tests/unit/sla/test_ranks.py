from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from services.sla.domain.ranks import percentiles

LENGTHS = st.integers(0, 50) | st.integers(0, 2**62)
RUNS = st.lists(st.lists(LENGTHS, max_size=120).map(sorted), max_size=12).filter(any)


@given(runs=RUNS, percent=st.integers(1, 100))
def test_a_percentile_over_many_runs_is_that_of_all_values_sorted(
    runs: list[list[int]], percent: int
) -> None:
    everything = sorted(value for run in runs for value in run)

    (found,) = percentiles(runs, [percent])

    assert found == everything[ceil(len(everything) * percent / 100) - 1]


@given(value=LENGTHS, times=st.integers(1, 3000))
def test_equal_values_are_as_many_as_they_are(value: int, times: int) -> None:
    assert percentiles([[value] * times, [value + 1]], [1, 100]) == [value, value + 1]


def test_a_run_that_has_all_the_small_values_misleads_nobody() -> None:
    runs = [list(range(10_000)), list(range(10**9, 10**9 + 30_000)), *([5] for _ in range(500))]
    everything = sorted(value for run in runs for value in run)

    found = percentiles(runs, range(1, 101))

    assert found == [everything[len(everything) * p // 100 - 1] for p in range(1, 101)]
