"""Cost plus."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.compute_pricing.interface import ComputePricingDecision, ComputePricingView

__all__ = ["CostPlus"]


class CostPlus(Strategy):
    """Full cost of new capacity and a markup, on the spot market and under contract alike, however high the load.

        price = levelised cost x (1 + markup)

    Scarcity shows as unserved demand, not as a price; cheaper chips and power are passed on at once.
    """

    decision = "compute_pricing"
    name = "cost_plus"
    source = "full-cost pricing: Hall & Hitch (1939), Price theory and business behaviour, Oxford Economic Papers 2"

    class Parameters(StrategyParameters):
        markup: float = Field(0.15, ge=0, le=20, description="markup on the levelised cost of a GPU-hour")

    def decide(self, view: ComputePricingView, _draws: Draws) -> ComputePricingDecision:
        cost = view.levelised_cost_usd_per_gpu_hour
        price = cost * (1.0 + self.parameters.markup)
        return ComputePricingDecision(
            spot_price_usd_per_gpu_hour=price,
            contract_price_usd_per_gpu_hour=price,
            reason=f"{price:.4g} USD/GPU-hour is full cost {cost:.4g} and a markup of {self.parameters.markup:.0%}",
            inputs={"levelised_cost_usd_per_gpu_hour": cost},
        )
