"""The contract suite itself: good strategies pass, and each check notices what it is there for."""

from __future__ import annotations

import broken_strategies as broken
import pytest
from pydantic import Field

from aimarket.config.registry import strategies
from aimarket.config.schema.base import Plug
from aimarket.contract import CHECKS, Candidate, ContractError, check_strategy, contract_of, decide, registered, require
from aimarket.contract.parameters import bounds_text, extremes
from aimarket.strategies.base import Strategy, StrategyParameters

CHECK = {check.__name__: check for check in CHECKS}

# check -> strategies that break it (they may break others, too), and words of what is said about it
BROKEN = [
    ("says_what_it_is", broken.Nameless, "No Name"),
    ("explains_itself", broken.Unsourced, "source must say where the rule comes from"),
    ("explains_itself", broken.Undocumented, "docstring"),
    ("says_what_it_is", broken.Undecided, "did you mean 'chip_pricing'?"),
    ("says_what_it_is", broken.Foreign, "subclass of StrategyParameters"),
    ("describes_and_bounds_its_parameters", broken.Unbounded, "markup needs a lower and an upper bound"),
    ("describes_and_bounds_its_parameters", broken.Undescribed, "markup has no description"),
    ("describes_and_bounds_its_parameters", broken.WithoutDefault, "markup has no default"),
    ("describes_and_bounds_its_parameters", broken.DefaultOutOfBounds, "refuses its own default 10.0"),
    ("refuses_nonsense", broken.Lenient, "must refuse markup = '1'"),
    ("refuses_nonsense", broken.Changeable, "markup can be changed"),
    ("decides_within_bounds", broken.Raising, "on the view 'zero demand' it failed: ZeroDivisionError"),
    ("decides_within_bounds", broken.NotANumber, "returned price_usd = nan, allowed is 0.001 to 1e+07"),
    ("decides_within_bounds", broken.Writing, "tried to change its view"),
    ("decides_within_bounds_at_extreme_parameters", broken.TooCheap, "with markup = 0, on the view 'usual'"),
    ("computes_without_warnings", broken.Dividing, "on the view 'zero demand' it failed: FloatingPointError"),
    ("gives_a_reason_with_numbers", broken.Speechless, "has no number: 'it felt right'"),
    ("gives_a_reason_with_numbers", broken.Wordy, "must be one line"),
    ("gives_a_reason_with_numbers", broken.Infinite, "not finite"),
    ("names_the_inputs_that_mattered", broken.Silent, "names no inputs"),
    ("names_the_inputs_that_mattered", broken.Mumbling, "'Unit cost'"),
    ("returns_a_frozen_decision", broken.Soft, "SoftDecision can be changed"),
    ("is_deterministic", broken.Gambler, "decided twice and differently: reason"),
    ("is_deterministic", broken.RememberingOutside, "decided twice and differently"),
    ("is_free_of_order", broken.Remembering, "decides differently after other views"),
    ("survives_pickling", broken.Unpicklable, "cannot be pickled"),
    ("survives_pickling", broken.Forgetful, "a pickled copy decides differently"),
    ("leaves_its_view_untouched", broken.Meddling, "it changed the view 'usual'"),
    ("uses_only_its_view", broken.Prying, "asks for '_model', which no ChipPricingView has"),
    ("leaves_shared_randomness_alone", broken.SharedNumpy, "shared generator of numpy.random"),
    ("leaves_shared_randomness_alone", broken.SharedRandom, "shared generator of random"),
    ("decides_in_time", broken.Sleeping, "must take less than 50"),
    ("knows_nothing_else", broken.Spying, "as chipco in period 1 of a market it decides differently"),
    (
        "survives_a_year_of_extremes",
        broken.LateFailure,
        "in a year of zero demand: chipco, period 1: chip_pricing strategy",
    ),
]


@pytest.mark.parametrize(("name", "cls", "words"), BROKEN, ids=lambda value: getattr(value, "__name__", None))
def test_a_check_notices_what_it_is_there_for(name, cls, words):
    with pytest.raises(ContractError) as caught:
        CHECK[name](Candidate(cls, "chip_pricing"))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_every_check_is_seen_to_fail():
    assert {name for name, _, _ in BROKEN} == set(CHECK)


@pytest.mark.parametrize("cls", [broken.Honest, broken.Drawing])
def test_an_honest_strategy_passes_every_check(cls):
    told = []
    outcomes = check_strategy(cls, told.append)
    assert [outcome.problem for outcome in outcomes] == [None] * len(CHECKS)
    assert all(outcome.met and outcome.rule for outcome in outcomes)
    assert told == outcomes
    require(cls)


def test_what_breaks_early_leaves_the_rest_unchecked():
    outcomes = check_strategy(broken.NotANumber)
    found = [outcome for outcome in outcomes if outcome.checked and not outcome.met]
    assert [outcome.check for outcome in found] == ["decides_within_bounds"]
    left = outcomes[outcomes.index(found[0]) + 1 :]
    assert left
    assert all(not outcome.checked and not outcome.met for outcome in left)


def test_all_problems_are_raised_together():
    with pytest.raises(ContractError, match=r"Unit cost.*$") as caught:
        require(
            type("Both", (broken.Mumbling,), {"__doc__": "Mumbles and gambles.", "price": broken.SharedRandom.price})
        )
    assert "names_the_inputs_that_mattered" in str(caught.value)
    assert "leaves_shared_randomness_alone" in str(caught.value)


def test_a_strategy_can_be_asked_about_one_view():
    usual = contract_of("chip_pricing").usual
    assert decide(broken.Honest, usual, markup=3.0).price_usd == 4.0 * usual.unit_cost_usd
    assert decide(strategies()["any"]["regime_switch"], usual).price_usd > 0.0
    with pytest.raises(ContractError, match="'honest' decides chip_pricing and is shown a FinanceView"):
        decide(broken.Honest, contract_of("finance").usual)


def test_a_class_without_a_decision_is_told_so():
    outcomes = check_strategy(type("Bare", (Strategy,), {}))
    assert not outcomes[0].met
    assert outcomes[0].problem


def test_a_registered_class_is_gone_afterwards_and_what_it_hid_is_back():
    posted = strategies()["chip_pricing"]["scarcity_markup"]
    before = {decision: dict(by_name) for decision, by_name in strategies().items()}
    with registered(broken.Honest), registered(type("Hiding", (broken.Honest,), {"name": "scarcity_markup"})):
        assert strategies()["chip_pricing"]["honest"] is broken.Honest
        assert strategies()["chip_pricing"]["scarcity_markup"] is not posted
    assert strategies() == before


def test_bounds_in_words():
    model = type(
        "P",
        (StrategyParameters,),
        {
            "__annotations__": {"a": float, "b": float, "c": int, "d": float | None},
            "a": Field(0.5, ge=0, le=1, description="a"),
            "b": Field(0.5, gt=0, lt=1, description="b"),
            "c": Field(2, ge=1, le=12, description="c"),
            "d": Field(None, gt=0, le=2, description="d"),
        },
    )
    words = {name: bounds_text(field) for name, field in model.model_fields.items()}
    assert words == {"a": "0 to 1", "b": "above 0, to below 1", "c": "1 to 12", "d": "above 0, to 2"}
    tried = list(extremes(model))
    assert tried[:2] == [{"a": 0.0}, {"a": 1.0}]
    assert {"c": 1} in tried
    assert all(0.0 < value < 1.0 for trial in tried for name, value in trial.items() if name == "b")
    for trial in tried:
        model(**trial)


def test_a_strategy_made_of_others_is_made_of_two_for_each_decision():
    regime_switch = strategies()["any"]["regime_switch"]
    made = Candidate(regime_switch, "finance").make()
    assert made.decision == "finance"
    assert isinstance(made.parameters.before, Plug)
    assert made.parameters.before != made.parameters.after
