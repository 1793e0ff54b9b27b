"""Nash bargaining."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.compute_pricing.interface import ComputePricingDecision, ComputePricingView

__all__ = ["NashBargaining"]


class NashBargaining(Strategy):
    """Agrees on a price with each customer that splits the gain from trade, given all other prices.

        price = (1 - buyer's weight) x willingness to pay + buyer's weight x opportunity cost

    The Nash product of two firms that take retail prices as given has this linear answer (Nash-in-Nash
    with simultaneous timing).  As the buyer's weight goes to zero no equilibrium exists, so it is bounded
    from below.  Whoever does not negotiate pays the posted price: full cost and a margin.
    """

    decision = "compute_pricing"
    name = "nash_bargaining"
    source = "Horn & Wolinsky (1988), RAND 19; Sheu & Taragin (2021), RAND J. Econ. 52, 596-632"
    negotiates: ClassVar[bool] = True

    class Parameters(StrategyParameters):
        buyer_weight: float = Field(0.5, ge=0.3, le=1, description="bargaining weight of the customer")
        posted_margin: float = Field(0.1, ge=0, le=5, description="markup on full cost for those who do not negotiate")

    def decide(self, view: ComputePricingView, _draws: Draws) -> ComputePricingDecision:
        p = self.parameters
        posted = view.levelised_cost_usd_per_gpu_hour * (1.0 + p.posted_margin)
        willing, cost = view.willingness_to_pay_usd_per_gpu_hour, view.opportunity_cost_usd_per_gpu_hour
        agreed = (1.0 - p.buyer_weight) * willing + p.buyer_weight * cost
        # Where there is nothing to share the two trade at the seller's cost or not at all.
        agreed = agreed.clip(min=cost)
        told = [
            f"{customer} {price:.3g} between {low:.3g} and {high:.3g}"
            for customer, price, low, high in zip(view.customers, agreed, cost, willing, strict=True)
        ]
        return ComputePricingDecision(
            spot_price_usd_per_gpu_hour=posted,
            contract_price_usd_per_gpu_hour=posted,
            negotiated_price_usd_per_gpu_hour=tuple(float(price) for price in agreed),
            reason=f"posted {posted:.3g} USD/GPU-hour; agreed with {', '.join(told) or 'nobody'}",
            inputs={
                "levelised_cost_usd_per_gpu_hour": view.levelised_cost_usd_per_gpu_hour,
                **{
                    f"{what}_{customer}_usd_per_gpu_hour": float(price)
                    for what, prices in (("willingness", willing), ("opportunity_cost", cost))
                    for customer, price in zip(view.customers, prices, strict=True)
                },
            },
        )
