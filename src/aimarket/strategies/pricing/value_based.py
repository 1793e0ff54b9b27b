"""Value-based pricing."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import move_towards, postable
from aimarket.strategies.pricing.alternatives import alternatives, opportunity_cost, price_at_quality
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["ValueBased"]


class ValueBased(Strategy):
    """Charges what the buyer's next best alternative costs, and a share of what the product is worth beyond it.

    The alternative r is the rival with the lowest price at equal quality, of the same kind first, else any.
    The product's economic value to the buyer is V = p_r exp(h (q - q_r)):

        p* = p_r + v max(V - p_r, 0) - max(p_r - V, 0), at least c + lambda

    so that a better product leaves the buyer 1 - v of the difference and a worse one gives all of it back.  A name
    that buyers like counts for nothing.
    Without rivals p* = (1 + m) full cost.
    """

    decision = "pricing"
    name = "value_based"
    source = "Nagle & Holden (2002), The Strategy and Tactics of Pricing, 3rd edition, Prentice Hall"

    class Parameters(StrategyParameters):
        value_share: float = Field(0.7, ge=0, le=1, description="share of the value beyond the alternative it charges")
        quality_price_coefficient: float = Field(
            0.92, ge=0, le=5, description="log price that a unit of quality is worth: d ln price / d quality"
        )
        markup_without_rivals: float = Field(1.0, ge=0, le=20, description="markup on full cost where nobody competes")
        adjustment: float = Field(0.3, gt=0, le=1, description="share of the gap to the target closed in a month")
        largest_change: float = Field(0.2, gt=0, le=5, description="largest log change in a month, above cost")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p = self.parameters
        last, floor, full_cost = view.price_usd_per_mtok, opportunity_cost(view), view.full_cost_usd_per_mtok
        target = full_cost * (1.0 + p.markup_without_rivals)
        told = f"no rival: full cost {full_cost[0]:.3g} USD/Mtok times 1 + markup {p.markup_without_rivals:.2f}"
        inputs = {"floor_usd_per_mtok": float(floor[0]), "full_cost_usd_per_mtok": float(full_cost[0])}
        for k in range(last.size):
            rivals = alternatives(view, k)
            if not rivals.size:
                continue
            worth = price_at_quality(view, k, rivals, p.quality_price_coefficient)
            best = int(np.argmin(worth))
            value, theirs = float(worth[best]), float(view.rival_price_usd_per_mtok[rivals[best]])
            target[k] = theirs + p.value_share * max(value - theirs, 0.0) - max(theirs - value, 0.0)
            if k == 0:
                name = view.rival_products[rivals[best]]
                told = f"next best is {name} at {theirs:.3g} USD/Mtok, {view.products[0]} is worth {value:.3g}"
                inputs["alternative_price_usd_per_mtok"], inputs["economic_value_usd_per_mtok"] = theirs, value
        moved = move_towards(last, target, p.adjustment, p.largest_change, view.period_months)
        price = postable(np.maximum(moved, floor))
        return PricingDecision(
            price_usd_per_mtok=tuple(price),
            reason=f"{told}: aims at {target[0]:.3g}, from {last[0]:.3g} to {price[0]:.3g}, cost {floor[0]:.3g}",
            inputs=inputs,
        )
