"""What is ordered by each rule, and how money, grid and procurement's requests bound it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import lognorm

from aimarket.config.registry import make_strategy, strategies
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.capacity.interface import CapacityView

DRAWS = RandomSource(1).draws("cloud", "decide", 1)
VIEW = CapacityView(
    firm="cloud",
    gpus=1e5,
    on_order_gpus=1e4,
    retiring_gpus=5e3,
    connectable_gpus=4e5,
    demand_gpus=1.2e5,
    demand_growth_per_month=0.02,
    contracted_gpus=5e4,
    lead_months=9.0,
    spot_margin=0.1,
    unit_capex_musd=0.05,
    means_musd=2e4,
    owed_on_orders_musd=500.0,
    planned_musd=0.0,
    annual_return=0.6,
    annual_capital_charge=0.3,
)
MEDIAN = 1.2e5 * math.exp(0.02 * 9.0)
IN_PLACE = 1e5 - 5e3 + 1e4
RICH = replace(VIEW, means_musd=1e9, connectable_gpus=1e7)
OWN_RULES = sorted(set(strategies()["capacity"]) & {"demand_following", "scale_race", "finance_driven", "newsvendor"})


def order(name, view=VIEW, **parameters):
    return make_strategy("capacity", Plug(name=name, **parameters), "test").decide(view, DRAWS).order_gpus


def test_a_scale_race_spends_its_share_whatever_demand_is():
    busy = replace(VIEW, connectable_gpus=1e6)
    idle = replace(busy, demand_gpus=0.0, annual_return=-1.0)
    assert order("scale_race", busy) == order("scale_race", idle) == pytest.approx((0.8 * 2e4 - 500.0) / 0.05)


def test_a_scale_race_stops_at_the_grid():
    assert order("scale_race", replace(VIEW, means_musd=1e9)) == pytest.approx(4e5 - IN_PLACE)


@settings(max_examples=60, deadline=None)
@given(
    demand=st.floats(0.0, 1e6),
    growth=st.floats(-0.2, 0.2),
    means=st.floats(0.0, 1e5),
    connectable=st.floats(0.0, 1e6),
    months=st.sampled_from([1.0, 3.0]),
)
def test_a_scale_race_orders_at_least_what_following_demand_does(demand, growth, means, connectable, months):
    view = replace(
        VIEW,
        demand_gpus=demand,
        demand_growth_per_month=growth,
        means_musd=means,
        connectable_gpus=connectable,
        period_months=months,
    )
    assert order("scale_race", view) >= order("demand_following", view)


def test_finance_driven_orders_only_above_its_hurdle():
    assert order("finance_driven", replace(VIEW, annual_return=0.36), hurdle_premium=0.05) > 0.0
    assert order("finance_driven", replace(VIEW, annual_return=0.34), hurdle_premium=0.05) == 0.0


def test_finance_driven_follows_demand_while_it_may():
    gap = MEDIAN * 1.1 - IN_PLACE
    assert order("finance_driven", gap_closing_share=0.5) == pytest.approx(0.5 * gap)
    assert order("finance_driven", replace(VIEW, period_months=3.0), gap_closing_share=0.5) == pytest.approx(
        0.875 * gap
    )


def test_finance_driven_keeps_its_smallest_runway():
    short = replace(RICH, means_musd=1000.0, owed_on_orders_musd=0.0, demand_gpus=1e6, runway_months=15.0)
    spent = order("finance_driven", short, smallest_runway_months=12.0) * short.unit_capex_musd
    assert 15.0 * (1.0 - spent / 1000.0) == pytest.approx(12.0)
    assert order("finance_driven", replace(short, runway_months=12.0), smallest_runway_months=12.0) == 0.0


def test_a_request_has_to_pass_the_hurdle_of_finance_too():
    asked = replace(VIEW, demand_gpus=0.0, contracted_gpus=0.0, build_request_gpus=1e3)
    assert order("finance_driven", asked) == pytest.approx(1e3)
    assert order("finance_driven", replace(asked, annual_return=0.1)) == 0.0


@pytest.mark.parametrize("annual_return", [0.4, 0.6, 2.0])
def test_the_newsvendor_meets_the_critical_fractile_of_lognormal_demand(annual_return):
    view = replace(
        RICH, annual_return=annual_return, gpus=0.0, on_order_gpus=0.0, retiring_gpus=0.0, contracted_gpus=0.0
    )
    target = order("newsvendor", view, demand_log_sd_per_year=0.4)
    assert lognorm.cdf(target, 0.4 * math.sqrt(0.75), scale=MEDIAN) == pytest.approx(1.0 - 0.3 / annual_return)


def test_the_newsvendor_orders_more_with_the_margin():
    orders = [order("newsvendor", replace(RICH, annual_return=r)) for r in (0.7, 0.9, 1.2, 2.0)]
    assert np.all(np.diff(orders) > 0.0)


def test_risk_raises_the_newsvendors_order_where_margins_are_fat_and_lowers_it_where_they_are_thin():
    for annual_return, sign in ((0.9, 1.0), (0.45, -1.0)):
        view = replace(RICH, annual_return=annual_return, gpus=0.0, on_order_gpus=0.0, retiring_gpus=0.0)
        orders = [order("newsvendor", view, demand_log_sd_per_year=sd) for sd in (0.1, 0.3, 0.6)]
        assert np.all(sign * np.diff(orders) > 0.0)


def test_without_a_margin_the_newsvendor_builds_only_for_contracts():
    loss = replace(RICH, annual_return=0.2)
    assert order("newsvendor", loss) == 0.0
    assert order("newsvendor", replace(loss, contracted_gpus=2e5)) == pytest.approx(2e5 - IN_PLACE)


@pytest.mark.parametrize("name", OWN_RULES)
def test_a_request_to_build_is_ordered_on_top_as_far_as_money_and_grid_go(name):
    asked = replace(VIEW, build_request_gpus=2e3)
    bought_out = name == "scale_race"  # it has spent all it may already
    assert order(name, asked) - order(name) == pytest.approx(0.0 if bought_out else 2e3)
    boundless = replace(VIEW, build_request_gpus=1e9)
    assert order(name, boundless) * 0.05 <= 2e4 - 500.0
    assert order(name, replace(boundless, means_musd=1e9)) <= 4e5 - IN_PLACE + 1e-6
    assert order(name, replace(boundless, means_musd=0.0)) == 0.0


def test_a_plan_is_a_plan_whatever_procurement_asks_for():
    planned = replace(VIEW, planned_musd=100.0, build_request_gpus=1e5)
    decision = make_strategy("capacity", Plug(name="committed_schedule"), "test").decide(planned, DRAWS)
    assert decision.order_gpus == pytest.approx(2000.0)
    assert "100,000 GPUs that procurement asks for are not in it" in decision.reason
