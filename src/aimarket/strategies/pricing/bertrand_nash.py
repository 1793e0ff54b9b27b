"""The joint static equilibrium of the market a seller believes in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydantic import Field

from aimarket.economics import EconomicsError, bertrand_nash, mean_utilities
from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.pricing.adjustment import move_towards, postable
from aimarket.strategies.pricing.alternatives import opportunity_cost
from aimarket.strategies.pricing.best_response import best_response_prices, measured
from aimarket.strategies.pricing.interface import PricingDecision, PricingView

__all__ = ["BertrandNash"]

_ITERATIONS = 1_000
# Products that sell less are left out of the believed market: their mean utility would be guesswork.
_SMALLEST_SHARE = 1e-9


class BertrandNash(Strategy):
    """Goes to the prices at which nobody could gain in the logit market that the seller believes in.

    Utility falls in the logarithm of price.  The own elasticities measured, e = -alpha (1 - s), give alpha;
    mean utilities are those that explain present shares at present prices; a rival's marginal cost is that of
    the own product nearest in kind and quality times exp(b (q_r - q)), and each rival product is a firm.  Buyers
    that a sister firm would win count as cost of a sale (upward pricing pressure, Farrell & Shapiro 2010).
    Where all firms are alike and all play it the market rests at Bertrand-Nash.  A far too small ``outside_share``
    (equals with unequal prices then confirm their beliefs), or full jumps where utility is not logarithmic in
    price, can keep it from getting there.

    A product without measured demand keeps its price; where the believed market has no equilibrium the price is
    a best response to rivals' last prices.
    """

    decision = "pricing"
    name = "bertrand_nash"
    source = (
        "Anderson, de Palma & Thisse (1992), Discrete Choice Theory of Product Differentiation, MIT Press; "
        "utilities from shares: Berry (1994), RAND Journal of Economics 25"
    )

    class Parameters(StrategyParameters):
        cost_quality_elasticity: float = Field(
            0.3, ge=0, le=5, description="log marginal cost of rivals per unit of quality: d ln cost / d quality"
        )
        outside_share: float = Field(
            0.3, ge=0.001, le=0.99, description="share of the potential market believed to buy nothing"
        )
        adjustment: float = Field(0.5, gt=0, le=1, description="share of the gap to equilibrium closed in a month")
        largest_change: float = Field(0.3, gt=0, le=5, description="largest log change of a price in a month")
        largest_markup: float = Field(9.0, gt=0, le=100, description="largest markup on cost: what customers stand")

    def decide(self, view: PricingView, _draws: Draws) -> PricingDecision:
        p = self.parameters
        last, cost = view.price_usd_per_mtok, opportunity_cost(view)
        known = measured(view)
        known = known[view.share_mtok[known] > _SMALLEST_SHARE]
        target = last.copy()
        inputs = {"last_price_usd_per_mtok": float(last[0]), "cost_usd_per_mtok": float(cost[0])}
        if not known.size:
            reason = f"no measured demand, keeps {last[0]:.3g} USD/Mtok"
        else:
            try:
                believed = _believed_market(view, known, cost, p.cost_quality_elasticity, p.outside_share)
                target[known] = np.minimum(believed.own_prices(), cost[known] * (1.0 + p.largest_markup))
                inputs["price_coefficient"] = believed.price_coefficient
                reason = f"equilibrium {target[0]:.3g} USD/Mtok with {believed.rivals} rival products at a price "
                reason += f"coefficient of {believed.price_coefficient:.3g}, from {last[0]:.3g}"
            except EconomicsError as error:
                target[known] = best_response_prices(view, known, cost, p.largest_markup)
                reason = f"the market it believes in has no equilibrium ({error.parameter}): "
                reason += f"best response {target[0]:.3g} USD/Mtok instead, from {last[0]:.3g}"
            inputs["target_price_usd_per_mtok"] = float(target[0])
        new = move_towards(last, target, p.adjustment, p.largest_change, view.period_months)
        return PricingDecision(price_usd_per_mtok=tuple(new), reason=reason, inputs=inputs)


@dataclass(frozen=True, eq=False)
class _BelievedMarket:
    """A log-price logit market of ``own`` products of one firm and ``rivals`` that are a firm each, (own + rivals,)."""

    own: int
    rivals: int
    price_coefficient: float
    utility: np.ndarray
    cost: np.ndarray
    price: np.ndarray

    def own_prices(self) -> np.ndarray:
        owner = np.concatenate([np.zeros(self.own, dtype=np.int64), np.arange(1, self.rivals + 1)])
        found = bertrand_nash(
            self.utility,
            self.cost,
            self.price_coefficient,
            owner=owner,
            price_term="log",
            start=self.price,
            max_iterations=_ITERATIONS,
        )
        return found.price[: self.own]


def _believed_market(
    view: PricingView, known: np.ndarray, cost: np.ndarray, cost_quality_elasticity: float, outside_share: float
) -> _BelievedMarket:
    """What the seller infers of the market from its own demand and what everybody can see."""
    sold = np.flatnonzero(view.rival_share_mtok > _SMALLEST_SHARE)
    share = np.concatenate([view.share_mtok[known], view.rival_share_mtok[sold]])
    share = share / max(float(share.sum()), 1.0) * (1.0 - outside_share)
    price = np.concatenate([view.price_usd_per_mtok[known], view.rival_price_usd_per_mtok[sold]])
    slope, reconsidered = np.diag(view.derivatives_mtok_per_usd)[known], view.reconsidered_mtok[known]
    elasticity = -slope * price[: known.size] / reconsidered
    coefficient = float(np.average(elasticity / (1.0 - share[: known.size]), weights=share[: known.size]))
    # Part of a buyer lost that a sister gains, times its margin: what selling one more costs the owner elsewhere.
    pressure = np.maximum(view.sister_gain_mtok[known], 0.0) / -slope
    like = [_own_product_like(view, rival) for rival in sold.tolist()]
    rival_cost = view.marginal_cost_usd_per_mtok[like] * np.exp(
        cost_quality_elasticity * (view.rival_quality[sold] - view.quality[like])
    )
    return _BelievedMarket(
        own=known.size,
        rivals=sold.size,
        price_coefficient=coefficient,
        utility=mean_utilities(share, price, coefficient, price_term="log"),
        cost=postable(np.concatenate([cost[known] + pressure, rival_cost])),
        price=price,
    )


def _own_product_like(view: PricingView, rival: int) -> int:
    """The own product whose technology is nearest to that of a rival's: same kind first, then quality."""
    distance = np.abs(view.quality - view.rival_quality[rival])
    other_kind = np.array([kind != view.rival_kinds[rival] for kind in view.kinds], dtype=bool)
    return int(np.lexsort((distance, other_kind))[0])
