"""Share of resources."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.training.interface import TrainingDecision, TrainingView
from aimarket.strategies.training.means import means_musd_per_month, resources

__all__ = ["ShareOfResources"]


class ShareOfResources(Strategy):
    """Research compute as a share of revenue, of the owner's support and of the cash at hand.

    The cash share is what turns a funding round into a bigger model; the finance strategy's training
    scale cuts the budget when money is refused.
    """

    decision = "training"
    name = "share_of_resources"
    source = "R&D as a rule of thumb on sales and liquidity: Nelson & Winter (1982), ch. 12; Hall (1992), NBER 4096"

    class Parameters(StrategyParameters):
        revenue_share: float = Field(0.6, ge=0, le=10, description="share of revenue")
        income_share: float = Field(0.5, ge=0, le=1, description="share of owner's support and other business")
        cash_share_per_year: float = Field(0.25, ge=0, le=5, description="share of cash spent a year")

    def decide(self, view: TrainingView, _draws: Draws) -> TrainingDecision:
        p = self.parameters
        means = means_musd_per_month(view, p.revenue_share, p.income_share, p.cash_share_per_year)
        return TrainingDecision(
            budget_musd_per_month=means * view.training_scale,
            reason=f"revenue {view.revenue_musd_per_month:,.0f} and cash {view.cash_musd:,.0f} MUSD, "
            f"scaled by {view.training_scale:.2f}",
            inputs=resources(view),
        )
