"""What labs spend on research compute by each rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aimarket.config.registry import make_strategy, strategies
from aimarket.config.schema.base import Plug
from aimarket.randomness import RandomSource
from aimarket.strategies.base import frozen
from aimarket.strategies.training.interface import TrainingView

DRAWS = RandomSource(1).draws("lab", "decide", 1)
VIEW = TrainingView(
    firm="lab",
    revenue_musd_per_month=400.0,
    other_income_musd_per_month=20.0,
    cash_musd=6000.0,
    gross_profit_musd_per_month=200.0,
    training_scale=1.0,
    trained_quality=1.0,
    frontier_quality=1.2,
    spending_musd_per_month=150.0,
    past_frontier_quality=frozen(np.linspace(0.05, 1.2, 24)),
)
RULES = sorted(set(strategies()["training"]) - {"freeze"})


def budget(name, view=VIEW, **parameters):
    return make_strategy("training", Plug(name=name, **parameters), "test").decide(view, DRAWS).budget_musd_per_month


@pytest.mark.parametrize("name", RULES)
def test_the_scale_that_finance_leaves_multiplies_the_budget(name):
    behind = replace(VIEW, trained_quality=0.0)
    assert budget(name, replace(behind, training_scale=0.25)) == pytest.approx(0.25 * budget(name, behind))
    assert budget(name, behind) > 0.0
    assert budget(name, replace(behind, training_scale=0.0)) == 0.0


def test_a_share_of_revenue_forgets_cash_and_support():
    richer = replace(VIEW, cash_musd=1e6, other_income_musd_per_month=1e4)
    assert budget("share_of_revenue", richer, revenue_share=0.4) == pytest.approx(160.0)
    assert budget("share_of_revenue", replace(richer, revenue_musd_per_month=0.0)) == 0.0


def test_a_chaser_spends_more_the_further_it_is_behind_up_to_a_multiple():
    spent = [budget("frontier_chase", replace(VIEW, trained_quality=q), largest_multiple=3.0) for q in (1.2, 0.2, -0.8)]
    usual = 0.4 * 400.0 + 0.5 * 20.0 + 0.25 / 12.0 * 6000.0
    assert spent == pytest.approx([usual, 1.5 * usual, 2.0 * usual])
    assert budget("frontier_chase", replace(VIEW, trained_quality=-50.0)) == pytest.approx(3.0 * usual)


def test_a_chaser_in_the_lead_spends_its_usual_share():
    assert budget("frontier_chase", replace(VIEW, trained_quality=3.0)) == budget(
        "frontier_chase", replace(VIEW, trained_quality=1.2)
    )


def test_a_follower_stops_when_it_is_as_good_as_the_frontier_was():
    then = float(VIEW.past_frontier_quality[-1 - 9])
    spent = [
        budget("efficient_follower", replace(VIEW, trained_quality=then + d)) for d in (0.5, 0.0, -0.15, -0.3, -9.0)
    ]
    means = 0.6 * 400.0 + 0.5 * 20.0 + 0.25 / 12.0 * 6000.0
    assert spent == pytest.approx([0.0, 0.0, 0.5 * means, means, means])


def test_a_follower_with_a_longer_lag_spends_less():
    view = replace(VIEW, trained_quality=0.6)
    spent = [budget("efficient_follower", view, lag_months=lag) for lag in (0, 9, 12, 23)]
    assert spent == sorted(spent, reverse=True)
    assert spent[0] > spent[-1] == 0.0


@pytest.mark.parametrize("past", [[], [1.2]])
def test_a_follower_takes_the_oldest_frontier_it_knows(past):
    view = replace(VIEW, trained_quality=1.05, past_frontier_quality=frozen(past))
    assert budget("efficient_follower", view, full_effort_gap=0.3) == pytest.approx(0.5 * 375.0)


def test_a_follower_at_its_aim_keeps_pace_and_no_more():
    """Against a frontier that grows by 0.1 a month it settles where spending just keeps the lag."""
    view, quality, history = VIEW, 0.0, list(np.linspace(0.0, 2.3, 24))
    gaps = []
    for _ in range(60):
        history.append(history[-1] + 0.1)
        view = replace(view, trained_quality=quality, past_frontier_quality=frozen(history[-24:]))
        quality += 0.2 * budget("efficient_follower", view) / 375.0  # all its means would gain twice the pace
        gaps.append(history[-1 - 9] - quality)
    assert gaps[-1] == pytest.approx(gaps[-10], abs=1e-3)
    assert 0.0 < gaps[-1] < 0.3


def test_freezing_spends_nothing():
    assert budget("freeze") == 0.0
