"""Investors that follow what has earned more."""

from __future__ import annotations

import numpy as np
import pytest

from aimarket.economics import brock_hommes_path
from aimarket.randomness import RandomSource
from aimarket.strategies.base import frozen
from aimarket.strategies.beliefs.interface import BeliefsView
from aimarket.strategies.beliefs.trading_profit import TradingProfit

DRAWS = RandomSource(1).draws("investors", "decide", 1)


def seen(past):
    return BeliefsView(
        narrative_share=0.5,
        narrative_squared_error=0.0,
        fundamental_squared_error=0.0,
        past_mispricing=frozen(past),
        trend_extrapolation=1.2,
        gross_return=1.1,
    )


def test_shares_are_those_of_brock_and_hommes():
    rule = TradingProfit(TradingProfit.Parameters(intensity=2.7, information_cost=0.8, risk=0.3))
    start = [0.4, 0.7, 0.2]
    theory = brock_hommes_path(2.7, [0.0, 1.2], [0.0, 0.0], [0.8, 0.0], 1.1, start, 30, risk=0.3)
    past = list(start)
    for period in range(30):
        share = rule.decide(seen(past), DRAWS).narrative_share
        assert share == pytest.approx(theory.share[period, 1], abs=1e-12)
        past.append(share * 1.2 * past[-1] / 1.1)
    assert past[3:] == pytest.approx(theory.deviation.tolist(), abs=1e-12)


@pytest.mark.parametrize("past", [[], [0.1], [0.1, 0.2], [np.nan, 0.1, 0.2]])
def test_without_three_observations_only_the_cost_of_information_counts(past):
    rule = TradingProfit(TradingProfit.Parameters(intensity=2.0, information_cost=1.0))
    share = rule.decide(seen(past), DRAWS).narrative_share
    assert share == pytest.approx(1.0 / (1.0 + np.exp(-2.0)))
