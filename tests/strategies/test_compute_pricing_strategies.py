"""What clouds charge by each rule: cost, lists that stick, and rivals that pay more."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.base import frozen
from aimarket.strategies.compute_pricing.interface import ComputePricingView

DRAWS = RandomSource(1).draws("cloud", "decide", 1)
VIEW = ComputePricingView(
    firm="cloud",
    spot_price_usd_per_gpu_hour=2.6,
    levelised_cost_usd_per_gpu_hour=2.0,
    running_cost_usd_per_gpu_hour=0.4,
    load=0.85,
    contracted_share=0.5,
)
RIVALS = replace(
    VIEW,
    customers=("near", "far", "captive"),
    integrated=True,
    alternative_price_usd_per_gpu_hour=frozen([2.5, 9.0, np.inf]),
)


def decide(name, view=VIEW, **parameters):
    return make_strategy("compute_pricing", Plug(name=name, **parameters), "test").decide(view, DRAWS)


def spot(name, view=VIEW, **parameters):
    return decide(name, view, **parameters).spot_price_usd_per_gpu_hour


@pytest.mark.parametrize("load", [0.0, 0.85, 5.0])
def test_cost_plus_is_cost_and_markup_on_both_markets_whatever_the_load(load):
    decision = decide("cost_plus", replace(VIEW, load=load), markup=0.25)
    assert decision.spot_price_usd_per_gpu_hour == decision.contract_price_usd_per_gpu_hour == pytest.approx(2.5)


def test_cost_plus_passes_a_cheaper_chip_on_in_full():
    cheaper = replace(VIEW, levelised_cost_usd_per_gpu_hour=1.0)
    assert spot("cost_plus") == pytest.approx(2.0 * spot("cost_plus", cheaper))


def test_a_list_price_stays_within_its_band_and_jumps_to_the_target_outside():
    for last, expected in ((2.6 * 0.9, 2.6 * 0.9), (2.6 * 1.1, 2.6 * 1.1), (2.6 * 0.8, 2.6), (2.6 * 1.3, 2.6)):
        price = spot("posted", replace(VIEW, spot_price_usd_per_gpu_hour=last), markup=0.3, band=0.15)
        assert price == pytest.approx(expected)


def test_a_list_price_follows_cost_in_steps():
    view, prices = VIEW, []
    for cost in np.linspace(2.0, 1.0, 41):
        view = replace(view, levelised_cost_usd_per_gpu_hour=float(cost))
        view = replace(view, spot_price_usd_per_gpu_hour=spot("posted", view, markup=0.3, band=0.2))
        prices.append(view.spot_price_usd_per_gpu_hour)
    steps = np.diff(np.log(prices))
    assert 2 <= np.count_nonzero(steps) <= 4
    assert (-steps[steps != 0.0] > 0.2).all()


def test_a_list_price_reacts_to_load_and_contracts_get_their_discount():
    decision = decide("posted", replace(VIEW, load=1.35), markup=0.3, load_response=1.0, contract_discount=0.2)
    assert decision.spot_price_usd_per_gpu_hour == pytest.approx(2.6 * np.exp(0.5))
    assert decision.contract_price_usd_per_gpu_hour == pytest.approx(0.8 * 2.6 * np.exp(0.5))


def test_no_list_price_is_set_below_running_cost():
    decision = decide("posted", replace(VIEW, load=0.0, running_cost_usd_per_gpu_hour=1.9), load_response=3.0)
    assert decision.spot_price_usd_per_gpu_hour == decision.contract_price_usd_per_gpu_hour == 1.9


def test_foreclosure_charges_rivals_more_than_everybody_else():
    decision = decide("foreclose", RIVALS, regular_markup=0.1)
    assert decision.spot_price_usd_per_gpu_hour == decision.contract_price_usd_per_gpu_hour == pytest.approx(2.2)
    assert min(decision.negotiated_price_usd_per_gpu_hour) > decision.spot_price_usd_per_gpu_hour


def test_foreclosure_squeezes_a_rival_no_further_than_its_next_best_seller():
    decision = decide(
        "foreclose", RIVALS, regular_markup=0.1, foreclosure_markup=0.5, captive_markup=1.0, undercut=0.01
    )
    near, far, captive = decision.negotiated_price_usd_per_gpu_hour
    assert near == pytest.approx(2.5 * 0.99)
    assert far == pytest.approx(2.2 * 1.5)
    assert captive == pytest.approx(2.2 * 2.0)


def test_foreclosure_never_undercuts_its_own_regular_price():
    cheap = replace(RIVALS, alternative_price_usd_per_gpu_hour=frozen([0.1, 0.1, 0.1]))
    decision = decide("foreclose", cheap)
    assert set(decision.negotiated_price_usd_per_gpu_hour) == {decision.spot_price_usd_per_gpu_hour}


@pytest.mark.parametrize("view", [replace(RIVALS, integrated=False), VIEW, replace(VIEW, integrated=True)])
def test_without_services_of_its_own_or_rivals_everybody_pays_the_regular_price(view):
    decision = decide("foreclose", view)
    assert decision.negotiated_price_usd_per_gpu_hour == ()
    assert decision.spot_price_usd_per_gpu_hour == pytest.approx(2.3)
