"""Normal-cost pricing."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import move_towards
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["FixedMarkup"]


class FixedMarkup(Strategy):
    """A markup on full cost at normal operation, with prices that follow it slowly.

    Free use is part of the cost, the rent of scarce capacity is not: a shortage rations and leaves the
    price alone, and a change of cost reaches buyers over months, ln p' = ln p + a (ln((1 + m) C) - ln p).
    Where costs fall for years the realised markup stays above ``markup`` by the lag.
    """

    decision = "pricing"
    name = "fixed_markup"
    source = "Coutts, Godley & Nordhaus (1978), Industrial Pricing in the United Kingdom, Cambridge University Press"

    class Parameters(StrategyParameters):
        markup: float = Field(0.5, ge=0, le=20, description="markup on full cost, free use included")
        adjustment: float = Field(0.25, gt=0, le=1, description="share of the gap to the target closed in a month")
        largest_change: float = Field(0.2, gt=0, le=5, description="largest log change of a price in a month")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p = self.parameters
        last, cost = view.price_usd_per_mtok, view.full_cost_usd_per_mtok
        target = cost * (1.0 + p.markup)
        price = move_towards(last, target, p.adjustment, p.largest_change, view.period_months)
        return PricingDecision(
            price_usd_per_mtok=tuple(price),
            reason=f"full cost {cost[0]:.3g} USD/Mtok times 1 + markup {p.markup:.2f} is {target[0]:.3g}, "
            f"moves from {last[0]:.3g} to {price[0]:.3g}",
            inputs={
                "full_cost_usd_per_mtok": float(cost[0]),
                "normal_price_usd_per_mtok": float(target[0]),
                "last_price_usd_per_mtok": float(last[0]),
            },
        )
