"""Demand-following investment."""

from __future__ import annotations

import math

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters, per_period
from aimarket.strategies.capacity.interface import CapacityDecision, CapacityView
from aimarket.strategies.capacity.planning import (
    affordable_gpus,
    believed_growth_per_month,
    expected_demand_gpus,
    gap_gpus,
    plus_request,
    request_in_words,
    standing,
)

__all__ = ["DemandFollowing"]


class DemandFollowing(Strategy):
    """Orders what the demand expected at the end of construction calls for, within its means.

    Expected demand extrapolates smoothed growth, no faster than ``largest_growth_per_year``, and is cut
    in proportion where capacity earns less than its full cost.  Contracts always count in full, and what
    procurement asks to have built is ordered as well.
    """

    decision = "capacity"
    name = "demand_following"
    source = "flexible accelerator: Goodwin (1951), Econometrica 19; Jorgenson (1963), AER 53"

    class Parameters(StrategyParameters):
        reserve: float = Field(0.15, ge=0, le=5, description="capacity aimed at above expected demand")
        gap_closing_share: float = Field(0.35, gt=0, le=1, description="share of the gap ordered in a month")
        means_share: float = Field(0.6, ge=0, le=1, description="share of cash, credit and cash flow put into orders")
        largest_growth_per_year: float = Field(1.5, ge=0, le=5, description="largest log growth that is believed")
        loss_response: float = Field(2.0, ge=0, le=20, description="cut of expected demand per unit of loss margin")

    def decide(self, view: CapacityView, _draws: Draws) -> CapacityDecision:
        p = self.parameters
        growth = believed_growth_per_month(view, p.largest_growth_per_year)
        confidence = math.exp(p.loss_response * min(view.spot_margin, 0.0))
        expected = expected_demand_gpus(view, p.largest_growth_per_year) * confidence
        wanted = max(expected, view.contracted_gpus) * (1.0 + p.reserve)
        wanted = min(wanted, max(view.connectable_gpus, view.gpus))
        affordable = affordable_gpus(view, p.means_share)
        own = max(min(gap_gpus(view, wanted) * per_period(p.gap_closing_share, view.period_months), affordable), 0.0)
        return CapacityDecision(
            order_gpus=plus_request(view, own, affordable),
            reason=f"expects {wanted:,.0f} GPUs wanted in {view.lead_months:.0f} months (growth {growth * 12:+.0%} "
            f"a year), has {view.gpus:,.0f} and {view.on_order_gpus:,.0f} on order, can pay for {affordable:,.0f}"
            f"{request_in_words(view)}",
            inputs={
                "wanted_gpus": wanted,
                "demand_growth_per_year": growth * 12.0,
                "spot_margin": view.spot_margin,
                **standing(view, affordable),
            },
        )
