"""Two-part tariffs."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import postable
from aimarket.strategies.pricing.alternatives import opportunity_cost
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["TwoPart"]


class TwoPart(Strategy):
    """Sells usage near marginal cost and earns its margin with an access fee.

    One Mtok more costs u = (1 + m) (c + lambda), so that buyers use as much as is worth its cost; the fee, per
    Mtok of the plan they buy, brings what usage lacks to the gross margin g on full cost C:

        f = max((C + lambda) / (1 - g) - u, 0)

    Weights that anybody may host cannot be fenced in: an open product has no fee and costs
    (1 + ``open_markup``) (c + lambda).
    """

    decision = "pricing"
    name = "two_part"
    source = "Oi (1971), A Disneyland dilemma: two-part tariffs for a Mickey Mouse monopoly, QJE 85"

    class Parameters(StrategyParameters):
        usage_markup: float = Field(0.0, ge=0, le=20, description="markup of the usage price on marginal cost and rent")
        margin: float = Field(
            0.5, ge=0, le=0.99, description="gross margin on full cost aimed at, fee and usage together"
        )
        open_markup: float = Field(0.25, ge=0, le=20, description="markup of open products on marginal cost and rent")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p = self.parameters
        cost = opportunity_cost(view)
        is_open = np.array([kind == "open" for kind in view.kinds], dtype=bool)
        usage = postable(cost * (1.0 + np.where(is_open, p.open_markup, p.usage_markup)))
        all_in = (view.full_cost_usd_per_mtok + view.scarcity_rent_usd_per_mtok) / (1.0 - p.margin)
        highest = PricingDecision.bounds["access_fee_usd_per_mtok"][1]
        fee = np.where(is_open, 0.0, np.minimum(np.maximum(all_in - usage, 0.0), highest))
        return PricingDecision(
            price_usd_per_mtok=tuple(usage),
            access_fee_usd_per_mtok=tuple(fee),
            reason=f"usage {usage[0]:.3g} USD/Mtok at cost {cost[0]:.3g}, and a fee of {fee[0]:.3g} for access "
            f"to each, for {all_in[0]:.3g} in all"
            if not is_open[0]
            else f"open weights carry no fee: cost {cost[0]:.3g} USD/Mtok times 1 + markup {p.open_markup:.2f}",
            inputs={
                "cost_usd_per_mtok": float(cost[0]),
                "full_cost_usd_per_mtok": float(view.full_cost_usd_per_mtok[0]),
                "access_fee_usd_per_mtok": float(fee[0]),
            },
        )
