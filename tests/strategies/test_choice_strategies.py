"""What the rules of choice make of a menu."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.config.registry import make_strategy, strategies
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.base import checked_decision, frozen
from aimarket.strategies.choice.interface import ChoiceDecision, ChoiceView

RULES = sorted(name for name, cls in strategies()["choice"].items() if cls.__module__.startswith("aimarket.strategies"))
OWN_RULES = [
    "cheapest_good_enough",
    "logit",
    "long_contract",
    "loyal",
    "multi_home",
    "open_first",
    "self_host_at_scale",
]
EVERY_RULE = pytest.mark.parametrize("name", OWN_RULES)
# One API, a better and dearer one, open weights at a host, the same run by the buyer, and a service.
PRODUCTS = ("gpt", "claude", "llama@azure", "llama@self", "copilot")
HOSTED = (False, False, False, True, False)


def menu(*kept, **changes):
    """A view of some of the products, all of them by default."""
    which = list(kept) if kept else list(range(5))
    columns = {
        "products": PRODUCTS,
        "kinds": ("api", "api", "open", "open", "service"),
        "buyer_hosted": HOSTED,
        "sellers": ("openai", "anthropic", "microsoft", "buyers", "openai"),
        "price_usd_per_mtok": np.array([10.0, 15.0, 2.0, 1.0, 20.0]),
        "quality": np.array([2.0, 2.5, 1.4, 1.4, 2.0]),
        "unserved_share": np.zeros(5),
        "usage_share": np.full(5, 0.2),
    }
    chosen = {
        k: frozen(v[which]) if isinstance(v, np.ndarray) else tuple(v[j] for j in which) for k, v in columns.items()
    }
    common = {
        "segment": "enterprises",
        "buyer_type": "enterprise",
        "quality_weight": 1.2,
        "switching_cost": 1.5,
        "reconsider_per_year": 2.0,
        "mtok_per_month": 20.0,
        "budget_usd_per_month": 900.0,
        "commitment_discount_per_year": 0.1,
    }
    return ChoiceView(**{**common, **chosen, **changes})


def nothing():
    empty = {name: () for name in ("products", "kinds", "buyer_hosted", "sellers")}
    none = {name: frozen([]) for name in ("price_usd_per_mtok", "quality", "unserved_share", "usage_share")}
    return replace(menu(), **empty, **none)


def decide(name, view, **parameters):
    """The decision, checked, computed without a warning."""
    strategy = make_strategy("choice", Plug(name=name, **parameters), "test")
    with np.errstate(all="raise", under="ignore"):
        return checked_decision(strategy, view, RandomSource(1).draws("a", "b", 1), ChoiceDecision, "enterprises", 1)


def looked_at(decision, view):
    return [product for product, flag in zip(view.products, decision.considered, strict=True) if flag == 1.0]


def test_all_rules_of_the_model_page_are_there():
    assert set(OWN_RULES) <= set(RULES)


@EVERY_RULE
def test_with_nothing_on_offer_nothing_is_considered(name):
    decision = decide(name, nothing())
    assert decision.considered == decision.utility_shift == ()
    assert decision.inputs["products_offered"] == 0.0


@EVERY_RULE
def test_only_buyers_that_may_host_consider_to(name):
    may = name == "self_host_at_scale"
    assert getattr(strategies()["choice"][name], "buyer_hosting", False) is may
    assert decide(name, menu()).considered[3] == float(may)
    assert decide(name, menu(3)).considered == (float(may),)


@EVERY_RULE
@pytest.mark.parametrize("kept", [(0,), (2,), (4,), (0, 1), (2, 3), (1, 2, 4)])
def test_whatever_sellers_run_something_of_it_is_considered(name, kept):
    view = menu(*kept)
    assert any(flag and not own for flag, own in zip(decide(name, view).considered, view.buyer_hosted, strict=True))


def test_logit_changes_nothing():
    view = menu()
    decision = decide("logit", view)
    assert looked_at(decision, view) == ["gpt", "claude", "llama@azure", "copilot"]
    assert decision.utility_shift == (0.0,) * 5
    assert (decision.switching_cost, decision.reconsider_per_year) == (1.5, 2.0)
    assert (decision.price_sensitivity_factor, decision.concentration_aversion) == (1.0, 0.0)
    assert (decision.commitment_months, decision.hosting_cost_usd_per_month) == (0.0, 0.0)
    assert "4 of 5 products" in decision.reason


def test_loyal_buyers_pay_more_to_leave_and_look_less_often():
    decision = decide("loyal", menu(), switching_cost_factor=3.0, patience_factor=4.0)
    assert decision.switching_cost == pytest.approx(4.5)
    assert decision.reconsider_per_year == pytest.approx(0.5)


def test_loyalty_ends_at_what_a_decision_may_hold():
    decision = decide("loyal", menu(switching_cost=500.0), switching_cost_factor=100.0)
    assert decision.switching_cost == 1e3
    assert "leaving costs 1e+03 utils" in decision.reason


def test_multi_home_shuns_concentration_only():
    decision = decide("multi_home", menu(), concentration_aversion=2.5)
    plain = decide("logit", menu())
    assert decision.concentration_aversion == 2.5
    assert decision.inputs["sellers_considered"] == 3.0
    same = replace(decision, concentration_aversion=0.0, reason=plain.reason, inputs=plain.inputs)
    assert same == plain


def test_good_enough_is_within_the_tolerance_of_the_best_that_sellers_run():
    view = menu(quality=frozen([2.0, 2.5, 1.4, 9.0, 1.9]))
    decision = decide("cheapest_good_enough", view, quality_tolerance=0.55)
    assert looked_at(decision, view) == ["gpt", "claude"]
    assert decision.inputs["best_quality_log"] == 2.5
    assert decision.inputs["lowest_price_usd_per_mtok"] == 10.0


def test_quality_does_not_count_among_what_is_good_enough():
    view = menu()
    decision = decide("cheapest_good_enough", view, quality_tolerance=2.0)
    worth = view.quality_weight * view.quality + np.array(decision.utility_shift)
    seen = np.array(decision.considered) == 1.0
    assert worth[seen] == pytest.approx(np.full(4, 1.2 * 2.5))
    assert decision.utility_shift[3] == 0.0
    assert decision.price_sensitivity_factor == 1.5
    assert decision.reconsider_per_year == pytest.approx(8.0)


def test_without_tolerance_a_router_takes_the_best():
    view = menu()
    assert looked_at(decide("cheapest_good_enough", view, quality_tolerance=0.0), view) == ["claude"]


def test_qualities_far_apart_stay_within_what_a_decision_may_hold():
    decision = decide(
        "cheapest_good_enough",
        menu(quality=frozen([0.0, 20.0, 5.0, 5.0, 1.0]), quality_weight=50.0),
        quality_tolerance=20.0,
    )
    assert max(decision.utility_shift) == 100.0


@pytest.mark.parametrize(("gap", "open_only"), [(1.2, True), (1.0, False)])
def test_open_first_minds_how_far_open_weights_are_behind(gap, open_only):
    view = menu()
    decision = decide("open_first", view, quality_gap=gap)
    assert looked_at(decision, view) == (["llama@azure"] if open_only else ["gpt", "claude", "llama@azure", "copilot"])
    assert decision.inputs["quality_gap_log"] == pytest.approx(1.1)
    assert ("open weights only" in decision.reason) is open_only


def test_open_first_without_open_weights_looks_at_everything_and_says_so():
    view = menu(0, 1, 4)
    decision = decide("open_first", view)
    assert decision.considered == (1.0, 1.0, 1.0)
    assert "no open weights" in decision.reason
    assert "no closed models" in decide("open_first", menu(2)).reason
    assert "no products" in decide("open_first", menu(3)).reason


def test_who_hosts_bears_the_cost_for_each_workload():
    decision = decide("self_host_at_scale", menu(), hosting_cost_usd_per_month=7_000.0)
    assert decision.considered == (1.0,) * 5
    assert decision.hosting_cost_usd_per_month == 7_000.0
    assert decision.inputs["own_gpus_usd_per_mtok"] == 1.0
    assert "own_gpus_usd_per_mtok" not in decide("self_host_at_scale", menu(0, 1)).inputs


@pytest.mark.parametrize(("months", "hazard"), [(24.0, 0.5), (12.0, 1.0), (3.0, 2.0)])
def test_a_contract_is_not_looked_at_before_it_ends(months, hazard):
    decision = decide("long_contract", menu(), commitment_months=months)
    assert decision.commitment_months == months
    assert decision.reconsider_per_year == pytest.approx(hazard)
    assert decision.inputs["commitment_discount_share"] == pytest.approx(1.0 - np.exp(-0.1 * months / 12.0))


@given(
    name=st.sampled_from(OWN_RULES),
    kept=st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True),
    quality=st.lists(st.floats(-30.0, 30.0), min_size=5, max_size=5),
    price=st.floats(1e-3, 1e4),
    weight=st.floats(0.0, 20.0),
    switching_cost=st.floats(0.0, 2e3),
    hazard=st.floats(1e-3, 2e4),
)
def test_whatever_the_menu_the_decision_is_legal(name, kept, quality, price, weight, switching_cost, hazard):
    view = menu(
        *kept,
        quality=frozen(np.array(quality)[kept]),
        price_usd_per_mtok=frozen(np.full(len(kept), price)),
        quality_weight=weight,
        switching_cost=switching_cost,
        reconsider_per_year=hazard,
    )
    decision = decide(name, view)
    assert set(decision.considered) <= {0.0, 1.0}
    assert any(decision.considered) or all(view.buyer_hosted)
