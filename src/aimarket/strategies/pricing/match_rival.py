"""Matching the nearest rival."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import move_towards, postable
from aimarket.strategies.pricing.alternatives import alternatives, nearest, opportunity_cost, price_at_quality
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["MatchRival"]


class MatchRival(Strategy):
    """Moves to what the rival product nearest in quality would cost at the own quality, never below cost.

    p* = max(p_r exp(h (q - q_r)), (1 + m) (c + lambda)), r of the same kind first, else any.  Among equals any
    common price can last: nobody gains by moving first, which is how matching softens competition.  Without
    rivals the price stays.
    """

    decision = "pricing"
    name = "match_rival"
    source = (
        "Salop (1986), Practices that (credibly) facilitate oligopoly co-ordination, MIT Press; "
        "hedonic adjustment: Rosen (1974), Journal of Political Economy 82"
    )

    class Parameters(StrategyParameters):
        quality_price_coefficient: float = Field(
            0.92, ge=0, le=5, description="log price that a unit of quality is worth: d ln price / d quality"
        )
        floor_markup: float = Field(0.05, ge=0, le=20, description="smallest markup on marginal cost and rent")
        adjustment: float = Field(0.5, gt=0, le=1, description="share of the gap to the rival closed in a month")
        largest_change: float = Field(0.2, gt=0, le=5, description="largest log change in a month, above the floor")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p = self.parameters
        last, floor = view.price_usd_per_mtok, opportunity_cost(view) * (1.0 + p.floor_markup)
        target, rivals = last.copy(), [alternatives(view, k) for k in range(last.size)]
        for k, candidates in enumerate(rivals):
            if candidates.size:
                followed = nearest(view, k, candidates)
                target[k] = price_at_quality(view, k, np.array([followed]), p.quality_price_coefficient)[0]
        moved = move_towards(last, target, p.adjustment, p.largest_change, view.period_months)
        price = postable(np.maximum(moved, floor))
        reason = f"no rival to match, {price[0]:.3g} USD/Mtok after {last[0]:.3g}, floor {floor[0]:.3g}"
        inputs = {"floor_usd_per_mtok": float(floor[0]), "last_price_usd_per_mtok": float(last[0])}
        if rivals[0].size:
            followed = nearest(view, 0, rivals[0])
            theirs = float(view.rival_price_usd_per_mtok[followed])
            reason = (
                f"{view.rival_products[followed]} at {theirs:.3g} USD/Mtok would cost {target[0]:.3g} at the "
                f"quality of {view.products[0]}, moves from {last[0]:.3g} to {price[0]:.3g}, floor {floor[0]:.3g}"
            )
            inputs |= {
                "rival_price_usd_per_mtok": theirs,
                "rival_price_at_own_quality_usd_per_mtok": float(target[0]),
                "quality_lead": float(view.quality[0] - view.rival_quality[followed]),
            }
        return PricingDecision(price_usd_per_mtok=tuple(price), reason=reason, inputs=inputs)
