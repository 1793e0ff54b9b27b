"""Newsvendor capacity."""

from __future__ import annotations

import math
from statistics import NormalDist

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.capacity.interface import CapacityDecision, CapacityView
from aimarket.strategies.capacity.planning import (
    affordable_gpus,
    expected_demand_gpus,
    gap_gpus,
    plus_request,
    request_in_words,
    standing,
)

__all__ = ["Newsvendor"]


class Newsvendor(Strategy):
    """Orders up to the capacity at which one GPU more would be idle too often to pay.

        P(demand <= K) = underage / (underage + overage) = 1 - capital charge / annual return
        K = median demand x exp(sd sqrt(years to the horizon) z),   z = Phi^-1 of that fractile

    A GPU too few loses the return over the capital charge, one too many the charge.  Demand at the horizon is
    lognormal around growth going on as it does.  Risk makes it order more where margins are fat (fractile
    above 1/2) and less where they are thin; without a margin it orders only what contracts call for.
    """

    decision = "capacity"
    name = "newsvendor"
    source = "Arrow, Harris & Marschak (1951), Econometrica 19; capacity: Van Mieghem (2003), M&SOM 5"

    class Parameters(StrategyParameters):
        demand_log_sd_per_year: float = Field(0.3, ge=0, le=3, description="sd of log demand a year ahead")
        largest_fractile: float = Field(0.95, gt=0, le=0.999, description="largest probability of enough capacity")
        means_share: float = Field(0.6, ge=0, le=1, description="share of cash, credit and cash flow put into orders")
        largest_growth_per_year: float = Field(1.5, ge=0, le=5, description="largest log growth that is believed")

    def decide(self, view: CapacityView, _draws: Draws) -> CapacityDecision:
        p, charge, earned = self.parameters, view.annual_capital_charge, view.annual_return
        fractile = min(1.0 - charge / earned, p.largest_fractile) if earned > charge else 0.0
        median = expected_demand_gpus(view, p.largest_growth_per_year)
        target = 0.0
        if fractile > 0.0:
            deviation = p.demand_log_sd_per_year * math.sqrt(view.lead_months / 12.0)
            target = median * math.exp(deviation * NormalDist().inv_cdf(fractile))
        affordable = affordable_gpus(view, p.means_share)
        own = min(max(gap_gpus(view, max(target, view.contracted_gpus)), 0.0), affordable)
        return CapacityDecision(
            order_gpus=plus_request(view, own, affordable),
            reason=f"a return of {earned:.0%} a year on a capital charge of {charge:.0%} makes it cover demand with "
            f"probability {fractile:.0%}, {target:,.0f} GPUs around a median of {median:,.0f}{request_in_words(view)}",
            inputs={
                "critical_fractile": fractile,
                "median_demand_gpus": median,
                "annual_return": earned,
                "annual_capital_charge": charge,
                **standing(view, affordable),
            },
        )
