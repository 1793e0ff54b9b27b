"""Build, rent or both: what a lab asks for by each rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.base import frozen
from aimarket.strategies.procurement.interface import ProcurementView

DRAWS = RandomSource(1).draws("lab", "decide", 1)
VIEW = ProcurementView(
    firm="lab",
    inference_gpus=5e4,
    training_gpus=3e4,
    own_gpus=1e4,
    contracted_gpus=2e4,
    reserved_next_year_gpus=1.5e4,
    spot_price_usd_per_gpu_hour=2.5,
    contract_price_usd_per_gpu_hour=2.2,
    build_cost_usd_per_gpu_hour=1.5,
    on_order_gpus=4e3,
    sellers=("microsoft", "oracle"),
    seller_contracted_gpus=frozen([1.5e4, 5e3]),
)
RENTS = ("rent", "multi_cloud")


def decide(name, view=VIEW, **parameters):
    return make_strategy("procurement", Plug(name=name, **parameters), "test").decide(view, DRAWS)


def test_a_builder_covers_its_need_itself_and_bridges_the_time_until_then():
    decision = decide("build", reserve=0.25, bridge_share=0.5)
    assert decision.build_gpus == pytest.approx(8e4 * 1.25 - 1e4 - 4e3 - 1.5e4)
    assert decision.reserve_gpus + decision.spot_gpus == pytest.approx(8e4 - 1e4 - 2e4)
    assert decision.reserve_gpus == pytest.approx(0.5 * (8e4 - 1e4) - 2e4)


def test_a_builder_asks_for_nothing_once_its_halls_are_up():
    decision = decide("build", replace(VIEW, own_gpus=2e5))
    assert (decision.build_gpus, decision.spot_gpus, decision.reserve_gpus) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("name", ["build", "cheapest_of_both"])
def test_who_cannot_build_rents_and_says_so(name):
    decision = decide(name, replace(VIEW, build_cost_usd_per_gpu_hour=0.0))
    assert decision.build_gpus == 0.0
    assert decision.reserve_gpus + decision.spot_gpus == pytest.approx(5e4)
    assert "cannot build" in decision.reason


@pytest.mark.parametrize(("own_cost", "builds"), [(1.5, True), (1.9, True), (2.1, False), (3.0, False)])
def test_make_or_buy_goes_by_cost_and_tolerance(own_cost, builds):
    decision = decide("cheapest_of_both", replace(VIEW, build_cost_usd_per_gpu_hour=own_cost), tolerance=0.1)
    assert (decision.build_gpus > 0.0) == builds
    assert (decision.reserve_gpus > 0.0) == (not builds)
    assert decision.reserve_gpus + decision.spot_gpus == pytest.approx(5e4)


def test_without_sellers_it_builds_even_when_that_is_dear():
    alone = replace(VIEW, spot_price_usd_per_gpu_hour=0.0, contract_price_usd_per_gpu_hour=0.0, sellers=())
    assert decide("cheapest_of_both", replace(alone, build_cost_usd_per_gpu_hour=50.0)).build_gpus > 0.0


@pytest.mark.parametrize("view", [VIEW, replace(VIEW, spot_price_usd_per_gpu_hour=1.0), replace(VIEW, own_gpus=1e6)])
def test_multi_cloud_rents_as_much_as_rent_from_more_sellers(view):
    one, many = decide("rent", view), decide("multi_cloud", view, spread_share=0.4)
    assert (one.reserve_gpus, one.spot_gpus) == (many.reserve_gpus, many.spot_gpus)
    assert (one.spread_share, many.spread_share) == (0.0, 0.4)


@pytest.mark.parametrize("name", RENTS)
def test_renting_never_builds(name):
    assert decide(name).build_gpus == 0.0


def test_multi_cloud_tells_how_dependent_it_is():
    assert decide("multi_cloud").inputs["largest_seller_share"] == pytest.approx(0.75)
