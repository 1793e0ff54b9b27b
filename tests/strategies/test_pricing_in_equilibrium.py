"""Prices from a believed equilibrium: they are the equilibrium where the belief is right."""

from __future__ import annotations

import numpy as np
import pytest
from pricing_views import at_once, decided, logit_view, price_of, pricing_view

from aimarket.economics import bertrand_nash, nested_logit_shares, systematic_utility

SYMMETRIC = {"utility": [1.0, 1.0], "cost": [1.0, 1.0], "coefficient": 4.0}


def outside_share(utility, price, coefficient):
    return float(nested_logit_shares(systematic_utility(utility, price, coefficient, "log"))[1])


def equilibrium(utility, cost, coefficient, price_term="log", owner=None):
    return bertrand_nash(utility, cost, coefficient, owner=owner, price_term=price_term).price


def played(name, owner, utility, cost, coefficient, price_term, periods, **parameters):
    """Prices after all firms played ``name`` for ``periods``, from arbitrary prices on."""
    price = np.linspace(1.3, 2.1, len(utility)) * np.array(cost)
    for _ in range(periods):
        new = price.copy()
        for firm in sorted(set(owner)):
            view = logit_view(firm, owner, utility, cost, price, coefficient, price_term)
            new[np.array(owner) == firm] = decided(name, view, **parameters).price_usd_per_mtok
        price = new
    return price


def test_one_look_at_a_symmetric_duopoly_is_enough_for_bertrand_nash():
    price = [1.9, 1.4]
    view = logit_view(0, [0, 1], price=price, **SYMMETRIC)
    outside = outside_share(SYMMETRIC["utility"], price, 4.0)
    assert at_once("bertrand_nash", view, outside_share=outside) == pytest.approx(equilibrium(**SYMMETRIC)[0], rel=1e-9)


def test_one_look_is_enough_for_a_firm_with_several_products_against_rivals_of_equal_cost():
    terms = {"utility": [1.0, 0.5, 1.5, 0.2], "cost": [1.0] * 4, "coefficient": 5.0}
    price, owner = [1.5, 1.6, 1.7, 1.3], [0, 0, 1, 2]
    view = logit_view(0, owner, price=price, **terms)
    believed = {"outside_share": outside_share(terms["utility"], price, 5.0), "adjustment": 1.0, "largest_change": 5.0}
    found = decided("bertrand_nash", view, **believed)
    assert found.price_usd_per_mtok == pytest.approx(tuple(equilibrium(**terms, owner=owner)[:2]), rel=1e-9)


@pytest.mark.parametrize("believed", [0.2, 0.4, 0.8])
@pytest.mark.parametrize("price_term", ["log", "linear"])
def test_a_symmetric_duopoly_rests_at_bertrand_nash_whatever_it_believes_of_the_outside_option(price_term, believed):
    found = played("bertrand_nash", [0, 1], **SYMMETRIC, price_term=price_term, periods=80, outside_share=believed)
    assert found == pytest.approx(equilibrium(**SYMMETRIC, price_term=price_term), rel=1e-6)


def test_the_published_duopoly_is_met():
    """Calvano et al. (2020): 1.47293, with a linear price that the seller takes for a logarithm."""
    market = {"utility": [8.0, 8.0], "cost": [1.0, 1.0], "coefficient": 4.0, "price_term": "linear"}
    assert played("bertrand_nash", [0, 1], **market, periods=80) == pytest.approx(1.47293, abs=5e-6)


def test_rivals_are_believed_to_pay_for_their_quality():
    view = logit_view(0, [0, 1], price=[1.6, 1.6], **SYMMETRIC, rivals=[("api", 1.6, 1.0, 0.5)])
    dear = at_once("bertrand_nash", view, cost_quality_elasticity=0.5)
    assert dear > at_once("bertrand_nash", view, cost_quality_elasticity=0.0)


def test_buyers_that_a_sister_wins_raise_the_price():
    view = logit_view(0, [0, 1], price=[1.6, 1.6], **SYMMETRIC)
    minded = logit_view(0, [0, 1], price=[1.6, 1.6], **SYMMETRIC, sister_gain_mtok=[0.05])
    assert price_of("bertrand_nash", minded) > price_of("bertrand_nash", view)


def test_without_measured_demand_prices_stay():
    decision = decided("bertrand_nash", pricing_view(reconsidered_mtok=0.0, rivals=[("api", 5.0, 0.0, 0.8)]))
    assert decision.price_usd_per_mtok == (4.0,)
    assert "no measured demand" in decision.reason


def test_inelastic_demand_has_no_equilibrium_and_gets_a_best_response_that_says_so():
    view = pricing_view(derivatives_mtok_per_usd=[[-1e3]], share_mtok=0.01, rivals=[("api", 5.0, 0.0, 0.99)])
    decision = decided("bertrand_nash", view, largest_markup=0.8, adjustment=1.0)
    assert "no equilibrium" in decision.reason
    assert decision.price_usd_per_mtok[0] == pytest.approx(3.6)


def test_a_best_response_and_the_equilibrium_have_the_same_resting_point():
    for name in ("myopic_best_response", "bertrand_nash"):
        found = played(name, [0, 1], **SYMMETRIC, price_term="log", periods=300)
        assert found == pytest.approx(equilibrium(**SYMMETRIC), rel=1e-6)
