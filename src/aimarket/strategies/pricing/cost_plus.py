"""Cost-plus pricing."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import postable
from aimarket.strategies.pricing.alternatives import opportunity_cost
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["CostPlus"]


class CostPlus(Strategy):
    """Marginal cost plus a fixed markup: what many equal hosts of the same open weights end up with.

    p = (1 + m) (c + lambda), at once: every change of marginal cost and of the rent of scarce capacity is
    passed on in full.
    """

    decision = "pricing"
    name = "cost_plus"
    source = "Hall & Hitch (1939), Price theory and business behaviour, Oxford Economic Papers 2"

    class Parameters(StrategyParameters):
        markup: float = Field(0.25, ge=0, le=20, description="markup on marginal cost")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        cost = opportunity_cost(view)
        price = postable(cost * (1.0 + self.parameters.markup))
        return PricingDecision(
            price_usd_per_mtok=tuple(price),
            reason=f"cost {cost[0]:.3g} USD/Mtok times 1 + markup {self.parameters.markup:.2f}",
            inputs={
                "marginal_cost_usd_per_mtok": float(view.marginal_cost_usd_per_mtok[0]),
                "scarcity_rent_usd_per_mtok": float(view.scarcity_rent_usd_per_mtok[0]),
            },
        )
