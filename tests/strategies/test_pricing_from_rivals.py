"""Prices that start from rivals' prices: matching, undercutting, value to the buyer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pricing_views import at_once, decided, price_of, pricing_view

from aimarket.economics import nested_logit_shares, systematic_utility
from aimarket.strategies.base import frozen

FOLLOWERS = ("match_rival", "undercut", "value_based")


def test_a_match_at_equal_quality_is_the_same_price():
    view = pricing_view(rivals=[("api", 7.0, 0.0, 0.3)])
    assert at_once("match_rival", view) == pytest.approx(7.0)


def test_a_better_product_matches_at_a_price_its_quality_is_worth():
    view = pricing_view(quality=0.5, rivals=[("api", 7.0, 0.0, 0.3)])
    assert at_once("match_rival", view, quality_price_coefficient=0.8) == pytest.approx(7.0 * np.exp(0.4))


def test_a_match_is_with_the_nearest_of_the_same_kind_and_otherwise_of_any():
    rivals = [("service", 9.0, 0.0, 0.1), ("api", 6.0, -2.0, 0.1), ("api", 5.0, 1.0, 0.1), ("api", 8.0, 1.0, 0.1)]
    view = pricing_view(rivals=rivals)
    assert at_once("match_rival", view, quality_price_coefficient=0.0) == pytest.approx(5.0)
    assert "rival_2" in decided("match_rival", view).reason
    open_weights = pricing_view(kinds=("open",), rivals=rivals)
    assert at_once("match_rival", open_weights, quality_price_coefficient=0.0) == pytest.approx(9.0)


@pytest.mark.parametrize("name", FOLLOWERS)
def test_who_follows_rivals_never_goes_below_cost_and_scarcity(name):
    view = pricing_view(scarcity_rent_usd_per_mtok=1.0, rivals=[("api", 0.5, 0.0, 0.3)])
    assert at_once(name, view) >= 3.0
    assert price_of(name, replace(view, price_usd_per_mtok=frozen([1.0]))) >= 3.0


@pytest.mark.parametrize("name", ["match_rival", "undercut"])
def test_without_rivals_there_is_nothing_to_follow(name):
    assert at_once(name, pricing_view()) == 4.0


def test_undercutting_goes_below_every_comparable_rival_and_stays_above_cost():
    view = pricing_view(rivals=[("api", 5.0, 0.0, 0.3), ("api", 4.5, 0.2, 0.3), ("api", 0.4, -3.0, 0.3)])
    price = at_once("undercut", view, gap=0.1, quality_price_coefficient=0.5)
    assert price == pytest.approx(0.9 * 4.5 * np.exp(-0.1))
    assert 2.0 < price < 4.5


def test_a_better_product_undercuts_without_a_premium_for_its_quality():
    view = pricing_view(quality=0.8, rivals=[("api", 3.5, 0.0, 0.3)])
    assert at_once("undercut", view, gap=0.1) == pytest.approx(0.9 * 3.5)


def test_who_is_cheaper_already_stays_there_unless_cost_is_higher():
    view = pricing_view(rivals=[("api", 9.0, 0.0, 0.3)])
    assert at_once("undercut", view) == 4.0
    assert at_once("undercut", replace(view, marginal_cost_usd_per_mtok=frozen([5.0]))) == 5.0


def test_undercutting_lowers_the_own_margin_and_raises_the_own_share():
    utility, price = np.array([2.0, 2.0]), np.array([5.0, 5.0])
    view = pricing_view(price_usd_per_mtok=5.0, rivals=[("api", 5.0, 0.0, 0.5)])
    lower = np.array([price_of("undercut", view), 5.0])
    before, _ = nested_logit_shares(systematic_utility(utility, price, 2.0, "log"))
    after, _ = nested_logit_shares(systematic_utility(utility, lower, 2.0, "log"))
    assert lower[0] - 2.0 < price[0] - 2.0
    assert after[0] > before[0]


def test_two_who_undercut_each_other_end_at_the_higher_cost():
    """Bertrand: the one with the higher cost stops there, the other stays just below."""
    prices, costs = [9.0, 9.0], [2.0, 3.0]
    for _ in range(300):
        prices = [
            price_of(
                "undercut",
                pricing_view(
                    price_usd_per_mtok=prices[i],
                    marginal_cost_usd_per_mtok=costs[i],
                    rivals=[("api", prices[1 - i], 0.0, 0.5)],
                ),
                gap=0.02,
            )
            for i in (0, 1)
        ]
    assert prices == pytest.approx([0.98 * 3.0, 3.0])


def test_a_value_based_price_rises_in_the_own_quality_from_all_given_back_to_a_share_kept():
    prices = {q: at_once("value_based", pricing_view(quality=q, rivals=[("api", 6.0, 0.0, 0.3)])) for q in (-0.5, 0, 1)}
    assert prices[0] == pytest.approx(6.0)
    assert prices[-0.5] == pytest.approx(6.0 * np.exp(-0.46))
    assert prices[1] == pytest.approx(6.0 + 0.7 * (6.0 * np.exp(0.92) - 6.0))


def test_the_next_best_alternative_is_the_cheapest_for_its_quality():
    view = pricing_view(quality=1.0, rivals=[("api", 9.0, 1.0, 0.3), ("api", 4.0, 0.0, 0.1)])
    decision = decided("value_based", view, quality_price_coefficient=0.5)
    assert decision.inputs["alternative_price_usd_per_mtok"] == 4.0
    assert decision.inputs["economic_value_usd_per_mtok"] == pytest.approx(4.0 * np.exp(0.5))


def test_without_rivals_a_value_based_price_is_a_multiple_of_full_cost():
    assert at_once("value_based", pricing_view(), markup_without_rivals=3.0) == pytest.approx(10.0)


@pytest.mark.parametrize("name", ["match_rival", "value_based"])
def test_prices_move_part_of_the_way(name):
    view = pricing_view(rivals=[("api", 20.0, 0.0, 0.3)])
    assert 4.0 < price_of(name, view) <= 4.0 * np.exp(0.2) + 1e-12
