"""Growth at any price, profit first, and what each does to the runway."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimarket.config.registry import make_strategy
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.finance.interface import FinanceView

DRAWS = RandomSource(1).draws("lab", "decide", 1)
VIEW = FinanceView(
    firm="lab",
    cash_musd=6000.0,
    debt_musd=1000.0,
    fixed_assets_musd=2000.0,
    operating_cash_flow_musd_per_month=-300.0,
    investment_musd_per_month=100.0,
    expected_burn_musd_per_month=500.0,
    due_next_year_musd=6000.0,
    commitments_musd=5e4,
    valuation_musd=9e4,
    borrowing_room_musd=400.0,
    training_scale=1.0,
    granted_share=1.0,
    training_musd_per_month=450.0,
    equity_open_musd=9000.0,
)


def decide(name, view=VIEW, **parameters):
    return make_strategy("finance", Plug(name=name, **parameters), "test").decide(view, DRAWS)


def played(name, months=36, **parameters):
    """Cash left after ``months`` without new money, where training is the part of the burn that can be held."""
    view = VIEW
    for _ in range(months):
        scale = decide(name, view, **parameters).training_scale
        training = 450.0 * scale
        burn = 50.0 + training
        view = replace(
            view,
            cash_musd=view.cash_musd - burn,
            training_scale=scale,
            training_musd_per_month=training,
            expected_burn_musd_per_month=burn,
        )
    return view.cash_musd


def test_growth_takes_all_that_is_offered_and_cuts_nothing():
    decision = decide("grow_at_all_costs", replace(VIEW, cash_musd=100.0, training_scale=0.4))
    assert (decision.ask_equity_musd, decision.borrow_musd) == (9000.0, 400.0)
    assert (decision.repay_musd, decision.payout_musd, decision.cut_commitments_share) == (0.0, 0.0, 0.0)
    assert decision.training_scale == 1.0


def test_growth_takes_no_more_than_it_could_ever_spend():
    decision = decide("grow_at_all_costs", replace(VIEW, cash_musd=60 * 500.0 + 1.0), chest_months=60)
    assert (decision.ask_equity_musd, decision.borrow_musd) == (0.0, 0.0)
    idle = replace(
        VIEW,
        operating_cash_flow_musd_per_month=10.0,
        investment_musd_per_month=0.0,
        expected_burn_musd_per_month=-10.0,
    )
    assert decide("grow_at_all_costs", idle).ask_equity_musd == 0.0


@settings(max_examples=100, deadline=None)
@given(
    cash=st.floats(0.0, 1e5),
    burn=st.floats(1.0, 2000.0),
    training_share=st.floats(0.05, 1.0),
    scale=st.floats(0.1, 1.0),
    months=st.sampled_from([1.0, 3.0]),
)
def test_profit_first_never_trains_more_than_growth_and_holds_back_when_it_burns_too_much(
    cash, burn, training_share, scale, months
):
    view = replace(
        VIEW,
        cash_musd=cash,
        expected_burn_musd_per_month=burn,
        training_musd_per_month=training_share * burn,
        training_scale=scale,
        period_months=months,
    )
    decision = decide("profit_first", view)
    assert decision.training_scale <= decide("grow_at_all_costs", view).training_scale
    if burn > cash / 60.0:
        assert decision.training_scale < scale
    if burn < cash / 60.0 and scale < 1.0:
        assert decision.training_scale > scale


def test_profit_first_burns_less_than_a_runway_target_on_the_same_view():
    assert decide("profit_first").training_scale < decide("runway_target").training_scale


def test_profit_first_makes_the_same_cash_last_longer():
    assert played("profit_first") > played("runway_target") > played("grow_at_all_costs")
    # Training is held where what is left of the cash would last the months aimed at.
    assert played("profit_first", months=60) > 0.0 > played("grow_at_all_costs", months=60)


def test_a_quarter_cuts_training_as_far_as_three_months_of_the_same_view():
    view = VIEW
    for _ in range(3):
        scale = decide("profit_first", view).training_scale
        view = replace(view, training_scale=scale, training_musd_per_month=450.0)
    # The target moves with the scale it starts from, so a quarter that takes one look goes at least as far.
    quarter = decide("profit_first", replace(VIEW, period_months=3.0)).training_scale
    assert quarter == pytest.approx(1.0 - (1.0 - 0.7**3) * (1.0 - (450.0 - 400.0) / 450.0))


def test_profit_first_asks_investors_only_in_need_and_lenders_first():
    assert decide("profit_first", replace(VIEW, cash_musd=3500.0)).ask_equity_musd == 0.0
    needy = decide("profit_first", replace(VIEW, cash_musd=1000.0))
    assert needy.borrow_musd == 400.0
    assert needy.ask_equity_musd == pytest.approx(12 * 500.0 - 1000.0 - 400.0)


def test_profit_first_cuts_commitments_when_the_runway_is_short():
    assert decide("profit_first", replace(VIEW, cash_musd=6001.0)).cut_commitments_share == 0.0
    short = replace(VIEW, cash_musd=5000.0)
    assert decide("profit_first", short, cut_share=0.1).cut_commitments_share == pytest.approx(0.1)
    quarter = decide("profit_first", replace(short, period_months=3.0), cut_share=0.1)
    assert quarter.cut_commitments_share == pytest.approx(1.0 - 0.9**3)
    assert decide("profit_first", replace(short, commitments_musd=0.0)).cut_commitments_share == 0.0


def test_profit_first_restores_training_when_cash_carries_it():
    flush = replace(VIEW, expected_burn_musd_per_month=-50.0, training_scale=0.4, training_musd_per_month=180.0)
    assert 0.4 < decide("profit_first", flush).training_scale < 1.0
    assert decide("profit_first", flush, adjustment=1.0).training_scale == pytest.approx(0.4 * (180.0 + 150.0) / 180.0)
