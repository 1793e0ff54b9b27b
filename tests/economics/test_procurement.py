"""Reserved against spot capacity: the closed form, the direct minimum, samples, and what is refused."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from aimarket.economics.errors import EconomicsError
from aimarket.economics.procurement import (
    expected_procurement_cost,
    reserve_newsvendor,
    reserve_newsvendor_sample,
)

SPOT = st.floats(0.1, 50.0)
RATIO = st.floats(0.05, 0.95)
MEAN = st.floats(10.0, 1e4)
SPREAD = st.floats(0.01, 0.5)


def test_the_textbook_newsvendor():
    # Cost 0.5 and price 1: the median.  Fractile 0.8: 0.8416 standard deviations above the mean.
    assert reserve_newsvendor(0.5, 1.0, 100.0, 20.0).reserved == pytest.approx(100.0)
    assert reserve_newsvendor(1.0, 5.0, 100.0, 20.0).reserved == pytest.approx(116.832425, abs=1e-5)
    # Known demand is reserved and nothing else is paid.
    assert reserve_newsvendor(2.0, 5.0, 100.0, 0.0) == (pytest.approx(100.0), pytest.approx(200.0))


@given(SPOT, RATIO, MEAN, SPREAD)
def test_no_other_reserve_is_cheaper(spot, ratio, mean, relative_spread):
    spread = relative_spread * mean
    assume(mean + spread * norm.ppf(1.0 - ratio) >= 0.0)
    best = reserve_newsvendor(ratio * spot, spot, mean, spread)

    def cost(reserved):
        return float(expected_procurement_cost(reserved, ratio * spot, spot, mean, spread))

    found = minimize_scalar(cost, bounds=(0.0, mean + 6.0 * spread), method="bounded", options={"xatol": 1e-9 * mean})
    assert best.expected_cost == pytest.approx(found.fun, rel=1e-9)
    assert best.expected_cost == pytest.approx(cost(best.reserved), rel=1e-9)
    assert best.expected_cost <= found.fun * (1.0 + 1e-12)
    assert norm.cdf(best.reserved, mean, spread) == pytest.approx(1.0 - ratio, abs=1e-9)


@given(SPOT, RATIO, MEAN, SPREAD, st.floats(0.01, 100.0))
def test_units_of_money_and_of_quantity_do_not_matter(spot, ratio, mean, relative_spread, scale):
    assume(1.0 + relative_spread * norm.ppf(1.0 - ratio) >= 0.0)
    spread = relative_spread * mean
    best = reserve_newsvendor(ratio * spot, spot, mean, spread)
    dearer = reserve_newsvendor(ratio * spot * scale, spot * scale, mean, spread)
    larger = reserve_newsvendor(ratio * spot, spot, mean * scale, spread * scale)
    assert dearer.reserved == pytest.approx(float(best.reserved), rel=1e-9, abs=1e-9)
    assert larger.reserved == pytest.approx(float(best.reserved) * scale, rel=1e-9, abs=1e-9)
    for other in (dearer, larger):
        assert other.expected_cost == pytest.approx(float(best.expected_cost) * scale, rel=1e-9)


def test_dearer_reserves_are_smaller_and_dearer_spot_makes_them_larger():
    rates = np.linspace(0.5, 3.5, 13)
    assert (np.diff(reserve_newsvendor(rates, 4.0, 100.0, 20.0).reserved) < 0.0).all()
    assert (np.diff(reserve_newsvendor(2.0, rates + 2.0, 100.0, 20.0).reserved) > 0.0).all()
    # Uncertainty costs money on either side of the median.
    spreads = np.linspace(0.0, 30.0, 7)
    assert (np.diff(reserve_newsvendor(1.0, 4.0, 100.0, spreads).expected_cost) > 0.0).all()
    assert (np.diff(reserve_newsvendor(3.0, 4.0, 100.0, spreads).expected_cost) > 0.0).all()


def test_a_reserve_far_cheaper_than_spot_keeps_its_digits():
    assert reserve_newsvendor(1e-20, 1.0, 100.0, 1.0).reserved == pytest.approx(100.0 + norm.isf(1e-20), rel=1e-12)


def test_costs_of_any_reserve_by_hand():
    # Nothing reserved and demand far above 0: all is bought spot.  Far too much: only the reserve is paid.
    assert expected_procurement_cost([0.0, 500.0], 2.0, 5.0, 100.0, 1.0) == pytest.approx([500.0, 1_000.0])
    # At the mean the shortfall is sd / sqrt(2 pi).
    at_mean = expected_procurement_cost(100.0, 2.0, 5.0, 100.0, 20.0)
    assert at_mean == pytest.approx(200.0 + 5.0 * 20.0 / np.sqrt(2.0 * np.pi))
    assert expected_procurement_cost([80.0, 100.0, 120.0], 2.0, 5.0, 100.0, 0.0) == pytest.approx([260, 200, 240])


def test_the_best_reserve_of_a_sample_by_hand():
    # Half: two of four demands are met.  Cost 1 x 20 + 2 x (10 + 20) / 4.
    assert reserve_newsvendor_sample(1.0, 2.0, [40.0, 10.0, 30.0, 20.0]) == (20.0, 35.0)
    assert reserve_newsvendor_sample(1.0, 4.0, [40.0, 10.0, 30.0, 20.0]).reserved == 30.0
    # 1 - 0.3 is below seven tenths in floating point, and still means seven of ten.
    assert reserve_newsvendor_sample(0.3, 1.0, np.arange(1.0, 11.0)).reserved == 7.0
    assert reserve_newsvendor_sample(0.9, 1.0, np.arange(1.0, 11.0)).reserved == 1.0
    assert reserve_newsvendor_sample(0.99, 1.0, [5.0, 7.0]).reserved == 5.0


@given(SPOT, RATIO, st.lists(st.floats(0.0, 1e3), min_size=1, max_size=12))
def test_no_demand_of_the_sample_is_a_cheaper_reserve(spot, ratio, demand):
    rate = ratio * spot
    best = reserve_newsvendor_sample(rate, spot, demand)
    costs = [rate * k + spot * np.maximum(np.array(demand) - k, 0.0).mean() for k in [0.0, *demand]]
    assert best.expected_cost == pytest.approx(min(costs), rel=1e-9, abs=1e-9)
    assert best.reserved in demand
    assert reserve_newsvendor_sample(rate, spot, demand[::-1]).reserved == best.reserved
    assert reserve_newsvendor_sample(rate, spot, demand * 3).reserved == best.reserved


def test_a_large_normal_sample_is_the_normal_case():
    # A quantile of n draws has a standard error of sqrt(p (1 - p) / n) / density: 0.052 here; five of them.
    demand = np.random.default_rng(7).normal(100.0, 20.0, 200_000)
    sample, normal = reserve_newsvendor_sample(1.7, 2.99, demand), reserve_newsvendor(1.7, 2.99, 100.0, 20.0)
    z = norm.ppf(1.0 - 1.7 / 2.99)
    error = np.sqrt((1.7 / 2.99) * (1.0 - 1.7 / 2.99) / demand.size) * 20.0 / norm.pdf(z)
    assert abs(sample.reserved - normal.reserved) < 5.0 * error
    assert sample.expected_cost == pytest.approx(float(normal.expected_cost), rel=2e-3)


@pytest.mark.parametrize(
    ("function", "arguments", "parameter"),
    [
        (reserve_newsvendor, (0.0, 4.0, 100.0, 20.0), "reserved_rate"),
        (reserve_newsvendor, (4.0, 4.0, 100.0, 20.0), "reserved_rate"),
        (reserve_newsvendor, (5.0, 4.0, 100.0, 20.0), "reserved_rate"),
        (reserve_newsvendor, (np.nan, 4.0, 100.0, 20.0), "reserved_rate"),
        (reserve_newsvendor, (2.0, np.inf, 100.0, 20.0), "spot_rate"),
        (reserve_newsvendor, (2.0, 4.0, -1.0, 20.0), "demand_mean"),
        (reserve_newsvendor, (2.0, 4.0, 100.0, -1.0), "demand_sd"),
        (reserve_newsvendor, (3.9, 4.0, 100.0, 90.0), "demand_sd"),
        (reserve_newsvendor, ([1.0, 2.0], 4.0, [1.0, 2.0, 3.0], 1.0), "demand_mean"),
        (expected_procurement_cost, (-1.0, 2.0, 4.0, 100.0, 20.0), "reserved"),
        (expected_procurement_cost, (1.0, -2.0, 4.0, 100.0, 20.0), "reserved_rate"),
        (expected_procurement_cost, (1.0, 2.0, -4.0, 100.0, 20.0), "spot_rate"),
        (expected_procurement_cost, (1.0, 2.0, 4.0, 100.0, "wide"), "demand_sd"),
        (reserve_newsvendor_sample, (2.0, 2.0, [1.0]), "reserved_rate"),
        (reserve_newsvendor_sample, ([1.0, 2.0], 4.0, [1.0]), "reserved_rate"),
        (reserve_newsvendor_sample, (2.0, 4.0, []), "demand"),
        (reserve_newsvendor_sample, (2.0, 4.0, 3.0), "demand"),
        (reserve_newsvendor_sample, (2.0, 4.0, [1.0, -1.0]), "demand"),
        (reserve_newsvendor_sample, (2.0, 4.0, [1.0, np.nan]), "demand"),
    ],
)
def test_bad_input_is_named(function, arguments, parameter):
    with pytest.raises(EconomicsError) as caught:
        function(*arguments)
    assert caught.value.parameter == parameter
