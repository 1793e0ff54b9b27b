"""Share of revenue."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.training.interface import TrainingDecision, TrainingView

__all__ = ["ShareOfRevenue"]


class ShareOfRevenue(Strategy):
    """Spends a fixed share of revenue on research compute: customers pay for it, investors do not.

        budget = revenue share x revenue x training scale

    Neither a funding round nor an owner's support makes a bigger model; who earns nothing trains nothing.
    """

    decision = "training"
    name = "share_of_revenue"
    source = "R&D intensity of sales: Grabowski (1968), Journal of Political Economy 76"

    class Parameters(StrategyParameters):
        revenue_share: float = Field(0.5, ge=0, le=10, description="share of revenue")

    def decide(self, view: TrainingView, _draws: Draws) -> TrainingDecision:
        share, revenue = self.parameters.revenue_share, view.revenue_musd_per_month
        return TrainingDecision(
            budget_musd_per_month=share * revenue * view.training_scale,
            reason=f"{share:.0%} of a revenue of {revenue:,.0f} MUSD a month, scaled by {view.training_scale:.2f}",
            inputs={"revenue_musd_per_month": revenue, "training_scale": view.training_scale},
        )
