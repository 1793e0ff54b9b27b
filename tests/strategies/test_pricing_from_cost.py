"""Prices that start from cost: cost plus, normal cost, two-part tariffs, penetration, target margin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pricing_views import at_once, decided, price_of, pricing_view

from aimarket.strategies.base import frozen


def test_cost_plus_passes_cost_and_scarcity_on_at_once():
    view = pricing_view(marginal_cost_usd_per_mtok=3.0, scarcity_rent_usd_per_mtok=1.0)
    assert price_of("cost_plus", view, markup=0.5) == pytest.approx(6.0)


def test_a_fixed_markup_is_on_full_cost_and_leaves_scarcity_out():
    view = pricing_view(full_cost_usd_per_mtok=2.5, scarcity_rent_usd_per_mtok=7.0)
    assert at_once("fixed_markup", view, markup=0.4) == pytest.approx(3.5)


def test_a_fixed_markup_follows_a_jump_of_cost_slowly_and_comes_to_rest_at_the_markup():
    view, path = pricing_view(price_usd_per_mtok=3.0, full_cost_usd_per_mtok=4.0), []
    for _ in range(60):
        path.append(price_of("fixed_markup", view, markup=0.5))
        view = replace(view, price_usd_per_mtok=frozen([path[-1]]))
    assert 3.0 < path[0] < 3.9
    assert np.all(np.diff(path) > 0.0)
    assert path[-1] == pytest.approx(6.0, rel=1e-6)


def test_a_fixed_markup_moves_in_a_quarter_as_far_as_in_three_months():
    monthly = view = pricing_view(price_usd_per_mtok=3.5)
    for _ in range(3):
        monthly = replace(monthly, price_usd_per_mtok=frozen([price_of("fixed_markup", monthly)]))
    quarter = price_of("fixed_markup", replace(view, period_months=3.0))
    assert quarter == pytest.approx(monthly.price_usd_per_mtok[0], rel=1e-9)


def test_a_two_part_tariff_earns_its_margin_on_every_mtok_used():
    view = pricing_view(kinds=("api", "service"), full_cost_usd_per_mtok=[2.0, 6.0])
    decision = decided("two_part", view, margin=0.6)
    usage, fee = np.array(decision.price_usd_per_mtok), np.array(decision.access_fee_usd_per_mtok)
    assert usage == pytest.approx([2.0, 2.0])
    assert 1.0 - view.full_cost_usd_per_mtok / (usage + fee) == pytest.approx([0.6, 0.6])


def test_a_two_part_tariff_whose_usage_price_already_earns_the_margin_has_no_fee():
    decision = decided("two_part", pricing_view(), margin=0.2, usage_markup=1.0)
    assert decision.price_usd_per_mtok == pytest.approx((4.0,))
    assert decision.access_fee_usd_per_mtok == (0.0,)


def test_open_weights_carry_no_access_fee():
    decision = decided("two_part", pricing_view(kinds=("open", "api")), margin=0.6, open_markup=0.3)
    assert decision.access_fee_usd_per_mtok[0] == 0.0
    assert decision.access_fee_usd_per_mtok[1] > 0.0
    assert decision.price_usd_per_mtok == pytest.approx((2.6, 2.0))


def test_penetration_is_below_cost_only_with_a_long_runway_and_a_small_share():
    small = pricing_view(share_mtok=0.05)
    assert at_once("penetration", small) < small.marginal_cost_usd_per_mtok[0]
    for other in (replace(small, runway_months=11.0), pricing_view(share_mtok=0.35)):
        assert at_once("penetration", other, harvest_markup=0.8) == pytest.approx(2.0 * 1.8)


def test_penetration_goes_deeper_the_smaller_the_share_and_never_below_its_depth():
    prices = [at_once("penetration", pricing_view(share_mtok=s), depth=0.4) for s in (0.0, 0.1, 0.2, 0.29)]
    assert prices == sorted(prices)
    assert prices[0] == pytest.approx(2.0 * 0.6)
    assert prices[-1] < 2.0


def test_penetration_counts_the_share_of_the_whole_firm():
    two = pricing_view(kinds=("api", "service"), share_mtok=0.2)
    assert at_once("penetration", two, target_share=0.3) > 2.0 > at_once("penetration", two, target_share=0.5)


def test_a_target_margin_rises_as_money_runs_short():
    rich, poor = pricing_view(runway_months=1e6), pricing_view(runway_months=0.0)
    terms = {"margin": 0.5, "margin_under_pressure": 0.75}
    assert at_once("target_margin", rich, **terms) == pytest.approx(5.0)
    assert at_once("target_margin", poor, **terms) == pytest.approx(10.0)
    assert "runway_months" in decided("target_margin", poor).inputs
    assert "runway_months" not in decided("target_margin", rich).inputs
