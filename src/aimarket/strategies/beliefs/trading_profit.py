"""Trading profit."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from aimarket.economics.finance import discrete_choice_share
from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.beliefs.interface import BeliefsDecision, BeliefsView

__all__ = ["TradingProfit"]


class TradingProfit(Strategy):
    """Investors move to the rule that has earned more: trend followers against costly fundamentalists.

    The profit of a rule that forecast f for a mispricing that became x, after x' and at gross return R, is
    (x - R x') (f - R x') / risk, less what its information costs; x is relative to fundamental value.
    Meant for a capital market whose narrative is a trend.
    """

    decision = "beliefs"
    name = "trading_profit"
    source = "Brock & Hommes (1998), J. Economic Dynamics and Control 22, section 4.1"

    class Parameters(StrategyParameters):
        intensity: float = Field(2.0, ge=0, le=1000, description="intensity of choice")
        information_cost: float = Field(1.0, ge=0, le=1000, description="what fundamental analysis costs a period")
        risk: float = Field(0.01, gt=0, le=1000, description="risk aversion times variance of the relative mispricing")

    def decide(self, view: BeliefsView, _draws: Draws) -> BeliefsDecision:
        p, seen = self.parameters, view.past_mispricing[-3:]
        trend, fundamental = 0.0, 0.0
        if seen.size == 3 and np.isfinite(seen).all():
            before, middle, last = (float(x) for x in seen)
            excess = (last - view.gross_return * middle) / p.risk
            trend = excess * (view.trend_extrapolation * before - view.gross_return * middle)
            fundamental = excess * (0.0 - view.gross_return * middle)
        share = float(discrete_choice_share(trend, fundamental - p.information_cost, p.intensity))
        return BeliefsDecision(
            narrative_share=share,
            reason=f"following the trend earned {trend:.3g}, fundamental analysis {fundamental:.3g} "
            f"at a cost of {p.information_cost:.3g}",
            inputs={"trend_profit": trend, "fundamental_profit": fundamental, "gross_return": view.gross_return},
        )
