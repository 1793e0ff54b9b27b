"""Efficient follower."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.training.interface import TrainingDecision, TrainingView
from aimarket.strategies.training.means import means_musd_per_month, resources

__all__ = ["EfficientFollower"]


class EfficientFollower(Strategy):
    """Spends only what keeps its model as good as the frontier was ``lag_months`` ago.

        budget = means x min(max(frontier of then - own trained quality, 0) / full effort gap, 1)

    Compute and algorithms get cheaper, so the same quality costs less later.  It stops as soon as it is at
    or above the frontier of then, and does all it can when it is ``full_effort_gap`` below it.  Where the
    frontier is not known for so long, the oldest one known counts.
    """

    decision = "training"
    name = "efficient_follower"
    source = "the fast second: Baldwin & Childs (1969), Southern Economic Journal 36"

    class Parameters(StrategyParameters):
        lag_months: int = Field(9, ge=0, le=23, description="months behind the frontier that it aims at")
        full_effort_gap: float = Field(0.3, gt=0, le=10, description="log quality below the aim at which it spends all")
        revenue_share: float = Field(0.6, ge=0, le=10, description="share of revenue that it may spend")
        income_share: float = Field(0.5, ge=0, le=1, description="share of owner's support that it may spend")
        cash_share_per_year: float = Field(0.25, ge=0, le=5, description="share of cash that it may spend a year")

    def decide(self, view: TrainingView, _draws: Draws) -> TrainingDecision:
        p, past = self.parameters, view.past_frontier_quality
        aim = float(past[max(past.size - 1 - p.lag_months, 0)]) if past.size else view.frontier_quality
        gap = aim - view.trained_quality
        effort = min(max(gap, 0.0) / p.full_effort_gap, 1.0)
        means = means_musd_per_month(view, p.revenue_share, p.income_share, p.cash_share_per_year)
        return TrainingDecision(
            budget_musd_per_month=means * effort * view.training_scale,
            reason=f"its model is {-gap:+.2f} from the frontier of {p.lag_months} months ago, so it spends "
            f"{effort:.0%} of the {means:,.0f} MUSD a month that it could, scaled by {view.training_scale:.2f}",
            inputs={"aim_quality": aim, "trained_quality": view.trained_quality, **resources(view)},
        )
