"""Demand as sellers and theory see it."""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.config import load_config
from aimarket.economics import bertrand_nash, nested_logit_shares
from aimarket.markets.demand import fresh_demand, offer_to
from aimarket.model import AIMarket
from aimarket.theory.textbook import textbook


@pytest.fixture(scope="module")
def baseline_market():
    model = AIMarket("baseline", 1, overrides={"time.periods": 30})
    model.run()
    return model


def test_fresh_demand_of_a_textbook_is_its_demand_system():
    model = AIMarket("theory/nested", 1)
    model.step()
    market, price = textbook(model.config), model.catalogue.price
    shares, _ = nested_logit_shares(
        market.quality - market.price_coefficient * price, market.nest, market.nesting, market.outside_utility
    )
    assert market.products == model.catalogue.names
    demand = fresh_demand(model, price, model.catalogue.available)
    assert demand.quantity == pytest.approx(shares * market.market_size, rel=1e-12)


def test_derivatives_are_those_of_the_quantities(baseline_market):
    model = baseline_market
    price, available = model.catalogue.price.copy(), model.catalogue.available
    demand = fresh_demand(model, price, available)
    for k in np.flatnonzero(available)[:4]:
        step = 1e-5 * price[k]
        up, down = (
            fresh_demand(model, np.where(np.arange(price.size) == k, price + sign * step, price), available).quantity
            for sign in (1.0, -1.0)
        )
        slope = (up - down) / (2.0 * step)
        assert demand.derivatives[:, k] == pytest.approx(slope, rel=1e-5, abs=1e-7 * abs(slope[k]))


def test_steepness_is_at_least_the_own_derivative(baseline_market):
    model = baseline_market
    demand = fresh_demand(model, model.catalogue.price, model.catalogue.available)
    sold = demand.quantity > 0.0
    assert (demand.steepness[sold] <= np.diag(demand.derivatives)[sold]).all()
    assert not demand.quantity[~model.catalogue.available].any()


def test_habits_play_no_part(baseline_market):
    """The same tastes with and without switching costs choose alike once nobody has a product to stay with."""
    model = baseline_market
    before = fresh_demand(model, model.catalogue.price, model.catalogue.available).quantity
    stuck = load_config("baseline", {"time.periods": 30, "agents.consumers.tastes.switching_cost": 9.0})
    other = AIMarket(stuck, 1)
    other.run()
    other.catalogue.quality, other.catalogue.appeal = model.catalogue.quality, model.catalogue.appeal
    for mine, theirs in zip(other.firms.values(), model.firms.values(), strict=True):
        if hasattr(theirs, "service_appeal"):
            mine.service_appeal = theirs.service_appeal
    after = fresh_demand(other, model.catalogue.price, model.catalogue.available).quantity
    assert after == pytest.approx(before, rel=1e-12)


def test_the_rounded_corner_is_between_what_is_wanted_and_what_is_affordable(baseline_market):
    model = baseline_market
    everything = np.ones(model.catalogue.size, dtype=bool)
    for segment in model.segments:
        for factor in (1e-3, 1.0, 1e3):
            price = model.catalogue.price * factor
            free = np.zeros(price.size)
            sharp = offer_to(model, segment, price, free, everything, 0.0)
            smooth = offer_to(model, segment, price, free, everything, 0.0, 0.02)
            # At the corner itself 2 ** -0.02 of it is left, and everywhere else more.
            assert (smooth.intensity <= sharp.intensity * (1 + 1e-12)).all()
            assert (smooth.intensity >= sharp.intensity * 2.0**-0.02 * (1 - 1e-12)).all()
            low, high = min(segment.entry.usage.price_elasticity, 1.0), max(segment.entry.usage.price_elasticity, 1.0)
            assert ((smooth.elasticity >= low - 1e-12) & (smooth.elasticity <= high + 1e-12)).all()
            assert set(np.round(sharp.elasticity, 9)) <= {round(low, 9), round(high, 9)}


def test_fresh_demand_at_equilibrium_meets_the_first_order_conditions():
    model = AIMarket("theory/duopoly", 1)
    model.step()
    market = textbook(model.config)
    theory = bertrand_nash(market.quality, market.cost, market.price_coefficient)
    demand = fresh_demand(model, theory.price, model.catalogue.available)
    markup = -demand.quantity / np.diag(demand.derivatives)
    assert markup == pytest.approx(theory.markup, rel=1e-10)
