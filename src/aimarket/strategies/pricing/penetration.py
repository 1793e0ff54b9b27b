"""Penetration pricing."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import move_towards
from aimarket.strategies.pricing.alternatives import opportunity_cost
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["Penetration"]


class Penetration(Strategy):
    """Buys share below cost while the money lasts, then harvests the buyers it has.

    With a runway above ``smallest_runway_months`` and a share s of all tokens below the target S the price
    goes to (c + lambda) (1 - d (1 - s / S)), below cost; otherwise to (c + lambda) (1 + m).  It pays where
    switching is costly and capital patient: bargains first, rip-offs later.
    """

    decision = "pricing"
    name = "penetration"
    source = (
        "Farrell & Klemperer (2007), Coordination and lock-in, Handbook of Industrial Organization 3; "
        "long purse: Bolton & Scharfstein (1990), American Economic Review 80"
    )

    class Parameters(StrategyParameters):
        depth: float = Field(0.3, gt=0, le=0.95, description="discount on cost at a share of zero")
        target_share: float = Field(0.3, gt=0, le=1, description="share of all tokens sold at which the harvest begins")
        smallest_runway_months: float = Field(12, ge=0, le=240, description="runway below which share is not bought")
        harvest_markup: float = Field(1.0, ge=0, le=20, description="markup on marginal cost and rent in the harvest")
        adjustment: float = Field(0.3, gt=0, le=1, description="share of the gap to the target closed in a month")
        largest_change: float = Field(0.2, gt=0, le=5, description="largest log change of a price in a month")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p = self.parameters
        last, cost, share = view.price_usd_per_mtok, opportunity_cost(view), float(np.sum(view.share_mtok))
        invests = view.runway_months > p.smallest_runway_months and share < p.target_share
        markup = -p.depth * (1.0 - share / p.target_share) if invests else p.harvest_markup
        target = cost * (1.0 + markup)
        price = move_towards(last, target, p.adjustment, p.largest_change, view.period_months)
        phase = "buys share" if invests else "harvests"
        return PricingDecision(
            price_usd_per_mtok=tuple(price),
            reason=f"{phase} at {markup:+.0%} on cost {cost[0]:.3g} USD/Mtok: share {share:.1%} of target "
            f"{p.target_share:.0%}, runway {view.runway_months:.0f} months of at least {p.smallest_runway_months:.0f}",
            inputs={
                "share_of_tokens": share,
                "runway_months": float(view.runway_months),
                "cost_usd_per_mtok": float(cost[0]),
                "target_price_usd_per_mtok": float(target[0]),
            },
        )
