"""Frontier chase."""

from __future__ import annotations

from pydantic import Field

from aimarket.randomness import Draws
from aimarket.strategies.base import Strategy, StrategyParameters
from aimarket.strategies.training.interface import TrainingDecision, TrainingView
from aimarket.strategies.training.means import means_musd_per_month, resources

__all__ = ["FrontierChase"]


class FrontierChase(Strategy):
    """Spends a share of its means on research compute, and more the further it is behind the frontier.

        budget = means x min(1 + response x max(frontier - own trained quality, 0), largest multiple)

    The frontier is what it aspires to, and falling short of it makes it search harder.  That is behaviour, not
    the equilibrium of a race, in which the laggard gives in (Harris & Vickers 1987, Rev. Economic Studies 54);
    it keeps the field together and burns cash.
    """

    decision = "training"
    name = "frontier_chase"
    source = "R&D below the aspiration level: Greve (2003), Academy of Management Journal 46, 685-702"

    class Parameters(StrategyParameters):
        revenue_share: float = Field(0.4, ge=0, le=10, description="share of revenue")
        income_share: float = Field(0.5, ge=0, le=1, description="share of owner's support and other business")
        cash_share_per_year: float = Field(0.25, ge=0, le=5, description="share of cash spent a year")
        response: float = Field(0.5, ge=0, le=20, description="rise of the budget per log unit behind the frontier")
        largest_multiple: float = Field(3.0, ge=1, le=20, description="largest budget over that of the leader")

    def decide(self, view: TrainingView, _draws: Draws) -> TrainingDecision:
        p = self.parameters
        behind = max(view.frontier_quality - view.trained_quality, 0.0)
        multiple = min(1.0 + p.response * behind, p.largest_multiple)
        means = means_musd_per_month(view, p.revenue_share, p.income_share, p.cash_share_per_year)
        return TrainingDecision(
            budget_musd_per_month=means * multiple * view.training_scale,
            reason=f"{behind:.2f} behind the frontier of {view.frontier_quality:.2f}, so it spends {multiple:.2f} "
            f"times its usual {means:,.0f} MUSD a month, scaled by {view.training_scale:.2f}",
            inputs={
                "behind_frontier_quality": behind,
                "frontier_quality": view.frontier_quality,
                "trained_quality": view.trained_quality,
                **resources(view),
            },
        )
