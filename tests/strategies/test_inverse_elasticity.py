"""A cloud that finds the monopoly price by trying."""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.randomness import RandomSource
from aimarket.strategies.base import frozen
from aimarket.strategies.compute_pricing.interface import ComputePricingView
from aimarket.strategies.compute_pricing.inverse_elasticity import InverseElasticity

DRAWS = RandomSource(1).draws("cloud", "decide", 1)


def play(demand, periods, cost=1.0, months=1.0, **parameters):
    """The prices posted against ``demand`` that answers at once."""
    strategy = InverseElasticity(InverseElasticity.Parameters(**parameters))
    prices, sales = [], []
    for _ in range(periods):
        view = ComputePricingView(
            firm="cloud",
            period_months=months,
            spot_price_usd_per_gpu_hour=1.0,
            levelised_cost_usd_per_gpu_hour=cost,
            running_cost_usd_per_gpu_hour=0.5,
            load=0.5,
            contracted_share=0.0,
            past_price_usd_per_gpu_hour=frozen(prices),
            past_sales_gpus=frozen(sales),
        )
        price = strategy.decide(view, DRAWS).spot_price_usd_per_gpu_hour
        prices.append(price)
        sales.append(demand(price))
    return np.array(prices)


def test_straight_demand_gives_the_textbook_price_after_one_pair_of_trials():
    prices = play(lambda p: 10.0 - p, 20, trial_months=3, largest_change=5.0)
    assert prices[6:].mean() == pytest.approx(5.5, rel=2e-3)  # (a + c) / 2, as far as an elasticity is a slope


def test_constant_elasticity_gives_the_inverse_elasticity_rule():
    prices = play(lambda p: p**-3.0, 400, trial_months=2)
    assert (prices[-1] + prices[-3]) / 2.0 == pytest.approx(1.5, rel=1e-3)


def test_each_price_is_held_and_alternates_around_the_base():
    prices = play(lambda p: 10.0 - p, 12, trial_months=3, trial=0.05)
    assert np.unique(prices[:3]).size == np.unique(prices[3:6]).size == 1
    assert prices[0] / prices[3] == pytest.approx(1.05 / 0.95)


def test_quarters_hold_a_price_as_many_months():
    prices = play(lambda p: 10.0 - p, 8, trial_months=6, months=3.0)
    assert np.unique(prices[:2]).size == 1
    assert prices[1] != prices[2]


def test_a_change_is_bounded_and_so_is_the_markup():
    prices = play(lambda _: 1.0, 400, trial_months=1, largest_change=0.1, largest_markup=4.0)
    bases = (prices[::2] + prices[1::2]) / 2.0
    assert np.abs(np.diff(np.log(bases))).max() <= 0.1 + 1e-12
    assert bases[-1] == pytest.approx(5.0)
