"""Undercutting the cheapest comparable rival."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import move_towards, postable
from aimarket.strategies.pricing.alternatives import alternatives, opportunity_cost, price_at_quality
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["Undercut"]


class Undercut(Strategy):
    """Goes below the cheapest comparable rival as long as the price covers cost, and stays there.

    p* = max(min(p, (1 - g) min_r p_r exp(-h max(q_r - q, 0))), (1 + m) (c + lambda)), over rivals of similar
    quality, of the same kind first, else any: a worse product has to be cheaper by its lag, a better one claims
    no premium.  It gives margin for share, raises a price only to cover cost, and two who play it end there.
    Who has nobody to compare with keeps the price.
    """

    decision = "pricing"
    name = "undercut"
    source = "Maskin & Tirole (1988), A theory of dynamic oligopoly II, Econometrica 56; Bertrand (1883)"

    class Parameters(StrategyParameters):
        gap: float = Field(0.1, ge=0, le=0.9, description="part of the cheapest rival's price by which to go below it")
        quality_tolerance: float = Field(
            1.0, ge=0, le=20, description="largest difference of quality, log effective compute, that is comparable"
        )
        quality_price_coefficient: float = Field(
            0.92, ge=0, le=5, description="log price that a unit of quality is worth: d ln price / d quality"
        )
        floor_markup: float = Field(0.0, ge=0, le=20, description="smallest markup on marginal cost and rent")
        adjustment: float = Field(0.5, gt=0, le=1, description="share of the gap to the target closed in a month")
        largest_change: float = Field(0.2, gt=0, le=5, description="largest log change in a month, above the floor")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p = self.parameters
        last, floor = view.price_usd_per_mtok, opportunity_cost(view) * (1.0 + p.floor_markup)
        target, rivals = last.copy(), [alternatives(view, k, p.quality_tolerance) for k in range(last.size)]
        cheapest = np.full(last.size, np.nan)
        for k, comparable in enumerate(rivals):
            if comparable.size:
                as_good = price_at_quality(view, k, comparable, p.quality_price_coefficient)
                cheapest[k] = np.minimum(as_good, view.rival_price_usd_per_mtok[comparable]).min()
                target[k] = min(last[k], (1.0 - p.gap) * cheapest[k])
        moved = move_towards(last, target, p.adjustment, p.largest_change, view.period_months)
        price = postable(np.maximum(moved, floor))
        inputs = {"floor_usd_per_mtok": float(floor[0]), "last_price_usd_per_mtok": float(last[0])}
        if rivals[0].size:
            inputs["cheapest_rival_less_quality_lead_usd_per_mtok"] = float(cheapest[0])
            reason = (
                f"goes for {p.gap:.0%} below {cheapest[0]:.3g} USD/Mtok, the cheapest of {rivals[0].size} comparable "
                f"rivals less its lead in quality: {view.products[0]} from {last[0]:.3g} to {price[0]:.3g}, "
                f"floor {floor[0]:.3g}"
            )
        else:
            reason = f"no comparable rival to undercut, {price[0]:.3g} USD/Mtok after {last[0]:.3g}"
        return PricingDecision(price_usd_per_mtok=tuple(price), reason=reason, inputs=inputs)
