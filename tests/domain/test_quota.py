"""How many firms are drawn, and which bound decided (R4, R24-R28)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quota import Bound, QuotaInvalid, batch, by_ratio, decide


@pytest.mark.parametrize(
    ("n", "ppm", "k"),
    [
        (1_600_000, 10_000, 16_000),
        (1, 1, 1),
        (99, 30_000, 3),
        (100, 30_000, 3),
        (101, 30_000, 4),
        (0, 500_000, 0),
        (7, 10**6, 7),
    ],
)
def test_r26_rounding_is_upwards(n, ppm, k):
    assert by_ratio(n, ppm) == k


@pytest.mark.parametrize(
    ("n", "ppm", "minimum", "maximum", "k", "bound"),
    [
        (100, 30_000, None, None, 3, Bound.RATIO),
        (100, 30_000, 5, None, 5, Bound.MINIMUM),
        (100, 300_000, None, 20, 20, Bound.MAXIMUM),
        (100, 30_000, 3, 3, 3, Bound.RATIO),
        (3, 30_000, 5, None, 3, Bound.POOL),
        (3, 0, None, None, 1, Bound.AT_LEAST_ONE),
        (0, 30_000, 5, None, 0, Bound.POOL),
        (0, 30_000, None, None, 0, Bound.RATIO),
        (2, 500_000, None, 0, 1, Bound.AT_LEAST_ONE),
    ],
)
def test_r25_the_bound_that_decided_is_named(n, ppm, minimum, maximum, k, bound):
    found = decide(n, ppm, minimum, maximum)
    assert (found.n, found.ppm, found.k, found.bound) == (n, ppm, k, bound)


def test_the_plan_states_the_ratio_only_where_it_gives_k():
    assert decide(100, 30_000).plan_ppm == 30_000
    assert decide(100, 30_000, minimum=5).plan_ppm is None
    assert batch(12, 0, 3, 100).plan_ppm is None


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**6),
    st.none() | st.integers(0, 50),
    st.none() | st.integers(50, 10**6),
)
def test_k_is_at_least_one_and_never_above_the_pool(n, ppm, minimum, maximum):
    k = decide(n, ppm, minimum, maximum).k
    assert min(n, 1) <= k <= n
    assert maximum is None or k <= max(maximum, 1)


@given(st.integers(0, 1000), st.integers(1, 12), st.data())
def test_r26_batches_never_exceed_the_year(annual, batches, data):
    drawn = 0
    for left in range(batches, 0, -1):
        pool = data.draw(st.integers(0, 500))
        found = batch(annual, drawn, left, pool)
        assert found.k <= pool
        drawn += found.k
    assert drawn <= annual


@given(st.integers(0, 1000), st.integers(1, 12))
def test_r26_batches_reach_the_year_where_the_pool_allows(annual, batches):
    drawn = 0
    for left in range(batches, 0, -1):
        drawn += batch(annual, drawn, left, 10_000).k
    assert drawn == annual


def test_a_batch_says_so_and_the_pool_bounds_it():
    assert (batch(10, 0, 3, 100).k, batch(10, 0, 3, 100).bound) == (4, Bound.BATCH)
    assert (batch(10, 0, 3, 2).k, batch(10, 0, 3, 2).bound) == (2, Bound.POOL)
    assert batch(10, 12, 1, 100).k == 0


@pytest.mark.parametrize(
    "values", [(-1, 1), (1, -1), (1, 10**6 + 1), (1, 1, -1), (1, 1, None, -1), (1, 1, 5, 4)]
)
def test_senseless_settings_are_refused(values):
    with pytest.raises(QuotaInvalid):
        decide(*values)


@pytest.mark.parametrize("values", [(-1, 0, 1, 1), (1, -1, 1, 1), (1, 0, 0, 1), (1, 0, 1, -1)])
def test_senseless_batches_are_refused(values):
    with pytest.raises(QuotaInvalid):
        batch(*values)
