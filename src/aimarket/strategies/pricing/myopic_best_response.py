"""Myopic best response."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.economics.errors import EconomicsError
from aimarket.economics.pricing import best_response_markup
from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import move_towards
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["MyopicBestResponse"]

_SMALLEST_SHARE_MINDED = 1e-6


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
        price, cost = view.price_usd_per_mtok, view.marginal_cost_usd_per_mtok + view.scarcity_rent_usd_per_mtok
        known = np.flatnonzero((view.reconsidered_mtok > 0.0) & (np.diag(view.derivatives_mtok_per_usd) < 0.0))
        target = price.copy()
        if known.size:
            response = view.derivatives_mtok_per_usd[np.ix_(known, known)]
            own = view.reconsidered_mtok[known]
            # A sister that sells below cost would gain from losing buyers: that is no reason to sell below cost too.
            quantity = np.maximum(own + view.sister_gain_mtok[known], _SMALLEST_SHARE_MINDED * own)
            try:
                markup = best_response_markup(quantity, response)
            except EconomicsError:
                # Own products that buyers only swap for each other leave no joint answer: price them one by one.
                markup = -quantity / np.diag(response)
            # Where demand is measured as inelastic the first-order condition has no finite answer.
            highest = cost[known] * p.largest_markup
            markup = np.where((markup > 0.0) & (markup < highest), markup, highest)
            target[known] = cost[known] + markup
        new = move_towards(price, target, p.adjustment, p.largest_change, view.period_months)
        return PricingDecision(
            price_usd_per_mtok=tuple(new),
            reason=f"best response {target[0]:.3g} USD/Mtok to cost {cost[0]:.3g} "
            f"and {view.rival_price_usd_per_mtok.size} rival prices, from {price[0]:.3g}",
        )
