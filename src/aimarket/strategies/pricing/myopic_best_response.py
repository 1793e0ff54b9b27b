"""Myopic best response."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import move_towards
from aimarket.strategies.pricing.alternatives import opportunity_cost
from aimarket.strategies.pricing.best_response import best_response_prices, measured
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["MyopicBestResponse"]


class MyopicBestResponse(Strategy):
    """Moves towards the prices that maximise this period's profit against rivals' last prices.

    The seller measures how its own demand answers to its own prices among buyers that reconsidered,
    solves its first-order conditions for all its products at once, minding what its price does to firms of
    the same owner, and closes part of the gap.  In a market where all do so, the resting point is the
    Bertrand-Nash equilibrium.  A product without measured demand keeps its price.
    """

    decision = "pricing"
    name = "myopic_best_response"
    source = "Cournot (1838) adjustment on the Bertrand-logit first-order condition: Anderson, de Palma & Thisse (1992)"

    class Parameters(StrategyParameters):
        adjustment: float = Field(
            0.3, gt=0, le=1, description="share of the gap to the best response closed in a month"
        )
        largest_change: float = Field(0.15, gt=0, le=5, description="largest log change of a price in a month")
        largest_markup: float = Field(9.0, gt=0, le=100, description="largest markup on cost: what customers stand")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p = self.parameters
        price, cost = view.price_usd_per_mtok, opportunity_cost(view)
        known = measured(view)
        target = price.copy()
        if known.size:
            target[known] = best_response_prices(view, known, cost, p.largest_markup)
        new = move_towards(price, target, p.adjustment, p.largest_change, view.period_months)
        return PricingDecision(
            price_usd_per_mtok=tuple(new),
            reason=f"best response {target[0]:.3g} USD/Mtok to cost {cost[0]:.3g} "
            f"and {view.rival_price_usd_per_mtok.size} rival prices, from {price[0]:.3g}",
            inputs={
                "best_response_usd_per_mtok": float(target[0]),
                "cost_usd_per_mtok": float(cost[0]),
                "last_price_usd_per_mtok": float(price[0]),
                "demand_reconsidered_mtok": float(view.reconsidered_mtok[0]),
                "own_price_response_mtok_per_usd": float(view.derivatives_mtok_per_usd[0, 0]),
            },
        )
