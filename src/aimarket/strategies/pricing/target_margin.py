"""Target-margin pricing."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import move_towards
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["TargetMargin"]


class TargetMargin(Strategy):
    """Prices for a gross margin on full cost, and for a higher one when the money runs short.

    The target rises linearly from ``margin`` to ``margin_under_pressure`` as the runway falls from
    ``comfortable_runway_months`` to zero: finance, not demand, sets the price.
    """

    decision = "pricing"
    name = "target_margin"
    source = "Lanzillotti (1958), Pricing objectives in large companies, American Economic Review 48"

    class Parameters(StrategyParameters):
        margin: float = Field(0.5, ge=0, lt=1, description="gross margin aimed at with a full runway")
        margin_under_pressure: float = Field(0.65, ge=0, lt=1, description="gross margin aimed at with no runway")
        comfortable_runway_months: float = Field(18, gt=0, le=240, description="runway that takes the pressure off")
        adjustment: float = Field(0.3, gt=0, le=1, description="share of the gap to the target closed in a month")
        largest_change: float = Field(0.2, gt=0, le=5, description="largest log change of a price in a month")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p = self.parameters
        comfort = float(np.clip(view.runway_months / p.comfortable_runway_months, 0.0, 1.0))
        margin = p.margin_under_pressure + (p.margin - p.margin_under_pressure) * comfort
        cost = view.full_cost_usd_per_mtok + view.scarcity_rent_usd_per_mtok
        target = cost / (1.0 - margin)
        price = move_towards(view.price_usd_per_mtok, target, p.adjustment, p.largest_change, view.period_months)
        inputs = {"target_margin_share": margin, "full_cost_and_rent_usd_per_mtok": float(cost[0])}
        if comfort < 1.0:
            inputs["runway_months"] = float(view.runway_months)
        return PricingDecision(
            price_usd_per_mtok=tuple(price),
            reason=f"margin target {margin:.0%} on full cost {view.full_cost_usd_per_mtok[0]:.3g} USD/Mtok, "
            f"runway {view.runway_months:.0f} of {p.comfortable_runway_months:.0f} months",
            inputs=inputs,
        )
